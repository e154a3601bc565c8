import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type Database from 'better-sqlite3';
import { type AppError, appError } from '../../contract/errors.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { Classifier } from '../../core/classify/classifier.ts';
import type { Cube } from '../../core/cube/cube.ts';
import { isRefined, type RefinedCube, type Refinement, refineCube, refinementKey, unrefined } from '../../core/cube/refine.ts';
import type { DirectoryRange, RowBlock } from '../../core/cube/row-block.ts';
import { stacksOf } from '../../core/cube/stacks.ts';
import type { PackedTree } from '../../core/cube/tree.ts';
import { encodeUtf8 } from '../../core/cube/utf8.ts';
import { readCube } from './cube-reader.ts';
import { openReadOnly, storageFailure } from './database.ts';
import { FetchedStore, hasRows, noRows, readJudges, rowsElsewhere } from './elsewhere.ts';
import { type FetchedRow, type JudgedKey, type Judges, unitsOfKeys } from './fetched-rows.ts';
import type { IndexRows } from './rows.ts';
import { type SegmentPlace, SegmentReader } from './segment-reader.ts';
import { readSnapshots } from './snapshot-rows.ts';
import { SnapshotWalk, type WalkNumbers } from './snapshot-walk.ts';
import { type KnownTags, readTags } from './tags.ts';
import { readUnits, type SnapshotUnits } from './unit-rows.ts';
import { readUploads, readUploadTotals, type StoredUpload, type UploadTotals } from './uploads.ts';

const MOST_READERS = 4;
const MOST_CUBES = 2;
const MOST_REFINED = 2;
const MOST_UNITS = 2;
const MOST_DIRECTORIES = 8;

/** An index opened for reading. All calls are synchronous; results are shared, so nobody changes them. */
export interface IndexReader {
  /** Newest first. */
  snapshots(): readonly Snapshot[];
  /** The one named, or the newest; SnapshotNotFound where there is none. */
  snapshot(snapshotId?: string): Result<Snapshot>;
  cube(snapshotId: string): Result<Cube & { readonly tree: PackedTree }>;
  /** A walk over every key of a snapshot. Walking throws failures of storage: it is to be done within `reading`. RowsElsewhere as below. */
  walk(snapshotId: string, numbers: WalkNumbers): Result<SnapshotWalk>;
  /** Segments with rows of some directories, in order; reading one throws failures of storage. RowsElsewhere where rows are not in the index. */
  segmentPlaces(snapshotId: string, range: DirectoryRange): Result<readonly SegmentPlace[]>;
  /** Runs what may throw failures of storage, and makes them failures that are told. */
  reading<T>(read: () => T): Result<T>;
  /** About so many keys of a snapshot, evenly spread over its rows. */
  sampleKeys(snapshotId: string, count: number): Result<readonly Uint8Array[]>;
  /** What is kept or deleted whole, by number, and what units belong to. */
  units(snapshotId: string): Result<SnapshotUnits>;
  /** Versions and delete markers lying directly in a directory. */
  versionsIn(snapshotId: string, directory: number): Result<IndexRows>;
  /** Every row of some directories, block by block, in order. All of a directory's rows lie in blocks that follow each other. */
  scan(snapshotId: string, range: DirectoryRange, onBlock: (block: IndexRows) => void): Result<void>;
  /**
   * Every key with more than one version or delete marker in some directories: whole keys, newest row first, as many
   * to a block as fit. For what needs to see a key whole: ranks, and when a delete marker is left alone.
   */
  stacks(snapshotId: string, range: DirectoryRange, onBlock: (block: RowBlock) => void): Result<void>;
  /** The cube with cells split where rules tell their versions apart; see RefinedCube. */
  refine(snapshotId: string, cube: Cube, refinement: Refinement): Result<RefinedCube>;
  /** Incomplete multipart uploads whose keys begin with a prefix; totals are null where the snapshot's source cannot tell. */
  uploads(snapshotId: string, prefix: string): Result<readonly StoredUpload[]>;
  uploadTotals(snapshotId: string, prefix: string): Result<UploadTotals | null>;
  /** Keeps rows that were fetched from where they lie, of some directories all or all with several versions. */
  keepFetched(snapshotId: string, range: DirectoryRange, onlySeveral: boolean, rows: readonly FetchedRow[], classifier: Classifier): void;
  /** Tags of the snapshot's versions as far as they were read; null where none were. */
  tags(snapshotId: string): Result<KnownTags | null>;
  /** Units of keys by what rules say of them, for a snapshot whose rows lie elsewhere; keys in the order of their directories. NO_UNIT for none. */
  unitsOfKeys(snapshotId: string, keys: readonly JudgedKey[], classifier: Classifier): Result<Int32Array>;
  /** Names of the source's further columns, in the order of a row's details. */
  detailNames(snapshotId: string): Result<readonly string[]>;
  /** How many rules rows may name. */
  ruleCount(snapshotId: string): number;
  /** The id of a rule as rows hold it (Rows.rule); null for 0. */
  ruleId(snapshotId: string, rule: number): string | null;
}

