import { BILLING_GB_BYTES } from '../../contract/units.ts';

/**
 * Every charge S3 makes is a whole number of these: 1 / QUANTA of a nano-dollar. GB are 2^30 bytes, requests come by the 1,000,
 * months have 28 to 31 days (377,580 divides by each of them, and by the 30 days of early deletion), reads and discounts are
 * millionths. So sums of charges are sums of whole numbers, exact whatever their order.
 */
export const QUANTA = BigInt(BILLING_GB_BYTES) * 1000n * 377_580n * 1_000_000n * 1_000_000n;

/** The one rounding of a reported figure: to whole nano-USD, half up. */
export function toNanoUsd(quanta: bigint): string {
  const doubled = quanta * 2n + QUANTA;
  const cut = doubled / (QUANTA * 2n);
  return String(doubled < 0n && cut * QUANTA * 2n !== doubled ? cut - 1n : cut);
}
