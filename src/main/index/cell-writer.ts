import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import type { CellColumns } from '../../core/cube/cell-builder.ts';
import { type ColumnType, F64, I32, type Kernel, U32 } from '../kernel/kernel.ts';
import type { ColumnPacker } from './column-packer.ts';

/** Cells are written when so many are done. */
const PIECE_CELLS = 131_072;

/** Names of the columns of cells, as stored. "traits" is kind (bits 0-3), state (4-5), below 128 KiB (6), flags (7-9) and class (10-). */
export const STORED_CELL_COLUMNS = ['directory', 'traits', 'lockedUntilDay', 'writtenDay', 'clockDay', 'count', 'bytes', 'unit'] as const;
export type StoredCellColumn = (typeof STORED_CELL_COLUMNS)[number];
const TYPES: Readonly<Record<StoredCellColumn, ColumnType>> = {
  directory: U32,
  traits: U32,
  lockedUntilDay: I32,
  writtenDay: I32,
  clockDay: I32,
  count: U32,
  bytes: F64,
  unit: I32,
};

type Store = (piece: number, name: StoredCellColumn, data: Uint8Array) => void;

function storing(
  database: Database,
  snapshotId: number,
): { readonly store: Store; readonly storePiece: (piece: number, cells: number) => void } {
  const insert = database.prepare('INSERT INTO cell_columns (snapshot_id, piece, column_name, crc32, data) VALUES (?, ?, ?, ?, ?)');
  const insertPiece = database.prepare('INSERT INTO cell_pieces (snapshot_id, piece, cell_count) VALUES (?, ?, ?)');
  return {
    store: (piece, name, data) => void insert.run(snapshotId, piece, name, crc32(data), data),
    storePiece: (piece, cells) => void insertPiece.run(snapshotId, piece, cells),
  };
}

/** Stores cells that were made without the kernel, in the order of their directories. */
export function storeCells(database: Database, snapshotId: number, packer: ColumnPacker, cells: CellColumns): void {
  const { store, storePiece } = storing(database, snapshotId);
  for (let piece = 0; piece * PIECE_CELLS < cells.cellCount; piece++) {
    const from = piece * PIECE_CELLS;
    const to = Math.min(cells.cellCount, from + PIECE_CELLS);
    const traits = new Uint32Array(to - from);
    for (let i = from; i < to; i++) traits[i - from] = traitsOf(cells, i);
    storePiece(piece, to - from);
    for (const name of STORED_CELL_COLUMNS) {
      // Counts are stored in 32 bits; a cell of more versions is more than S3 has met.
      const column =
        name === 'traits' ? traits : name === 'count' ? Uint32Array.from(cells.count.subarray(from, to)) : cells[name].subarray(from, to);
      store(piece, name, packer.packArray(column, TYPES[name]));
    }
  }
}

/** Stores the cells of a snapshot, piece by piece, as the kernel makes them. */
export class CellWriter {
  private readonly kernel: Kernel;
  private readonly packer: ColumnPacker;
  private readonly store: Store;
  private readonly storePiece: (piece: number, cells: number) => void;
  private piece = 0;

  constructor(database: Database, snapshotId: number, kernel: Kernel, packer: ColumnPacker) {
    this.kernel = kernel;
    this.packer = packer;
    ({ store: this.store, storePiece: this.storePiece } = storing(database, snapshotId));
  }

  /** Stores the cells that are done, once they are many; `isLast`: all there are. */
  write(isLast: boolean): void {
    const { calls } = this.kernel;
    if (isLast) calls.endCells();
    const cells = calls.doneCells();
    if (cells === 0 || (!isLast && cells < PIECE_CELLS)) return;
    const places = this.kernel.answers(calls.cellLayout, STORED_CELL_COLUMNS.length);
    this.storePiece(this.piece, cells);
    for (const [i, name] of STORED_CELL_COLUMNS.entries()) {
      this.store(this.piece, name, this.packer.pack(places[i] as number, cells, TYPES[name]));
    }
    this.piece += 1;
    calls.forgetDoneCells();
  }
}

function traitsOf({ kind, state, isSmall, flags, classId }: CellColumns, cell: number): number {
  const low = (kind[cell] as number) | ((state[cell] as number) << 4) | ((isSmall[cell] as number) << 6) | ((flags[cell] as number) << 7);
  return (low | ((classId[cell] as number) << 10)) >>> 0;
}

/** Takes the stored traits of cells apart. */
export function splitTraits(
  traits: Uint32Array,
  into: Pick<CellColumns, 'kind' | 'state' | 'isSmall' | 'flags' | 'classId'>,
  from: number,
): void {
  for (let i = 0; i < traits.length; i++) {
    const own = traits[i] as number;
    into.kind[from + i] = own & 15;
    into.state[from + i] = (own >>> 4) & 3;
    into.isSmall[from + i] = (own >>> 6) & 1;
    into.flags[from + i] = (own >>> 7) & 7;
    into.classId[from + i] = own >>> 10;
  }
}
