import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY_MS } from '../../../src/contract/units.ts';
import { type StubAnswer, startTrinoStub, type TrinoStub } from '../../servers/trino/stub.ts';
import { AS_OF_MS, row, writeIndex } from '../../support/index-rows.ts';
import { trainerCheckpoint } from '../../support/runs.ts';
import { call } from '../../trino/support.ts';

const REPORT = ['bucket', 'key', 'version_id', 'is_latest', 'is_delete_marker', 'size', 'last_modified_date', 'storage_class'];
const TYPES: Record<string, string> = {
  is_latest: 'boolean',
  is_delete_marker: 'boolean',
  size: 'bigint',
  last_modified_date: 'timestamp(3)',
};
const LOGS = ['bucket_name', 'requestdatetime', 'requester', 'operation', 'key', 'httpstatus', 'bytessent', 'objectsize', 'useragent'];
const DAY = Math.floor(Date.UTC(2026, 10, 20) / DAY_MS);
const READ_MS = DAY * DAY_MS + 5_000;

/** Days: settled ones, one of another bucket alone, today, and lines without a time. */
const DAYS = [
  [DAY, 9, 1, 7, 2, 1],
  [DAY - 3, 4, 0, 0, 0, 4],
  [DAY + 2, 5, 0, 5, 0, 0],
  [null, 3, 0, 0, 0, 0],
];

let folder: string;
let stub: TrinoStub;
let logColumns: string[];
let reads: StubAnswer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-access-table-'));
  logColumns = LOGS;
  reads = { pages: [[]] };
  stub = await startTrinoStub((sql) => {
    if (sql.includes('information_schema')) {
      const columns = sql.includes("'logs'") ? logColumns : REPORT;
      return { pages: [columns.map((name) => [name, TYPES[name] ?? 'varchar'])] };
    }
    if (sql.includes('$path')) return { pages: [[['a.parquet', 2, 'ml', 'ml', 100]]] };
    if (sql.includes('GROUP BY day')) return { pages: [DAYS] };
    if (sql.includes('first_ms') && sql.includes('reads AS')) return reads;
    if (sql.includes('AS first_ms')) return { pages: [[]] };
    const written = AS_OF_MS / DAY_MS - 100;
    const cell = (dir: string, name: string) => [dir, name, -1, 0, 'STANDARD', '', 32, -0x80000000, written, written, 1, 10, 0];
    return { pages: [[cell('data/', 'a.zzz'), cell('', 'y.zzz')]] };
  });
});
afterEach(async () => {
  await stub.stop();
  rmSync(folder, { recursive: true, force: true });
});

const index = (): string => join(folder, 'index.db');
const rollUp = async (): Promise<void> => {
  const source = { kind: 'table', address: `${stub.address}/hive.inv.all`, asOf: '2026-11-21T00:00:00.000Z', confirm: 'any' } as const;
  const scanned = await call('index.scan', { source, index: index(), region: 'us-east-1' }, folder);
  expect(scanned.ok ? null : scanned.error).toBeNull();
};
const logs = (): string => `${stub.address}/hive.inv.logs`;
const read = (given: object = { confirm: 'any' }) => call('access.import', { index: index(), location: logs(), ...given }, folder);

test('an index without rows: reads come by place, whole days, each once', async () => {
  await rollUp();
  reads = {
    pages: [
      [
        ['data/a.zzz', 'arn:train', 'Boto3', 'us-east-1', 3, 1, 300, READ_MS, READ_MS + 9, 1],
        ['gone/b.zzz', 'arn:train', 'Boto3', '', 2, 0, 20, READ_MS, READ_MS, 0],
      ],
    ],
  };
  const first = await read();
  expect(first.ok ? first.value : first.error).toMatchObject({
    files: 2,
    filesKnown: 0,
    lines: 16,
    malformed: 3,
    partial: 1,
    requests: 7,
    reads: 5,
    writes: 2,
    otherBuckets: 5,
    notInIndex: 2,
    places: 2,
    days: 1,
  });
  const asked = stub.statements.find((sql) => sql.includes('reads AS')) ?? '';
  expect(asked).toContain(`day IN (${DAY})`);
  expect(asked).toContain('"hive"."inv"."all"');
  const again = await read();
  expect(again.ok ? again.value : again.error).toMatchObject({ files: 0, filesKnown: 2, requests: 0, reads: 0, places: 0 });
  const summary = await call('access.summary', { index: index(), sort: 'bytes' }, folder);
  expect(summary.ok && summary.value).toMatchObject({ lines: 16, malformed: 3, window: { days: 1, firstDay: DAY } });
  expect(summary.ok && summary.value.egress.map(({ path, reads: times, bytesSent }) => [path, times, bytesSent])).toEqual([
    ['data/', 3, 300],
    ['gone/', 2, 20],
  ]);
});

test('an index with its rows: reads come by key, as logs spell them, and count for their unit', async () => {
  await writeIndex(index(), [...trainerCheckpoint('exp/run/', 400, 100), row('data/ä x')]);
  reads = {
    pages: [
      [
        ['exp/run/checkpoint-400/optimizer.pt', 'arn:train', 'Boto3', '', 2, 2, 50, READ_MS, READ_MS],
        ['data/%25C3%25A4%2520x', 'arn:train', 'Boto3', '', 1, 0, 5, READ_MS, READ_MS],
      ],
    ],
  };
  const done = await read();
  expect(done.ok ? done.value : done.error).toMatchObject({ reads: 3, notInIndex: 0, places: 2 });
  const units = await call('units.list', { index: index(), kinds: ['checkpoint'] }, folder);
  expect(units.ok && units.value.units.map(({ access }) => access.lastRead)).toEqual([new Date(READ_MS).toISOString()]);
});

test('nothing runs unless it was agreed to, and nothing is kept of what fails', async () => {
  await rollUp();
  const before = readFileSync(index());
  const queries = stub.statements.length;
  const unconfirmed = await read({});
  expect(unconfirmed.ok ? '' : unconfirmed.error).toMatchObject({ code: 'CostNotConfirmed', next: 'Agree with --yes.' });
  expect(stub.statements).toHaveLength(queries);
  logColumns = LOGS.filter((name) => name !== 'operation');
  const lacking = await read();
  expect(lacking.ok ? '' : lacking.error).toMatchObject({ code: 'ColumnMissing', field: 'operation' });
  logColumns = LOGS;
  reads = { error: { message: 'node lost', errorName: 'GENERIC_INTERNAL_ERROR', errorType: 'INTERNAL_ERROR' } };
  const failed = await read();
  expect(failed.ok ? '' : failed.error.code).toBe('QueryFailed');
  reads = { pages: [[['nowhere/b.zzz', 'arn:train', 'Boto3', '', 2, 0, 20, READ_MS, READ_MS, 1]]] };
  const changed = await read();
  expect(changed.ok ? '' : changed.error.code).toBe('TableShape');
  const apart = await read({ location: 'trino://elsewhere.example:8080/hive.inv.logs', confirm: 'any' });
  expect(apart.ok ? '' : apart.error.code).toBe('RowsElsewhere');
  expect(readFileSync(index())).toEqual(before);
});
