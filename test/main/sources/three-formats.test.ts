import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIMENSIONS } from '../../../src/contract/index-views.ts';
import type { MethodName, ParamsIn } from '../../../src/contract/methods.ts';
import { createDispatch } from '../../../src/main/engine/dispatch.ts';
import { HANDLERS } from '../../../src/main/engine/handlers/index.ts';
import { openReadOnly } from '../../../src/main/index/database.ts';
import { casePath, needCase } from '../../support/cases.ts';
import { csvPart, FIXTURE_NAMES, FIXTURE_ROWS, formatFixture, LONG_ROWS, writeReport } from '../../support/formats.ts';
import { RESOURCES } from '../../support/index-rows.ts';
import { put } from '../../support/report-folder.ts';

const dispatch = createDispatch({
  environment: { version: 'test', dataDir: tmpdir(), resourcesDir: RESOURCES, now: () => new Date('2026-11-22T00:00:00.000Z') },
  handlers: HANDLERS,
  log: (line) => void process.stderr.write(`${line}\n`),
});

async function ask<M extends MethodName>(method: M, params: ParamsIn<M>): Promise<string> {
  const pause = { paused: false, subscribe: () => () => undefined };
  const result = await dispatch({ method, params, signal: new AbortController().signal, pause, progress: () => undefined });
  return JSON.stringify(result);
}

/** A manifest's own MD5 tells formats apart, and is all that may; it is also in the digest of a snapshot's record. */
const NOT_ITS_MD5 = /"manifestMd5":"[0-9a-f]{32}"/g;
const KEYS = FIXTURE_ROWS.slice(0, 23).map(({ key }) => String(key));
const PREFIXES = ['', 'runs/', 'runs/r1/', 'runs/r1/checkpoint-500/', 'a//', '/'];

/** Every question a person can put to an index, and all that lies in it. */
async function answersOf(index: string, keys: readonly string[]): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const note = async <M extends MethodName>(method: M, params: ParamsIn<M>): Promise<void> => {
    answers.set(`${method} ${JSON.stringify(params)}`, (await ask(method, params)).replace(NOT_ITS_MD5, ''));
  };
  await note('index.snapshots', { index });
  for (const by of DIMENSIONS) for (const prefix of ['', 'runs/']) await note('index.summary', { index, by, prefix });
  for (const row of DIMENSIONS) for (const column of DIMENSIONS) if (row !== column) await note('index.pivot', { index, row, column });
  for (const prefix of PREFIXES) {
    for (const sort of ['bytes', 'name'] as const) await note('tree.children', { index, prefix, sort });
    await note('tree.map', { index, prefix, depth: 4 });
  }
  for (const prefix of ['', 'runs/']) await note('index.ages', { index, prefix });
  await note('units.list', { index });
  for (const key of keys) await note('objects.show', { index, key });
  await note('index.sql', { index, sql: 'SELECT * FROM objects ORDER BY 1, 2, 3, 4, 5' });
  answers.set('tables', dumped(index));
  return answers;
}

/** Every table of the file, packed columns and all. */
function dumped(index: string): string {
  const opened = openReadOnly(index);
  if (!opened.ok) throw new Error(opened.error.message);
  const database = opened.value;
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").raw().all() as [string][];
  const text = tables.map(([table]) => {
    const rows = database.prepare(`SELECT * FROM "${table}"`).raw().all() as unknown[][];
    const columns = (database.pragma(`table_info("${table}")`) as { name: string }[]).map(({ name }) => name);
    const at = columns.indexOf(table === 'snapshot_digests' ? 'digest' : 'manifest_md5');
    return [table, ...rows.map((row) => JSON.stringify(row.map((value, i) => (i === at ? '' : shown(value)))))].join('\n');
  });
  database.close();
  return text.join('\n');
}
const shown = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : typeof value === 'bigint' ? String(value) : value;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-three-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Answers after a scan; paths are the same for every format, because answers name them. */
async function scanned(write: (report: string) => void, keys: readonly string[] = KEYS): Promise<Map<string, string>> {
  const report = join(folder, 'report');
  const index = join(folder, 'x.db');
  for (const old of [report, index]) rmSync(old, { recursive: true, force: true });
  write(report);
  expect(await ask('index.scan', { source: { kind: 'inventory', location: report }, index, region: 'us-east-1' })).toContain('"ok":true');
  return answersOf(index, keys);
}

function expectSame(found: Map<string, string>, expected: Map<string, string>): void {
  for (const [question, answer] of expected) expect(found.get(question) === answer, question).toBe(true);
  expect(found.size).toBe(expected.size);
}

describe('a report gives the same answers in every format, to the byte', () => {
  it('success-fixtures', async () => {
    const parts = {
      CSV: [csvPart(FIXTURE_ROWS, FIXTURE_NAMES), csvPart(LONG_ROWS, FIXTURE_NAMES)],
      Parquet: partsOf('parquet'),
      ORC: partsOf('orc'),
    };
    const csv = await scanned((report) => writeReport(report, 'CSV', parts.CSV, FIXTURE_NAMES));
    expect(csv.size).toBeGreaterThan(70);
    for (const format of ['Parquet', 'ORC'] as const)
      expectSame(await scanned((report) => writeReport(report, format, parts[format], FIXTURE_NAMES)), csv);
  }, 120_000);

  it('success-as-AWS-delivered-it', async (context) => {
    needCase(context, 'inventory', 'umccr-orcabus', 'orc_inventory.orc');
    const delivered = (format: string, data: string) => (report: string) => {
      const from = (name: string): Buffer => readFileSync(casePath('inventory', 'umccr-orcabus', name));
      put(join(report, 'manifest.json'), from(`${format}_inventory_manifest.json`));
      put(join(report, 'manifest.checksum'), from(`${format}_inventory_manifest.checksum`));
      put(join(report, data), from(data));
    };
    const keys = ['inventory-test/', 'inventory-test/key1', 'inventory-test/key2'];
    const csv = await scanned(delivered('csv', 'csv_inventory.csv.gz'), keys);
    expectSame(await scanned(delivered('parquet', 'parquet_inventory.parquet'), keys), csv);
    expectSame(await scanned(delivered('orc', 'orc_inventory.orc'), keys), csv);
  });
});

const partsOf = (ending: string): Buffer[] => ['usual', 'long'].map((name) => formatFixture(`${name}.${ending}`));
