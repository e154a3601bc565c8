import * as v from 'valibot';
import { LifecycleConfigurationSchema, MinimumSizeSchema } from './lifecycle.ts';
import { PolicyIssueSchema } from './policy-check.ts';
import { NanoUsd, UtcDate, Whole } from './units.ts';
import { CATEGORIES } from './vocabulary.ts';

const Extent = { versions: Whole, bytes: Whole };

/** Bytes and objects the policy does not touch although it could, with the reason in words. */
export const HeldBackSchema = v.strictObject({ prefix: v.string(), category: v.picklist(CATEGORIES), ...Extent, reason: v.string() });
export type HeldBack = v.InferOutput<typeof HeldBackSchema>;

export const RecommendationSchema = v.strictObject({
  preset: v.string(),
  policy: LifecycleConfigurationSchema,
  /** One line per rule of the policy, in order. */
  rules: v.array(
    v.strictObject({
      ruleId: v.string(),
      prefix: v.string(),
      category: v.picklist(CATEGORIES),
      /** What it would do, in the conditional. */
      words: v.string(),
      /** What lies under the prefix today and belongs to the category, and what else rides along. */
      ...Extent,
      alsoTouches: v.array(v.strictObject({ category: v.picklist(CATEGORIES), ...Extent })),
    }),
  ),
  heldBack: v.array(HeldBackSchema),
  warnings: v.array(v.string()),
});
export type Recommendation = v.InferOutput<typeof RecommendationSchema>;

const NanoByClass = v.record(v.string(), NanoUsd);

/** How a bucket keeps versions; what expiration does depends on it. */
export const VersioningSchema = v.picklist(['unversioned', 'enabled', 'suspended']);

/** What keeps versions from what rules would do to them, or keeps them out of the figures. */
export const BLOCK_CODES = ['smallObject', 'objectLock', 'replication', 'unpriced'] as const;

export const SimulationSchema = v.strictObject({
  /** The day the configuration is put; S3's first run is at 00:00 UTC of the next. */
  asOf: UtcDate,
  region: v.string(),
  priceAsOf: v.string(),
  /** The region was not known and this one was taken. */
  regionAssumed: v.boolean(),
  engine: v.picklist(['oracle', 'cube']),
  versioning: VersioningSchema,
  months: v.array(
    v.strictObject({
      /** "2026-12" */
      month: v.string(),
      /** How many of its days are simulated; the first month is partial. */
      days: Whole,
      /** Storage and monitoring. */
      baselineNanoUsd: NanoUsd,
      planNanoUsd: NanoUsd,
      baselineByClass: NanoByClass,
      planByClass: NanoByClass,
      /** The plan's transition, early-deletion and retrieval charges, on top of those the baseline pays itself. */
      feesNanoUsd: NanoUsd,
      planFeesNanoUsd: NanoUsd,
      baselineFeesNanoUsd: NanoUsd,
      /** Bytes of versions at the end of the month under the plan. */
      planBytesByClass: v.record(v.string(), Whole),
    }),
  ),
  totals: v.strictObject({
    baselineNanoUsd: NanoUsd,
    planNanoUsd: NanoUsd,
    /** All fees on top of the baseline's own. */
    oneTimeNanoUsd: NanoUsd,
    /** baseline - plan - one-time over the whole horizon; negative when the plan costs more. */
    savingNanoUsd: NanoUsd,
    /** The first day from which the saving so far stays at or above zero to the horizon; null when there is none. */
    paybackDay: v.nullable(UtcDate),
    /** The same saving over the 365 days from the as-of day, whatever the horizon. */
    firstYearNanoUsd: NanoUsd,
    /** Of the one-time fees. */
    transitionNanoUsd: NanoUsd,
    earlyDeletionNanoUsd: NanoUsd,
    retrievalNanoUsd: NanoUsd,
    /** Each side's fees by themselves. */
    planFeesNanoUsd: NanoUsd,
    baselineFeesNanoUsd: NanoUsd,
  }),
  effects: v.strictObject({
    /** Versions removed for good within the horizon. */
    expired: v.strictObject(Extent),
    /** Current versions that would become noncurrent behind a delete marker and stay billed. */
    hidden: v.strictObject(Extent),
    transitions: v.array(v.strictObject({ storageClass: v.string(), ...Extent })),
    abortedUploads: v.strictObject({ uploads: Whole, bytes: Whole }),
    deleteMarkersMade: Whole,
    deleteMarkersRemoved: Whole,
    /** First UTC date on which anything would be removed or hidden, and moved; null when nothing would. */
    firstExpiration: v.nullable(UtcDate),
    firstTransition: v.nullable(UtcDate),
  }),
  /** Versions the plan's rules would act on within the horizon but for what is named, or that are in no figure. */
  blocked: v.array(v.strictObject({ code: v.picklist(BLOCK_CODES), reason: v.string(), ...Extent })),
  /** The saving over everything that is not known: reads of 0 to 20 %, entry dates, access tiers, tags. */
  range: v.strictObject({ low: NanoUsd, high: NanoUsd }),
  /** What must not be overlooked, in words: deletions that unknown tags could cause. */
  redFlags: v.array(v.string()),
  /** What the figures rest on, and what they leave out, in words. */
  assumptions: v.array(v.string()),
  /** What S3 would refuse in the plan's configuration; it is simulated all the same. */
  issues: v.array(PolicyIssueSchema),
});
export type Simulation = v.InferOutput<typeof SimulationSchema>;

const StateExtent = v.strictObject(Extent);
/** What is there after the run of a day. */
export const StateSchema = v.strictObject({
  date: UtcDate,
  byClass: v.record(v.string(), v.strictObject({ current: StateExtent, noncurrent: StateExtent })),
  deleteMarkers: Whole,
  /** Removed for good since the configuration was put. */
  expiredVersions: Whole,
  expiredBytes: Whole,
});
export type SimulatedState = v.InferOutput<typeof StateSchema>;

/** How reads are assumed: none, so many percent of the bytes a month, or as access logs show. */
export const READS = ['none', 'observed', '5', '20'] as const;

/** Everything a simulation can be told beside the index and the policy. */
export const SimulationOptions = {
  /** The bucket's configuration now; without it the baseline has no rules. */
  current: v.optional(
    v.nullable(v.strictObject({ configuration: v.nullable(LifecycleConfigurationSchema), minimumSize: MinimumSizeSchema })),
  ),
  /** The plan's setting for small objects; what the policy says, else AWS's default. */
  minimumSize: v.optional(MinimumSizeSchema),
  /** The day of the snapshot unless given. */
  asOf: v.optional(UtcDate),
  versioning: v.optional(VersioningSchema),
  lagDays: v.optional(v.pipe(Whole, v.maxValue(3650)), 0),
  reads: v.optional(v.picklist(READS), 'none'),
  inflow: v.optional(v.picklist(['none', 'observed']), 'none'),
  /** Leaves out what has no price instead of refusing. */
  excludeUnpriced: v.optional(v.boolean(), false),
  /** Percent off every charge, at most six digits behind the point: "12.5". */
  discountPercent: v.optional(v.pipe(v.string(), v.regex(/^(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)$/))),
  /** Bytes the account stores in the region besides this bucket, by class, or class/tier for Intelligent-Tiering. */
  alreadyStored: v.optional(v.record(v.string(), Whole)),
  engine: v.optional(v.picklist(['oracle', 'cube']), 'cube'),
};
