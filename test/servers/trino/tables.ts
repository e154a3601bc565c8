import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inventoryName } from '../../../src/core/inventory/file-schema.ts';
import { identifier, utf16Text } from '../../../src/core/sql-rollup/sql.ts';

import type { TrinoServer } from './trino.ts';

/** Types of a report's columns in Parquet and ORC (s3-domain 1.4); all others are text. */
const TYPES: Readonly<Record<string, string>> = {
  is_latest: 'boolean',
  is_delete_marker: 'boolean',
  is_multipart_uploaded: 'boolean',
  size: 'bigint',
  last_modified_date: 'timestamp(3)',
  object_lock_retain_until_date: 'timestamp(3)',
};
const snake = (name: string): string =>
  name
    .replace(/(?<=.)([A-Z])/g, '_$1')
    .toLowerCase()
    .replace(/^etag$/, 'e_tag');

/** Makes a table over the CSV files of a report and writes it again as Parquet and as ORC; the names of the three tables. */
export async function makeTables(
  server: TrinoServer,
  name: string,
  report: string,
  fileSchema: string,
): Promise<Record<'csv' | 'parquet' | 'orc', string>> {
  await server.sql('CREATE SCHEMA IF NOT EXISTS hive.default');
  const columns = fileSchema.split(',').map((column) => snake(column.trim()));
  const files = join(server.folder, 'files', name);
  mkdirSync(files, { recursive: true });
  for (const file of readdirSync(report, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.csv.gz')))
    copyFileSync(join(report, file), join(files, basename(file)));
  const csv = `${name}_csv`;
  await server.sql(
    `CREATE TABLE hive.default.${csv} (${columns.map((column) => `${identifier(column)} varchar`).join(', ')})
     WITH (format = 'CSV', external_location = 'file://${files}')`,
  );
  const typed = columns.map((column) => {
    if (inventoryName(column) === 'Key') return `url_decode(key) AS key`;
    const type = TYPES[column];
    const text = `nullif(${identifier(column)}, '')`;
    if (type === undefined) return `${text} AS ${identifier(column)}`;
    if (type.startsWith('timestamp')) return `CAST(from_iso8601_timestamp(${text}) AT TIME ZONE 'UTC' AS ${type}) AS ${identifier(column)}`;
    return `CAST(${type === 'boolean' ? `lower(${text})` : text} AS ${type}) AS ${identifier(column)}`;
  });
  for (const format of ['parquet', 'orc'] as const) {
    await server.sql(
      `CREATE TABLE hive.default.${name}_${format} WITH (format = '${format.toUpperCase()}') AS SELECT ${typed.join(', ')} FROM hive.default.${csv}`,
    );
  }
  return { csv, parquet: `${name}_parquet`, orc: `${name}_orc` };
}

/** Texts as a relation (at, t, u) that is read from a file: the planner would work constants out by itself, for minutes. */
export async function textRelation(server: TrinoServer, name: string, texts: readonly string[]): Promise<string> {
  await server.sql('CREATE SCHEMA IF NOT EXISTS hive.default');
  const folder = join(server.folder, 'files', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'texts.csv'), texts.map((one, at) => `"${at}","${encodeURIComponent(one)}"\n`).join(''));
  await server.sql(
    `CREATE TABLE hive.default.${name} (at varchar, t varchar) WITH (format = 'CSV', external_location = 'file://${folder}')`,
  );
  const decoded = `SELECT CAST(at AS bigint) AS at, url_decode(t) AS t FROM hive.default.${name}`;
  return `(SELECT at, t, ${utf16Text('t')} AS u FROM (${decoded}))`;
}

/** Names of AWS's own table over server access logs, with the field of a line each has; the rest is left out. */
const LOG_FIELDS = [
  ['bucket_name', 1],
  ['requestdatetime', 2],
  ['requester', 4],
  ['operation', 6],
  ['key', 7],
  ['httpstatus', 9],
  ['bytessent', 11],
  ['objectsize', 12],
  ['useragent', 16],
  ['sourceregion', 26],
] as const;

/** A table over access logs, with what the pattern of AWS's table would find in each line: no brackets, but quotes. */
export async function makeLogTable(server: Pick<TrinoServer, 'sql' | 'folder'>, name: string, logs: string): Promise<string> {
  await server.sql('CREATE SCHEMA IF NOT EXISTS hive.default');
  const folder = join(server.folder, 'files', name);
  mkdirSync(folder, { recursive: true });
  const cell = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  for (const file of readdirSync(logs)) {
    const lines = readFileSync(join(logs, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const rows = lines.map((line) => {
      const fields = line.match(/\[[^\]]*\]|"[^"]*"|[^ ]+/g) ?? [];
      return LOG_FIELDS.map(([, at]) => cell((fields[at] ?? '-').replace(/^\[(.*)\]$/, '$1'))).join(',');
    });
    writeFileSync(join(folder, `${file}.csv`), `${rows.join('\n')}\n`);
  }
  const columns = LOG_FIELDS.map(([column]) => `${column} varchar`).join(', ');
  await server.sql(`CREATE TABLE hive.default.${name} (${columns}) WITH (format = 'CSV', external_location = 'file://${folder}')`);
  return name;
}
