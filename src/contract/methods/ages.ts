import * as v from 'valibot';
import { AgesSchema } from '../ages.ts';
import { At, type Definition, Region } from './definition.ts';

/** How long ago what was written. */
export const AGE_METHODS = {
  'index.ages': {
    effect: 'read',
    params: v.strictObject({ ...At, prefix: v.optional(v.string(), ''), region: Region }),
    result: AgesSchema,
  },
} as const satisfies Record<string, Definition>;
