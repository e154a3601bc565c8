import { rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { storageFailure } from './database.ts';

export interface IndexLock {
  release(): void;
}

/**
 * One writer per index. The lock is the operating system's, held on a small SQLite file beside the
 * index through SQLite, so it ends with its holder however that ends, and a file left behind by a
 * crash holds nobody up. The file carries the holder's process id for people who look.
 */
export function lockIndex(indexPath: string, pid: number): Result<IndexLock> {
  const path = `${indexPath}.lock`;
  for (let attempt = 0; attempt < 3; attempt++) {
    let database: Database | undefined;
    try {
      database = new Database(path, { timeout: 0 });
      database.pragma('journal_mode = MEMORY');
      database.pragma('locking_mode = EXCLUSIVE');
      database.exec('BEGIN EXCLUSIVE');
      database.pragma(`user_version = ${pid}`);
      database.exec('COMMIT');
      if (isHeldByPath(path)) return ok(held(database, path));
      database.close();
    } catch (cause) {
      database?.close();
      const failure = storageFailure(cause, path);
      if (failure.code === 'IndexBusy') {
        return err(appError('IndexBusy', 'Another scan is writing to this index.', { file: indexPath }));
      }
      if (failure.code !== 'IndexUnreadable') return err(failure);
      rmSync(path, { force: true });
    }
  }
  return err(appError('IndexBusy', 'Another scan is writing to this index.', { file: indexPath }));
}

/** Whether the file now at the path is the one locked: a holder that left may have taken it away in between. */
function isHeldByPath(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })) return false;
  const probe = new Database(path, { timeout: 0 });
  try {
    probe.exec('BEGIN IMMEDIATE');
    probe.exec('ROLLBACK');
    return false;
  } catch {
    return true;
  } finally {
    probe.close();
  }
}

function held(database: Database, path: string): IndexLock {
  let isHeld = true;
  return {
    release() {
      if (!isHeld) return;
      isHeld = false;
      try {
        rmSync(path, { force: true });
      } catch {
        // Windows keeps open files; the lock ends with the connection all the same.
      }
      database.close();
    },
  };
}
