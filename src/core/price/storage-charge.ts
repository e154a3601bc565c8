import { BILLING_GB_BYTES } from '../../contract/units.ts';
import { bandsOf, classOfKey } from './billing.ts';
import { add, type ExactNanoUsd, ZERO } from './exact.ts';
import type { Band, PriceList } from './price-book.ts';
import type { Volume } from './volume.ts';

const GB = BigInt(BILLING_GB_BYTES);
const MILLION = 1_000_000n;

/**
 * Prices volumes against the volume they are part of. Where bands apply, they apply to the whole (S3 sums a month's
 * byte-hours of the account before it applies them, s3-domain 3), and a part pays its exact share of
 * the whole's charge, key by key: the charges of all parts add up to the charge of the whole.
 */
export interface StorageRates {
  /** Charge of a part of the whole; parts may be of any size, the whole itself included. */
  charge(part: Volume): ExactNanoUsd;
  /** Whether the list prices this billing key at the whole's volume. */
  isPriced(key: string): boolean;
  /** Billing keys of the whole that have no price, or none for so much. Their bytes are in no charge. */
  readonly unpricedKeys: readonly string[];
}

/** What the account already stores in a region by billing key, in bytes: the volume that comes before ours in the bands. */
export type AlreadyStored = ReadonlyMap<string, bigint>;

/**
 * Rates for one month of `days` days. `whole` and its parts hold byte-days and object-days over that
 * month; with `days` = 1 they hold the bytes of one instant, priced as a full month of them. Without `already` everything pays the
 * first volume band, for a bucket cannot tell where in the bands of its account it lies (s3-domain 3).
 */
export function storageRates(list: PriceList, whole: Volume, days = 1, already?: AlreadyStored): StorageRates {
  const monthDays = BigInt(days);
  const rates = new Map<string, { readonly num: bigint; readonly den: bigint }>();
  const unpricedKeys: string[] = [];
  for (const [key, byteDays] of whole.billedBytes) {
    const bands = bandsOf(list, key);
    const first = bands?.[0];
    const charge = bands && already && bandedCharge(bands, already.get(key) ?? 0n, byteDays, monthDays);
    if (first === undefined || charge === null) unpricedKeys.push(key);
    else if (charge === undefined || byteDays === 0n) rates.set(key, { num: first.nanoUsdPerGbMonth, den: 1n });
    else rates.set(key, { num: charge, den: byteDays });
  }
  const intelligent = list.classes.get('INTELLIGENT_TIERING');
  const monitoring = intelligent?.monitoringNanoUsdPer1000 ?? null;
  if (monitoring === null && whole.monitoredObjects > 0n) unpricedKeys.push('INTELLIGENT_TIERING/monitoring');
  return {
    charge(part) {
      let sum = ZERO;
      for (const [key, byteDays] of part.billedBytes) {
        const rate = rates.get(key);
        const share = keptPpm(list, classOfKey(key));
        if (rate && byteDays > 0n) sum = add(sum, { num: rate.num * byteDays * share, den: rate.den * GB * monthDays * MILLION });
      }
      if (monitoring !== null && part.monitoredObjects > 0n) {
        const share = keptPpm(list, 'INTELLIGENT_TIERING');
        sum = add(sum, { num: part.monitoredObjects * monitoring * share, den: 1000n * monthDays * MILLION });
      }
      return sum;
    },
    isPriced: (key) => rates.has(key),
    unpricedKeys: unpricedKeys.sort(),
  };
}

/**
 * Nano-USD x byte-days that the month's average of `byteDays` costs on top of `alreadyBytes`; null where the bands end before the
 * volume does.
 */
export function bandedCharge(bands: readonly Band[], alreadyBytes: bigint, byteDays: bigint, days: bigint): bigint | null {
  let from = alreadyBytes * days;
  const to = from + byteDays;
  let numerator = 0n;
  for (const band of bands) {
    const end = band.upToBytes === null || band.upToBytes * days > to ? to : band.upToBytes * days;
    if (end > from) {
      numerator += (end - from) * band.nanoUsdPerGbMonth;
      from = end;
    }
    if (from >= to) return numerator;
  }
  return null;
}

/** Lifecycle transition requests into a class, priced by destination (s3-domain 3.3); null where the list has no price. */
export function transitionCharge(list: PriceList, toClass: string, objects: bigint): ExactNanoUsd | null {
  const per1000 = list.classes.get(toClass)?.transitionInNanoUsdPer1000 ?? null;
  return per1000 === null ? null : { num: objects * per1000 * keptPpm(list, toClass), den: 1000n * MILLION };
}

/** What is left of a charge after the discount of its class, in millionths. */
export const keptPpm = (list: PriceList, storageClass: string): bigint => MILLION - BigInt(list.discountPpm.get(storageClass) ?? 0);
