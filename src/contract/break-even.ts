import * as v from 'valibot';
import { MinimumSizeSchema } from './lifecycle.ts';
import { NanoUsd, UtcDate, Whole } from './units.ts';
import { KINDS } from './vocabulary.ts';

const Extent = { versions: Whole, bytes: Whole };

/** What moving a unit to a class would come to, done at S3's first run after the as-of day. */
export const BreakEvenTargetSchema = v.strictObject({
  storageClass: v.string(),
  /** What would move: lifecycle allows it, and the minimum size does not keep it. */
  ...Extent,
  keptBySize: v.strictObject(Extent),
  /** Transition requests, and leaving a class early as if it had been entered on the as-of day. */
  feesNanoUsd: NanoUsd,
  /** Storage and monitoring of a month before less after. */
  monthlySavingNanoUsd: NanoUsd,
  /** First day from which the saving is not below the fees; null where it never is. */
  breakEvenDay: v.nullable(UtcDate),
  /** Size from which on an object of the class most of it is in pays within the months asked about; null where none does. */
  breakEvenObjectBytes: v.nullable(Whole),
});

export const BreakEvenSchema = v.strictObject({
  asOf: UtcDate,
  region: v.string(),
  priceAsOf: v.string(),
  regionAssumed: v.boolean(),
  months: Whole,
  minimumSize: MinimumSizeSchema,
  total: Whole,
  /** By bytes, the largest first. */
  units: v.array(
    v.strictObject({
      unitId: Whole,
      kind: v.picklist(KINDS),
      path: v.string(),
      name: v.string(),
      ...Extent,
      monthlyNanoUsd: v.nullable(NanoUsd),
      /** Classes that some of it could move to and that have prices. */
      targets: v.array(BreakEvenTargetSchema),
    }),
  ),
  assumptions: v.array(v.string()),
});
export type BreakEven = v.InferOutput<typeof BreakEvenSchema>;
