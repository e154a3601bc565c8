import { type AppError, appError } from '../../contract/errors.ts';
import type { Table } from '../../contract/methods/sources.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { parseTableAddress, type TableAddress, tableAddressText } from '../../core/sql-rollup/address.ts';
import { identifier, type Sql, text } from '../../core/sql-rollup/sql.ts';
import { qualified, rowsOf, type TableColumn, type TableShape, tableShape } from '../../core/sql-rollup/table-shape.ts';
import { athenaEngine } from './athena.ts';
import { allRows, type SqlEngine } from './engine.ts';
import { type TrinoCredentials, trinoEngine } from './trino.ts';

/** What remote queries are given by the shell. */
export interface SqlEnvironment {
  readonly resourcesDir: string;
  readonly now: () => Date;
  readonly trino: TrinoCredentials;
}

/** A report in a table on a SQL engine, found and counted. The caller closes the engine. */
export interface OpenTable {
  readonly engine: SqlEngine;
  readonly address: TableAddress;
  /** As it is kept: without a user. */
  readonly addressText: string;
  readonly columns: readonly TableColumn[];
  readonly shape: TableShape;
  readonly table: readonly string[];
  readonly bucket: string;
  readonly onlyBucket: string | null;
  readonly partition: string | null;
  readonly asOfMs: number;
  readonly rows: number;
  readonly files: number;
  /** Sizes of its files; null where they are not to be had. */
  readonly bytes: number | null;
}

/** A connection to the engine an address names. */
export async function connectEngine(
  address: TableAddress,
  { remote, output }: Pick<Table, 'remote' | 'output'>,
  environment: SqlEnvironment,
): Promise<Result<SqlEngine>> {
  return address.engine === 'trino' ? trinoEngine(address, environment.trino) : athenaEngine(address, { remote, output });
}

/** Finds the report in the table. Whatever is wrong with address, table or columns is told before anything costly runs. */
export async function openTable(table: Table, environment: SqlEnvironment, signal: AbortSignal): Promise<Result<OpenTable>> {
  const address = parseTableAddress(table.address);
  if (!address.ok) return address;
  const engine = await connectEngine(address.value, table, environment);
  if (!engine.ok) return engine;
  const opened = await find(engine.value, address.value, table, environment, signal);
  if (!opened.ok) engine.value.close();
  return opened;
}

async function find(
  engine: SqlEngine,
  address: TableAddress,
  wanted: Table,
  environment: SqlEnvironment,
  signal: AbortSignal,
): Promise<Result<OpenTable>> {
  const name = `${address.table.catalog}.${address.table.schema}.${address.table.table}`;
  const columns = await engine.columns(signal);
  if (!columns.ok) return columns;
  const shape = tableShape(columns.value, name);
  if (!shape.ok) return shape;
  const table = [address.table.catalog, address.table.schema, address.table.table];
  const partition = await findReport(engine, shape.value, table, wanted.report, signal);
  if (!partition.ok) return partition;
  const asOfMs = timeOf(shape.value, partition.value, wanted.asOf, environment.now, name);
  if (!asOfMs.ok) return asOfMs;
  const counted = await count(engine, shape.value, table, partition.value, wanted.bucket, signal);
  if (!counted.ok) return counted;
  const { buckets, ...counts } = counted.value;
  const bucket = bucketOf(buckets, wanted.bucket, counts.rows, name);
  if (!bucket.ok) return bucket;
  return ok({
    engine,
    address,
    addressText: tableAddressText(address),
    columns: columns.value,
    shape: shape.value,
    table,
    bucket: bucket.value,
    onlyBucket: wanted.bucket !== undefined && shape.value.bucket !== null ? wanted.bucket : null,
    partition: partition.value,
    asOfMs: asOfMs.value,
    ...counts,
  });
}

