import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Source } from '../../../src/contract/methods/sources.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { scan } from '../../../src/main/sources/scan.ts';
import { type StubAnswer, startTrinoStub, type TrinoStub } from '../../servers/trino/stub.ts';
import { RESOURCES } from '../../support/index-rows.ts';
import { fingerprint } from '../../support/report-folder.ts';

const COLUMNS = [
  ['bucket', 'varchar'],
  ['key', 'varchar'],
  ['version_id', 'varchar'],
  ['is_latest', 'boolean'],
  ['is_delete_marker', 'boolean'],
  ['size', 'bigint'],
  ['last_modified_date', 'timestamp(3)'],
  ['storage_class', 'varchar'],
  ['dt', 'varchar'],
];
/** As CELL_FIELDS has them. */
const cell = (dir: string, name: string, rule: number, traits: number, versions: number, bytes: number, marks = 0) => [
  dir,
  name,
  rule,
  marks,
  (traits & 3) === 2 ? '' : 'STANDARD',
  '',
  traits,
  -0x80000000,
  20_000,
  20_001,
  versions,
  bytes,
  0,
];
const CELLS = [cell('a/b/', 'x.zzz', -1, 0, 3, 400_000_000), cell('', 'y.zzz', -1, 32, 1, 5), cell('a/b/', 'x.zzz', -1, 2 + 32, 1, 0)];

/** In the order of filesQuery's SELECT. */
const FILES = [
  ['', -1, 0, 'y.zzz', '', 0, 0, 0, 1, 0, 5, 1_728_000_000_000, 1_728_000_000_000],
  ['a/b/', -1, 0, 'x.zzz', '', 0, 0, 0, 3, 0, 400_000_000, 1_728_000_000_000, 1_728_000_000_000],
  ['a/b/', -1, 2, 'x.zzz', '', 0, 0, 0, 1, 1, 0, 1_728_000_000_000, 1_728_000_000_000],
];

/** What each kind of statement is answered with. */
interface Table {
  readonly columns?: readonly (readonly unknown[])[];
  readonly counts?: readonly (readonly unknown[])[];
  readonly cells?: StubAnswer;
  readonly files?: StubAnswer;
}

let folder: string;
let stub: TrinoStub | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-table-'));
});
afterEach(async () => {
  await stub?.stop();
  stub = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function serve(table: Table = {}): Promise<void> {
  await stub?.stop();
  stub = await startTrinoStub((sql) => {
    if (sql.includes('information_schema')) return { pages: [table.columns ?? COLUMNS] };
    if (sql.includes('$partitions')) return { pages: [[['2026-11-21-01-00']]] };
    if (sql.includes('$path')) return { pages: [table.counts ?? [['s3://inv/a.parquet', 5, 'ml-bucket', 'ml-bucket', 2_000_000]]] };
    if (sql.includes('AS first_ms')) return table.files ?? { pages: [FILES] };
    return table.cells ?? { pages: [CELLS] };
  });
}

function run(extra: Partial<Extract<Source, { kind: 'table' }>> = {}, signal = new AbortController().signal) {
  return scan({
    source: { kind: 'table', address: `${stub?.address}/hive.inv.all`, remote: {}, confirm: 'any', ...extra },
    index: join(folder, 'index.db'),
    region: 'us-east-1',
    resourcesDir: RESOURCES,
    now: () => new Date('2026-11-22T00:00:00.000Z'),
    signal,
    progress: () => undefined,
  });
}

test('success-roll-up: the newest report becomes a snapshot that says where its rows lie', async () => {
  await serve();
  const result = await run();
  expect(result).toMatchObject({ ok: true, value: { rows: 5, versions: 4, deleteMarkers: 1, bytes: 400_000_005, unchanged: false } });
  const reader = openIndex(join(folder, 'index.db'));
  const snapshot = reader.ok ? reader.value.snapshot() : reader;
  expect(snapshot).toMatchObject({
    ok: true,
    value: {
      bucket: 'ml-bucket',
      sourceKind: 'table',
      asOf: '2026-11-21T01:00:00.000Z',
      allVersions: true,
      source: `${stub?.address}/hive.inv.all?dt=2026-11-21-01-00`,
      fields: ['Bucket', 'Key', 'VersionId', 'IsLatest', 'IsDeleteMarker', 'Size', 'LastModifiedDate', 'StorageClass'],
      rowsAt: { address: `${stub?.address}/hive.inv.all`, partition: '2026-11-21-01-00' },
    },
  });
  const cube = reader.ok && snapshot.ok ? reader.value.cube(snapshot.value.snapshotId) : undefined;
  if (!cube?.ok) throw new Error('no cube');
  expect(Array.from({ length: cube.value.tree.count }, (_, d) => cube.value.tree.path(d))).toEqual(['', 'a/', 'a/b/']);
  expect([...cube.value.bytes].sort()).toEqual([0, 400_000_000, 5]);
  const rows = reader.ok && snapshot.ok ? reader.value.versionsIn(snapshot.value.snapshotId, 0) : undefined;
  expect(rows?.ok ? null : rows?.error.code).toBe('RowsElsewhere');
});

test('success-again: the same report costs nothing the second time', async () => {
  await serve();
  await run();
  const before = fingerprint(folder);
  const asked = stub?.statements.length ?? 0;
  expect(await run({ confirm: undefined })).toMatchObject({ ok: true, value: { unchanged: true } });
  expect(stub?.statements.slice(asked).some((sql) => sql.includes('GROUP BY dir'))).toBe(false);
  expect(fingerprint(folder)).toEqual(before);
});

describe('cost', () => {
  test('nothing runs before the person agreed, and the refusal says what it would cost', async () => {
    await serve();
    const result = await run({ confirm: undefined, usdPerTb: '5' });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'CostNotConfirmed', next: 'Agree with --max-usd 0.01, or with --yes.' },
    });
    expect(result.ok ? '' : result.error.message).toContain('at most 3.81 MiB');
    expect(stub?.statements.some((sql) => sql.includes('GROUP BY dir'))).toBe(false);
  });

  test.each([
    ['enough', { maxNanoUsd: '100000' }, undefined],
    ['a nano-dollar too little', { maxNanoUsd: '99999' }, 'CostNotConfirmed'],
  ])('a limit that is %s', async (_, confirm, code) => {
    await serve();
    // Two queries; 10 MB is the least that each is charged for: 2 x 10^7 / 10^12 x $5.
    const result = await run({ confirm, usdPerTb: '5' });
    expect(result.ok ? undefined : result.error.code).toBe(code);
  });

  test('a limit cannot be kept where there is no price', async () => {
    await serve();
    const result = await run({ confirm: { maxNanoUsd: '1000000000' } });
    expect(result).toMatchObject({ ok: false, error: { code: 'CostNotConfirmed', next: 'Agree with --yes.' } });
  });
});

