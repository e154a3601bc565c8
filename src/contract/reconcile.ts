import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { Instant, NanoUsd, UtcDate, Whole } from './units.ts';

const Bytes = v.pipe(v.number(), v.safeInteger());

/** The index held against CloudWatch's BucketSizeBytes of the snapshot's day. */
export const MeasuredSchema = v.strictObject({
  /** The time of the data points compared with: the nearest to the snapshot. */
  at: Instant,
  rows: v.array(
    v.strictObject({
      storageType: v.string(),
      /** What the versions come to, overheads and floors in types of their own; and parts of incomplete uploads. */
      indexBytes: Bytes,
      uploadBytes: Bytes,
      measuredBytes: Bytes,
      /** Measured less versions less uploads: what nothing in the index explains. */
      gapBytes: Bytes,
    }),
  ),
  indexBytes: Bytes,
  uploadBytes: Bytes,
  measuredBytes: Bytes,
  gapBytes: Bytes,
  /** By how much CloudWatch itself moved to the data point before and after: a gap no larger can be a matter of hours. Null: there is none. */
  movedBytes: v.nullable(Bytes),
});

const BilledRow = v.strictObject({
  /** A billing key such as STANDARD or INTELLIGENT_TIERING/FREQUENT. */
  key: v.string(),
  unit: v.picklist(['GB-months', 'object-months']),
  indexAmount: v.number(),
  billedAmount: v.number(),
  /** At list price. */
  indexNanoUsd: NanoUsd,
  billedNanoUsd: NanoUsd,
  /** Billed less index: the part other prices explain (discounts, volume bands), and the part of amounts nothing explains. */
  gapNanoUsd: NanoUsd,
  priceNanoUsd: NanoUsd,
  unexplainedNanoUsd: NanoUsd,
});

/** The index held against a month of a Cost and Usage Report. */
export const BilledSchema = v.strictObject({
  month: v.string(),
  /** The days of the month that the report tells of. */
  from: UtcDate,
  until: UtcDate,
  rows: v.array(BilledRow),
  storage: v.strictObject({
    indexNanoUsd: NanoUsd,
    billedNanoUsd: NanoUsd,
    gapNanoUsd: NanoUsd,
    priceNanoUsd: NanoUsd,
    unexplainedNanoUsd: NanoUsd,
  }),
  /** What is billed for the bucket and in no inventory: requests, retrieval, transfer, early deletion, taxes, credits. */
  other: v.array(v.strictObject({ what: v.string(), amount: v.number(), nanoUsd: NanoUsd })),
  otherNanoUsd: NanoUsd,
  billedNanoUsd: NanoUsd,
  /** Snapshots the amounts of the index are from; between two of them they move evenly. */
  snapshots: v.array(Instant),
  lineItems: Whole,
});

export const ReconciliationSchema = v.strictObject({
  bucket: v.string(),
  snapshotId: v.string(),
  asOf: Instant,
  prices: PricedAtSchema,
  measured: v.nullable(MeasuredSchema),
  billed: v.nullable(BilledSchema),
  warnings: v.array(v.string()),
});
export type Reconciliation = v.InferOutput<typeof ReconciliationSchema>;
