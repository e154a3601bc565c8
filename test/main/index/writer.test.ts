import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { BatchBuilder } from '../../../src/core/inventory/batch-builder.ts';
import { storageFailure } from '../../../src/main/index/database.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { openIndexWriter } from '../../../src/main/index/writer.ts';
import { batchOf, inFolder, META, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const signal = new AbortController().signal;
const CHILD = fileURLToPath(new URL('./children/hanging-writer.ts', import.meta.url));

async function refusal(path: string): Promise<string | null> {
  const writer = await openIndexWriter(path, RESOURCES);
  if (!writer.ok) return writer.error.code;
  writer.value.abandon();
  return null;
}

test('a second snapshot becomes the newest and leaves the first as it was', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    await writeIndex(path, [row('a/1'), row('a/2')]);
    await writeIndex(path, [row('b/1', { sizeBytes: 5 })], { meta: { ...META, asOfMs: META.asOfMs - 86_400_000, manifestMd5: null } });
    const reader = openIndex(path);
    if (!reader.ok) throw new Error(reader.error.code);
    expect(reader.value.snapshots().map(({ snapshotId, rows, bytes }) => ({ snapshotId, rows, bytes }))).toEqual([
      { snapshotId: '2', rows: 1, bytes: 5 },
      { snapshotId: '1', rows: 2, bytes: 2000 },
    ]);
    const newest = reader.value.snapshot();
    expect(newest.ok && newest.value.snapshotId).toBe('2');
    const first = reader.value.cube('1');
    expect(first.ok && first.value.tree.find('a/')).toBe(1);
    const missing = reader.value.snapshot('9');
    expect(missing.ok ? null : missing.error.code).toBe('SnapshotNotFound');
  });
});

test('the same report is found again, another one is not', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    const written = await writeIndex(path, [row('a/1')]);
    const before = readFileSync(path);
    const writer = await openIndexWriter(path, RESOURCES);
    if (!writer.ok) throw new Error(writer.error.code);
    expect(writer.value.findSnapshot(META)).toEqual(written);
    expect(writer.value.findSnapshot({ ...META, manifestMd5: 'other' })).toBeUndefined();
    expect(writer.value.findSnapshot({ ...META, asOfMs: 0 })).toBeUndefined();
    expect(writer.value.findSnapshot({ ...META, bucket: 'other' })).toBeUndefined();
    writer.value.abandon();
    writer.value.abandon();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['x.db']);
  });
});

test('one writer at a time: the second is told that the index is busy, until the first is done', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    const first = await openIndexWriter(path, RESOURCES);
    if (!first.ok) throw new Error(first.error.code);
    expect(await refusal(path)).toBe('IndexBusy');
    first.value.abandon();
    expect(await refusal(path)).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('a writer that is killed leaves the index as it was, and the next one takes over and tidies up', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    await writeIndex(path, [row('a/1')]);
    const before = readFileSync(path);
    const child = spawn(process.execPath, [CHILD, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(await refusal(path)).toBe('IndexBusy');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect(readdirSync(folder).length).toBeGreaterThan(2);
    expect(readFileSync(path).equals(before)).toBe(true);
    await writeIndex(path, [row('b/1')], { meta: { ...META, manifestMd5: 'second' } });
    expect(readdirSync(folder)).toEqual(['x.db']);
    const reader = openIndex(path);
    expect(reader.ok && reader.value.snapshots().length).toBe(2);
  });
});

test('a lock file that is no lock holds nobody up', async () => {
  await inFolder(async (folder) => {
    writeFileSync(
      join(folder, 'x.db.lock'),
      'pid 4711 was here, and this is longer than the header of any database file would be. '.repeat(20),
    );
    expect(await refusal(join(folder, 'x.db'))).toBeNull();
  });
});

test('files that are no index are refused and stay as they were', async () => {
  await inFolder(async (folder) => {
    const text = join(folder, 'text.db');
    writeFileSync(text, 'not a database. '.repeat(1000));
    const foreign = join(folder, 'foreign.db');
    new Database(foreign).exec('CREATE TABLE t (a)').close();
    const newer = join(folder, 'newer.db');
    await writeIndex(newer, [row('a/1')]);
    new Database(newer).exec('PRAGMA user_version = 9999').close();
    const cut = join(folder, 'cut.db');
    await writeIndex(
      cut,
      Array.from({ length: 3000 }, (_, i) => row(`a/${i}`)),
      { batchRows: 3000 },
    );
    writeFileSync(cut, readFileSync(cut).subarray(0, 20_000));
    const cases = [
      [text, 'IndexUnreadable'],
      [foreign, 'IndexUnreadable'],
      [newer, 'IndexNewer'],
      [folder, 'IndexUnreadable'],
    ] as const;
    for (const [path, code] of cases) {
      const before = path === folder ? null : readFileSync(path);
      const read = openIndex(path);
      expect(read.ok ? null : read.error.code, path).toBe(code);
      if (!before) continue;
      expect(await refusal(path), path).toBe(code);
      expect(readFileSync(path).equals(before)).toBe(true);
    }
    const damaged = openIndex(cut);
    const cube = damaged.ok ? damaged.value.cube('1') : damaged;
    expect(cube.ok ? null : cube.error.code).toBe('IndexUnreadable');
    const nothing = openIndex(join(folder, 'absent.db'));
    expect(nothing.ok ? null : nothing.error.code).toBe('IndexNotFound');
    expect(await refusal(join(folder, 'no-such-folder', 'x.db'))).toBe('FileUnwritable');
  });
});

