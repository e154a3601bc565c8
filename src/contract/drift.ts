import * as v from 'valibot';
import { BucketConfigurationSchema, BucketFactsSchema, RedFlagSchema } from './plan.ts';
import { PolicyComparisonSchema } from './policy-check.ts';
import { Instant } from './units.ts';

/** Something about a bucket that is no longer as it was last applied. */
export const DriftFindingSchema = v.strictObject({
  what: v.picklist(['rules', 'minimumSize', 'versioning', 'mfaDelete', 'objectLock', 'replication', 'managers']),
  /** danger: more can be lost than before; notice: something else is different. */
  severity: v.picklist(['danger', 'notice']),
  words: v.string(),
});
export type DriftFinding = v.InferOutput<typeof DriftFindingSchema>;

export const DriftReportSchema = v.strictObject({
  bucket: v.string(),
  endpoint: v.nullable(v.string()),
  at: Instant,
  /** What it is compared with: the last operation that left the bucket in a known state; null where nothing was applied from here. */
  baseline: v.nullable(v.strictObject({ journalId: v.string(), at: Instant, planHash: v.nullable(v.string()) })),
  drifted: v.boolean(),
  findings: v.array(DriftFindingSchema),
  /** The rules, then and now; null without a baseline. */
  rules: v.nullable(PolicyComparisonSchema),
  /** Rules that look like an accident or an attack, whoever wrote them. */
  redFlags: v.array(RedFlagSchema),
  now: BucketConfigurationSchema,
  facts: BucketFactsSchema,
  /** How to put the rules back to what was last applied; null where they are. */
  inverse: v.nullable(v.strictObject({ words: v.string(), journalId: v.string() })),
});
export type DriftReport = v.InferOutput<typeof DriftReportSchema>;
