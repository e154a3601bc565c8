import type { Cube } from './cube.ts';
import { MARKER, NONCURRENT } from './group.ts';

export const NO_DAY = -0x80000000;

/** Totals of every directory over everything below it, by directory. */
export interface SubtreeTotals {
  readonly versions: Float64Array;
  readonly bytes: Float64Array;
  readonly noncurrentBytes: Float64Array;
  /** NO_DAY where no version is below. */
  readonly newestWriteDay: Int32Array;
  /** Versions and delete markers lying directly in it. */
  readonly ownRows: Float64Array;
}

const known = new WeakMap<Cube, SubtreeTotals>();

/** Made once for a cube: one pass over its cells, one over its directories from the deepest up. */
export function subtreeTotals(cube: Cube): SubtreeTotals {
  const had = known.get(cube);
  if (had) return had;
  const n = cube.tree.count;
  const totals = {
    versions: new Float64Array(n),
    bytes: new Float64Array(n),
    noncurrentBytes: new Float64Array(n),
    newestWriteDay: new Int32Array(n).fill(NO_DAY),
    ownRows: new Float64Array(n),
  };
  const { versions, bytes, noncurrentBytes, newestWriteDay, ownRows } = totals;
  for (let cell = 0; cell < cube.cellCount; cell++) {
    const d = cube.directory[cell] as number;
    const count = cube.count[cell] as number;
    ownRows[d] = (ownRows[d] as number) + count;
    const state = cube.state[cell];
    if (state === MARKER) continue;
    versions[d] = (versions[d] as number) + count;
    bytes[d] = (bytes[d] as number) + (cube.bytes[cell] as number);
    if (state === NONCURRENT) noncurrentBytes[d] = (noncurrentBytes[d] as number) + (cube.bytes[cell] as number);
    if ((cube.writtenDay[cell] as number) > (newestWriteDay[d] as number)) newestWriteDay[d] = cube.writtenDay[cell] as number;
  }
  for (let d = n - 1; d > 0; d--) {
    const above = cube.tree.parent[d] as number;
    versions[above] = (versions[above] as number) + (versions[d] as number);
    bytes[above] = (bytes[above] as number) + (bytes[d] as number);
    noncurrentBytes[above] = (noncurrentBytes[above] as number) + (noncurrentBytes[d] as number);
    if ((newestWriteDay[d] as number) > (newestWriteDay[above] as number)) newestWriteDay[above] = newestWriteDay[d] as number;
  }
  known.set(cube, totals);
  return totals;
}

/** Sums a measure of the cells over every subtree; for sorting by what is not in SubtreeTotals. */
export function subtreeSum(cube: Cube, measure: (cell: number) => number): Float64Array {
  const sum = new Float64Array(cube.tree.count);
  for (let cell = 0; cell < cube.cellCount; cell++) {
    if (cube.state[cell] === MARKER) continue;
    const d = cube.directory[cell] as number;
    sum[d] = (sum[d] as number) + measure(cell);
  }
  for (let d = sum.length - 1; d > 0; d--) {
    const above = cube.tree.parent[d] as number;
    sum[above] = (sum[above] as number) + (sum[d] as number);
  }
  return sum;
}
