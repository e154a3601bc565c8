import * as v from 'valibot';
import { ImpactSchema } from './impact.ts';
import { LifecycleConfigurationSchema, MinimumSizeSchema } from './lifecycle.ts';
import { PolicyIssueSchema } from './policy-check.ts';
import { VERSIONINGS } from './prove.ts';
import { BucketName } from './remote.ts';
import { SimulationSchema } from './simulation.ts';
import { Instant, NanoUsd, Whole } from './units.ts';

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

/** What makes a rule look like an accident or an attack. */
export const RED_FLAG_PATTERNS = [
  'withinOneDay',
  'withinThreeDays',
  'withinSevenDays',
  'wholeBucket',
  'logBucket',
  'noVersions',
  'everyCopy',
  'newRule',
  'literalWildcard',
] as const;
export type RedFlagPattern = (typeof RED_FLAG_PATTERNS)[number];

export const RedFlagSchema = v.strictObject({
  ruleId: v.nullable(v.string()),
  /** 0 to 100. */
  score: Whole,
  patterns: v.array(v.picklist(RED_FLAG_PATTERNS)),
  words: v.string(),
});
export type RedFlag = v.InferOutput<typeof RedFlagSchema>;

/** Who else manages the bucket, with what says so. */
export const ManagerSchema = v.strictObject({
  tool: v.picklist(['terraform', 'cloudformation', 'cdk', 'pulumi']),
  /** The stack and the resource in it, where the bucket tells. */
  stack: v.nullable(v.string()),
  resource: v.nullable(v.string()),
  evidence: v.array(v.string()),
  /** certain: the service itself put the mark there; likely: a convention of people. */
  certainty: v.picklist(['certain', 'likely']),
});
export type Manager = v.InferOutput<typeof ManagerSchema>;

export const VersioningSchema = v.picklist(VERSIONINGS);
export type Versioning = v.InferOutput<typeof VersioningSchema>;

/** What else decides over the fate of versions. 'unknown' where the right to ask is missing; `unknown` then names the right. */
export const BucketFactsSchema = v.strictObject({
  versioning: VersioningSchema,
  mfaDelete: v.picklist(['enabled', 'disabled', 'unknown']),
  objectLock: v.strictObject({
    status: v.picklist(['enabled', 'disabled', 'unknown']),
    /** Default retention of new versions; null where there is none. */
    defaultMode: v.nullable(v.string()),
    defaultRetentionDays: v.nullable(Whole),
  }),
  replication: v.strictObject({
    status: v.picklist(['enabled', 'disabled', 'unknown']),
    /** SHA-256 of the configuration, so that a change shows; null where there is none. */
    hash: v.nullable(v.string()),
    destinations: v.array(v.string()),
  }),
  managers: v.array(ManagerSchema),
  unknown: v.array(v.strictObject({ what: v.string(), action: v.string() })),
});
export type BucketFacts = v.InferOutput<typeof BucketFactsSchema>;

/** Bounds of a workspace; null: no bound. */
export const LimitsSchema = v.strictObject({
  /** A plan that destroys more than this share of the bucket's bytes (percent), or more versions, is refused. */
  maxDestroyedPercent: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  maxDestroyedVersions: v.nullable(Whole),
  /** The snapshot behind a plan may not be older when it is applied. */
  maxSnapshotAgeHours: v.nullable(Whole),
  /** Above either a second person has to approve: bytes destroyed; one-time charges of the plan. */
  approveAboveBytes: v.nullable(Whole),
  approveAboveNanoUsd: v.nullable(NanoUsd),
  /** Hours that deleting rules must have stood disabled, or on a canary prefix, before they may act in full. */
  coolOffHours: v.nullable(Whole),
});
export type Limits = v.InferOutput<typeof LimitsSchema>;

/** Consents that make a plan possible, given when it is made and part of its hash. */
export const PLAN_CONSENTS = ['convertLegacy', 'removeLastRule'] as const;
export type PlanConsent = (typeof PLAN_CONSENTS)[number];

/** Consents without which a plan is not applied, given when it is applied and kept in the journal. */
export const APPLY_CONSENTS = ['staleSnapshot', 'otherSnapshot', 'managedBucket', 'redFlags'] as const;
export type ApplyConsent = (typeof APPLY_CONSENTS)[number];

/** disabled: the rules are written but switched off; canary: they reach one prefix only; full: as the policy says. */
export const StageSchema = v.strictObject({
  name: v.picklist(['full', 'disabled', 'canary']),
  canaryPrefix: v.nullable(v.string()),
});
export type Stage = v.InferOutput<typeof StageSchema>;

/**
 * A reviewable change to one bucket's configuration. `seals` holds a SHA-256 for every other member, so that damage can be named;
 * `hash` covers the seals and is what people compare, approve and apply.
 */
export const PlanSchema = v.strictObject({
  format: v.literal('isotherm-plan/2'),
  createdAt: Instant,
  /** From then on it is refused: a bucket and its data move on. */
  expiresAt: Instant,
  engineVersion: v.string(),
  author: v.strictObject({
    name: v.string(),
    /** Signing keys on the author's machine: none of them can approve this plan. */
    keyIds: v.array(v.string()),
  }),
  target: v.strictObject({
    bucket: BucketName,
    endpoint: v.nullable(v.string()),
    region: v.string(),
    pathStyle: v.boolean(),
    /** The account that owns the bucket, sent with every request; null where nobody named it. */
    owner: v.nullable(v.string()),
  }),
  stage: StageSchema,
  inputs: v.strictObject({
    snapshotId: v.string(),
    snapshotBucket: v.string(),
    snapshotAsOf: Instant,
    snapshotVersions: Whole,
    snapshotBytes: Whole,
    allVersions: v.boolean(),
    coverage: v.number(),
    manifestMd5: v.nullable(v.string()),
    priceRegion: v.string(),
    priceAsOf: v.string(),
    /** SHA-256 of the canonical form of the policy asked for, before merging and staging. */
    policyHash: v.string(),
    isSample: v.boolean(),
  }),
  facts: BucketFactsSchema,
  consents: v.array(v.picklist(PLAN_CONSENTS)),
  /** What applying will ask consent to, and why. */
  needs: v.array(v.strictObject({ consent: v.picklist(APPLY_CONSENTS), words: v.string() })),
  current: BucketConfigurationSchema,
  proposed: BucketConfigurationSchema,
  changes: v.array(RuleChangeSchema),
  /** The validator's word on every rule that would stand. */
  findings: v.array(PolicyIssueSchema),
  redFlags: v.array(RedFlagSchema),
  /** The proposed configuration run over the snapshot for twelve months. */
  effect: SimulationSchema,
  /** What becomes different, version by version; null where the rows of the snapshot are not at hand. */
  impact: v.nullable(ImpactSchema),
  /** As `impact` tells; without it, all that would be removed or hidden within the time of `effect`. What confirmation and limits are about. */
  destroyed: v.strictObject({ versions: Whole, bytes: Whole }),
  /** True when applying could remove bytes for good or hide current versions that are safe today. */
  deletes: v.boolean(),
  /** What a person types to apply it; null where nothing would be deleted. */
  confirmation: v.nullable(v.string()),
  limits: LimitsSchema,
  approval: v.strictObject({
    required: v.boolean(),
    reasons: v.array(v.string()),
  }),
  warnings: v.array(v.string()),
  seals: v.record(v.string(), v.string()),
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
