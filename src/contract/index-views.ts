import * as v from 'valibot';
import { RemoteSchema } from './remote.ts';
import { Day, Instant, NanoUsd, Whole } from './units.ts';
import { CATEGORIES, KINDS } from './vocabulary.ts';

/** What one crawl brought in. `rows` = versions + deleteMarkers; `bytes` over all versions. */
export const ScanResultSchema = v.strictObject({
  snapshotId: v.string(),
  source: v.string(),
  rows: Whole,
  versions: Whole,
  deleteMarkers: Whole,
  bytes: Whole,
  seconds: v.number(),
  /** Share of the source that was read, 0..1; below 1 only for listings that were refused in part. */
  coverage: v.number(),
  warnings: v.array(v.string()),
  /** True when this very report was already in the index and nothing changed. */
  unchanged: v.boolean(),
});
export type ScanResult = v.InferOutput<typeof ScanResultSchema>;

/** Where the rows of a snapshot lie that a SQL engine added up; its own index holds tree, cells and units alone. */
export const RowsAtSchema = v.strictObject({
  /** trino://… or athena://…, without a user. */
  address: v.string(),
  /** The report among those of the table: a value of its partition column. */
  partition: v.nullable(v.string()),
  remote: RemoteSchema,
  /** Bytes of the report's files, as they were when it was rolled up; null where they were not to be had. */
  bytes: v.nullable(Whole),
  /** s3:// location for results of Athena; null for the workgroup's own. */
  output: v.nullable(v.string()),
});
export type RowsAt = v.InferOutput<typeof RowsAtSchema>;

export const SnapshotSchema = v.strictObject({
  snapshotId: v.string(),
  bucket: v.string(),
  source: v.string(),
  sourceKind: v.picklist(['inventory', 'listing', 'table']),
  /** The snapshot's own time: when S3 began the report, or when the listing began. */
  asOf: Instant,
  scannedAt: Instant,
  /** MD5 of manifest.json; null for listings. */
  manifestMd5: v.nullable(v.string()),
  /** Whether noncurrent versions are in it ("All"), or current ones only. */
  allVersions: v.boolean(),
  region: v.nullable(v.string()),
  rows: Whole,
  versions: Whole,
  deleteMarkers: Whole,
  bytes: Whole,
  coverage: v.number(),
  warnings: v.array(v.string()),
  isSample: v.boolean(),
  /** The columns the source tells of, by S3 Inventory's names; what is not named is not known of any version. */
  fields: v.array(v.string()),
  /** The prefix that was listed; '' for the whole bucket. */
  prefix: v.string(),
  /** Prefixes that could not be listed; what lies below them is not in the snapshot. */
  refusedPrefixes: v.array(v.string()),
  /** How many multipart uploads were begun and not ended; null where the source cannot tell, as no inventory can. */
  incompleteUploads: v.nullable(Whole),
  /** Set where the rows are not in the index: what needs them asks there. */
  rowsAt: v.nullable(RowsAtSchema),
});
export type Snapshot = v.InferOutput<typeof SnapshotSchema>;

/** The price list behind every figure beside it. `assumed`: the region was not known and this one was taken. */
export const PricedAtSchema = v.strictObject({ region: v.string(), asOf: v.string(), assumed: v.boolean() });
export type PricedAt = v.InferOutput<typeof PricedAtSchema>;

export const DIMENSIONS = ['category', 'storageClass', 'age', 'prefix', 'state'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export const GroupSchema = v.strictObject({
  key: v.string(),
  versions: Whole,
  bytes: Whole,
  /** Storage and monitoring for one month at list price; null where the class has no price. */
  monthlyNanoUsd: v.nullable(NanoUsd),
});
export type Group = v.InferOutput<typeof GroupSchema>;

/** Sums of incomplete multipart uploads. `bytes` and `parts` are those of uploads whose parts could be listed; `unread` counts the others. */
export const UploadTotalsSchema = v.strictObject({ uploads: Whole, parts: Whole, bytes: Whole, unread: Whole });

export const SummarySchema = v.strictObject({
  asOf: Instant,
  totals: v.strictObject({ versions: Whole, deleteMarkers: Whole, bytes: Whole, monthlyNanoUsd: NanoUsd }),
  groups: v.array(GroupSchema),
  /** Incomplete multipart uploads, which are in none of the sums above; null where the snapshot's source cannot tell. */
  incompleteUploads: v.nullable(UploadTotalsSchema),
  prices: PricedAtSchema,
  warnings: v.array(v.string()),
});
export type Summary = v.InferOutput<typeof SummarySchema>;

/** A two-way table: one group for every pair that holds anything. */
export const PivotSchema = v.strictObject({
  asOf: Instant,
  prices: PricedAtSchema,
  cells: v.array(
    v.strictObject({ row: v.string(), column: v.string(), versions: Whole, bytes: Whole, monthlyNanoUsd: v.nullable(NanoUsd) }),
  ),
});
export type Pivot = v.InferOutput<typeof PivotSchema>;

/** A directory or one version, as the tree table and the treemap show it. Totals of a directory cover everything below it. */
export const NodeSchema = v.strictObject({
  type: v.picklist(['directory', 'version']),
  /** Whole key or prefix from the bucket's root; a directory ends in "/". */
  path: v.string(),
  /** Last segment, as shown. */
  name: v.string(),
  versions: Whole,
  deleteMarkers: Whole,
  bytes: Whole,
  noncurrentBytes: Whole,
  monthlyNanoUsd: v.nullable(NanoUsd),
  /** UTC days of the oldest and newest write; null where nothing but delete markers is below. */
  oldestWriteDay: v.nullable(Day),
  newestWriteDay: v.nullable(Day),
  /** Bytes per age bin, in the order of AGE_BINS. */
  bytesByAge: v.array(Whole),
  /** Bytes per storage class and per category; only those present. */
  bytesByClass: v.array(v.tuple([v.string(), Whole])),
  bytesByCategory: v.array(v.tuple([v.picklist(CATEGORIES), Whole])),
  /** Directories and versions directly below; 0 for a version. */
  childCount: Whole,
  /** Only for a version. */
  version: v.optional(
    v.strictObject({
      versionId: v.nullable(v.string()),
      isLatest: v.boolean(),
      isDeleteMarker: v.boolean(),
      storageClass: v.string(),
      lastModified: Instant,
      kind: v.picklist(KINDS),
      /** The classification rule that matched, null for "other". */
      ruleId: v.nullable(v.string()),
      /** When its successor was created; null while it is current. */
      noncurrentSince: v.nullable(Instant),
    }),
  ),
});
export type Node = v.InferOutput<typeof NodeSchema>;

export const SORT_KEYS = ['name', 'bytes', 'versions', 'monthlyNanoUsd', 'newestWriteDay', 'noncurrentBytes'] as const;

export const ChildrenSchema = v.strictObject({ parent: NodeSchema, total: Whole, nodes: v.array(NodeSchema) });
export type Children = v.InferOutput<typeof ChildrenSchema>;

/** A treemap level by level: `rest` sums the children too small to be listed. */
export type MapNode = Node & { readonly children: readonly MapNode[]; readonly rest: { readonly count: number; readonly bytes: number } };
export const MapNodeSchema: v.GenericSchema<MapNode> = v.lazy(() =>
  v.strictObject({
    ...NodeSchema.entries,
    children: v.array(MapNodeSchema),
    rest: v.strictObject({ count: Whole, bytes: Whole }),
  }),
) as unknown as v.GenericSchema<MapNode>;
