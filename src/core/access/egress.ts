import { BILLING_GB_BYTES } from '../../contract/units.ts';
import type { ReadTotals } from './fold.ts';

/** Where bytes went, as far as a log tells. `unknown`: neither the bucket's Region nor another one of AWS that is named. */
export type EgressPlace = 'same' | 'other' | 'unknown';

export interface EgressPrices {
  /** The Region of the bucket; null where it is not known. */
  readonly region: string | null;
  /** Nano-dollars for a GB to the internet in the first band; null where the list has none. */
  readonly internetNanoUsdPerGb: bigint | null;
}

export interface EgressLine {
  readonly totals: ReadTotals;
  readonly byRegion: readonly { readonly region: string | null; readonly bytes: number; readonly place: EgressPlace }[];
  readonly crossRegionBytes: number;
  readonly leastNanoUsd: bigint | null;
  readonly mostNanoUsd: bigint | null;
}

/** What a GB costs from one Region of AWS to another (s3-domain 8.3); null for pairs it does not tell of: never guessed. */
function crossRegionNanoUsdPerGb(from: string | null, to: string): bigint | null {
  if (from !== 'us-east-1') return null;
  return to === 'us-east-2' ? 10_000_000n : 20_000_000n;
}

/**
 * What one reader's bytes out of one place cost. At least: what is known to have gone to another Region. At most: as well what came
 * from nowhere known, as if all of that went over the internet. Nothing is known where a price is not.
 */
export function egressOf(totals: ReadTotals, { region, internetNanoUsdPerGb }: EgressPrices): EgressLine {
  let least: bigint | null = 0n;
  let more: bigint | null = 0n;
  let crossRegionBytes = 0;
  const byRegion = [...totals.bytesByRegion]
    .map(([from, bytes]) => {
      const place: EgressPlace = from === '' || region === null ? 'unknown' : from === region ? 'same' : 'other';
      return { region: from === '' ? null : from, bytes, place };
    })
    .sort((a, b) => b.bytes - a.bytes || ((a.region ?? '') < (b.region ?? '') ? -1 : 1));
  for (const { region: to, bytes, place } of byRegion) {
    if (bytes === 0 || place === 'same') continue;
    if (place === 'other') {
      crossRegionBytes += bytes;
      least = plus(least, costOf(bytes, crossRegionNanoUsdPerGb(region, to as string)));
    } else more = plus(more, costOf(bytes, internetNanoUsdPerGb));
  }
  return { totals, byRegion, crossRegionBytes, leastNanoUsd: least, mostNanoUsd: plus(least, more) };
}

const plus = (a: bigint | null, b: bigint | null): bigint | null => (a === null || b === null ? null : a + b);

/** Rounded to the nearest nano-dollar, once. */
function costOf(bytes: number, nanoUsdPerGb: bigint | null): bigint | null {
  if (nanoUsdPerGb === null) return null;
  const gb = BigInt(BILLING_GB_BYTES);
  return (BigInt(bytes) * nanoUsdPerGb * 2n + gb) / (2n * gb);
}
