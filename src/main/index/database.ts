import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type AppError, appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { LATEST_VERSION, MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

/** "ISOT": tells our files from every other SQLite file. */
export const APPLICATION_ID = 0x49534f54;

/** Brings a database up to the newest schema: each change and its number in one transaction. */
export function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  const at = userVersion(database);
  for (const migration of migrations) {
    if (migration.version <= at) continue;
    database.exec('BEGIN');
    try {
      migration.up(database);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${migration.version}`);
      database.exec('COMMIT');
    } catch (cause) {
      database.exec('ROLLBACK');
      throw cause;
    }
  }
}

export const userVersion = (database: Database): number => Number(database.pragma('user_version', { simple: true }));

/** Whether this is an index this version can use: IndexUnreadable or IndexNewer where it is not. */
export function checkIdentity(database: Database, path: string): AppError | null {
  const application = Number(database.pragma('application_id', { simple: true }));
  if (application !== APPLICATION_ID) return appError('IndexUnreadable', 'The file is not an index of Isotherm.', { file: path });
  const version = userVersion(database);
  if (version <= LATEST_VERSION) return null;
  return appError('IndexNewer', `The index has schema ${version}; this version knows up to ${LATEST_VERSION}.`, { file: path });
}

/** Opens an existing index read-only. */
export function openReadOnly(path: string): Result<Database> {
  if (!existsSync(path)) return err(appError('IndexNotFound', 'There is no index here.', { file: path }));
  let database: Database | undefined;
  try {
    if (!statSync(path).isFile()) return err(appError('IndexUnreadable', 'This is not a file.', { file: path }));
    database = new Database(path, { readonly: true, fileMustExist: true });
    const refused = checkIdentity(database, path);
    if (!refused && userVersion(database) === LATEST_VERSION) {
      database.pragma(`mmap_size = ${2 ** 31 - 65_536}`);
      return ok(database);
    }
    database.close();
    return err(
      refused ?? appError('IndexUnreadable', 'The index is of an older schema.', { file: path, next: 'Scan the source into it again.' }),
    );
  } catch (cause) {
    database?.close();
    return err(storageFailure(cause, path));
  }
}

const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';

/** A failure of SQLite or of the file system as our own error; what is neither is a bug and thrown on. */
export function storageFailure(cause: unknown, path: string): AppError {
  const code = codeOf(cause);
  const where = { file: path, detail: cause instanceof Error ? cause.message : String(cause) };
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return appError('DiskFull', 'There is no room left for the index.', where);
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return appError('IndexUnreadable', 'The file is not an index, or it is damaged.', where);
  }
  if (code.startsWith('SQLITE_BUSY')) return appError('IndexBusy', 'Another scan is writing to this index.', where);
  if (WRITE_CODES.some((known) => code.startsWith(known))) return appError('FileUnwritable', 'The index cannot be written here.', where);
  if (code.startsWith('SQLITE_')) return appError('IndexUnreadable', 'The index cannot be read.', where);
  throw cause;
}
const WRITE_CODES = [
  'SQLITE_IOERR',
  'SQLITE_READONLY',
  'SQLITE_CANTOPEN',
  'SQLITE_PERM',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EFBIG',
  'EIO',
  'EMFILE',
];