test('a folder where the index should be is refused', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    mkdirSync(path);
    expect(await refusal(path)).toBe('FileUnwritable');
    expect(readdirSync(folder)).toEqual(['x.db']);
  });
});

test('an index behind a link is replaced where it lies, and the link stays a link', async () => {
  await inFolder(async (folder) => {
    const real = join(folder, 'real.db');
    const link = join(folder, 'link.db');
    await writeIndex(real, [row('a/1')]);
    symlinkSync(real, link);
    await writeIndex(link, [row('a/2')], { meta: { ...META, manifestMd5: 'second' } });
    const reader = openIndex(real);
    expect(reader.ok && reader.value.snapshots().length).toBe(2);
  });
});

test('a cancelled scan says so and changes nothing', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    await writeIndex(path, [row('a/1')]);
    const before = readFileSync(path);
    const writer = await openIndexWriter(path, RESOURCES);
    if (!writer.ok) throw new Error(writer.error.code);
    const builder = writer.value.begin({ ...META, manifestMd5: 'second' });
    builder.add(batchOf([row('b/1', { state: 'noncurrent' })], new BatchBuilder()));
    const controller = new AbortController();
    controller.abort();
    const finished = builder.finish({ coverage: 1, warnings: [] }, controller.signal);
    expect(finished.ok ? null : finished.error.code).toBe('Cancelled');
    writer.value.abandon();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['x.db']);
  });
});

test('an open reader goes on with the index it opened, and the next call sees the new one', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    await writeIndex(path, [row('a/1')]);
    const before = openIndex(path);
    await writeIndex(path, [row('a/1')], { meta: { ...META, manifestMd5: 'second' } });
    expect(before.ok && before.value.cube('1').ok).toBe(true);
    const after = openIndex(path);
    expect(after.ok && after.value.snapshots().length).toBe(2);
    const again = openIndex(path);
    expect(again.ok && after.ok && again.value === after.value).toBe(true);
  });
});

test('an empty report makes an empty snapshot', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    const snapshot = await writeIndex(path, []);
    expect(snapshot).toMatchObject({ rows: 0, versions: 0, deleteMarkers: 0, bytes: 0 });
    const reader = openIndex(path);
    const cube = reader.ok ? reader.value.cube('1') : reader;
    expect(cube.ok && cube.value.tree.count).toBe(1);
  });
});

test.each([
  ['SQLITE_FULL', 'DiskFull'],
  ['ENOSPC', 'DiskFull'],
  ['EACCES', 'FileUnwritable'],
  ['SQLITE_IOERR_WRITE', 'FileUnwritable'],
  ['SQLITE_NOTADB', 'IndexUnreadable'],
  ['SQLITE_CORRUPT_VTAB', 'IndexUnreadable'],
  ['SQLITE_BUSY', 'IndexBusy'],
])('%s of the system is %s', (code, expected) => {
  expect(storageFailure(Object.assign(new Error('raw words'), { code }), '/i.db')).toMatchObject({ code: expected, detail: 'raw words' });
});

test('a fault of our own is thrown on, not dressed up as a failure of the disk', () => {
  expect(() => storageFailure(new TypeError('a bug'), '/i.db')).toThrow('a bug');
});

test('a full disk is DiskFull and leaves the index as it was', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    await writeIndex(path, [row('a/1')]);
    const before = readFileSync(path);
    // As little room as the index takes now: SQLite then says what it says on a full disk.
    const writer = await openIndexWriter(path, RESOURCES);
    if (!writer.ok) throw new Error(writer.error.code);
    const { database } = (writer.value as unknown as { parts: { database: Database } }).parts;
    database.pragma(`max_page_count = ${String(database.pragma('page_count', { simple: true }))}`);
    const builder = writer.value.begin({ ...META, manifestMd5: 'second' });
    builder.add(
      batchOf(
        Array.from({ length: 5000 }, (_, i) =>
          row(`b/${(i * 2_654_435_761) % 1_000_003}`, { eTag: (i * 2_654_435_761).toString(16).padStart(32, '7') }),
        ),
        new BatchBuilder(),
      ),
    );
    const finished = builder.finish({ coverage: 1, warnings: [] }, signal);
    expect(finished.ok ? null : finished.error.code).toBe('DiskFull');
    writer.value.abandon();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['x.db']);
  });
});
