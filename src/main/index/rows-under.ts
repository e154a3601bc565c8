import type { Result } from '../../contract/result.ts';
import type { PackedCube } from '../../core/cube/group.ts';
import { prefixScope } from '../../core/cube/prefix.ts';
import type { IndexReader } from './reader.ts';
import { type IndexRows, Rows, rowsWithin } from './rows.ts';

/** A row of an index and the directory it lies in; the same object for every row. */
export interface RowAt {
  readonly rows: IndexRows;
  readonly row: number;
  readonly path: string;
}

/** Every row whose key begins with a prefix, in order, a segment at a time. `must` throws failures of its own. */
export function* rowsUnder(
  reader: IndexReader,
  snapshotId: string,
  cube: PackedCube,
  prefix: string,
  must: <T>(result: Result<T>) => T,
): Generator<RowAt> {
  const scope = prefixScope(cube.tree, prefix);
  if (scope === null) return;
  const { from, to, cut } = scope;
  const below = { range: { from, to }, namePrefix: '' };
  const own = cut && { range: { from: cut.directory, to: cut.directory + 1 }, namePrefix: cut.namePrefix };
  for (const { range, namePrefix } of own ? [own, below] : [below]) {
    for (const place of must(reader.segmentPlaces(snapshotId, range))) {
      const part = rowsWithin(place.open(), range);
      if (part === null) continue;
      const rows = new Rows([part]);
      const at = { rows, row: 0, path: '' };
      let directory = -1;
      for (; at.row < rows.rows; at.row++) {
        if (rows.directory[at.row] !== directory) {
          directory = rows.directory[at.row] as number;
          at.path = cube.tree.path(directory);
        }
        if (namePrefix === '' || rows.name(at.row).startsWith(namePrefix)) yield at;
      }
    }
  }
}
