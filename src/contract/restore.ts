import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { Instant, NanoUsd, Whole } from './units.ts';

const Extent = { versions: Whole, bytes: Whole };

/** What one way of reading costs and takes. A charge whose price the list lacks is null and named in `unpriced`; then so is the total. */
export const RestoreWaySchema = v.strictObject({
  /** direct: nothing has to be restored first. */
  speed: v.picklist(['direct', 'EXPEDITED', 'STANDARD', 'BULK']),
  /** Hours, as S3 states them, until the first archived version can be read and until the last; and to send all requests for them. */
  hoursFrom: v.number(),
  hoursTo: v.number(),
  requestHours: v.number(),
  retrievalNanoUsd: v.nullable(NanoUsd),
  requestNanoUsd: v.nullable(NanoUsd),
  /** The restored copies, at STANDARD for the days they are kept, beside the archived bytes that go on being billed. */
  copyNanoUsd: v.nullable(NanoUsd),
  totalNanoUsd: v.nullable(NanoUsd),
  unpriced: v.array(v.string()),
});
export type RestoreWay = v.InferOutput<typeof RestoreWaySchema>;

/** Everything of one class and access tier. */
export const RestoreClassSchema = v.strictObject({
  storageClass: v.string(),
  accessTier: v.string(),
  ...Extent,
  isArchived: v.boolean(),
  ways: v.array(RestoreWaySchema),
});

export const RestoreUnitSchema = v.strictObject({
  path: v.string(),
  kind: v.string(),
  ...Extent,
  archived: v.strictObject(Extent),
  /** All of the unit at one speed; what is not archived is read directly. */
  ways: v.array(RestoreWaySchema),
});

export const RestoreDrillSchema = v.strictObject({
  prefix: v.string(),
  asOf: Instant,
  prices: PricedAtSchema,
  /** How long restored copies are kept. */
  days: Whole,
  ...Extent,
  classes: v.array(RestoreClassSchema),
  /** Everything at one speed. A class that does not offer it takes the next slower one. */
  ways: v.array(RestoreWaySchema),
  /** The units with the most archived bytes, at most 100, in that order. */
  units: v.array(RestoreUnitSchema),
  assumptions: v.array(v.string()),
});
export type RestoreDrill = v.InferOutput<typeof RestoreDrillSchema>;
