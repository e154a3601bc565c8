import { SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import type { BilledClass } from '../cube/cube.ts';
import { add, type ExactNanoUsd } from './exact.ts';
import type { PriceList } from './price-book.ts';
import { storageRates, transitionCharge } from './storage-charge.ts';
import { hasStoragePrices, hasTransitionPrices } from './unpriced.ts';
import { Volume } from './volume.ts';

/** S3 holds no larger object: 50 TB (https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html). */
const LARGEST_BYTES = 50 * 2 ** 40;

/** Storage and monitoring of a month of one object. */
function monthly(list: PriceList, { storageClass, accessTier }: BilledClass, sizeBytes: number): ExactNanoUsd {
  const volume = new Volume();
  volume.add({ storageClass, accessTier, isSmall: sizeBytes < SMALL_OBJECT_BYTES, count: 1, bytes: sizeBytes });
  return storageRates(list, volume).charge(volume);
}

const isPriced = (list: PriceList, { storageClass, accessTier }: BilledClass): boolean =>
  [true, false].every((isSmall) => hasStoragePrices(list, false, storageClass, accessTier, isSmall));

/**
 * The least size in bytes from which on an object that stays so many whole months in another class costs no more than where it is, its
 * transition paid; null months: for ever, where the request no longer matters. 0 where every size pays, null where none does or where
 * a price is missing. Reads and leaving early are not in it (s3-domain 8.1).
 */
export function breakEvenBytes(list: PriceList, from: BilledClass, to: BilledClass, months: number | null): number | null {
  if (!isPriced(list, from) || !isPriced(list, to) || !hasTransitionPrices(list, false, to.storageClass, false)) return null;
  const fee = transitionCharge(list, to.storageClass, 1n);
  if (fee === null) return null;
  const pays = (sizeBytes: number): boolean => {
    const move = monthly(list, to, sizeBytes);
    const difference = add(monthly(list, from, sizeBytes), { num: -move.num, den: move.den });
    if (months === null) return difference.num >= 0n;
    return add({ num: difference.num * BigInt(months), den: difference.den }, { num: -fee.num, den: fee.den }).num >= 0n;
  };
  // What an object costs is a straight line in its size, on either side of 128 KiB.
  if (!pays(LARGEST_BYTES)) return null;
  if (!pays(SMALL_OBJECT_BYTES)) return firstThat(pays, SMALL_OBJECT_BYTES, LARGEST_BYTES);
  if (!pays(SMALL_OBJECT_BYTES - 1)) return SMALL_OBJECT_BYTES;
  return pays(0) ? 0 : firstThat(pays, 0, SMALL_OBJECT_BYTES - 1);
}

/** The first whole number for which something holds that does not for `below` and does for `above`, and changes once between them. */
function firstThat(holds: (value: number) => boolean, below: number, above: number): number {
  let [low, high] = [below, above];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
