import * as v from 'valibot';
import { CompiledSchema, IntentSchema } from '../scenario.ts';
import { At, type Definition } from './definition.ts';

/** From what is wanted to the rules it takes. */
export const SCENARIO_METHODS = {
  /** The fewest prefix rules that do what is wanted and hit nothing they must not; the rest is held back with its reason. */
  'scenario.compile': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      /** Part of the rules' IDs. */
      name: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
      intents: v.pipe(v.array(IntentSchema), v.maxLength(50)),
    }),
    result: CompiledSchema,
  },
} as const satisfies Record<string, Definition>;
