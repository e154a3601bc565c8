import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import Database from 'better-sqlite3';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { checkIdentity, migrate, openReadOnly, storageFailure } from './database.ts';
import { lockIndex } from './lock.ts';

/** Reads something small from an index without its cubes. */
export function readFrom<T>(path: string, run: (database: Database) => T): Result<T> {
  const database = openReadOnly(resolve(path));
  if (!database.ok) return database;
  try {
    return ok(run(database.value));
  } catch (cause) {
    return err(storageFailure(cause, path));
  } finally {
    database.value.close();
  }
}

/**
 * Changes something small in an index, in place and in one transaction, under the lock of its writers: a scan works on a copy that would
 * replace the change. IndexBusy while one runs.
 */
export function changeIn<T>(path: string, run: (database: Database) => T): Result<T> {
  const given = resolve(path);
  if (!existsSync(given)) return err(appError('IndexNotFound', 'There is no index here.', { file: path }));
  const real = realpathSync(given);
  const lock = lockIndex(real, process.pid);
  if (!lock.ok) return lock;
  let database: Database | undefined;
  try {
    database = new Database(real, { fileMustExist: true, timeout: 5_000 });
    const refused = checkIdentity(database, path);
    if (refused !== null) return err(refused);
    migrate(database);
    database.pragma('synchronous = FULL');
    database.exec('BEGIN IMMEDIATE');
    const value = run(database);
    database.exec('COMMIT');
    return ok(value);
  } catch (cause) {
    return err(storageFailure(cause, path));
  } finally {
    database?.close();
    lock.value.release();
  }
}
