import type { MapNode } from '../../../contract/index-views.ts';

/**
 * What of a directory lies in none of the children shown, as a node of its own: its path is the directory's,
 * its totals are the directory's less the children's, and its days are the directory's, being all that is known.
 */
export function remainderOf(directory: MapNode, shown: readonly MapNode[], count: number): MapNode {
  const less = (of: (node: MapNode) => number): number =>
    Math.max(
      0,
      shown.reduce((left, child) => left - of(child), of(directory)),
    );
  const bytes = less((node) => node.bytes);
  return {
    ...directory,
    versions: less((node) => node.versions),
    deleteMarkers: less((node) => node.deleteMarkers),
    bytes,
    noncurrentBytes: less((node) => node.noncurrentBytes),
    monthlyNanoUsd: moneyLeft(directory, shown),
    bytesByAge: directory.bytesByAge.map((_, bin) => less((node) => node.bytesByAge[bin] ?? 0)),
    bytesByClass: splitLeft(
      directory.bytesByClass,
      shown.map((child) => child.bytesByClass),
    ),
    bytesByCategory: splitLeft(
      directory.bytesByCategory,
      shown.map((child) => child.bytesByCategory),
    ),
    childCount: count,
    children: [],
    rest: { count, bytes },
  };
}

function moneyLeft(directory: MapNode, shown: readonly MapNode[]): string | null {
  if (directory.monthlyNanoUsd === null) return null;
  let left = BigInt(directory.monthlyNanoUsd);
  for (const child of shown) {
    if (child.monthlyNanoUsd === null) return null;
    left -= BigInt(child.monthlyNanoUsd);
  }
  // Rounding of each part may leave the whole a little below their sum.
  return (left < 0n ? 0n : left).toString();
}

function splitLeft<K extends string>(
  whole: readonly (readonly [K, number])[],
  parts: readonly (readonly (readonly [K, number])[])[],
): [K, number][] {
  const left = new Map<K, number>(whole);
  for (const part of parts) for (const [key, bytes] of part) left.set(key, (left.get(key) ?? 0) - bytes);
  return [...left].filter(([, bytes]) => bytes > 0);
}