/** The report named, else the newest of the table; null where the table is of one report alone. */
async function findReport(
  engine: SqlEngine,
  shape: TableShape,
  table: readonly string[],
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<Result<string | null>> {
  if (shape.partition === null) {
    if (wanted === undefined) return ok(null);
    return err(appError('Usage', 'The table has no partitions "dt" to name a report by.', { field: 'report' }));
  }
  // "2026-11-21T01-00Z", as the report's folder is called, is dt=2026-11-21-01-00.
  if (wanted !== undefined) return ok(wanted.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}-\d{2})Z$/, '$1-$2'));
  const column = identifier(shape.partition);
  const [catalog, schema, name] = table as [string, string, string];
  const listed = await allRows(engine, `SELECT max(${column}) FROM ${qualified([catalog, schema, `${name}$partitions`])}`, signal);
  // Projected partitions are in no list: then the rows themselves are asked, which reads no column.
  const found =
    listed.ok && listed.value.rows[0]?.[0] ? listed : await allRows(engine, `SELECT max(${column}) FROM ${qualified(table)}`, signal);
  if (!found.ok) return found;
  const newest = found.value.rows[0]?.[0];
  return typeof newest === 'string' ? ok(newest) : err(empty(name));
}

const empty = (table: string): AppError =>
  appError('NoCompleteReport', `The table "${table}" holds no rows.`, {
    file: table,
    next: 'Wait for a report, or name the table of one.',
  });

function timeOf(shape: TableShape, partition: string | null, asOf: string | undefined, now: () => Date, table: string): Result<number> {
  if (asOf !== undefined) return ok(Date.parse(asOf));
  const [, day, hour, minute] = /^(\d{4}-\d{2}-\d{2})(?:-(\d{2})-(\d{2}))?$/.exec(partition ?? '') ?? [];
  const told = day === undefined ? Number.NaN : Date.parse(`${day}T${hour ?? '00'}:${minute ?? '00'}:00.000Z`);
  if (!Number.isNaN(told)) return ok(told);
  // A live table tells of now.
  if (shape.kind === 'metadata') return ok(now().getTime());
  return err(
    appError('Usage', `The table "${table}" does not tell when its report was begun.`, {
      field: 'asOf',
      next: "Give the report's own time with --as-of, as its manifest has it (creationTimestamp).",
    }),
  );
}

type Counts = { readonly rows: number; readonly files: number; readonly bytes: number | null };

/** Rows and files of the report, and the buckets it tells of; reads the bucket's name and the ends of the files. */
async function count(
  engine: SqlEngine,
  shape: TableShape,
  table: readonly string[],
  partition: string | null,
  onlyBucket: string | undefined,
  signal: AbortSignal,
): Promise<Result<Counts & { readonly buckets: readonly string[] }>> {
  const bucket = shape.bucket ?? text('');
  const where = rowsOf(shape, partition, onlyBucket ?? null);
  const query = (size: Sql): Sql =>
    `SELECT "$path", count(*), min(${bucket}), max(${bucket}), ${size} FROM ${qualified(table)} WHERE ${where} GROUP BY 1`;
  let found = await allRows(engine, query('max("$file_size")'), signal);
  if (!found.ok && found.error.code === 'TableShape') found = await allRows(engine, query('NULL'), signal);
  if (!found.ok) return found;
  const rows = found.value.rows;
  const sizes = rows.map((row) => row[4]);
  const names = new Set(rows.flatMap((row) => [row[2], row[3]]).map(String));
  return ok({
    rows: sum(rows.map((row) => row[1])),
    files: rows.length,
    bytes: sizes.some((size) => size === null) ? null : sum(sizes),
    buckets: [...names].filter((name) => name !== '').sort(),
  });
}

const sum = (values: readonly unknown[]): number => values.reduce((total: number, value) => total + Number(value), 0);

function bucketOf(buckets: readonly string[], wanted: string | undefined, rows: number, table: string): Result<string> {
  if (rows === 0) {
    if (wanted === undefined) return err(empty(table));
    return err(appError('NoCompleteReport', `The report in "${table}" holds no row of the bucket "${wanted}".`, { file: table }));
  }
  const [first] = buckets;
  if (buckets.length === 1 && first !== undefined) return ok(first);
  if (wanted !== undefined && buckets.length === 0) return ok(wanted);
  const words = buckets.length === 0 ? 'does not name its bucket' : `tells of several buckets: ${buckets.slice(0, 5).join(', ')}`;
  return err(appError('Usage', `The table "${table}" ${words}.`, { field: 'bucket', next: 'Name the bucket with --bucket.' }));
}
