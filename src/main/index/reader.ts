import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type Database from 'better-sqlite3';
import { appError } from '../../contract/errors.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type CellColumns, makeCube } from '../../core/cube/cell-builder.ts';
import type { BilledClass, Cube } from '../../core/cube/cube.ts';
import { type NamePrefix, type RefinedCube, refineCube } from '../../core/cube/refine.ts';
import type { DirectoryRange, RowBlock } from '../../core/cube/row-block.ts';
import { stacksOf } from '../../core/cube/stacks.ts';
import { PackedTree } from '../../core/cube/tree.ts';
import { openReadOnly, storageFailure } from './database.ts';
import { type DirectoryRows, readDirectoryRows } from './directory-rows.ts';
import { float64s, unpackNumbers } from './packed-numbers.ts';
import { readSnapshots } from './snapshot-rows.ts';
import { readUnits, type SnapshotUnits } from './unit-rows.ts';
import { readUploads, readUploadTotals, type StoredUpload, type UploadTotals } from './uploads.ts';

const MOST_READERS = 4;
const MOST_CUBES = 2;
const MOST_DIRECTORIES = 8;
const MOST_UNITS = 2;

/** An index opened for reading. All calls are synchronous; results are shared, so nobody changes them. */
export interface IndexReader {
  /** Newest first. */
  snapshots(): readonly Snapshot[];
  /** The one named, or the newest; SnapshotNotFound where there is none. */
  snapshot(snapshotId?: string): Result<Snapshot>;
  cube(snapshotId: string): Result<Cube & { readonly tree: PackedTree }>;
  /** Versions and delete markers lying directly in a directory. */
  versionsIn(snapshotId: string, directory: number): Result<DirectoryRows>;
  /** Every row of some directories, block by block, in order. All of a directory's rows lie in blocks that follow each other. */
  scan(snapshotId: string, range: DirectoryRange, onBlock: (block: RowBlock) => void): Result<void>;
  /**
   * Every key with more than one version or delete marker in some directories: whole keys, newest row first, as many
   * to a block as fit. For what needs to see a key whole: ranks, and when a delete marker is left alone.
   */
  stacks(snapshotId: string, range: DirectoryRange, onBlock: (block: RowBlock) => void): Result<void>;
  /** What is kept or deleted whole, by number, and what units belong to. */
  units(snapshotId: string): Result<SnapshotUnits>;
  /** The cube with the cells of some directories split by how names begin; see RefinedCube. */
  refine(snapshotId: string, cube: Cube, namePrefixes: readonly NamePrefix[]): Result<RefinedCube>;
  /** Incomplete multipart uploads whose keys begin with a prefix; totals are null where the snapshot's source cannot tell. */
  uploads(snapshotId: string, prefix: string): Result<readonly StoredUpload[]>;
  uploadTotals(snapshotId: string, prefix: string): Result<UploadTotals | null>;
  /** The id of a rule as rows hold it (DirectoryRows.rule); null for 0. */
  ruleId(snapshotId: string, rule: number): string | null;
}

const readers = new Map<string, { readonly stamp: string; readonly reader: SqliteReader }>();

/** Opens an index, or hands out the reader it has while the file is the same. IndexNotFound, IndexUnreadable or IndexNewer. */
export function openIndex(path: string): Result<IndexReader> {
  let real = resolve(path);
  let stamp = '';
  try {
    real = realpathSync(real);
    const { dev, ino, size, mtimeNs } = statSync(real, { bigint: true });
    stamp = `${dev}/${ino}/${size}/${mtimeNs}`;
  } catch {
    return err(appError('IndexNotFound', 'There is no index here.', { file: path }));
  }
  const known = readers.get(real);
  if (known?.stamp === stamp) return ok(known.reader);
  // Whoever still reads the file before goes on; it is closed when nobody holds its reader.
  readers.delete(real);
  const database = openReadOnly(real);
  if (!database.ok) return database;
  const opened = readAll(database.value, real);
  if (!opened.ok) return opened;
  for (const other of readers.keys()) {
    if (readers.size < MOST_READERS) break;
    readers.delete(other);
  }
  readers.set(real, { stamp, reader: opened.value });
  return opened;
}

