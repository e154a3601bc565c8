import { BILLING_GB_BYTES } from '../../contract/units.ts';
import { breakEvenBytes } from '../price/break-even.ts';
import { MINIMUM_DAYS } from '../price/class-rules.ts';
import { add, type ExactNanoUsd, ZERO } from '../price/exact.ts';
import type { PriceList } from '../price/price-book.ts';
import { keptPpm, storageRates, transitionCharge } from '../price/storage-charge.ts';
import { hasStoragePrices, hasTransitionPrices } from '../price/unpriced.ts';
import { type Extent, Volume } from '../price/volume.ts';
import { monthsFrom } from './calendar.ts';
import { billedBytes } from './cube/ledger.ts';
import { newTally, type Tally } from './side.ts';
import { isAllowed } from './transitions.ts';

/** Every number of days a month has divides it. */
const MONTH_PARTS = 377_580n;
/** What has not paid its way after so many months never does. */
const MOST_MONTHS = 1200;

/** What moving some versions into another class would come to, all at S3's first run after the as-of day. */
export interface Move {
  /** Versions that would move, and those the bucket's minimum size keeps. */
  readonly moved: Tally;
  readonly kept: Tally;
  /** Transition requests, and leaving a class early as if it had been entered on the as-of day. */
  readonly fees: ExactNanoUsd;
  /** Storage and monitoring of a month before less after; negative where it costs more. */
  readonly monthlySaving: ExactNanoUsd;
  /** The first UTC day from which what it saved is not below its fees; null where it never is. */
  readonly breakEvenDay: number | null;
  /** The size from which on an object of the class most of it is in pays within so many months, as `breakEvenBytes` has it. */
  readonly objectBytes: number | null;
}

const minus = (amount: ExactNanoUsd): ExactNanoUsd => ({ num: -amount.num, den: amount.den });

/**
 * Tells for one target class what of some versions would move and when it has paid its way; null where nothing could move there or a
 * price is missing. `isKept` says whether the minimum size keeps a small object from that class (s3-domain 4.2).
 */
export function moveOf(
  list: PriceList,
  extents: readonly Extent[],
  target: string,
  isKept: boolean,
  asOfDay: number,
  months: number,
): Move | null {
  const moved = newTally();
  const kept = newTally();
  const before = new Volume();
  const after = new Volume();
  const bytesByFrom = new Map<Extent, number>();
  let fees = ZERO;
  for (const extent of extents) {
    const { storageClass, accessTier, isSmall, count, bytes } = extent;
    if (count === 0 || storageClass === target || !isAllowed(storageClass, accessTier, target)) continue;
    const tally = isSmall && isKept ? kept : moved;
    tally.versions += count;
    tally.bytes += bytes;
    if (tally === kept) continue;
    if (!hasStoragePrices(list, false, storageClass, accessTier, isSmall) || !hasTransitionPrices(list, false, target, isSmall))
      return null;
    before.add(extent);
    after.add({ ...extent, storageClass: target, accessTier: '' });
    bytesByFrom.set(extent, bytes);
    fees = add(fees, add(transitionCharge(list, target, BigInt(count)) ?? ZERO, leavingEarly(list, extent)));
  }
  const [largest] = [...bytesByFrom].sort(([, a], [, b]) => b - a).map(([extent]) => extent);
  if (largest === undefined)
    return kept.versions === 0 ? null : { moved, kept, fees, monthlySaving: ZERO, breakEvenDay: null, objectBytes: null };
  const monthlySaving = add(storageRates(list, before).charge(before), minus(storageRates(list, after).charge(after)));
  return {
    moved,
    kept,
    fees,
    monthlySaving,
    breakEvenDay: breakEvenDay(fees, monthlySaving, asOfDay + 1),
    objectBytes: breakEvenBytes(list, largest, { storageClass: target, accessTier: '' }, months),
  };
}

/** Left on the day after the as-of day, entered on it: all but one of the minimum days are missing (s3-domain 3.5). */
function leavingEarly(list: PriceList, { storageClass, accessTier, isSmall, count, bytes }: Extent): ExactNanoUsd {
  const missing = (MINIMUM_DAYS[storageClass] ?? 0) - 1;
  const price = list.classes.get(storageClass)?.bandsByTier.get('')?.[0]?.nanoUsdPerGbMonth ?? 0n;
  if (missing <= 0) return ZERO;
  const billed = BigInt(billedBytes(storageClass, accessTier, isSmall, count, bytes));
  return {
    num: billed * price * BigInt(missing) * keptPpm(list, storageClass),
    den: BigInt(BILLING_GB_BYTES) * 30n * 1_000_000n,
  };
}

function breakEvenDay(fees: ExactNanoUsd, saving: ExactNanoUsd, fromDay: number): number | null {
  if (saving.num < 0n || (saving.num === 0n && fees.num > 0n)) return null;
  if (fees.num === 0n) return fromDay;
  // So many parts of a month have to go by, rounded up to whole parts.
  const dividend = fees.num * saving.den * MONTH_PARTS;
  const divisor = fees.den * saving.num;
  let left = (dividend + divisor - 1n) / divisor;
  for (const { fromDay: from, days, monthDays } of monthsFrom(fromDay, MOST_MONTHS)) {
    const each = MONTH_PARTS / BigInt(monthDays);
    if (left > each * BigInt(days)) {
      left -= each * BigInt(days);
      continue;
    }
    return from + Number((left + each - 1n) / each) - 1;
  }
  return null;
}
