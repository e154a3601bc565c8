import * as v from 'valibot';
import { VersioningSchema } from './simulation.ts';
import { Instant, NanoUsd, UtcDate, Whole } from './units.ts';

/** What happens to a version at 00:00 UTC of a day, or what keeps it from happening. */
export const ExplainedEventSchema = v.strictObject({
  date: UtcDate,
  kind: v.picklist(['transition', 'hidden', 'removed', 'cleaned', 'keptByLock', 'keptBySize', 'keptByReplication']),
  words: v.string(),
  /** The rule that does it: its ID where it has one, and its place in the configuration from 0. */
  ruleId: v.nullable(v.string()),
  rule: v.nullable(Whole),
  fromClass: v.nullable(v.string()),
  toClass: v.nullable(v.string()),
  /** The request, and what is paid for leaving a class early; null where there is no price. */
  transitionNanoUsd: v.nullable(NanoUsd),
  earlyDeletionNanoUsd: v.nullable(NanoUsd),
  /** Storage and monitoring of a 30-day month from then on; null where there is no price. */
  monthlyNanoUsd: v.nullable(NanoUsd),
});

export const ExplainedVersionSchema = v.strictObject({
  /** null for the null version and where there are no version ids. */
  versionId: v.nullable(v.string()),
  isLatest: v.boolean(),
  isDeleteMarker: v.boolean(),
  storageClass: v.string(),
  accessTier: v.string(),
  sizeBytes: Whole,
  lastModified: Instant,
  /** When its successor was created; null while it is the latest. */
  noncurrentSince: v.nullable(Instant),
  /** Storage and monitoring of a 30-day month as it lies now; null where there is no price. */
  monthlyNanoUsd: v.nullable(NanoUsd),
  /** The rules whose filters match it, by place in the configuration. */
  matchedBy: v.array(Whole),
  events: v.array(ExplainedEventSchema),
});

/** One key under a configuration. */
export const ExplanationSchema = v.strictObject({
  key: v.string(),
  asOf: UtcDate,
  until: UtcDate,
  region: v.string(),
  priceAsOf: v.string(),
  regionAssumed: v.boolean(),
  versioning: VersioningSchema,
  /** Newest first; the one asked for alone where a version was named. */
  versions: v.array(ExplainedVersionSchema),
  assumptions: v.array(v.string()),
});
export type Explanation = v.InferOutput<typeof ExplanationSchema>;
export type ExplainedEvent = v.InferOutput<typeof ExplainedEventSchema>;
