import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import { packNumbers, unpackNumbers } from './packed-numbers.ts';

/** So many entries to a piece: what is in memory at once while they are written. */
const PIECE = 32_768;

/** How an entry's fields are stored: whole numbers, or text. Missing numbers are NaN or null, and come back as they went. */
export interface ListForm<T> {
  readonly list: 'units' | 'groups';
  readonly numbers: Readonly<Record<string, (entry: T) => number | null>>;
  readonly texts: Readonly<Record<string, (entry: T) => string>>;
}

/** Entries read back: column i of entry k. */
export interface StoredList {
  readonly entries: number;
  number(name: string): Float64Array;
  text(name: string): readonly string[];
}

/** Stands for a missing number; all others are at least 0. */
const NONE = -1;

/** Stores entries as they come; the caller holds the transaction. */
export function writeList<T>(database: Database, snapshotId: number, form: ListForm<T>, entries: Iterable<T>): void {
  const addPiece = database.prepare('INSERT INTO unit_pieces (snapshot_id, list, piece, entries) VALUES (?, ?, ?, ?)');
  const addColumn = database.prepare(
    'INSERT INTO unit_columns (snapshot_id, list, piece, column_name, crc32, data) VALUES (?, ?, ?, ?, ?, ?)',
  );
  let piece = 0;
  let rows: T[] = [];
  const store = (): void => {
    addPiece.run(snapshotId, form.list, piece, rows.length);
    const add = (name: string, data: Uint8Array): void => void addColumn.run(snapshotId, form.list, piece, name, crc32(data), data);
    for (const [name, of] of Object.entries(form.numbers)) {
      const values = new Float64Array(rows.length);
      for (const [at, row] of rows.entries()) {
        const value = of(row);
        values[at] = value === null || Number.isNaN(value) ? NONE : value;
      }
      add(name, packNumbers(values));
    }
    for (const [name, of] of Object.entries(form.texts)) {
      const texts = rows.map(of);
      add(`${name}.length`, packNumbers(Uint32Array.from(texts, (text) => text.length)));
      add(name, Buffer.from(texts.join(''), 'utf8'));
    }
    piece += 1;
    rows = [];
  };
  for (const entry of entries) {
    rows.push(entry);
    if (rows.length === PIECE) store();
  }
  if (rows.length > 0) store();
}

/** Reads a list whole. Throws what the database throws, or SQLITE_CORRUPT where a column is missing or is not what was written. */
export function readList(database: Database, snapshotId: number, list: ListForm<unknown>['list']): StoredList {
  const pieces = database
    .prepare('SELECT piece, entries FROM unit_pieces WHERE snapshot_id = ? AND list = ? ORDER BY piece')
    .all(snapshotId, list)
    .map((row) => ({ piece: Number(row.piece), entries: Number(row.entries) }));
  const select = database.prepare(
    'SELECT crc32, data FROM unit_columns WHERE snapshot_id = ? AND list = ? AND piece = ? AND column_name = ?',
  );
  const read = (piece: number, name: string): Uint8Array => {
    const row = select.get(snapshotId, list, piece, name);
    if (row?.data instanceof Uint8Array && crc32(row.data) === row.crc32) return row.data;
    throw Object.assign(new Error(`the column ${name} of ${list} is ${row === undefined ? 'missing' : 'damaged'}`), {
      code: 'SQLITE_CORRUPT',
    });
  };
  const entries = pieces.reduce((sum, piece) => sum + piece.entries, 0);
  return {
    entries,
    number(name) {
      const values = new Float64Array(entries);
      let from = 0;
      for (const { piece, entries: count } of pieces) {
        unpackNumbers(read(piece, name), values.subarray(from, from + count));
        from += count;
      }
      for (let at = 0; at < entries; at++) if (values[at] === NONE) values[at] = Number.NaN;
      return values;
    },
    text(name) {
      const texts: string[] = [];
      for (const { piece, entries: count } of pieces) {
        const lengths = unpackNumbers(read(piece, `${name}.length`), new Uint32Array(count));
        const data = read(piece, name);
        const whole = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
        let at = 0;
        for (const length of lengths) {
          texts.push(whole.slice(at, at + length));
          at += length;
        }
      }
      return texts;
    },
  };
}
