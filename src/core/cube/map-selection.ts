import type { PackedCube } from './group.ts';
import { subtreeTotals } from './totals.ts';

/**
 * The directories a treemap shows: `under` and, down to `depth` levels below it, the largest, at most
 * `limit` in all. A directory is as large as its largest child, so none comes without its parent. In pre-order.
 */
export function largestDirectories(cube: PackedCube, under: number, depth: number, limit: number): Uint32Array {
  const { tree } = cube;
  const { bytes } = subtreeTotals(cube);
  const end = tree.subtreeEnd[under] as number;
  const deepest = (tree.depth[under] as number) + depth;
  const within: number[] = [];
  for (let d = under; d < end; d++) if ((tree.depth[d] as number) <= deepest) within.push(d);
  if (within.length <= limit) return Uint32Array.from(within);
  const sorted = Float64Array.from(within, (d) => bytes[d] as number).sort();
  const least = sorted[sorted.length - limit] as number;
  let larger = 0;
  for (const d of within) if ((bytes[d] as number) > least) larger += 1;
  // Of those as large as the smallest shown, the first in key order; a parent comes before its children.
  let room = limit - larger;
  const chosen: number[] = [];
  for (const d of within) {
    const own = bytes[d] as number;
    if (own > least) chosen.push(d);
    else if (own === least && room > 0) {
      chosen.push(d);
      room -= 1;
    }
  }
  return Uint32Array.from(chosen);
}
