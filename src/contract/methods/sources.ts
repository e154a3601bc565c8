import * as v from 'valibot';
import { ScanResultSchema } from '../index-views.ts';
import { BucketName, RemoteSchema } from '../remote.ts';
import { Whole } from '../units.ts';
import { type Definition, FilePath, Region } from './definition.ts';

export const SourceSchema = v.variant('kind', [
  /** A path (manifest, folder, copied destination bucket) or s3://bucket/prefix/. `report` names one report by its timestamp folder. */
  v.strictObject({ kind: v.literal('inventory'), location: FilePath, report: v.optional(v.string()), remote: v.optional(RemoteSchema) }),
  v.strictObject({
    kind: v.literal('listing'),
    bucket: BucketName,
    prefix: v.optional(v.string()),
    /** Objects as they are now, without noncurrent versions and delete markers: needs s3:ListBucket alone. */
    currentOnly: v.optional(v.boolean()),
    remote: v.optional(RemoteSchema),
  }),
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

/** What brings versions into an index. */
export const SOURCE_METHODS = {
  /** Opens the built-in sample workspace, generating and scanning it on first use. */
  'sample.open': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({}),
    result: v.strictObject({ index: v.string(), snapshotId: v.string() }),
  },
  /** Writes a deterministic inventory report of `versions` rows and truth.json to a folder. */
  'sample.write': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({ out: FilePath, versions: v.pipe(Whole, v.minValue(1), v.maxValue(100_000_000)), seed: Whole }),
    result: SampleTruthSchema,
  },
  'index.scan': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({ source: SourceSchema, index: FilePath, region: Region }),
    result: ScanResultSchema,
  },
} as const satisfies Record<string, Definition>;
