import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { VersioningSchema } from './simulation.ts';
import { Instant, NanoUsd, UtcDate, Whole } from './units.ts';

const Amount = v.strictObject({ versions: Whole, bytes: Whole });

/** What a rule was to do to a version. hidden: behind a new delete marker; cleaned: a delete marker left alone. */
export const PROMISED_ACTIONS = ['transition', 'hidden', 'removed', 'cleaned'] as const;

const Price = v.strictObject({
  /** A month of these versions as they were, as they were forecast to be, and as they are; of the later snapshot's month. */
  beforeNanoUsd: NanoUsd,
  forecastNanoUsd: NanoUsd,
  actualNanoUsd: NanoUsd,
});

/** What became of what one rule was to do in one way. forecast = done + late + pending + otherwise. */
export const PromiseRowSchema = v.strictObject({
  ruleId: v.nullable(v.string()),
  /** Its place in the configuration, from 0. */
  rule: Whole,
  action: v.picklist(PROMISED_ACTIONS),
  /** The class moved to; null for every other action. */
  storageClass: v.nullable(v.string()),
  forecast: Amount,
  /** As forecast. */
  done: Amount,
  /** Due for longer than S3 may take, and still as it was. */
  late: Amount,
  /** Due within the days S3 may take, and still as it was. */
  pending: Amount,
  /** Neither as it was nor as forecast: removed or changed by somebody, or by another configuration. */
  otherwise: Amount,
  ...Price.entries,
});
export type PromiseRow = v.InferOutput<typeof PromiseRowSchema>;

export const PromiseSchema = v.strictObject({
  bucket: v.string(),
  from: v.strictObject({ snapshotId: v.string(), asOf: Instant }),
  to: v.strictObject({ snapshotId: v.string(), asOf: Instant }),
  putOn: UtcDate,
  graceDays: Whole,
  versioning: VersioningSchema,
  prices: PricedAtSchema,
  /** By rule, in its order. */
  rows: v.array(PromiseRowSchema),
  /** Versions that no rule was to touch: still as they were, and those that are not. */
  untouched: v.strictObject({ same: Amount, changed: Amount, ...Price.entries }),
  /** What came since: versions the earlier snapshot does not hold. */
  added: v.strictObject({ ...Amount.entries, monthlyNanoUsd: NanoUsd }),
  /** Everything: before, as forecast without anything new, and as it is; actual = forecast + late + people + added. */
  money: v.strictObject({
    ...Price.entries,
    /** What rules that are late or pending cost more than forecast. */
    lateNanoUsd: NanoUsd,
    /** What people, or whatever else changed it, made dearer (or, below 0, cheaper). */
    othersNanoUsd: NanoUsd,
    addedNanoUsd: NanoUsd,
    /** A month's saving by the rules: forecast, and kept so far. */
    promisedNanoUsd: NanoUsd,
    keptNanoUsd: NanoUsd,
    /** Transition requests that were forecast, and those that were made. */
    promisedFeesNanoUsd: NanoUsd,
    paidFeesNanoUsd: NanoUsd,
  }),
  /** Some versions that are late, or otherwise. */
  examples: v.array(
    v.strictObject({
      key: v.string(),
      versionId: v.nullable(v.string()),
      rule: Whole,
      verdict: v.picklist(['late', 'otherwise']),
      words: v.string(),
    }),
  ),
  /** kept: nothing is late and nothing otherwise. */
  isKept: v.boolean(),
  warnings: v.array(v.string()),
});
export type PromiseKept = v.InferOutput<typeof PromiseSchema>;
