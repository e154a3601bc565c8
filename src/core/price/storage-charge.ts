import { BILLING_GB_BYTES } from '../../contract/units.ts';
import { bandsOf } from './billing.ts';
import { add, type ExactNanoUsd, ZERO } from './exact.ts';
import type { Band, PriceList } from './price-book.ts';
import type { Volume } from './volume.ts';

const GB = BigInt(BILLING_GB_BYTES);

/**
 * Prices volumes against the volume they are part of. Bands apply to the whole (S3 sums a month's
 * byte-hours of the account before it applies them, s3-domain 3), so a part pays its exact share of
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

/**
 * Rates for one month of `days` days. `whole` and its parts hold byte-days and object-days over that
 * month; with `days` = 1 they hold the bytes of one instant, priced as a full month of them.
 */
export function storageRates(list: PriceList, whole: Volume, days = 1): StorageRates {
  const monthDays = BigInt(days);
  const rates = new Map<string, { readonly num: bigint; readonly den: bigint }>();
  const unpricedKeys: string[] = [];
  for (const [key, byteDays] of whole.billedBytes) {
    const bands = bandsOf(list, key);
    const charge = bands && bandedCharge(bands, byteDays, monthDays);
    if (charge === null) unpricedKeys.push(key);
    // A whole inside its first band keeps the plain price, so that its parts need no division by the whole.
    else rates.set(key, charge.inFirstBand ? { num: charge.firstBandNanoUsd, den: 1n } : { num: charge.numerator, den: byteDays });
  }
  const monitoring = list.classes.get('INTELLIGENT_TIERING')?.monitoringNanoUsdPer1000 ?? null;
  if (monitoring === null && whole.monitoredObjects > 0n) unpricedKeys.push('INTELLIGENT_TIERING/monitoring');
  return {
    charge(part) {
      let sum = ZERO;
      for (const [key, byteDays] of part.billedBytes) {
        const rate = rates.get(key);
        if (rate && byteDays > 0n) sum = add(sum, { num: rate.num * byteDays, den: rate.den * GB * monthDays });
      }
      if (monitoring !== null && part.monitoredObjects > 0n) {
        sum = add(sum, { num: part.monitoredObjects * monitoring, den: 1000n * monthDays });
      }
      return sum;
    },
    isPriced: (key) => rates.has(key),
    unpricedKeys: unpricedKeys.sort(),
  };
}

type Banded = { readonly numerator: bigint; readonly inFirstBand: boolean; readonly firstBandNanoUsd: bigint };

/** Nano-USD x byte-days over the bands of the month's average; null where the bands end before the volume does. */
function bandedCharge(bands: readonly Band[], byteDays: bigint, days: bigint): Banded | null {
  let rest = byteDays;
  let from = 0n;
  let numerator = 0n;
  for (const [index, band] of bands.entries()) {
    const room = band.upToBytes === null ? rest : (band.upToBytes - from) * days;
    if (rest > room) {
      numerator += room * band.nanoUsdPerGbMonth;
      rest -= room;
      from = band.upToBytes ?? from;
      continue;
    }
    numerator += rest * band.nanoUsdPerGbMonth;
    return { numerator, inFirstBand: index === 0, firstBandNanoUsd: band.nanoUsdPerGbMonth };
  }
  return null;
}

/** Lifecycle transition requests into a class, priced by destination (s3-domain 3.3); null where the list has no price. */
export function transitionCharge(list: PriceList, toClass: string, objects: bigint): ExactNanoUsd | null {
  const per1000 = list.classes.get(toClass)?.transitionInNanoUsdPer1000 ?? null;
  return per1000 === null ? null : { num: objects * per1000, den: 1000n };
}
