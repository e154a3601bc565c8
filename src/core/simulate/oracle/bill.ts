import { BILLING_GB_BYTES, SMALL_OBJECT_BYTES } from '../../../contract/units.ts';
import { MINIMUM_DAYS } from '../../price/class-rules.ts';
import type { Band, PriceList } from '../../price/price-book.ts';
import type { Month } from '../calendar.ts';
import { QUANTA } from '../quanta.ts';

/** Bytes a version is billed as on a day, each with the price it pays: [storage class, access tier, bytes]. */
export type Metered = readonly (readonly [storageClass: string, tier: string, bytes: number])[];

/** s3-domain 3.1: floors of 128 KiB, 32 KiB and 8 KiB added to what is archived, small objects in Intelligent-Tiering always frequent. */
export function metered(storageClass: string, tier: string, sizeBytes: number): Metered {
  switch (storageClass) {
    case 'STANDARD_IA':
    case 'ONEZONE_IA':
    case 'GLACIER_IR':
      return [[storageClass, '', Math.max(sizeBytes, SMALL_OBJECT_BYTES)]];
    case 'GLACIER':
    case 'DEEP_ARCHIVE':
      return [
        [storageClass, '', sizeBytes + 32_768],
        ['STANDARD', '', 8_192],
      ];
    case 'INTELLIGENT_TIERING': {
      const held = sizeBytes < SMALL_OBJECT_BYTES || tier === '' ? 'FREQUENT' : tier;
      const isArchived = held === 'ARCHIVE' || held === 'DEEP_ARCHIVE';
      return isArchived
        ? [
            [storageClass, held, sizeBytes + 32_768],
            ['STANDARD', '', 8_192],
          ]
        : [[storageClass, held, sizeBytes]];
    }
    default:
      return [[storageClass, '', sizeBytes]];
  }
}

export const isMonitored = (storageClass: string, sizeBytes: number): boolean =>
  storageClass === 'INTELLIGENT_TIERING' && sizeBytes >= SMALL_OBJECT_BYTES;

/** Days in its class that are paid although the version leaves it now (s3-domain 3.5). */
export const missingDays = (storageClass: string, daysInClass: number): number =>
  Math.max(0, (MINIMUM_DAYS[storageClass] ?? 0) - daysInClass);

/** The bands of a class, from the list itself. */
const bandsOf = (list: PriceList, storageClass: string, tier: string): readonly Band[] =>
  list.classes.get(storageClass)?.bandsByTier.get(tier) ?? [];

const firstPrice = (list: PriceList, storageClass: string, tier: string): bigint =>
  bandsOf(list, storageClass, tier)[0]?.nanoUsdPerGbMonth ?? 0n;

/** A charge of num / den nano-dollars less the discount of its class, in quanta; it always comes out whole. */
function quanta(list: PriceList, storageClass: string, num: bigint, den: bigint): bigint {
  const kept = 1_000_000n - BigInt(list.discountPpm.get(storageClass) ?? 0);
  const whole = num * kept * QUANTA;
  if (whole % (den * 1_000_000n) !== 0n) throw new Error('a charge is no whole number of quanta');
  return whole / (den * 1_000_000n);
}

const GB = BigInt(BILLING_GB_BYTES);

export const transitionFee = (list: PriceList, target: string): bigint =>
  quanta(list, target, list.classes.get(target)?.transitionInNanoUsdPer1000 ?? 0n, 1000n);

export const earlyFee = (list: PriceList, storageClass: string, tier: string, bytes: number, days: number): bigint =>
  quanta(list, storageClass, BigInt(bytes) * firstPrice(list, storageClass, tier) * BigInt(days), GB * 30n);

/** What reading every byte once a month costs for one day. */
export const readFee = (list: PriceList, storageClass: string, bytes: number, { monthDays }: Month): bigint =>
  quanta(list, storageClass, BigInt(bytes) * (list.classes.get(storageClass)?.retrievalNanoUsdPerGb ?? 0n), GB * BigInt(monthDays));

export const monitoringFee = (list: PriceList, objects: number, { monthDays }: Month): bigint =>
  quanta(
    list,
    'INTELLIGENT_TIERING',
    BigInt(objects) * (list.classes.get('INTELLIGENT_TIERING')?.monitoringNanoUsdPer1000 ?? 0n),
    1000n * BigInt(monthDays),
  );

/**
 * Storage of one price over the days of a month: each day at the first band or, where it is known what the account stores besides
 * (`alreadyBytes`), the month's average laid into the bands above that, each day its share, cut to whole quanta as the days add up.
 */
export function storageFees(
  list: PriceList,
  storageClass: string,
  tier: string,
  bytesByDay: readonly number[],
  { monthDays }: Month,
  alreadyBytes: bigint | undefined,
): bigint[] {
  const price = firstPrice(list, storageClass, tier);
  if (alreadyBytes === undefined) {
    return bytesByDay.map((bytes) => quanta(list, storageClass, BigInt(bytes) * price, GB * BigInt(monthDays)));
  }
  const days = BigInt(bytesByDay.length);
  const total = bytesByDay.reduce((sum, bytes) => sum + BigInt(bytes), 0n);
  let charge = 0n;
  let below = 0n;
  for (const band of bandsOf(list, storageClass, tier)) {
    const top = band.upToBytes === null ? alreadyBytes * days + total : band.upToBytes * days;
    const from = below > alreadyBytes * days ? below : alreadyBytes * days;
    const to = top < alreadyBytes * days + total ? top : alreadyBytes * days + total;
    if (to > from) charge += (to - from) * band.nanoUsdPerGbMonth;
    below = top;
  }
  const month = quanta(list, storageClass, charge, GB * BigInt(monthDays));
  let soFar = 0n;
  let paid = 0n;
  return bytesByDay.map((bytes) => {
    soFar += BigInt(bytes);
    const due = total === 0n ? 0n : (month * soFar) / total;
    const fee = due - paid;
    paid = due;
    return fee;
  });
}