function readAll(database: Database, path: string): Result<SqliteReader> {
  try {
    return ok(new SqliteReader(database, path));
  } catch (cause) {
    database.close();
    return err(storageFailure(cause, path));
  }
}

class SqliteReader implements IndexReader {
  private readonly database: Database;
  private readonly path: string;
  private readonly all: readonly Snapshot[];
  private readonly cubes = new Map<string, Cube & { readonly tree: PackedTree }>();
  private readonly directories = new Map<string, DirectoryRows>();
  private readonly unitsOf = new Map<string, SnapshotUnits>();
  private readonly rules = new Map<string, string>();

  constructor(database: Database, path: string) {
    this.database = database;
    this.path = path;
    this.all = readSnapshots(database);
    for (const row of database.prepare('SELECT snapshot_id, rule, rule_id FROM rules').all()) {
      this.rules.set(`${row.snapshot_id}/${row.rule}`, String(row.rule_id));
    }
  }

  snapshots(): readonly Snapshot[] {
    return this.all;
  }

  snapshot(snapshotId?: string): Result<Snapshot> {
    const found = snapshotId === undefined ? this.all[0] : this.all.find((snapshot) => snapshot.snapshotId === snapshotId);
    if (found) return ok(found);
    const message = snapshotId === undefined ? 'The index holds no snapshot yet.' : `There is no snapshot "${snapshotId}" in the index.`;
    return err(appError('SnapshotNotFound', message, { file: this.path }));
  }

  cube(snapshotId: string): Result<Cube & { readonly tree: PackedTree }> {
    return this.kept(this.cubes, MOST_CUBES, snapshotId, snapshotId, (snapshot) => this.readCube(snapshot));
  }

  versionsIn(snapshotId: string, directory: number): Result<DirectoryRows> {
    return this.kept(this.directories, MOST_DIRECTORIES, `${snapshotId}/${directory}`, snapshotId, (snapshot) =>
      readDirectoryRows(this.database, Number(snapshot.snapshotId), directory),
    );
  }

  units(snapshotId: string): Result<SnapshotUnits> {
    return this.kept(this.unitsOf, MOST_UNITS, snapshotId, snapshotId, (snapshot) => readUnits(this.database, Number(snapshot.snapshotId)));
  }

  refine(snapshotId: string, cube: Cube, namePrefixes: readonly NamePrefix[]): Result<RefinedCube> {
    const found = this.snapshot(snapshotId);
    if (!found.ok) return found;
    try {
      return ok(refineCube(cube, namePrefixes, (directory) => readDirectoryRows(this.database, Number(snapshotId), directory)));
    } catch (cause) {
      return err(storageFailure(cause, this.path));
    }
  }

  scan(snapshotId: string, range: DirectoryRange, onBlock: (block: RowBlock) => void): Result<void> {
    const cube = this.cube(snapshotId);
    if (!cube.ok) return cube;
    const { cellStart } = cube.value;
    try {
      for (let d = range.from; d < range.to; d++) {
        if (cellStart[d] !== cellStart[d + 1]) onBlock(readDirectoryRows(this.database, Number(snapshotId), d));
      }
      return ok(undefined);
    } catch (cause) {
      return err(storageFailure(cause, this.path));
    }
  }

  stacks(snapshotId: string, range: DirectoryRange, onBlock: (block: RowBlock) => void): Result<void> {
    return this.scan(snapshotId, range, (block) => {
      const stacks = stacksOf(block);
      if (stacks.rows > 0) onBlock(stacks);
    });
  }

  uploads(snapshotId: string, prefix: string): Result<readonly StoredUpload[]> {
    return this.reading(() => readUploads(this.database, Number(snapshotId), prefix));
  }

