import { AGE_CUTS, type Ages } from '../../contract/ages.ts';
import { AGE_BINS } from '../../contract/vocabulary.ts';
import { type AgeRange, holds } from './brush.ts';

export type SplitBy = 'category' | 'storageClass';

/** Versions, bytes and money of a part; money is null where part of it has no price. */
export interface Held {
  readonly versions: number;
  readonly bytes: number;
  readonly monthlyNanoUsd: bigint | null;
}

/** One row of what is stored: its bytes by age bin, all of them and those within the brush. */
export interface AgeRow extends Held {
  readonly key: string;
  /** In the order of AGE_BINS. */
  readonly bytesByAge: readonly number[];
  readonly chosenByAge: readonly number[];
}

type Cell = Ages['cells'][number];
type Sum = { versions: number; bytes: number; monthlyNanoUsd: bigint | null };

const addTo = (sum: Sum, { versions, bytes, monthlyNanoUsd }: Cell): void => {
  sum.versions += versions;
  sum.bytes += bytes;
  sum.monthlyNanoUsd = sum.monthlyNanoUsd === null || monthlyNanoUsd === null ? null : sum.monthlyNanoUsd + BigInt(monthlyNanoUsd);
};

/** What lies within the ages chosen. */
export function heldIn({ cells }: Ages, range: AgeRange | null): Held {
  const sum: Sum = { versions: 0, bytes: 0, monthlyNanoUsd: 0n };
  for (const cell of cells) if (holds(range, cell.cut)) addTo(sum, cell);
  return sum;
}

/** Rows by category or class, the largest first. Versions, bytes and money are those within the ages chosen. */
export function rowsBy({ cells }: Ages, by: SplitBy, range: AgeRange | null): AgeRow[] {
  const rows = new Map<string, Sum & { bytesByAge: number[]; chosenByAge: number[] }>();
  for (const cell of cells) {
    const key = cell[by];
    let row = rows.get(key);
    if (row === undefined) {
      row = { versions: 0, bytes: 0, monthlyNanoUsd: 0n, bytesByAge: AGE_BINS.map(() => 0), chosenByAge: AGE_BINS.map(() => 0) };
      rows.set(key, row);
    }
    const bin = AGE_CUTS[cell.cut]?.bin ?? 0;
    row.bytesByAge[bin] = (row.bytesByAge[bin] ?? 0) + cell.bytes;
    if (!holds(range, cell.cut)) continue;
    row.chosenByAge[bin] = (row.chosenByAge[bin] ?? 0) + cell.bytes;
    addTo(row, cell);
  }
  return [...rows].map(([key, row]) => ({ key, ...row })).sort((a, b) => b.bytes - a.bytes || (a.key < b.key ? -1 : 1));
}

/** Bytes by cut, for the strip the brush lies on. */
export function bytesByCut({ cells }: Ages): number[] {
  const sums = AGE_CUTS.map(() => 0);
  for (const { cut, bytes } of cells) sums[cut] = (sums[cut] ?? 0) + bytes;
  return sums;
}
