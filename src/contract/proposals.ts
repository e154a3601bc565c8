import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { KEEP_REASONS, KeepPolicySchema } from './keep.ts';
import { LifecycleConfigurationSchema } from './lifecycle.ts';
import { Instant, NanoUsd, UtcDate, Whole } from './units.ts';
import { CONFIDENCES } from './vocabulary.ts';

/** What a proposal is about. */
export const PROPOSAL_KINDS = [
  /** Checkpoints of a run that its keep policy lets go. */
  'checkpoint',
  /** Checkpoints that were never whole, beside whole ones. */
  'unfinished',
  /** Data that is known to be cold, or that moves without regret at a certain age. */
  'cold',
  /** Runs that their tracker calls deleted or failed, or does not know. */
  'experiment',
  /** Log days past their retention. */
  'log',
  /** What was meant to be there for a while. */
  'temporary',
  /** Versions that were replaced or deleted and stay billed. */
  'noncurrent',
  /** Delete markers with nothing behind them. */
  'markers',
  /** Uploads that were begun and never ended. */
  'uploads',
  /** Text that Parquet or zstd would shrink. */
  'text',
] as const;
export type ProposalKind = (typeof PROPOSAL_KINDS)[number];

const Step = v.strictObject({ days: Whole, storageClass: v.string() });

/** What would be done. Days count as S3 counts them: from when a version was created, or became noncurrent. */
export const ProposedActionSchema = v.variant('do', [
  /** Current versions are hidden or removed; what is hidden is removed after `undoDays`, and can be brought back until then. */
  v.strictObject({ do: v.literal('expire'), days: Whole, undoDays: v.nullable(Whole) }),
  v.strictObject({ do: v.literal('move'), steps: v.array(Step) }),
  v.strictObject({ do: v.literal('expireNoncurrent'), days: Whole }),
  v.strictObject({ do: v.literal('removeMarkers') }),
  v.strictObject({ do: v.literal('abortUploads'), days: Whole }),
  /** Nothing that a lifecycle rule can do. */
  v.strictObject({ do: v.literal('rewrite') }),
]);
export type ProposedAction = v.InferOutput<typeof ProposedActionSchema>;

export const RISKS = ['low', 'medium', 'high'] as const;
export type Risk = (typeof RISKS)[number];

export const ProtectedSchema = v.strictObject({
  reason: v.picklist([...KEEP_REASONS, 'young', 'small', 'blocked']),
  units: Whole,
  bytes: Whole,
  /** The first of them, with why. */
  examples: v.array(v.strictObject({ path: v.string(), words: v.string() })),
});
export type ProtectedPart = v.InferOutput<typeof ProtectedSchema>;

export const ProposalSchema = v.strictObject({
  /** The same for the same proposal in every snapshot. */
  id: v.string(),
  kind: v.picklist(PROPOSAL_KINDS),
  /** The group it is for: a run, a dataset, a service, or a prefix. */
  path: v.string(),
  /** Units or, where there are none, versions, markers or uploads. */
  count: Whole,
  words: v.string(),
  action: ProposedActionSchema,
  versions: Whole,
  bytes: Whole,
  bytesByClass: v.array(v.tuple([v.string(), Whole])),
  /** List price of a month of what is freed, or the difference between the classes; null where a price is missing. */
  monthlyNanoUsd: v.nullable(NanoUsd),
  /** Over 365 days from the snapshot's day, after every fee, by the lifecycle engine; null where it was not asked for or has no price. */
  firstYearNanoUsd: v.nullable(NanoUsd),
  feesNanoUsd: v.nullable(NanoUsd),
  /** The day from which it has paid for itself; null where it does not within the year, or was not asked for. */
  paybackDay: v.nullable(UtcDate),
  risk: v.picklist(RISKS),
  risks: v.array(v.string()),
  confidence: v.picklist(CONFIDENCES),
  evidence: v.array(v.string()),
  /** Units by what is known of their last access. */
  temperatures: v.strictObject({ hot: v.optional(Whole), warm: v.optional(Whole), cold: v.optional(Whole), unknown: v.optional(Whole) }),
  /** What of the same group stays, and why. */
  protected: v.array(ProtectedSchema),
  examples: v.array(v.string()),
});
export type Proposal = v.InferOutput<typeof ProposalSchema>;