describe('refusals leave the index as it was', () => {
  const failed = { errorName: 'GENERIC_INTERNAL_ERROR', errorType: 'INTERNAL_ERROR', message: 'worker gone' };
  const without = (name: string) => COLUMNS.filter(([column]) => column !== name);
  test.each<[string, Table, string, string | undefined]>([
    ['killed connection', { cells: { pages: [CELLS, CELLS], spoil: (at) => (at === 2 ? 'drop' : undefined) } }, 'RemoteFailed', undefined],
    ['failed query', { cells: { pages: [CELLS], error: failed } }, 'QueryFailed', undefined],
    ['failed query for units', { files: { pages: [FILES], error: failed } }, 'QueryFailed', undefined],
    ['missing column size', { columns: without('size') }, 'ColumnMissing', 'size'],
    ['missing column is_latest', { columns: without('is_latest') }, 'ColumnMissing', 'is_latest'],
    ['another table', { columns: [['id', 'bigint']] }, 'ColumnMissing', 'key'],
    ['no table', { columns: [] }, 'TableNotFound', undefined],
    ['a size of another type', { columns: COLUMNS.map(([n, t]) => [n, n === 'size' ? 'double' : t]) }, 'TableShape', 'size'],
    ['rows of another count', { cells: { pages: [CELLS.slice(1)] } }, 'QueryFailed', undefined],
    ['a row without a size', { cells: { pages: [[...CELLS, cell('c/', 'z', -1, 2 * 64, 1, 0)]] } }, 'RowField', 'size'],
    ['a key judged differently', { cells: { pages: [[cell('a/', 'x.log', -1, 0, 5, 5)]] } }, 'QueryFailed', undefined],
    ['a sum beyond all bounds', { cells: { pages: [[cell('a/', 'x', -1, 0, 5, 2 ** 60)]] } }, 'QueryFailed', undefined],
    ['several buckets', { counts: [['a', 3, 'one', 'two', 1]] }, 'Usage', 'bucket'],
    ['an empty report', { counts: [] }, 'NoCompleteReport', undefined],
  ])('refuse-%s', async (_, table, code, field) => {
    await serve();
    await run();
    const before = fingerprint(folder);
    await serve(table);
    const result = await run();
    expect(result.ok ? null : [result.error.code, result.error.field]).toEqual([code, field]);
    expect(result.ok ? '' : result.error.next).not.toBe('');
    expect(fingerprint(folder)).toEqual(before);
  });

  test('refuse-cancelled: the query ends at the server', async () => {
    await serve();
    await run();
    const before = fingerprint(folder);
    const stop = new AbortController();
    const hang = (at: number) => {
      if (at !== 2) return undefined;
      setTimeout(() => stop.abort(), 50);
      return 'hang' as const;
    };
    await serve({ cells: { pages: [CELLS, CELLS], spoil: hang } });
    const result = await run({}, stop.signal);
    expect(result.ok ? null : result.error.code).toBe('Cancelled');
    expect(stub?.cancelled).toHaveLength(1);
    expect(fingerprint(folder)).toEqual(before);
  });
});

test('a table of several buckets is read for the one that is named', async () => {
  await serve({ counts: [['a', 5, 'ml-bucket', 'ml-bucket', null]] });
  expect(await run({ bucket: 'ml-bucket' })).toMatchObject({ ok: true });
  const sql = stub?.statements.find((statement) => statement.includes('GROUP BY dir')) ?? '';
  expect(sql).toContain(`coalesce("bucket", '') = 'ml-bucket'`);
});

test('a table without "dt" needs the time of its report, and one with it takes the report that is named', async () => {
  await serve({ columns: COLUMNS.slice(0, -1) });
  expect(await run()).toMatchObject({ ok: false, error: { code: 'Usage', field: 'asOf' } });
  expect(await run({ asOf: '2026-11-21T01:00:00.123Z' })).toMatchObject({ ok: true });
  expect(await run({ report: '2026-11-21T01-00Z', asOf: '2026-11-21T01:00:00.123Z' })).toMatchObject({
    ok: false,
    error: { field: 'report' },
  });
  await serve();
  expect(await run({ report: '2026-11-14T01-00Z' })).toMatchObject({ ok: true });
  expect(stub?.statements.at(-2)).toContain(`"dt" = '2026-11-14-01-00'`);
});
