import * as v from 'valibot';
import {
  ChildrenSchema,
  DIMENSIONS,
  MapNodeSchema,
  PivotSchema,
  ScanResultSchema,
  SnapshotSchema,
  SORT_KEYS,
  SummarySchema,
} from './index-views.ts';
import { LifecycleConfigurationSchema } from './lifecycle.ts';
import { ApplyResultSchema, BucketConfigurationSchema, JournalEntrySchema, PlanSchema } from './plan.ts';
import { BucketName, RemoteSchema } from './remote.ts';
import { RecommendationSchema, SimulationSchema } from './simulation.ts';
import { Whole } from './units.ts';

/** read: changes nothing; index: writes local files; bucket: writes to S3 and needs a reviewed plan or a journal entry. */
export type Effect = 'read' | 'index' | 'bucket';

const FilePath = v.pipe(v.string(), v.minLength(1));
const SnapshotId = v.optional(v.string());
const Region = v.optional(v.pipe(v.string(), v.minLength(1)));
/** Where in which index: the newest snapshot unless one is named. */
const At = { index: FilePath, snapshotId: SnapshotId };
const Horizon = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60));
const Page = { offset: v.optional(Whole, 0), limit: v.optional(v.pipe(Whole, v.maxValue(1000)), 200) };

type Definition = {
  readonly params: v.GenericSchema<unknown, unknown>;
  readonly result: v.GenericSchema<unknown, unknown>;
  readonly effect: Effect;
};

export const SourceSchema = v.variant('kind', [
  /** A path (manifest, folder, copied destination bucket) or s3://bucket/prefix/. `report` names one report by its timestamp folder. */
  v.strictObject({ kind: v.literal('inventory'), location: FilePath, report: v.optional(v.string()), remote: v.optional(RemoteSchema) }),
  v.strictObject({ kind: v.literal('listing'), bucket: BucketName, prefix: v.optional(v.string()), remote: v.optional(RemoteSchema) }),
]);
export type Source = v.InferOutput<typeof SourceSchema>;

export const SampleTruthSchema = v.strictObject({
  rows: Whole,
  versions: Whole,
  deleteMarkers: Whole,
  bytes: Whole,
  byClass: v.record(v.string(), v.strictObject({ versions: Whole, bytes: Whole })),
  byState: v.strictObject({
    current: v.strictObject({ versions: Whole, bytes: Whole }),
    noncurrent: v.strictObject({ versions: Whole, bytes: Whole }),
    marker: v.strictObject({ versions: Whole, bytes: Whole }),
  }),
});
export type SampleTruth = v.InferOutput<typeof SampleTruthSchema>;

/** The only API of the product. IPC handler, HTTP route, command-line verb and typed client all come from this map. */
export const METHODS = {
  'app.info': {
    effect: 'read',
    params: v.strictObject({}),
    result: v.strictObject({
      version: v.string(),
      dataDir: v.string(),
      priceRegions: v.array(v.strictObject({ region: v.string(), name: v.string(), asOf: v.string() })),
      presets: v.array(v.strictObject({ id: v.string(), name: v.string(), words: v.string() })),
    }),
  },
  /** Opens the built-in sample workspace, generating and scanning it on first use. */
  'sample.open': { effect: 'index', params: v.strictObject({}), result: v.strictObject({ index: v.string(), snapshotId: v.string() }) },
  /** Writes a deterministic inventory report of `versions` rows and truth.json to a folder. */
  'sample.write': {
    effect: 'index',
    params: v.strictObject({ out: FilePath, versions: v.pipe(Whole, v.minValue(1), v.maxValue(100_000_000)), seed: Whole }),
    result: SampleTruthSchema,
  },
  'index.scan': {
    effect: 'index',
    params: v.strictObject({ source: SourceSchema, index: FilePath, region: Region }),
    result: ScanResultSchema,
  },
  'index.snapshots': { effect: 'read', params: v.strictObject({ index: FilePath }), result: v.array(SnapshotSchema) },
  'index.summary': {
    effect: 'read',
    params: v.strictObject({ ...At, by: v.picklist(DIMENSIONS), prefix: v.optional(v.string(), ''), region: Region }),
    result: SummarySchema,
  },
  'index.pivot': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      row: v.picklist(DIMENSIONS),
      column: v.picklist(DIMENSIONS),
      prefix: v.optional(v.string(), ''),
      region: Region,
    }),
    result: PivotSchema,
  },
  /** What lies directly under a directory: directories first when sorted by name, then versions. */
  'tree.children': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      prefix: v.string(),
      sort: v.optional(v.picklist(SORT_KEYS), 'bytes'),
      descending: v.optional(v.boolean(), true),
      region: Region,
      ...Page,
    }),
    result: ChildrenSchema,
  },
  /** Nested directories for the treemap: at most `limit` nodes in all, the largest first. */
  'tree.map': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      prefix: v.string(),
      depth: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(6)), 3),
      limit: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(5000)), 1500),
      region: Region,
    }),
    result: MapNodeSchema,
  },
  'policy.recommend': { effect: 'read', params: v.strictObject({ ...At, preset: v.string() }), result: RecommendationSchema },
  'policy.simulate': {
    effect: 'read',
    params: v.strictObject({ ...At, policy: LifecycleConfigurationSchema, months: v.optional(Horizon, 12), region: Region }),
    result: SimulationSchema,
  },
  /** The configuration a bucket has now. */
  'bucket.lifecycle': {
    effect: 'read',
    params: v.strictObject({ bucket: BucketName, remote: v.optional(RemoteSchema, {}) }),
    result: BucketConfigurationSchema,
  },
  /** Reads the bucket, merges, simulates; writes nothing. */
  'policy.plan': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      bucket: BucketName,
      policy: LifecycleConfigurationSchema,
      remote: v.optional(RemoteSchema, {}),
      convertLegacy: v.optional(v.boolean(), false),
      region: Region,
    }),
    result: PlanSchema,
  },
  'policy.apply': {
    effect: 'bucket',
    params: v.strictObject({ plan: PlanSchema, hash: v.string(), remote: v.optional(RemoteSchema, {}) }),
    result: ApplyResultSchema,
  },
  'policy.rollback': {
    effect: 'bucket',
    params: v.strictObject({ bucket: BucketName, to: v.string(), remote: v.optional(RemoteSchema, {}) }),
    result: ApplyResultSchema,
  },
  /** What was applied and rolled back, newest first. */
  'journal.list': { effect: 'read', params: v.strictObject({ bucket: v.optional(BucketName) }), result: v.array(JournalEntrySchema) },
} as const satisfies Record<string, Definition>;

export type MethodName = keyof typeof METHODS;
/** What a caller may leave out, it may leave out. */
export type ParamsIn<M extends MethodName> = v.InferInput<(typeof METHODS)[M]['params']>;
/** What a handler sees: parsed, defaults filled in. */
export type Params<M extends MethodName> = v.InferOutput<(typeof METHODS)[M]['params']>;
export type ResultOf<M extends MethodName> = v.InferOutput<(typeof METHODS)[M]['result']>;

export const METHOD_NAMES = Object.keys(METHODS) as MethodName[];
export const isMethodName = (name: string): name is MethodName => Object.hasOwn(METHODS, name);
