import type { PackedTree } from '../cube/tree.ts';
import { compareBytes } from '../cube/utf8.ts';

/** For every directory of one tree the directory of the other with the same path; -1 where there is none. */
export interface TreeMatch {
  readonly toOf: Int32Array;
  readonly fromOf: Int32Array;
}

/** Matches two trees by path, each walked once: siblings are in byte order in both. */
export function matchTrees(from: PackedTree, to: PackedTree): TreeMatch {
  const toOf = new Int32Array(from.count).fill(-1);
  const fromOf = new Int32Array(to.count).fill(-1);
  const open: [number, number][] = [[0, 0]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [a, b] = pair;
    toOf[a] = b;
    fromOf[b] = a;
    const [endA, endB] = [from.subtreeEnd[a] as number, to.subtreeEnd[b] as number];
    let [childA, childB] = [a + 1, b + 1];
    while (childA < endA && childB < endB) {
      const order = compareNames(from, childA, to, childB);
      if (order === 0) open.push([childA, childB]);
      if (order <= 0) childA = from.subtreeEnd[childA] as number;
      if (order >= 0) childB = to.subtreeEnd[childB] as number;
    }
  }
  return { toOf, fromOf };
}

function compareNames(from: PackedTree, a: number, to: PackedTree, b: number): number {
  const [left, right] = [from.columns, to.columns];
  return compareBytes(
    left.nameBytes,
    left.nameStart[a] as number,
    left.nameStart[a + 1] as number,
    right.nameBytes,
    right.nameStart[b] as number,
    right.nameStart[b + 1] as number,
  );
}