const readers = new Map<string, { readonly file: string; readonly stamp: string; readonly reader: SqliteReader }>();

/** Opens an index, or hands out the reader it has while the file is the same. IndexNotFound, IndexUnreadable or IndexNewer. */
export function openIndex(path: string): Result<IndexReader> {
  let real = resolve(path);
  let file = '';
  let stamp = '';
  try {
    real = realpathSync(real);
    const { dev, ino, size, mtimeNs } = statSync(real, { bigint: true });
    file = `${dev}/${ino}`;
    stamp = `${file}/${size}/${mtimeNs}`;
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
  // A scan makes a new file; what is changed in place leaves snapshots as they are.
  if (known?.file === file) opened.value.takeOver(known.reader);
  for (const other of readers.keys()) {
    if (readers.size < MOST_READERS) break;
    readers.delete(other);
  }
  readers.set(real, { file, stamp, reader: opened.value });
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

/** A failure of a scan on its way through code that knows no failures. */
class ScanFailure extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.message);
    this.error = error;
  }
}

function handOn(rows: Result<IndexRows>, onBlock: (block: IndexRows) => void): Result<void> {
  if (!rows.ok) return rows;
  if (rows.value.rows > 0) onBlock(rows.value);
  return ok(undefined);
}

class SqliteReader implements IndexReader {
  private readonly database: Database;
  private readonly path: string;
  private readonly all: readonly Snapshot[];
  private cubes = new Map<string, Cube & { readonly tree: PackedTree }>();
  private refined = new Map<string, RefinedCube>();
  private readonly directories = new Map<string, IndexRows>();
  private readonly segments = new Map<string, SegmentReader>();
  private readonly fetched = new Map<string, FetchedStore>();
  private unitsOf = new Map<string, SnapshotUnits>();
  private readonly rules = new Map<string, string>();
  private readonly known = new Map<string, KnownTags | null>();

  constructor(database: Database, path: string) {
    this.database = database;
    this.path = path;
    this.all = readSnapshots(database);
    for (const row of database.prepare('SELECT snapshot_id, rule, rule_id FROM rules').all()) {
      this.rules.set(`${row.snapshot_id}/${row.rule}`, String(row.rule_id));
    }
  }

  /** Goes on with what another reader of the same file has made of the same snapshots. */
  takeOver(other: SqliteReader): void {
    if (JSON.stringify(other.all) !== JSON.stringify(this.all)) return;
    this.cubes = other.cubes;
    // Tags may have been read since.
    this.refined = new Map([...other.refined].filter(([, { refinement }]) => refinement.tagFilters.length === 0));
    this.unitsOf = other.unitsOf;
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
    return this.kept(this.cubes, MOST_CUBES, snapshotId, snapshotId, (snapshot) => readCube(this.database, snapshot));
  }

  units(snapshotId: string): Result<SnapshotUnits> {
    return this.kept(this.unitsOf, MOST_UNITS, snapshotId, snapshotId, (snapshot) => readUnits(this.database, Number(snapshot.snapshotId)));
  }

