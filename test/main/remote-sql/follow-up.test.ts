import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MethodName, ParamsIn, ResultOf } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import { createDispatch } from '../../../src/main/engine/dispatch.ts';
import { HANDLERS } from '../../../src/main/engine/handlers/index.ts';
import { type StubAnswer, startTrinoStub, type TrinoStub } from '../../servers/trino/stub.ts';
import { RESOURCES } from '../../support/index-rows.ts';

const COLUMNS = [
  ['key', 'varchar'],
  ['version_id', 'varchar'],
  ['is_latest', 'boolean'],
  ['is_delete_marker', 'boolean'],
  ['size', 'bigint'],
  ['last_modified_date', 'timestamp(3)'],
  ['storage_class', 'varchar'],
];
const WRITTEN = Date.UTC(2026, 9, 1);
const DAY = WRITTEN / 86_400_000;
const LOW = -0x80000000;
/** As the roll-up gives them: two versions of "a/x.zzz" and one key in the root. */
const CELLS = [
  ['a/', 'x.zzz', -1, 0, 'STANDARD', '', 32 + 2 * 4, LOW, DAY, DAY, 1, 10, 0],
  ['a/', 'x.zzz', -1, 0, 'STANDARD', '', 1 + 32 + 2 * 4, LOW, DAY - 5, DAY, 1, 7, 0],
  ['', 'y.zzz', -1, 0, 'STANDARD', '', 32, LOW, DAY, DAY, 1, 5, 0],
];
const FILES = [
  ['', -1, 0, 'y.zzz', '', 0, 0, 0, 1, 0, 5, WRITTEN, WRITTEN],
  ['a/', -1, 0, 'x.zzz', '', 0, 0, 0, 1, 0, 10, WRITTEN, WRITTEN],
  ['a/', -1, 1, 'x.zzz', '', 0, 0, 0, 1, 0, 7, WRITTEN - 432_000_000, WRITTEN - 432_000_000],
];
/** As rowsQuery gives them, in no order. */
const ROWS = [
  ['a/x.zzz', 'v1', 16, 7, WRITTEN - 432_000_000, 'STANDARD', '', WRITTEN, null, ''],
  ['a/x.zzz', 'v2', 1 + 16, 10, WRITTEN, 'STANDARD', '', WRITTEN, null, 'abc'],
];

let folder: string;
let stub: TrinoStub;
let rows: StubAnswer = { pages: [ROWS] };
beforeEach(async () => {
  rows = { pages: [ROWS] };
  folder = mkdtempSync(join(tmpdir(), 'isotherm-follow-up-'));
  stub = await startTrinoStub((sql) => {
    if (sql.includes('information_schema')) return { pages: [COLUMNS] };
    if (sql.includes('$path')) return { pages: [[['a.parquet', 3, '', '', 100]]] };
    if (sql.includes('AS first_ms')) return { pages: [FILES] };
    return sql.includes('GROUP BY dir') ? { pages: [CELLS] } : rows;
  });
  const source = {
    kind: 'table',
    address: `${stub.address}/hive.inv.all`,
    bucket: 'ml',
    asOf: '2026-11-21T00:00:00.000Z',
    confirm: 'any',
  } as const;
  const scanned = await call('index.scan', { source, index: index(), region: 'us-east-1' });
  expect(scanned.ok ? null : scanned.error).toBeNull();
});
afterEach(async () => {
  await stub.stop();
  rmSync(folder, { recursive: true, force: true });
});

const index = (): string => join(folder, 'index.db');
const dispatch = createDispatch({
  environment: { version: 'test', dataDir: tmpdir(), resourcesDir: RESOURCES, now: () => new Date('2026-11-22T00:00:00.000Z') },
  handlers: HANDLERS,
  log: (line) => void process.stderr.write(`${line}\n`),
});
async function call<M extends MethodName>(method: M, params: ParamsIn<M>): Promise<Result<ResultOf<M>>> {
  const pause = { paused: false, subscribe: () => () => undefined };
  return (await dispatch({ method, params, signal: new AbortController().signal, pause, progress: () => undefined })) as Result<
    ResultOf<M>
  >;
}
const asked = (): string[] => stub.statements.filter((sql) => sql.includes('retain_until, e_tag'));

