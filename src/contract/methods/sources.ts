import * as v from 'valibot';
import { ScanResultSchema } from '../index-views.ts';
import { BucketName, RemoteSchema } from '../remote.ts';
import { Instant, NanoUsd, Whole } from '../units.ts';
import { type Definition, FilePath, Region } from './definition.ts';

const TABLE = {
  address: v.pipe(v.string(), v.minLength(1)),
  /** The bucket, where the table tells of several. */
  bucket: v.optional(BucketName),
  /** The report, where the table has several: a value of its partition column "dt". The newest unless named. */
  report: v.optional(v.pipe(v.string(), v.minLength(1))),
  /** The report's own time, where the table does not tell it by "dt". */
  asOf: v.optional(Instant),
  /** Where Athena puts results: s3://bucket/prefix/. */
  output: v.optional(v.pipe(v.string(), v.regex(/^s3:\/\/[^/]+\/.*$/, 'is not an s3:// location'))),
  /** Price of a TB (2^40 bytes) read, in USD, where the price list has none. */
  usdPerTb: v.optional(v.pipe(v.string(), v.regex(/^\d{1,6}(?:\.\d{1,9})?$/, 'is not a price'))),
  remote: v.optional(RemoteSchema, {}),
};
export const TableSchema = v.strictObject(TABLE);
export type Table = v.InferOutput<typeof TableSchema>;

/** What a person agreed to pay: at most this much, or whatever it comes to. */
export const ConfirmSchema = v.union([v.literal('any'), v.strictObject({ maxNanoUsd: NanoUsd })]);
export type Confirm = v.InferOutput<typeof ConfirmSchema>;

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
  /**
   * A table over inventory reports on a SQL engine: trino://host:port/catalog.schema.table or athena://workgroup/catalog.database.table.
   * The roll-up runs there; its rows stay there.
   */
  v.strictObject({ kind: v.literal('table'), ...TABLE, confirm: v.optional(ConfirmSchema) }),
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
  /** What no usual keep policy holds, and nobody read in 90 days: by how the runs were made, not by their keys. */
  staleCheckpoints: v.strictObject({
    checkpoints: Whole,
    versions: Whole,
    bytes: Whole,
    /** Bytes that S3 bills a month of, by the class whose price they have. */
    billedBytes: v.record(v.string(), Whole),
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
  /** Writes a deterministic inventory report of `versions` rows, access logs and truth.json to a folder. */
  'sample.write': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({ out: FilePath, versions: v.pipe(Whole, v.minValue(1), v.maxValue(100_000_000)), seed: Whole }),
    result: SampleTruthSchema,
  },
  'index.scan': {
    effect: 'index',
    isHeavy: true,
    /** `classify` false: every object stays "other", and nothing is made a unit. */
    params: v.strictObject({ source: SourceSchema, index: FilePath, region: Region, classify: v.optional(v.boolean(), true) }),
    result: ScanResultSchema,
  },
} as const satisfies Record<string, Definition>;
