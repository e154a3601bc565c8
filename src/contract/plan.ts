import * as v from 'valibot';
import { LifecycleConfigurationSchema, MinimumSizeSchema } from './lifecycle.ts';
import { BucketName } from './remote.ts';
import { SimulationSchema } from './simulation.ts';
import { Instant, Whole } from './units.ts';

export const RuleChangeSchema = v.strictObject({
  change: v.picklist(['added', 'changed', 'removed', 'kept']),
  owner: v.picklist(['isotherm', 'foreign']),
  ruleId: v.string(),
  /** What the rule does, in the conditional; for a change, before and after. */
  words: v.string(),
});
export type RuleChange = v.InferOutput<typeof RuleChangeSchema>;

/** A lifecycle configuration as read from a bucket. `null` rules: the bucket has no configuration. */
export const BucketConfigurationSchema = v.strictObject({
  configuration: v.nullable(LifecycleConfigurationSchema),
  minimumSize: MinimumSizeSchema,
  /** SHA-256 of the canonical form, hex; equal hashes mean equal meaning. */
  hash: v.string(),
});
export type BucketConfiguration = v.InferOutput<typeof BucketConfigurationSchema>;

/** A reviewable change to one bucket's configuration. `hash` covers every other field. */
export const PlanSchema = v.strictObject({
  format: v.literal('isotherm-plan/1'),
  createdAt: Instant,
  engineVersion: v.string(),
  target: v.strictObject({ bucket: BucketName, endpoint: v.nullable(v.string()), region: v.string(), pathStyle: v.boolean() }),
  inputs: v.strictObject({
    snapshotId: v.string(),
    snapshotBucket: v.string(),
    snapshotAsOf: Instant,
    manifestMd5: v.nullable(v.string()),
    priceRegion: v.string(),
    priceAsOf: v.string(),
    isSample: v.boolean(),
  }),
  versioning: v.picklist(['unversioned', 'enabled', 'suspended', 'unknown']),
  current: BucketConfigurationSchema,
  proposed: BucketConfigurationSchema,
  changes: v.array(RuleChangeSchema),
  /** The proposed configuration run over the snapshot for twelve months. */
  effect: SimulationSchema,
  /** True when applying could remove bytes for good or hide current versions; asks for a typed confirmation. */
  deletes: v.boolean(),
  warnings: v.array(v.string()),
  hash: v.string(),
});
export type Plan = v.InferOutput<typeof PlanSchema>;

export const ApplyResultSchema = v.strictObject({
  journalId: v.string(),
  bucket: v.string(),
  planHash: v.nullable(v.string()),
  /** True once the configuration read back equals the plan by meaning. */
  verified: v.boolean(),
  /** False when the bucket already held the configuration and nothing was written. */
  changed: v.boolean(),
  readBackHash: v.string(),
  notes: v.array(v.string()),
});
export type ApplyResult = v.InferOutput<typeof ApplyResultSchema>;

/** One entry of the append-only journal. Each carries the hash of the one before it. */
export const JournalEntrySchema = v.strictObject({
  journalId: v.string(),
  at: Instant,
  action: v.picklist(['apply', 'rollback']),
  /** intent is written before the request, the outcome after it. */
  outcome: v.picklist(['intent', 'verified', 'unchanged', 'failed', 'rolledBack']),
  bucket: v.string(),
  endpoint: v.nullable(v.string()),
  region: v.string(),
  pathStyle: v.boolean(),
  planHash: v.nullable(v.string()),
  before: BucketConfigurationSchema,
  after: BucketConfigurationSchema,
  error: v.nullable(v.string()),
  sequence: Whole,
  previousHash: v.string(),
  hash: v.string(),
});
export type JournalEntry = v.InferOutput<typeof JournalEntrySchema>;