test('a directory is listed with rows that are fetched for it alone, and only once', async () => {
  const listed = await call('tree.children', { index: index(), prefix: 'a/' });
  expect(listed.ok && listed.value.nodes.map(({ path, version }) => [path, version?.versionId, version?.isLatest])).toEqual([
    ['a/x.zzz', 'v2', true],
    ['a/x.zzz', 'v1', false],
  ]);
  expect(asked()).toHaveLength(1);
  expect(asked()[0]).toContain(`starts_with("key", 'a/') AND strpos(substr("key", 3), '/') = 0`);
  await call('tree.children', { index: index(), prefix: 'a/', sort: 'name' });
  expect(asked()).toHaveLength(1);
});

test('the manifest of a job is made of rows that are fetched for it; nothing is written without them', async () => {
  const manifestFile = join(folder, 'manifest.csv');
  const order: ParamsIn<'job.plan'> = {
    index: index(),
    bucket: 'ml',
    account: '111122223333',
    operation: { kind: 'untag' },
    selection: { prefix: 'a/', versions: 'all', storageClasses: [] },
    roleArn: 'arn:aws:iam::111122223333:role/jobs',
    manifestPlace: { bucket: 'ml-jobs', key: 'jobs/x.manifest.csv' },
    reportPlace: { bucket: 'ml-jobs', key: 'reports/' },
    manifestFile,
  };
  rows = { pages: [], error: { errorName: 'GENERIC_INTERNAL_ERROR', errorType: 'INTERNAL_ERROR', message: 'gone' } };
  expect(await call('job.plan', order)).toMatchObject({ ok: false, error: { code: 'QueryFailed' } });
  expect(existsSync(manifestFile)).toBe(false);
  rows = { pages: [ROWS] };
  const planned = await call('job.plan', order);
  expect(planned.ok ? planned.value.versions : planned.error).toBe(2);
  expect(readFileSync(manifestFile, 'utf8')).toBe('ml,a/x.zzz,v2\nml,a/x.zzz,v1\n');
});

test('what goes through every row by itself says that they are elsewhere', async () => {
  const source = {
    kind: 'table',
    address: `${stub.address}/hive.inv.all`,
    bucket: 'ml',
    asOf: '2026-11-22T00:00:00.000Z',
    confirm: 'any',
  } as const;
  const later = await call('index.scan', { source, index: index(), region: 'us-east-1' });
  if (!later.ok) throw new Error(later.error.message);
  const before = await call('index.snapshots', { index: index() });
  const [to = '', from = ''] = before.ok ? before.value.map(({ snapshotId }) => snapshotId) : [];
  for (const answer of [
    await call('snapshots.diff', { index: index(), from, to, by: 'category' }),
    await call('objects.search', { index: index(), text: 'x' }),
    await call('index.sql', { index: index(), sql: 'SELECT count(key) AS n FROM objects' }),
  ]) {
    expect(answer).toMatchObject({ ok: false, error: { code: 'RowsElsewhere' } });
  }
});

test('a question that needs no rows asks for none', async () => {
  expect(await call('index.summary', { index: index(), by: 'category' })).toMatchObject({ ok: true });
  expect(asked()).toHaveLength(0);
});

test('refuse-failed query: its failure is the answer, and the question can be asked again', async () => {
  rows = { pages: [], error: { errorName: 'GENERIC_INTERNAL_ERROR', errorType: 'INTERNAL_ERROR', message: 'gone' } };
  expect(await call('tree.children', { index: index(), prefix: 'a/' })).toMatchObject({ ok: false, error: { code: 'QueryFailed' } });
  rows = { pages: [ROWS] };
  expect(await call('tree.children', { index: index(), prefix: 'a/' })).toMatchObject({ ok: true });
});

test('refuse-a table that has changed: a key of a directory that was not there is told', async () => {
  rows = { pages: [[['b/new', 'v', 1, 1, WRITTEN, 'STANDARD', '', WRITTEN, null, '']]] };
  expect(await call('tree.children', { index: index(), prefix: 'a/' })).toMatchObject({ ok: false, error: { code: 'TableShape' } });
});

test('refuse-a server that is gone', async () => {
  await stub.stop();
  expect(await call('tree.children', { index: index(), prefix: 'a/' })).toMatchObject({
    ok: false,
    error: { code: 'EndpointUnreachable' },
  });
});
