import * as v from 'valibot';
import { LifecycleConfigurationSchema } from './lifecycle.ts';
import { HeldBackSchema } from './simulation.ts';
import { Whole } from './units.ts';
import { CATEGORIES } from './vocabulary.ts';

/** The least and most days an intent can wait. */
export const MOST_INTENT_DAYS = 3650;
const Days = v.pipe(Whole, v.minValue(1), v.maxValue(MOST_INTENT_DAYS));

/** Everything that is replaced, but for live tables; or one category of what is there. */
export const INTENT_TARGETS = [...CATEGORIES, 'any'] as const;

/**
 * Something wanted of a bucket, before anybody knows which rules that takes. `days` count from the last write; for noncurrent
 * versions from the day they were replaced, for uploads from the day they were begun.
 */
export const IntentSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
  target: v.picklist(INTENT_TARGETS),
  /** Only below this prefix; the whole bucket unless given. */
  prefix: v.optional(v.string(), ''),
  act: v.picklist(['move', 'expire', 'expireNoncurrent', 'abortUploads', 'removeExpiredMarkers']),
  /** Only for a move. */
  storageClass: v.optional(v.string()),
  days: Days,
});
export type ScenarioIntent = v.InferOutput<typeof IntentSchema>;

/** The rules a scenario would write for one snapshot. */
export const CompiledSchema = v.strictObject({
  policy: LifecycleConfigurationSchema,
  /** One line per rule of the policy, in order. */
  rules: v.array(
    v.strictObject({
      ruleId: v.string(),
      prefix: v.string(),
      /** The intents it carries out. */
      intentIds: v.array(v.string()),
      /** What it would do, in the conditional. */
      words: v.string(),
      /** What it is meant for and lies under it today, and what else it would act on. */
      versions: Whole,
      bytes: Whole,
      alsoTouches: v.array(v.strictObject({ category: v.picklist(CATEGORIES), versions: Whole, bytes: Whole })),
    }),
  ),
  heldBack: v.array(HeldBackSchema),
  warnings: v.array(v.string()),
});
export type Compiled = v.InferOutput<typeof CompiledSchema>;
