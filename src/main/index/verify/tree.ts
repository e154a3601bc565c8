import type { PackedTree } from '../../../core/cube/tree.ts';
import { compareBytes } from '../../../core/cube/utf8.ts';

/** Directories in pre-order, siblings in byte order: what everything else counts by. */
export function checkTree({ columns, count }: PackedTree, tell: (words: string) => void): void {
  const { parent, depth, subtreeEnd, nameBytes, nameStart } = columns;
  const last = new Int32Array(count).fill(-1);
  if (nameStart[count] !== nameBytes.length) tell('The names of directories are longer or shorter than they say.');
  if (count === 0 || subtreeEnd[0] !== count) tell('The root does not hold every directory.');
  for (let d = 1; d < count; d++) {
    const above = parent[d] as number;
    const isBelow =
      above >= 0 && above < d && d < (subtreeEnd[above] as number) && (subtreeEnd[d] as number) <= (subtreeEnd[above] as number);
    if (!isBelow || (subtreeEnd[d] as number) <= d || depth[d] !== (depth[above] as number) + 1) {
      tell(`Directory ${d} is out of place.`);
      return;
    }
    const before = last[above] as number;
    last[above] = d;
    if (before < 0) {
      if (above !== d - 1) {
        tell(`Directory ${d} is out of place.`);
        return;
      }
      continue;
    }
    if (subtreeEnd[before] !== d) {
      tell(`Directory ${d} does not follow its sibling.`);
      return;
    }
    const [a, b] = [nameStart[before] as number, nameStart[d] as number];
    if (compareBytes(nameBytes, a, nameStart[before + 1] as number, nameBytes, b, nameStart[d + 1] as number) >= 0) {
      tell(`Directory ${d} is out of order.`);
      return;
    }
  }
}
