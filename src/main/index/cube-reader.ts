import type Database from 'better-sqlite3';
import type { Snapshot } from '../../contract/index-views.ts';
import { type CellColumns, makeCube } from '../../core/cube/cell-builder.ts';
import type { BilledClass } from '../../core/cube/cube.ts';
import type { PackedCube } from '../../core/cube/group.ts';
import { PackedTree } from '../../core/cube/tree.ts';
import { type StoredCellColumn, splitTraits } from './cell-writer.ts';
import { unpackNumbers } from './packed-numbers.ts';
import type { StoredTreeColumn } from './write-snapshot.ts';

const missing = (what: string): Error => Object.assign(new Error(`${what} is missing`), { code: 'SQLITE_CORRUPT' });

/** Reads the cube of a snapshot whole. */
export function readCube(database: Database, snapshot: Snapshot): PackedCube {
  const id = Number(snapshot.snapshotId);
  const tree = readTree(database, id);
  const classes: BilledClass[] = database
    .prepare('SELECT storage_class, access_tier FROM classes WHERE snapshot_id = ? ORDER BY class_id')
    .all(id)
    .map((row) => ({ storageClass: String(row.storage_class), accessTier: String(row.access_tier) }));
  const facts = { asOfMs: Date.parse(snapshot.asOf), allVersions: snapshot.allVersions, classes };
  return { ...makeCube(facts, tree, readCells(database, id)), tree };
}

function readTree(database: Database, id: number): PackedTree {
  const row = database.prepare('SELECT directories FROM trees WHERE snapshot_id = ?').get(id);
  if (row === undefined) throw missing('the tree');
  const count = Number(row.directories);
  const select = database.prepare('SELECT data FROM tree_columns WHERE snapshot_id = ? AND column_name = ?');
  const read = (name: StoredTreeColumn): Uint8Array => {
    const data = select.get(id, name)?.data;
    if (data instanceof Uint8Array) return data;
    throw missing(`the column ${name}`);
  };
  const nameLength = unpackNumbers(read('nameLength'), new Uint16Array(count));
  const nameStart = new Uint32Array(count + 1);
  for (let d = 0; d < count; d++) nameStart[d + 1] = (nameStart[d] as number) + (nameLength[d] as number);
  return new PackedTree({
    parent: unpackNumbers(read('parent'), new Int32Array(count)),
    depth: unpackNumbers(read('depth'), new Uint16Array(count)),
    subtreeEnd: unpackNumbers(read('subtreeEnd'), new Uint32Array(count)),
    isUnitRoot: unpackNumbers(read('isUnitRoot'), new Uint8Array(count)),
    nameBytes: new Uint8Array(read('name')),
    nameStart,
  });
}

function readCells(database: Database, id: number): CellColumns {
  const pieces = database.prepare('SELECT piece, cell_count FROM cell_pieces WHERE snapshot_id = ? ORDER BY piece').all(id);
  const select = database.prepare('SELECT data FROM cell_columns WHERE snapshot_id = ? AND piece = ? AND column_name = ?');
  const cellCount = pieces.reduce((sum, piece) => sum + Number(piece.cell_count), 0);
  const cells = {
    cellCount,
    directory: new Uint32Array(cellCount),
    kind: new Uint8Array(cellCount),
    unit: new Int32Array(cellCount),
    classId: new Uint16Array(cellCount),
    isSmall: new Uint8Array(cellCount),
    state: new Uint8Array(cellCount),
    flags: new Uint8Array(cellCount),
    lockedUntilDay: new Int32Array(cellCount),
    writtenDay: new Int32Array(cellCount),
    clockDay: new Int32Array(cellCount),
    count: new Float64Array(cellCount),
    bytes: new Float64Array(cellCount),
  };
  let from = 0;
  for (const { piece, cell_count } of pieces) {
    const to = from + Number(cell_count);
    const read = (name: StoredCellColumn): Uint8Array => {
      const data = select.get(id, Number(piece), name)?.data;
      if (data instanceof Uint8Array) return data;
      throw missing(`the column ${name}`);
    };
    for (const name of ['directory', 'unit', 'lockedUntilDay', 'writtenDay', 'clockDay', 'count', 'bytes'] as const) {
      unpackNumbers(read(name), cells[name].subarray(from, to));
    }
    splitTraits(unpackNumbers(read('traits'), new Uint32Array(to - from)), cells, from);
    from = to;
  }
  return cells;
}
