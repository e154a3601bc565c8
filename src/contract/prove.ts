import * as v from 'valibot';
import { LifecycleConfigurationSchema, MinimumSizeSchema, TagSchema } from './lifecycle.ts';
import { Instant, Whole } from './units.ts';
import { CATEGORIES } from './vocabulary.ts';

/** A UTC calendar day, "2027-01-01". */
export const DateText = v.pipe(v.string(), v.isoDate('is not a date such as 2027-01-01'));
const AgeDays = v.pipe(Whole, v.maxValue(36_500));

/**
 * What a statement is about: every key with this prefix, all of these tags and a size within these bounds (exclusive,
 * as S3 spells them). `category` narrows it to what the classification rules call so.
 */
export const StatementScopeSchema = v.strictObject({
  prefix: v.optional(v.string(), ''),
  tags: v.optional(v.array(TagSchema), []),
  sizeGreaterThan: v.optional(Whole),
  sizeLessThan: v.optional(Whole),
  category: v.optional(v.picklist(CATEGORIES)),
});
export type StatementScope = v.InferOutput<typeof StatementScopeSchema>;

/** A day on the calendar, or days since a version was written, to the next midnight UTC as S3 counts them. */
export const LimitSchema = v.union([v.strictObject({ date: DateText }), v.strictObject({ ageDays: AgeDays })]);
export type Limit = v.InferOutput<typeof LimitSchema>;

/** Which versions are asked about: any that could ever be under the scope, those the snapshot lists, or both. */
export const COVERS = ['any', 'existing', 'both'] as const;

const Common = {
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  title: v.optional(v.string()),
  /** Where the duty comes from, such as "17 CFR 210.2-06". */
  source: v.optional(v.string()),
  scope: v.optional(StatementScopeSchema, {}),
  covers: v.optional(v.picklist(COVERS), 'both'),
};

/** What a reviewer wants decided about a lifecycle configuration. */
export const StatementSchema = v.variant('kind', [
  /** No version is removed for good by lifecycle before the limit; with `counts: hidden` no current version is hidden either. */
  v.strictObject({
    ...Common,
    kind: v.literal('kept'),
    until: LimitSchema,
    counts: v.optional(v.picklist(['removed', 'hidden']), 'removed'),
    /** Whether someone may write over a key, which starts the noncurrent clock of the version before. */
    overwrites: v.optional(v.picklist(['possible', 'none']), 'possible'),
  }),
  /** Every version and delete marker is gone (eligible and no longer billed) by the limit; with `uploads` incomplete uploads too. */
  v.strictObject({ ...Common, kind: v.literal('gone'), by: LimitSchema, uploads: v.optional(v.boolean(), false) }),
  /** No enabled rule would act on any version or delete marker; with `uploads` on no incomplete upload either. */
  v.strictObject({ ...Common, kind: v.literal('untouched'), uploads: v.optional(v.boolean(), false) }),
  /** Every version is under retention (or a hold) at least until the limit. */
  v.strictObject({ ...Common, kind: v.literal('locked'), until: LimitSchema }),
  /** Removed for good no earlier than `minDays` and no later than `maxDays` after it was written. */
  v.strictObject({
    ...Common,
    kind: v.literal('within'),
    minDays: AgeDays,
    maxDays: AgeDays,
    overwrites: v.optional(v.picklist(['possible', 'none']), 'possible'),
  }),
]);
export type Statement = v.InferOutput<typeof StatementSchema>;
export type StatementIn = v.InferInput<typeof StatementSchema>;

export const KNOWN_VERSIONINGS = ['unversioned', 'enabled', 'suspended'] as const;
export const VERSIONINGS = [...KNOWN_VERSIONINGS, 'unknown'] as const;
/** What is known of the bucket besides its rules. What is not given is unknown, and unknown never proves anything. */
export const ProofFactsSchema = v.strictObject({
  versioning: v.optional(v.picklist(VERSIONINGS), 'unknown'),
  /** Whether the bucket has Object Lock; `defaultRetentionDays` null: it has no default retention. */
  objectLock: v.optional(
    v.union([v.picklist(['none', 'unknown']), v.strictObject({ defaultRetentionDays: v.nullable(AgeDays) })]),
    'unknown',
  ),
  /** Whether the bucket has replication rules: versions whose replication is pending or failed are not acted on. */
  replication: v.optional(v.picklist(['none', 'configured', 'unknown']), 'unknown'),
  minimumSize: v.optional(MinimumSizeSchema, 'all_storage_classes_128K'),
});
export type ProofFacts = v.InferOutput<typeof ProofFactsSchema>;

