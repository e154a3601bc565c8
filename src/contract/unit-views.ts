import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { KEEP_REASONS, KeepPolicySchema, VERDICTS } from './keep.ts';
import { Instant, NanoUsd, Whole } from './units.ts';
import { CATEGORIES, CONFIDENCES, KINDS } from './vocabulary.ts';

/**
 * `incomplete`: a file that must be there is not. `unknown`: it looks whole, but not like its siblings, or nothing says
 * what a whole one has. `gone`: nothing of it is current; what is left are noncurrent versions.
 */
export const UNIT_STATES = ['complete', 'incomplete', 'unknown', 'gone'] as const;
export type UnitState = (typeof UNIT_STATES)[number];

/** A view on age, never a storage class. `unknown`: what is known allows more than one. */
export const TEMPERATURES = ['hot', 'warm', 'cold', 'unknown'] as const;
export type Temperature = (typeof TEMPERATURES)[number];

/** Where the age of the last access is known from (s3-domain 2.6). */
export const EVIDENCE_KINDS = ['logs', 'tier', 'modifiedOnly'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** How long ago something was last accessed, as far as it is known, and what makes that known. */
export const AccessAgeSchema = v.strictObject({
  temperature: v.picklist(TEMPERATURES),
  /** At least and at most so many whole days before the snapshot. */
  leastDays: Whole,
  mostDays: Whole,
  evidence: v.picklist(EVIDENCE_KINDS),
  lastRead: v.nullable(Instant),
  /** "no read seen in 143 of 143 days since it was written". */
  words: v.string(),
});
export type AccessAge = v.InferOutput<typeof AccessAgeSchema>;

export const HoldSchema = v.strictObject({ reason: v.picklist(KEEP_REASONS), words: v.string() });

/** What is kept or deleted whole. */
export const UnitSchema = v.strictObject({
  unitId: Whole,
  kind: v.picklist(KINDS),
  /** The rule or override that found it, how sure that is, and why. */
  ruleId: v.string(),
  confidence: v.picklist(CONFIDENCES),
  /** A directory (ends in "/"), or what its keys begin with; the directory of keys that hold one number. */
  path: v.string(),
  name: v.string(),
  groupId: Whole,
  step: v.nullable(Whole),
  epoch: v.nullable(Whole),
  role: v.picklist(['none', 'best', 'last', 'final']),
  state: v.picklist(UNIT_STATES),
  /** What is missing of it, in words. */
  missing: v.array(v.string()),
  /** Current keys; all versions and their bytes; bytes of current ones; delete markers. */
  files: Whole,
  versions: Whole,
  bytes: Whole,
  currentBytes: Whole,
  deleteMarkers: Whole,
  firstWrite: v.nullable(Instant),
  lastWrite: v.nullable(Instant),
  /** UTC day its path names, for logs. */
  day: v.nullable(v.string()),
  bytesByClass: v.array(v.tuple([v.string(), Whole])),
  monthlyNanoUsd: v.nullable(NanoUsd),
  access: AccessAgeSchema,
  /** What the keep policy makes of a checkpoint; null for everything else. */
  verdict: v.nullable(v.picklist(VERDICTS)),
  holds: v.array(HoldSchema),
  /** What trackers and small files measured of it. */
  metrics: v.array(v.tuple([v.string(), v.number()])),
});
export type UnitView = v.InferOutput<typeof UnitSchema>;

const Part = v.strictObject({ units: Whole, versions: Whole, bytes: Whole, monthlyNanoUsd: v.nullable(NanoUsd) });
export type UnitPart = v.InferOutput<typeof Part>;

/** What units belong to: a run, a dataset with its versions, an experiment with its runs, a service with its log days. */
export const UnitGroupSchema = v.strictObject({
  groupId: Whole,
  kind: v.picklist(KINDS),
  path: v.string(),
  project: v.string(),
  ruleIds: v.array(v.string()),
  all: Part,
  complete: Whole,
  firstStep: v.nullable(Whole),
  lastStep: v.nullable(Whole),
  lastWrite: v.nullable(Instant),
  temperature: v.picklist(TEMPERATURES),
  /** Checkpoints by what the keep policy makes of them. */
  byVerdict: v.partial(v.strictObject({ keep: Part, stale: Part, unfinished: Part, review: Part, gone: Part })),
});
export type UnitGroup = v.InferOutput<typeof UnitGroupSchema>;

export const UNIT_SORTS = ['path', 'bytes', 'units', 'lastWrite', 'stale'] as const;

export const UnitGroupsSchema = v.strictObject({
  asOf: Instant,
  prices: PricedAtSchema,
  policy: KeepPolicySchema,
  total: Whole,
  groups: v.array(UnitGroupSchema),
});
export const UnitListSchema = v.strictObject({
  asOf: Instant,
  prices: PricedAtSchema,
  policy: KeepPolicySchema,
  total: Whole,
  units: v.array(UnitSchema),
});

/** Why a key is what it is. */
export const KeyExplanationSchema = v.strictObject({
  key: v.string(),
  kind: v.picklist(KINDS),
  category: v.picklist(CATEGORIES),
  ruleId: v.nullable(v.string()),
  confidence: v.nullable(v.picklist(CONFIDENCES)),
  /** own: its own form; marker: something beside or above it; override: a person; none: nothing knows it. */
  because: v.picklist(['own', 'marker', 'override', 'none']),
  words: v.string(),
  /** Whether the key is in the snapshot. */
  isInIndex: v.boolean(),
  unit: v.nullable(UnitSchema),
});
export type KeyExplanation = v.InferOutput<typeof KeyExplanationSchema>;

/** What a person says of keys; it goes before every rule from the next scan or classification on. */
export const OverrideSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/, 'is not a short name of a-z, 0-9 and "-"')),
  glob: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
  kind: v.picklist(KINDS),
  unit: v.optional(v.picklist(['file', 'directory']), 'directory'),
});
export type OverrideSetting = v.InferOutput<typeof OverrideSchema>;

/** Units that stay whatever any policy says. */
export const PinSchema = v.strictObject({
  glob: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
  note: v.optional(v.pipe(v.string(), v.maxLength(500)), ''),
});
export type Pin = v.InferOutput<typeof PinSchema>;

/** A keep policy for what lies below a prefix; the longest prefix that fits counts. */
export const KeepRuleSchema = v.strictObject({ prefix: v.string(), policy: KeepPolicySchema });
export type KeepRule = v.InferOutput<typeof KeepRuleSchema>;

export const UnitSettingsSchema = v.strictObject({
  overrides: v.optional(v.pipe(v.array(OverrideSchema), v.maxLength(100)), []),
  pins: v.optional(v.array(PinSchema), []),
  keep: v.optional(v.array(KeepRuleSchema), []),
  /** Readers whose reads do not count; undefined: the usual ones. */
  noise: v.optional(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(500)))),
  /** What is taken where `noise` says nothing; shown, never stored. */
  usualNoise: v.optional(v.array(v.string()), []),
});
/** What is left out stays as it is; null gives the usual list back. */
export const UnitSettingsChangeSchema = v.strictObject({
  overrides: v.optional(UnitSettingsSchema.entries.overrides.wrapped),
  pins: v.optional(v.array(PinSchema)),
  keep: v.optional(v.array(KeepRuleSchema)),
  noise: v.optional(v.nullable(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(500))))),
});
export type UnitSettingsChange = v.InferOutput<typeof UnitSettingsChangeSchema>;
export type UnitSettings = v.InferOutput<typeof UnitSettingsSchema>;