  versionsIn(snapshotId: string, directory: number): Result<IndexRows> {
    const elsewhere = this.elsewhere(snapshotId, { from: directory, to: directory + 1 }, false);
    if (elsewhere) return elsewhere;
    return this.kept(this.directories, MOST_DIRECTORIES, `${snapshotId}/${directory}`, snapshotId, (snapshot) =>
      this.tagged(snapshotId, this.segmentsOf(snapshot).rowsIn({ from: directory, to: directory + 1 })),
    );
  }

  refine(snapshotId: string, cube: Cube, refinement: Refinement): Result<RefinedCube> {
    const known = this.tags(snapshotId);
    if (!known.ok) return known;
    // Without tags that anyone read there is nothing to be told by them.
    const own = known.value === null ? { ...refinement, tagFilters: [], tagRanges: [] } : refinement;
    if (!isRefined(own)) return ok(unrefined(cube));
    return this.kept(this.refined, MOST_REFINED, `${snapshotId}/${refinementKey(own)}`, snapshotId, () =>
      refineCube(cube, own, (range, onBlock) => {
        const scanned = this.scan(snapshotId, range, onBlock);
        if (!scanned.ok) throw new ScanFailure(scanned.error);
      }),
    );
  }

  scan(snapshotId: string, range: DirectoryRange, onBlock: (block: IndexRows) => void): Result<void> {
    const elsewhere = this.elsewhere(snapshotId, range, false);
    if (elsewhere) return handOn(elsewhere, onBlock);
    return this.readingRows(snapshotId, (segments) => {
      for (const block of segments.blocks(range)) onBlock(this.tagged(snapshotId, block));
    });
  }

  stacks(snapshotId: string, range: DirectoryRange, onBlock: (block: RowBlock) => void): Result<void> {
    const elsewhere = this.elsewhere(snapshotId, range, true);
    if (elsewhere) return handOn(elsewhere, (block) => onBlock(stacksOf(block)));
    return this.readingRows(snapshotId, (segments) => {
      for (const block of segments.wholeKeys(range)) {
        const stacks = stacksOf(this.tagged(snapshotId, block));
        if (stacks.rows > 0) onBlock(stacks);
      }
    });
  }

  uploads(snapshotId: string, prefix: string): Result<readonly StoredUpload[]> {
    return this.reading(() => readUploads(this.database, Number(snapshotId), prefix));
  }

  uploadTotals(snapshotId: string, prefix: string): Result<UploadTotals | null> {
    return this.reading(() => readUploadTotals(this.database, Number(snapshotId), prefix));
  }

  ruleCount(snapshotId: string): number {
    let count = 0;
    while (this.rules.has(`${snapshotId}/${count + 1}`)) count += 1;
    return count;
  }

  ruleId(snapshotId: string, rule: number): string | null {
    return this.rules.get(`${snapshotId}/${rule}`) ?? null;
  }

  tags(snapshotId: string): Result<KnownTags | null> {
    const known = this.known.get(snapshotId);
    if (known !== undefined) return ok(known);
    const read = this.reading(() => readTags(this.database, Number(snapshotId)));
    if (read.ok) this.known.set(snapshotId, read.value);
    return read;
  }

  /** Rows with their tags, where anyone read any. */
  private tagged<R extends IndexRows>(snapshotId: string, rows: R): R {
    const known = this.tags(snapshotId);
    const cube = known.ok && known.value !== null ? this.cube(snapshotId) : null;
    if (!known.ok || known.value === null || !cube?.ok) return rows;
    const { of } = known.value;
    const { tree } = cube.value;
    rows.tags = (row) => of(tree.path(rows.directory[row] as number) + rows.name(row), rows.versionId(row)) ?? null;
    return rows;
  }

  detailNames(snapshotId: string): Result<readonly string[]> {
    const select = 'SELECT name FROM detail_names WHERE snapshot_id = ? ORDER BY position';
    return this.reading(() =>
      this.database
        .prepare(select)
        .all(Number(snapshotId))
        .map(({ name }) => String(name)),
    );
  }