  uploadTotals(snapshotId: string, prefix: string): Result<UploadTotals | null> {
    return this.reading(() => readUploadTotals(this.database, Number(snapshotId), prefix));
  }

  private reading<T>(read: () => T): Result<T> {
    try {
      return ok(read());
    } catch (cause) {
      return err(storageFailure(cause, this.path));
    }
  }

  ruleId(snapshotId: string, rule: number): string | null {
    return this.rules.get(`${snapshotId}/${rule}`) ?? null;
  }

  private kept<T>(cache: Map<string, T>, most: number, key: string, snapshotId: string, read: (snapshot: Snapshot) => T): Result<T> {
    const known = cache.get(key);
    if (known !== undefined) return ok(known);
    const snapshot = this.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    try {
      const value = read(snapshot.value);
      const oldest = cache.size >= most ? cache.keys().next().value : undefined;
      if (oldest !== undefined) cache.delete(oldest);
      cache.set(key, value);
      return ok(value);
    } catch (cause) {
      return err(storageFailure(cause, this.path));
    }
  }

  private readCube(snapshot: Snapshot): Cube & { readonly tree: PackedTree } {
    const id = Number(snapshot.snapshotId);
    const tree = this.readTree(id);
    const read = this.columns('cell_columns', id);
    const n = countOf(read('cellCount'));
    const cells: CellColumns = {
      cellCount: n,
      directory: unpackNumbers(read('directory'), new Uint32Array(n)),
      kind: unpackNumbers(read('kind'), new Uint8Array(n)),
      unit: unpackNumbers(read('unit'), new Int32Array(n)),
      classId: unpackNumbers(read('classId'), new Uint16Array(n)),
      isSmall: unpackNumbers(read('isSmall'), new Uint8Array(n)),
      state: unpackNumbers(read('state'), new Uint8Array(n)),
      flags: unpackNumbers(read('flags'), new Uint8Array(n)),
      lockedUntilDay: unpackNumbers(read('lockedUntilDay'), new Int32Array(n)),
      writtenDay: unpackNumbers(read('writtenDay'), new Int32Array(n)),
      clockDay: unpackNumbers(read('clockDay'), new Int32Array(n)),
      count: unpackNumbers(read('count'), new Float64Array(n)),
      bytes: unpackNumbers(read('bytes'), new Float64Array(n)),
    };
    const classes: BilledClass[] = this.database
      .prepare('SELECT storage_class, access_tier FROM classes WHERE snapshot_id = ? ORDER BY class_id')
      .all(id)
      .map((row) => ({ storageClass: String(row.storage_class), accessTier: String(row.access_tier) }));
    const facts = { asOfMs: Date.parse(snapshot.asOf), allVersions: snapshot.allVersions, classes };
    return { ...makeCube(facts, tree, cells), tree };
  }

  private readTree(id: number): PackedTree {
    const read = this.columns('tree_columns', id);
    const n = countOf(read('count'));
    return new PackedTree({
      parent: unpackNumbers(read('parent'), new Int32Array(n)),
      depth: unpackNumbers(read('depth'), new Uint16Array(n)),
      subtreeEnd: unpackNumbers(read('subtreeEnd'), new Uint32Array(n)),
      isUnitRoot: unpackNumbers(read('isUnitRoot'), new Uint8Array(n)),
      nameBytes: new Uint8Array(read('name')),
      nameStart: unpackNumbers(read('nameStart'), new Uint32Array(n + 1)),
    });
  }

  private columns(table: 'tree_columns' | 'cell_columns', id: number): (name: string) => Uint8Array {
    const select = this.database.prepare(`SELECT data FROM ${table} WHERE snapshot_id = ? AND column_name = ?`);
    return (name) => {
      const data = select.get(id, name)?.data;
      if (data instanceof Uint8Array) return data;
      throw Object.assign(new Error(`the column ${name} is missing`), { code: 'SQLITE_CORRUPT' });
    };
  }
}

const countOf = (data: Uint8Array): number => float64s(data, 1)[0] as number;
