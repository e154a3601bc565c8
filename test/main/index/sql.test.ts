import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SqlAnswer } from '../../../src/contract/sql.ts';
import { DIRECTORY_COLUMNS, OBJECT_COLUMNS, UNIT_COLUMNS } from '../../../src/main/index/sql/columns.ts';
import { runSql } from '../../../src/main/index/sql/run-sql.ts';
import { daysAgo, META, type PlainRow, row, writeIndex } from '../../support/index-rows.ts';
import { md5 } from '../../support/report-folder.ts';

const HEX = 'd41d8cd98f00b204e9800998ecf8427e';
const ROWS: PlainRow[] = [
  row('runs/r1/checkpoint-100/model.safetensors', { versionId: 'a', sizeBytes: 5 * 2 ** 40, eTag: `${HEX}-7`, isHeld: true }),
  row('runs/r1/checkpoint-100/optimizer.bin', { versionId: 'b', sizeBytes: 2 ** 31 + 1, eTag: HEX, retainUntilMs: daysAgo(-40) }),
  row('runs/r1/checkpoint-200/model.safetensors', { versionId: 'c', sizeBytes: 7 }),
  row("it's/=1 é\u202e", { versionId: 'd', sizeBytes: 3, storageClass: 'GLACIER' }),
  row("it's/=1 é\u202e", { versionId: 'e', state: 'noncurrent', sizeBytes: 2, lastModifiedMs: daysAgo(30), isBlocked: true }),
  row('it%2Fs', { versionId: '', sizeBytes: 0 }),
  row('gone', { versionId: 'f', state: 'marker', lastModifiedMs: daysAgo(1) }),
  ...Array.from({ length: 300 }, (_, i) => row(`data/${i % 7}/part-${i}.parquet`, { versionId: `p${i}`, sizeBytes: i })),
];
const folder = mkdtempSync(join(tmpdir(), 'isotherm-sql-'));
const index = join(folder, 'x.db');
beforeAll(async () => {
  await writeIndex(index, [row('first', { sizeBytes: 11 })], { meta: { ...META, manifestMd5: 'first' } });
  await writeIndex(index, ROWS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (sql: string, limit = 1000, signal = new AbortController().signal) => runSql(index, sql, limit, signal);
function ask(sql: string, limit?: number): SqlAnswer {
  const answer = run(sql, limit);
  if (!answer.ok) throw new Error(`${answer.error.message} (${answer.error.code})`);
  return answer.value;
}

test('objects has every row once, with every field of it', () => {
  const { columns, rows } = ask('SELECT * FROM objects');
  expect(columns).toEqual(Object.keys(OBJECT_COLUMNS));
  const found = rows.map((values) => Object.fromEntries(columns.map((name, at) => [name, values[at]])));
  expect(found.length).toBe(ROWS.length);
  for (const one of ROWS) {
    const isMarker = one.state === 'marker';
    expect(found.filter(({ key, version_id }) => key === one.key && version_id === (one.versionId || null))).toEqual([
      expect.objectContaining({
        snapshot_id: 2,
        state: one.state,
        size_bytes: isMarker ? 0 : one.sizeBytes,
        last_modified_ms: one.lastModifiedMs,
        last_modified: new Date(one.lastModifiedMs).toISOString(),
        storage_class: isMarker ? null : one.storageClass,
        etag: one.eTag || null,
        is_held: one.isHeld ? 1 : 0,
        is_replication_blocked: one.isBlocked ? 1 : 0,
        retain_until: one.retainUntilMs === null ? null : new Date(one.retainUntilMs).toISOString(),
        noncurrent_since: one.state === 'noncurrent' ? new Date(daysAgo(10)).toISOString() : null,
        directory: one.key.slice(0, one.key.lastIndexOf('/') + 1),
        name: one.key.slice(one.key.lastIndexOf('/') + 1),
      }),
    ]);
  }
});

test('columns that are not named are not missed, whatever is named', () => {
  const names = Object.keys(OBJECT_COLUMNS);
  const all = ask('SELECT * FROM objects').rows;
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }), fc.constantFrom(...names), (chosen, order) => {
      const upper = chosen.map((name, i) => (i % 2 === 0 ? name.toUpperCase() : `o."${name}"`));
      const { rows } = ask(
        `WITH o AS (SELECT ${names.join(',')} FROM objects) SELECT ${upper.join(', ')} FROM o ORDER BY ${order}, key, version_id`,
      );
      const by = (values: readonly unknown[], name: string) => values[names.indexOf(name)];
      expect(rows.length).toBe(all.length);
      const sortable = (list: readonly (readonly unknown[])[]) => list.map((values) => JSON.stringify(values)).sort();
      expect(sortable(rows)).toEqual(sortable(all.map((values) => chosen.map((name) => by(values, name)))));
    }),
    { numRuns: 30, seed: 2 },
  );
  expect(ask('SELECT count(*), sum(size_bytes) FROM objects').rows).toEqual([
    [ROWS.length, ROWS.reduce((sum, { sizeBytes, state }) => sum + (state === 'marker' ? 0 : sizeBytes), 0)],
  ]);
  expect(ask('SELECT typeof(size_bytes), size_bytes / 2 FROM objects WHERE size_bytes = 7').rows).toContainEqual(['integer', 3]);
});