  keepFetched(snapshotId: string, range: DirectoryRange, onlySeveral: boolean, rows: readonly FetchedRow[], classifier: Classifier): void {
    let store = this.fetched.get(snapshotId);
    if (!store) {
      store = new FetchedStore(() => this.judges(snapshotId, classifier));
      this.fetched.set(snapshotId, store);
    }
    store.keep(range, onlySeveral, rows);
  }

  unitsOfKeys(snapshotId: string, keys: readonly JudgedKey[], classifier: Classifier): Result<Int32Array> {
    return this.reading(() => unitsOfKeys(keys, this.judges(snapshotId, classifier)));
  }

  private judges(snapshotId: string, classifier: Classifier): Judges {
    const [cube, units] = [this.cube(snapshotId), this.units(snapshotId)];
    if (!cube.ok || !units.ok) throw new Error('a snapshot without cube or units');
    return readJudges(this.database, Number(snapshotId), classifier, cube.value, units.value.units);
  }

  /**
   * Rows of a snapshot that a SQL engine added up, which are not in the index: those that were fetched, or RowsElsewhere, and a note
   * of what to fetch. undefined where the rows are here.
   */
  private elsewhere(snapshotId: string, range: DirectoryRange, onlySeveral: boolean): Result<IndexRows> | undefined {
    const found = this.snapshot(snapshotId);
    if (!found.ok) return found;
    const { rowsAt } = found.value;
    if (rowsAt === null) return undefined;
    const cube = this.cube(snapshotId);
    if (!cube.ok) return cube;
    try {
      if (!hasRows(cube.value, range, onlySeveral)) return ok(noRows());
      const rows = this.fetched.get(snapshotId)?.rowsIn(range, onlySeveral);
      if (rows) return ok(rows);
    } catch (cause) {
      return err(storageFailure(cause, this.path));
    }
    return err(rowsElsewhere({ index: this.path, snapshotId, range, onlySeveral }, rowsAt.address));
  }

  walk(snapshotId: string, numbers: WalkNumbers): Result<SnapshotWalk> {
    const places = this.segmentPlaces(snapshotId, { from: 0, to: 0 });
    if (!places.ok) return places;
    return this.readingRows(snapshotId, (segments) => new SnapshotWalk(segments.all(), numbers));
  }

  sampleKeys(snapshotId: string, count: number): Result<readonly Uint8Array[]> {
    const cube = this.cube(snapshotId);
    if (!cube.ok) return cube;
    return this.readingRows(snapshotId, (segments) =>
      [...segments.sample(count)].map(({ directory, name }) => encodeUtf8(cube.value.tree.path(directory) + name)),
    );
  }

  segmentPlaces(snapshotId: string, range: DirectoryRange): Result<readonly SegmentPlace[]> {
    const snapshot = this.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const { rowsAt } = snapshot.value;
    if (rowsAt === null) return this.readingRows(snapshotId, (segments) => segments.places(range));
    const words = `The rows of this snapshot are not in the index but in ${rowsAt.address}.`;
    return err(
      appError('RowsElsewhere', words, { file: this.path, next: 'Look through the table there, or scan the report itself into an index.' }),
    );
  }

  private segmentsOf({ snapshotId, asOf }: Snapshot): SegmentReader {
    let segments = this.segments.get(snapshotId);
    if (!segments) {
      segments = new SegmentReader(this.database, Number(snapshotId), Date.parse(asOf));
      this.segments.set(snapshotId, segments);
    }
    return segments;
  }

  private readingRows<T>(snapshotId: string, read: (segments: SegmentReader) => T): Result<T> {
    const snapshot = this.snapshot(snapshotId);
    return snapshot.ok ? this.reading(() => read(this.segmentsOf(snapshot.value))) : snapshot;
  }

  reading<T>(read: () => T): Result<T> {
    try {
      return ok(read());
    } catch (cause) {
      return err(storageFailure(cause, this.path));
    }
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
      return err(cause instanceof ScanFailure ? cause.error : storageFailure(cause, this.path));
    }
  }
}
