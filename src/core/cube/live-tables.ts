import { KINDS, VERSION_STATES } from '../../contract/vocabulary.ts';
import type { Cube } from './cube.ts';

const LIVE_TABLE = KINDS.indexOf('dataset_live_table');
const MARKER = VERSION_STATES.indexOf('marker');

/** The roots of tables in use: the highest directories that are units and hold files of a live table; '' is the bucket. */
export function liveTableRoots(cube: Cube): string[] {
  const { tree } = cube;
  const isHolder = new Uint8Array(tree.count);
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    if (cube.kind[cell] === LIVE_TABLE && cube.state[cell] !== MARKER) isHolder[cube.directory[cell] as number] = 1;
  }
  const roots = new Set<number>();
  for (let directory = 0; directory < tree.count; directory += 1) {
    if (isHolder[directory] === 0) continue;
    let root = directory;
    for (let at = directory; at >= 0; at = tree.parent[at] as number) {
      if (tree.isUnitRoot[at] === 1) root = at;
      if (at === 0) break;
    }
    roots.add(root);
  }
  return [...roots].map((root) => tree.path(root));
}
