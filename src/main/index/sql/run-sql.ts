import { appError } from '../../../contract/errors.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import type { SqlAnswer } from '../../../contract/sql.ts';
import { openReadOnly, storageFailure } from '../database.ts';
import { openIndex } from '../reader.ts';
import { addTables, cancelled, TableFailure } from './tables.ts';

/** Runs one statement that only reads. Usage where it would do anything else, or where SQLite does not take it. */
export function runSql(path: string, sql: string, limit: number, signal: AbortSignal): Result<SqlAnswer> {
  const refused = refusal(sql);
  if (refused) return err(appError('Usage', refused, { field: 'sql', next: 'Ask with SELECT, WITH or VALUES.' }));
  const reader = openIndex(path);
  if (!reader.ok) return reader;
  const opened = openReadOnly(path);
  if (!opened.ok) return opened;
  const database = opened.value;
  const look = (): void => {
    if (signal.aborted) throw cancelled();
  };
  try {
    database.pragma('query_only = ON');
    addTables(database, reader.value, sql, look);
    const statement = database.prepare(sql);
    if (!statement.reader || !statement.readonly) {
      return err(appError('Usage', 'The statement does more than read.', { field: 'sql', next: 'Ask with SELECT, WITH or VALUES.' }));
    }
    const columns = statement.columns().map(({ name }) => name);
    const rows: SqlAnswer['rows'] = [];
    let isCut = false;
    for (const row of statement.safeIntegers().raw().iterate()) {
      look();
      isCut = rows.length === limit;
      if (isCut) break;
      rows.push(row.map(plain));
    }
    return ok({ columns, rows, isCut });
  } catch (cause) {
    if (cause instanceof TableFailure) return err(cause.error);
    const isOfStatement = (cause instanceof Error && 'code' in cause && cause.code === 'SQLITE_ERROR') || cause instanceof RangeError;
    if (!isOfStatement) return err(storageFailure(cause, path));
    const next = 'Correct the statement; "SELECT name, sql FROM sqlite_schema" lists the tables besides objects, directories and units.';
    return err(appError('Usage', `SQLite does not take this statement: ${(cause as Error).message}.`, { field: 'sql', next }));
  } finally {
    database.close();
  }
}

/** Why a statement is not run; null where it may be. SQLite refuses writes too: this says it in words, and keeps other files out. */
function refusal(sql: string): string | null {
  const [word] = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*([a-z]+)/i.exec(sql)?.slice(1) ?? [];
  if (word === undefined) return 'There is no statement.';
  return /^(?:select|with|values)$/i.test(word) ? null : `${word.toUpperCase()} is not for reading.`;
}

/** A value as JSON can have it: what is beyond 2^53 as text, bytes as hex digits. */
function plain(value: unknown): string | number | null {
  if (typeof value === 'bigint')
    return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  // SQLite has no NaN; infinities have no place in JSON.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'string' ? value : null;
}
