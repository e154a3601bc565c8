import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Result } from '../../../src/contract/result.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { dropSnapshots } from '../../../src/main/snapshots/drop.ts';
import { refresh } from '../../../src/main/snapshots/refresh.ts';
import { scan } from '../../../src/main/sources/scan.ts';
import { computedStore } from '../../servers/s3-stub/store.ts';
import { type Stub, startStub } from '../../servers/s3-stub/stub.ts';
import { META, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';
import { line, md5, put, writeReportFolder } from '../../support/report-folder.ts';

const signal = new AbortController().signal;
let folder: string;
let index: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-snapshots-'));
  index = join(folder, 'x.db');
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const ids = (): string[] =>
  value(openIndex(index))
    .snapshots()
    .map(({ snapshotId }) => snapshotId);
const drop = (...snapshotIds: string[]) => dropSnapshots({ index, snapshotIds, resourcesDir: RESOURCES, signal });

describe('dropping snapshots', () => {
  const rowsOf = (i: number) => Array.from({ length: 4_000 }, (_, k) => row(`runs/${i}/checkpoint-${k % 9}/shard-${k}.pt`));
  const three = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      await writeIndex(index, rowsOf(i), { meta: { ...META, asOfMs: META.asOfMs + i, manifestMd5: `m${i}` }, batchRows: 4_000 });
    }
  };

  it('leaves nothing of them, gives their room back, and never gives their numbers again', async () => {
    await three();
    const before = statSync(index).size;
    const left = value(await drop('1', '3'));
    expect(left).toMatchObject({ dropped: ['1', '3'], left: 1, bytesBefore: before });
    expect(left.bytesAfter).toBe(statSync(index).size);
    // As large as if only that one had ever been in it, but for a page or two.
    const alone = join(folder, 'alone', 'y.db');
    mkdirSync(join(folder, 'alone'));
    await writeIndex(alone, rowsOf(1), { batchRows: 4_000 });
    expect(left.bytesAfter).toBeLessThanOrEqual(statSync(alone).size + (64 << 10));
    rmSync(join(folder, 'alone'), { recursive: true });
    expect(ids()).toEqual(['2']);
    const database = new Database(index, { readonly: true });
    const tables = database
      .prepare("SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c ON c.name = 'snapshot_id' WHERE t.type = 'table'")
      .all();
    expect(tables.length).toBeGreaterThan(5);
    for (const { name } of tables)
      expect(database.prepare(`SELECT count(*) AS n FROM ${String(name)} WHERE snapshot_id <> 2`).get(), String(name)).toEqual({ n: 0 });
    database.close();
    expect(value(value(openIndex(index)).cube('2')).cellCount).toBeGreaterThan(0);
    await writeIndex(index, [row('a')], { meta: { ...META, manifestMd5: 'next' } });
    expect(ids()).toEqual(['4', '2']);
    expect(readdirSync(folder)).toEqual(['x.db']);
  });

  it('refuse-what-is-not-there, with nothing changed', async () => {
    await three();
    const before = md5(readFileSync(index));
    expect(await drop('1', '9')).toMatchObject({ ok: false, error: { code: 'SnapshotNotFound' } });
    expect(md5(readFileSync(index))).toBe(before);
    index = join(folder, 'none.db');
    expect(await drop('1')).toMatchObject({ ok: false, error: { code: 'IndexNotFound' } });
    expect(readdirSync(folder)).toEqual(['x.db']);
  });

  it('may be all of them', async () => {
    await three();
    expect(value(await drop('1', '2', '3', '3'))).toMatchObject({ left: 0 });
    expect(ids()).toEqual([]);
  });
});

const again = (snapshotId?: string, remote?: object) =>
  refresh({
    index,
    snapshotId,
    remote,
    resourcesDir: RESOURCES,
    now: () => new Date('2026-11-21T00:00:00Z'),
    signal,
    progress: () => undefined,
  });
const scanned = (location: string) =>
  scan({
    source: { kind: 'inventory', location },
    index,
    region: undefined,
    resourcesDir: RESOURCES,
    now: () => new Date('2026-11-21T00:00:00Z'),
    signal,
    progress: () => undefined,
  });

describe('refreshing', () => {
  it.each([
    ['the folder of the configuration', 'inv/src/all'],
    ['a prefix above', 'inv'],
    ['the report itself', 'inv/src/all/2024-05-07T01-00Z'],
    ['its manifest', 'inv/src/all/2024-05-07T01-00Z/manifest.json'],
  ])('from %s takes a newer report once, and nothing where there is none', async (_name, below) => {
    const root = join(folder, 'copy');
    writeReportFolder(root);
    value(await scanned(join(root, below)));
    const before = md5(readFileSync(index));
    // Nobody looks at the data files of a report that is known.
    const part = join(root, 'inv/src/all/data/a.csv.gz');
    const bytes = readFileSync(part);
    writeFileSync(part, 'spoiled');
    expect(value(await again())).toMatchObject({ unchanged: true, snapshotId: '1' });
    expect(md5(readFileSync(index))).toBe(before);
    put(part, bytes);
    writeReportFolder(root, { stamp: '2024-05-08T01-00Z', parts: [['b.csv.gz', line('three')]] });
    expect(value(await again())).toMatchObject({ unchanged: false, snapshotId: '2', rows: 1 });
    expect(value(await again())).toMatchObject({ unchanged: true, snapshotId: '2' });
    expect(value(await again('1'))).toMatchObject({ unchanged: true, snapshotId: '2' });
  });

  it('of a listing lists again, at once from many places', async () => {
    let stub: Stub = await startStub({ buckets: { data: computedStore(40_000, (i) => `shard-${String(i).padStart(8, '0')}`) } });
    try {
      const remote = { endpoint: stub.endpoint };
      value(
        await scan({
          source: { kind: 'listing', bucket: 'data', prefix: 'shard', remote },
          index,
          region: undefined,
          resourcesDir: RESOURCES,
          now: () => new Date(),
          signal,
          progress: () => undefined,
        }),
      );
      await stub.close();
      stub = await startStub({
        buckets: { data: computedStore(40_500, (i) => `shard-${String(i).padStart(8, '0')}`) },
        fault: () => ({ delayMs: 50 }),
      });
      let first = 0;
      stub.fault = ({ query }) => {
        if (query.has('start-after')) first++;
        return { delayMs: 50 };
      };
      expect(value(await again(undefined, { endpoint: stub.endpoint }))).toMatchObject({
        rows: 40_500,
        snapshotId: '2',
        source: 's3://data/shard',
      });
      // Ten places from the snapshot before, known before the first answer.
      expect(first).toBeGreaterThanOrEqual(10);
      expect(stub.mostInFlight).toBeGreaterThanOrEqual(10);
    } finally {
      await stub.close();
    }
  });
});
