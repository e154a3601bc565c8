import type Database from 'better-sqlite3';
import { type AppError, appError } from '../../../contract/errors.ts';
import type { Result } from '../../../contract/result.ts';
import { prefixScope } from '../../../core/cube/prefix.ts';
import type { IndexReader } from '../reader.ts';
import { rowsUnder } from '../rows-under.ts';
import {
  type Columns,
  DIRECTORY_COLUMNS,
  type DirectoryRow,
  OBJECT_COLUMNS,
  type ObjectRow,
  type SqlValue,
  UNIT_COLUMNS,
  type UnitRow,
} from './columns.ts';

/** A failure on its way through SQLite. */
export class TableFailure extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.message);
    this.error = error;
  }
}

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new TableFailure(result.error);
}

/** Called every so many rows; throws where no more are wanted. */
const ROWS_A_LOOK = 4096;
type Look = () => void;

/** Hidden columns: which snapshot, the newest unless named, and the beginning of keys or paths. */
const PARAMETERS = ['snapshot', 'under'];

/**
 * Makes the tables over packed columns known to a connection. Columns the statement does not name are left blank, so that nothing is unpacked
 * in vain.
 */
export function addTables(database: Database, reader: IndexReader, sql: string, look: Look): void {
  const asked = askedColumns(sql);
  add<ObjectRow>(database, 'objects', OBJECT_COLUMNS, asked, look, (snapshot, under) => objectRows(reader, snapshot, under));
  add<DirectoryRow>(database, 'directories', DIRECTORY_COLUMNS, asked, look, (snapshot, under) => directoryRows(reader, snapshot, under));
  add<UnitRow>(database, 'units', UNIT_COLUMNS, asked, look, (snapshot, under) => unitRows(reader, snapshot, under));
}

/** Whether a statement can ask for a column: it names it, or all of them. */
function askedColumns(sql: string): (name: string) => boolean {
  const words = sql.toLowerCase();
  if (/\*|\bnatural\b/.test(words.replace(/\bcount\s*\(\s*\*\s*\)/g, ''))) return () => true;
  return (name) => words.includes(name);
}

function add<R>(
  database: Database,
  name: string,
  columns: Columns<R>,
  asked: (name: string) => boolean,
  look: Look,
  rowsOf: (snapshot: SqlValue | undefined, under: SqlValue | undefined) => Iterable<R>,
): void {
  const names = Object.keys(columns);
  const wanted = names.flatMap((column, at) => (asked(column) ? [{ at, of: columns[column] as (row: R) => SqlValue }] : []));
  database.table(name, {
    columns: names,
    parameters: PARAMETERS,
    *rows(snapshot?: SqlValue, under?: SqlValue) {
      const values = new Array<SqlValue>(names.length).fill(null);
      let rows = 0;
      for (const row of rowsOf(snapshot, under)) {
        if (rows++ % ROWS_A_LOOK === 0) look();
        for (const { at, of } of wanted) values[at] = of(row);
        yield values;
      }
    },
  });
}

function snapshotOf(reader: IndexReader, snapshot: SqlValue | undefined) {
  const { snapshotId } = must(reader.snapshot(snapshot === undefined || snapshot === null ? undefined : String(snapshot)));
  return { snapshotId, cube: must(reader.cube(snapshotId)) };
}

function* objectRows(reader: IndexReader, snapshot: SqlValue | undefined, under: SqlValue | undefined): Generator<ObjectRow> {
  const { snapshotId, cube } = snapshotOf(reader, snapshot);
  const detailNames = must(reader.detailNames(snapshotId));
  const id = BigInt(snapshotId);
  const ruleId = (rule: number): string | null => reader.ruleId(snapshotId, rule);
  for (const at of rowsUnder(reader, snapshotId, cube, String(under ?? ''), must)) {
    yield { ...at, snapshotId: id, cube, ruleId, detailNames };
  }
}

function* directoryRows(reader: IndexReader, snapshot: SqlValue | undefined, under: SqlValue | undefined): Generator<DirectoryRow> {
  const { snapshotId, cube } = snapshotOf(reader, snapshot);
  const scope = prefixScope(cube.tree, String(under ?? ''));
  const at = { snapshotId: BigInt(snapshotId), cube, directory: scope?.from ?? 0 };
  for (; at.directory < (scope?.to ?? 0); at.directory++) yield at;
}

function* unitRows(reader: IndexReader, snapshot: SqlValue | undefined, under: SqlValue | undefined): Generator<UnitRow> {
  const { snapshotId } = snapshotOf(reader, snapshot);
  const { units, groups } = must(reader.units(snapshotId));
  for (const unit of units) {
    if (unit.path.startsWith(String(under ?? ''))) yield { snapshotId: BigInt(snapshotId), unit, group: groups[unit.group] };
  }
}

export const cancelled = (): TableFailure => new TableFailure(appError('Cancelled', 'Cancelled.'));