export const VERDICTS = ['PROVED', 'COUNTEREXAMPLE', 'INSUFFICIENT'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The smallest thing that breaks a statement: earliest first, then shortest key, then key order. */
export const CounterexampleSchema = v.strictObject({
  /** A key that shows it; of any key: the shortest one. */
  key: v.string(),
  /** Every key it holds for, such as "logs/*"; null for one version that exists. */
  keyShape: v.nullable(v.string()),
  versionId: v.nullable(v.string()),
  state: v.picklist(['current', 'noncurrent', 'marker', 'upload']),
  tags: v.array(TagSchema),
  /** Inclusive bounds, or the exact size twice. */
  sizeFrom: Whole,
  sizeTo: v.nullable(Whole),
  /** The rule that causes it; null where the lack of a rule does. */
  ruleId: v.nullable(v.string()),
  /** Days after the write on which it would happen; null where it never would, or where only a date is known. */
  ageDays: v.nullable(v.number()),
  /** The UTC day; null where it never would happen, or hangs on the day of the write. */
  date: v.nullable(v.string()),
  /** How many existing versions break the statement in the same way. */
  versions: v.optional(Whole),
  bytes: v.optional(Whole),
  words: v.string(),
});
export type Counterexample = v.InferOutput<typeof CounterexampleSchema>;

/** One half of an answer: over any key, or over the versions of a snapshot. */
export const ProofPartSchema = v.strictObject({
  verdict: v.picklist(VERDICTS),
  /** What the verdict rests on, in words. */
  basis: v.string(),
  counterexample: v.nullable(CounterexampleSchema),
  /** What would have to be known; empty unless INSUFFICIENT. */
  missing: v.array(v.string()),
});
export type ProofPart = v.InferOutput<typeof ProofPartSchema>;

export const ProofSchema = v.strictObject({
  statement: StatementSchema,
  /** The statement as one sentence. */
  words: v.string(),
  /** COUNTEREXAMPLE if either part has one, else INSUFFICIENT if either is, else PROVED. */
  verdict: v.picklist(VERDICTS),
  any: v.nullable(ProofPartSchema),
  existing: v.nullable(ProofPartSchema),
  assumptions: v.array(v.string()),
  notes: v.array(v.string()),
});
export type Proof = v.InferOutput<typeof ProofSchema>;

/** Statements decided together, with what they were decided about. */
export const ProofRunSchema = v.strictObject({
  /** The day the configuration counts as put on. */
  asOf: DateText,
  snapshot: v.nullable(
    v.strictObject({
      snapshotId: v.string(),
      bucket: v.string(),
      asOf: Instant,
      manifestMd5: v.nullable(v.string()),
      rows: Whole,
      isSample: v.boolean(),
    }),
  ),
  configuration: v.nullable(LifecycleConfigurationSchema),
  facts: ProofFactsSchema,
  /** The states of versioning the answers hold for: the one that is known, or all that what is known leaves open. */
  states: v.array(v.picklist(KNOWN_VERSIONINGS)),
  proofs: v.array(ProofSchema),
  counts: v.strictObject({ PROVED: Whole, COUNTEREXAMPLE: Whole, INSUFFICIENT: Whole }),
});
export type ProofRun = v.InferOutput<typeof ProofRunSchema>;

/** A bucket's own words. */
export const BucketStateSchema = v.strictObject({
  bucket: v.string(),
  configuration: v.nullable(LifecycleConfigurationSchema),
  facts: ProofFactsSchema,
  /** What could not be asked, and the right it takes. */
  unknown: v.array(v.string()),
});
export type BucketState = v.InferOutput<typeof BucketStateSchema>;