test('hidden columns choose the snapshot and what keys begin with', () => {
  expect(ask('SELECT key, size_bytes FROM objects WHERE snapshot = 1').rows).toEqual([['first', 11]]);
  expect(ask('SELECT key FROM objects(1)').rows).toEqual([['first']]);
  for (const under of ['runs/', 'runs/r1/checkpoint-1', 'it', "it's/=", 'data/3/part-1', '', 'nothing', 'gone']) {
    const { rows } = ask(`SELECT key FROM objects WHERE under = '${under.replaceAll("'", "''")}' ORDER BY key`);
    const expected = ROWS.map(({ key }) => key).filter((key) => key.startsWith(under));
    expect(rows.flat().sort()).toEqual(expected.sort());
  }
  expect(ask("SELECT path, versions, bytes FROM directories WHERE under = 'runs/' ORDER BY path").rows).toEqual([
    ['runs/', 3, 5 * 2 ** 40 + 2 ** 31 + 8],
    ['runs/r1/', 3, 5 * 2 ** 40 + 2 ** 31 + 8],
    ['runs/r1/checkpoint-100/', 2, 5 * 2 ** 40 + 2 ** 31 + 1],
    ['runs/r1/checkpoint-200/', 1, 7],
  ]);
  const joined = ask(
    'SELECT u.path, sum(o.size_bytes), u.bytes FROM units u JOIN objects o ON o.unit_id = u.unit_id GROUP BY u.unit_id ORDER BY 1',
  );
  expect(joined.rows.length).toBeGreaterThan(1);
  for (const [, sum, bytes] of joined.rows) expect(sum).toBe(bytes);
  const lost = run('SELECT * FROM objects WHERE snapshot = 9');
  expect(!lost.ok && lost.error.code).toBe('SnapshotNotFound');
});

test('the tables of the file can be asked too, and what JSON cannot hold comes as text', () => {
  expect(ask('SELECT id, bucket FROM snapshots ORDER BY id').rows).toEqual([
    [1, 'ml-bucket'],
    [2, 'ml-bucket'],
  ]);
  expect(ask("SELECT 9007199254740993, 9007199254740991, -9223372036854775808, x'00ff', 1.5, 9e999, NULL, 'é'").rows).toEqual([
    ['9007199254740993', 9007199254740991, '-9223372036854775808', '00ff', 1.5, 'Infinity', null, 'é'],
  ]);
  expect(ask('SELECT key FROM objects', 5)).toMatchObject({ rows: { length: 5 }, isCut: true });
  expect(ask('SELECT key FROM objects', ROWS.length).isCut).toBe(false);
});

test.each([
  'DELETE FROM snapshots',
  'UPDATE snapshots SET bucket = 1',
  'INSERT INTO meta VALUES (1, 2)',
  'WITH a AS (SELECT 1) DELETE FROM snapshots',
  'WITH a AS (SELECT 1) INSERT INTO meta SELECT 1, 2',
  'CREATE TABLE x (y)',
  'CREATE TEMP TABLE x (y)',
  'DROP TABLE snapshots',
  "ATTACH '/tmp/other.db' AS other",
  'PRAGMA user_version = 3',
  'PRAGMA query_only = OFF',
  "VACUUM INTO '/tmp/copy.db'",
  '/* SELECT */ DELETE FROM snapshots',
  '-- SELECT\nDELETE FROM snapshots',
  'SELECT 1; DELETE FROM snapshots',
  'BEGIN',
  '',
  '   -- nothing',
  'SELECT nothing FROM objects',
  'SELECT * FROM objects WHERE under > 1',
  "SELECT load_extension('x')",
  'SELECT ((',
])('refuse-%s', (sql) => {
  const before = md5(readFileSync(index));
  const answer = run(sql);
  expect(!answer.ok && answer.error.code).toBe('Usage');
  expect(md5(readFileSync(index))).toBe(before);
});

test('a statement ends when it is cancelled', () => {
  const answer = run('SELECT count(*) FROM objects a, objects b, objects c', 1000, AbortSignal.abort());
  expect(!answer.ok && answer.error.code).toBe('Cancelled');
});

test('the page of columns names every one', () => {
  const page = readFileSync(new URL('../../../docs/sql.md', import.meta.url), 'utf8');
  for (const columns of [OBJECT_COLUMNS, DIRECTORY_COLUMNS, UNIT_COLUMNS]) {
    for (const name of Object.keys(columns)) expect(page, name).toContain(`\`${name}\``);
  }
});