export const ProposalSumSchema = v.strictObject({
  kind: v.picklist(PROPOSAL_KINDS),
  proposals: Whole,
  count: Whole,
  versions: Whole,
  bytes: Whole,
  monthlyNanoUsd: v.nullable(NanoUsd),
  /** "N stale checkpoints, X TiB, $Y a month, nothing in use" */
  sentence: v.string(),
});
export type ProposalSum = v.InferOutput<typeof ProposalSumSchema>;

/** Ages and retentions that proposals go by; everything has a usual value. */
export const ProposalOptionsSchema = v.strictObject({
  policy: v.optional(KeepPolicySchema),
  /** Not accessed for so long: cold. */
  coldDays: v.optional(v.pipe(Whole, v.minValue(30), v.maxValue(3650)), 90),
  /** Log days older than this go; audit logs move instead. */
  logDays: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(3650)), 90),
  temporaryDays: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(3650)), 7),
  noncurrentDays: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(3650)), 30),
  uploadDays: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(3650)), 7),
  /** How long what was hidden can be brought back. */
  undoDays: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(3650)), 14),
});
export type ProposalOptions = v.InferOutput<typeof ProposalOptionsSchema>;

export const PROPOSAL_SORTS = ['saving', 'bytes', 'firstYear', 'path'] as const;

export const ProposalsSchema = v.strictObject({
  bucket: v.string(),
  asOf: Instant,
  prices: PricedAtSchema,
  /** What all proposals of the kinds asked for come to, kind by kind. */
  sums: v.array(ProposalSumSchema),
  total: Whole,
  proposals: v.array(ProposalSchema),
  caveats: v.array(v.string()),
});
export type Proposals = v.InferOutput<typeof ProposalsSchema>;

/** What some proposals come to together. No version is in two of them. */
export const BasketSchema = v.strictObject({
  asOf: Instant,
  prices: PricedAtSchema,
  proposals: Whole,
  versions: Whole,
  bytes: Whole,
  monthlyNanoUsd: v.nullable(NanoUsd),
  firstYearNanoUsd: v.nullable(NanoUsd),
  feesNanoUsd: v.nullable(NanoUsd),
  paybackDay: v.nullable(UtcDate),
  risk: v.picklist(RISKS),
  /** Ids that no longer stand for anything. */
  unknown: v.array(v.string()),
});
export type Basket = v.InferOutput<typeof BasketSchema>;

const Witness = v.strictObject({ key: v.string(), versionId: v.nullable(v.string()), words: v.string() });
export const CompiledRuleSchema = v.strictObject({
  ruleId: v.string(),
  /** The whole directory it is for; null for a rule that goes by tag. */
  prefix: v.nullable(v.string()),
  tag: v.nullable(v.strictObject({ key: v.string(), value: v.string() })),
  words: v.string(),
  versions: Whole,
  bytes: Whole,
});

/** Proposals as S3 can carry them out. */
export const CompiledSchema = v.strictObject({
  policy: LifecycleConfigurationSchema,
  rules: v.array(CompiledRuleSchema),
  /** Lists of versions to be tagged before their rule finds them; one list for each tag. */
  manifests: v.array(
    v.strictObject({
      tag: v.strictObject({ key: v.string(), value: v.string() }),
      /** Where it was written; null where no folder was named. */
      file: v.nullable(v.string()),
      rows: Whole,
      bytes: Whole,
      sizeBytes: Whole,
      sha256: v.string(),
      withVersion: v.boolean(),
    }),
  ),
  /** Versions that no rule can name, for a person to review; null where there are none. */
  deleteList: v.nullable(v.strictObject({ file: v.nullable(v.string()), rows: Whole, bytes: Whole, sha256: v.string() })),
  /** Every row of the index was asked: what compiled rules and lists do to it, and what was intended. */
  proof: v.strictObject({
    isExact: v.boolean(),
    rows: Whole,
    intended: Whole,
    intendedBytes: Whole,
    compiled: Whole,
    compiledBytes: Whole,
    missed: v.array(Witness),
    unwanted: v.array(Witness),
  }),
  warnings: v.array(v.string()),
});
export type Compiled = v.InferOutput<typeof CompiledSchema>;
