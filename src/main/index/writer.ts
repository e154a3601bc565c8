import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { appError } from '../../contract/errors.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { Classifier } from '../../core/classify/classifier.ts';
import type { RuleSet } from '../../core/classify/rule-set.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { loadKernel } from '../kernel/load.ts';
import { checkIdentity, migrate, storageFailure } from './database.ts';
import { dropSnapshots } from './drop-snapshots.ts';
import { loadClassifier } from './load-classifier.ts';
import { type IndexLock, lockIndex } from './lock.ts';
import { type RollUpBuilder, TableSnapshotBuilder } from './roll-up-builder.ts';
import { PackedSnapshotBuilder } from './snapshot-builder.ts';
import type { SnapshotBuilder, SnapshotMeta } from './snapshot-meta.ts';
import { readSnapshots } from './snapshot-rows.ts';

/** Works in a temporary file beside the index: until `commit` the index itself is untouched. */
export interface IndexWriter {
  /** Where the index lies or will lie, links followed. */
  readonly path: string;
  /** A file of this name may lie beside it while the writer is open; it is tidied up like the writer's own. */
  readonly scratch: string;
  /** The snapshot of this very report, if the index has it. */
  findSnapshot(report: { readonly bucket: string; readonly asOfMs: number; readonly manifestMd5: string | null }): Snapshot | undefined;
  begin(meta: SnapshotMeta): SnapshotBuilder;
  /** The snapshot of this very report of a table, if the index has it. */
  findRollUp(source: string, bucket: string, asOfMs: number): Snapshot | undefined;
  /** Begins a snapshot of what a SQL engine adds up; `rules` are those its queries have to be made of. */
  beginRollUp(meta: SnapshotMeta): RollUpBuilder;
  readonly rules: RuleSet;
  /** Takes snapshots out; SnapshotNotFound, and nothing done, where one of them is not there. How many are left. */
  drop(snapshotIds: readonly string[]): Result<number>;
  /** Makes the temporary file the index, durably, and lets go of the lock. */
  commit(): Result<void>;
  /** Deletes the temporary file and lets go of the lock. Safe to call more than once and after `commit`. */
  abandon(): void;
}

/**
 * Opens an index for one more snapshot: IndexBusy, IndexNewer, IndexUnreadable, FileUnwritable or DiskFull
 * where that cannot be. `resourcesDir` holds the classification rules.
 */
export async function openIndexWriter(indexPath: string, resourcesDir: string): Promise<Result<IndexWriter>> {
  const classifier = loadClassifier(resourcesDir);
  if (!classifier.ok) return classifier;
  const newKernel = await loadKernel();
  const given = resolve(indexPath);
  const folder = dirname(given);
  if (!existsSync(folder)) return err(appError('FileUnwritable', 'The folder for the index does not exist.', { file: folder }));
  // Through a link, so that the rename replaces the index and not the link to it.
  const path = existsSync(given) ? realpathSync(given) : given;
  const lock = lockIndex(path, process.pid);
  if (!lock.ok) return lock;
  const temporary = `${path}.tmp-${process.pid}`;
  let database: Database | undefined;
  try {
    removeLeftovers(path);
    if (existsSync(path)) copyFileSync(path, temporary, constants.COPYFILE_FICLONE);
    database = new Database(temporary);
    const refused = existsSync(path) ? checkIdentity(database, path) : null;
    if (!refused) {
      prepare(database);
      return ok(new TemporaryIndex({ database, newKernel, classifier: classifier.value, lock: lock.value, path, temporary }));
    }
    letGo(database, path, lock.value);
    return err(refused);
  } catch (cause) {
    letGo(database, path, lock.value);
    return err(storageFailure(cause, path));
  }
}

/** A crash loses the temporary file whole and never the index, so the file needs no journal on disk and no sync before `commit`. */
function prepare(database: Database): void {
  database.pragma('page_size = 16384');
  database.pragma('journal_mode = MEMORY');
  database.pragma('synchronous = OFF');
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('cache_size = -16384');
  migrate(database);
}

/** Temporary files of writers that ended without tidying up; under the lock none is in use. */
function removeLeftovers(path: string): void {
  const prefix = `${basename(path)}.tmp-`;
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(prefix) && /^\d+(\.rows|\.part|-journal)?$/.test(name.slice(prefix.length)))
      rmSync(join(dirname(path), name), { force: true });
  }
}

function letGo(database: Database | undefined, path: string, lock: IndexLock): void {
  try {
    database?.close();
    removeLeftovers(path);
  } finally {
    lock.release();
  }
}

type Parts = {
  readonly database: Database;
  readonly newKernel: () => Kernel;
  readonly classifier: Classifier;
  readonly lock: IndexLock;
  readonly path: string;
  readonly temporary: string;
};

class TemporaryIndex implements IndexWriter {
  private readonly parts: Parts;
  private builder: PackedSnapshotBuilder | undefined;
  private isOpen = true;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  get path(): string {
    return this.parts.path;
  }

  get scratch(): string {
    return `${this.parts.temporary}.part`;
  }

  findSnapshot(report: { readonly bucket: string; readonly asOfMs: number; readonly manifestMd5: string | null }): Snapshot | undefined {
    return readSnapshots(this.parts.database).find(
      (known) => known.bucket === report.bucket && Date.parse(known.asOf) === report.asOfMs && known.manifestMd5 === report.manifestMd5,
    );
  }

  begin(meta: SnapshotMeta): SnapshotBuilder {
    const { database, newKernel, classifier, path, temporary } = this.parts;
    this.builder?.discard();
    this.builder = new PackedSnapshotBuilder(database, newKernel(), classifier, meta, { index: path, scratch: `${temporary}.rows` });
    return this.builder;
  }

  findRollUp(source: string, bucket: string, asOfMs: number): Snapshot | undefined {
    return readSnapshots(this.parts.database).find(
      (known) => known.source === source && known.bucket === bucket && Date.parse(known.asOf) === asOfMs && known.rowsAt !== null,
    );
  }

  beginRollUp(meta: SnapshotMeta): RollUpBuilder {
    const { database, classifier, newKernel, path } = this.parts;
    this.builder?.discard();
    return new TableSnapshotBuilder(database, newKernel(), classifier, meta, path);
  }

  get rules(): RuleSet {
    return this.parts.classifier.rules;
  }

  drop(snapshotIds: readonly string[]): Result<number> {
    const { database, path } = this.parts;
    try {
      const known = new Set(readSnapshots(database).map(({ snapshotId }) => snapshotId));
      const missing = snapshotIds.find((id) => !known.has(id));
      if (missing !== undefined)
        return err(appError('SnapshotNotFound', `There is no snapshot "${missing}" in the index.`, { file: path }));
      dropSnapshots(database, snapshotIds.map(Number));
      return ok(known.size - new Set(snapshotIds).size);
    } catch (cause) {
      return err(storageFailure(cause, path));
    }
  }

  commit(): Result<void> {
    if (!this.isOpen) throw new Error('the index writer is closed');
    const { database, path, temporary } = this.parts;
    try {
      database.close();
      syncPath(temporary);
      renameSync(temporary, path);
      if (process.platform !== 'win32') syncPath(dirname(path));
      return ok(undefined);
    } catch (cause) {
      return err(storageFailure(cause, path));
    } finally {
      this.abandon();
    }
  }

  abandon(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.builder?.discard();
    letGo(this.parts.database, this.parts.path, this.parts.lock);
  }
}

/** Windows syncs only what is open for writing; elsewhere a folder can only be opened for reading. */
function syncPath(path: string): void {
  const file = openSync(path, process.platform === 'win32' ? 'r+' : 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
