import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/main/index/digest.ts';
import { packNumbers, unpackNumbers } from '../../../src/main/index/packed-numbers.ts';
import { verifyIndex } from '../../../src/main/index/verify/verify.ts';
import { daysAgo, META, type PlainRow, row, writeIndex } from '../../support/index-rows.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const HEX = 'd41d8cd98f00b204e9800998ecf8427e';
const ROWS: PlainRow[] = Array.from({ length: 400 }, (_, i) => {
  const key = `runs/r${i % 5}/checkpoint-${i % 7}/é-${i >> 1}.pt`;
  return row(key, {
    versionId: `v${i}`,
    state: i % 2 === 1 ? 'noncurrent' : i % 12 === 0 ? 'marker' : 'current',
    sizeBytes: i * 1000,
    lastModifiedMs: daysAgo(i % 2 === 1 ? 100 + i : i % 50),
    eTag: i % 3 === 0 ? HEX : i % 3 === 1 ? `${HEX}-4` : 'odd',
    storageClass: i % 4 === 0 ? 'GLACIER' : 'STANDARD',
    retainUntilMs: i % 9 === 0 ? daysAgo(-100) : null,
  });
});
const folder = mkdtempSync(join(tmpdir(), 'isotherm-verify-'));
const sound = join(folder, 'sound.db');
beforeAll(async () => {
  await writeIndex(sound, [row('first')], { meta: { ...META, manifestMd5: 'first' } });
  await writeIndex(sound, ROWS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const verify = (path: string) => verifyIndex(path, new AbortController().signal, () => undefined);

/** Every row of every table; null where SQLite cannot read the file. */
function contents(path: string): string | null {
  let database: Database | undefined;
  try {
    database = new Database(path, { readonly: true });
    const tables = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    return JSON.stringify([
      tables,
      ...tables.map(({ name }) =>
        (database as Database)
          .prepare(`SELECT * FROM "${name}"`)
          .all()
          .map((one) => JSON.stringify(one))
          .sort(),
      ),
    ]);
  } catch {
    return null;
  } finally {
    database?.close();
  }
}

test('an index that was left alone is what was written', () => {
  const verified = verify(sound);
  expect(verified).toEqual({
    ok: true,
    value: {
      isSound: true,
      damages: [],
      damageCount: 0,
      snapshots: [
        { snapshotId: '1', rowsChecked: 1, isSound: true },
        { snapshotId: '2', rowsChecked: 400, isSound: true },
      ],
    },
  });
});

test('a flipped bit is found wherever it changes what the file says', () => {
  const bytes = readFileSync(sound);
  // Most of a small file is room that nothing uses.
  const used = [...bytes.keys()].filter((at) => bytes[at] !== 0);
  const before = contents(sound);
  let changed = 0;
  for (let run = 0, seed = 77; run < propertyRuns(60, 3000); run++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const at = used[seed % used.length] as number;
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] as number) ^ (1 << ((seed >>> 28) & 7));
    // A name of its own: readers are kept by file.
    const path = join(folder, `flipped-${run}.db`);
    writeFileSync(path, damaged);
    const after = contents(path);
    const verified = verify(path);
    if (after !== before) {
      changed += 1;
      if (verified.ok && verified.value.isSound) throw new Error(`a flip at ${at} was not found`);
      if (!verified.ok) expect(['IndexUnreadable', 'IndexNewer']).toContain(verified.error.code);
    }
    rmSync(path);
  }
  expect(changed).toBeGreaterThan(propertyRuns(60, 3000) / 2);
});

describe('numbers that were changed together with their checksums', () => {
  /** Changes a copy as whoever writes indexes could, and leaves checksums and digest right. */
  function changed(name: string, change: (database: Database) => void): ReturnType<typeof verify> {
    const path = join(folder, `${name}.db`);
    copyFileSync(sound, path);
    const database = new Database(path);
    change(database);
    for (const table of ['segments', 'tree_columns', 'cell_columns', 'unit_columns']) {
      for (const { rowid, data } of database.prepare(`SELECT rowid, data FROM ${table}`).all()) {
        database.prepare(`UPDATE ${table} SET crc32 = ? WHERE rowid = ?`).run(crc32(data as Uint8Array), Number(rowid));
      }
    }
    for (const id of [1, 2])
      database.prepare('UPDATE snapshot_digests SET digest = ? WHERE snapshot_id = ?').run(digestOf(database, id), id);
    database.close();
    return verify(path);
  }
  function column(database: Database, table: string, name: string, change: (numbers: Float64Array) => void, count: number): void {
    const where = `snapshot_id = 2 AND column_name = '${name}'`;
    const data = database.prepare(`SELECT data FROM ${table} WHERE ${where}`).get()?.data as Uint8Array;
    const numbers = unpackNumbers(data, new Float64Array(count));
    change(numbers);
    database.prepare(`UPDATE ${table} SET data = ? WHERE ${where}`).run(packNumbers(numbers));
  }
  const plusOne = (numbers: Float64Array): void => {
    numbers[7] = (numbers[7] as number) + 1;
  };
  const swapTwo = (numbers: Float64Array): void => {
    const at = numbers.findIndex((value, i) => i > 0 && value !== numbers[i - 1]);
    [numbers[at - 1], numbers[at]] = [numbers[at] as number, numbers[at - 1] as number];
  };
  test.each<[string, (database: Database) => void, RegExp]>([
    ['nothing', () => undefined, /^$/],
    ['a size', (database) => column(database, 'segments', 'sizeBytes', plusOne, 400), /bytes, its record says|The cube has other sums/],
    [
      'a time',
      (database) => column(database, 'segments', 'lastModifiedMs', (n) => n.set([(n[8] as number) - 86_400_000 * 3], 8), 400),
      /The cube/,
    ],
    ['two times of a key', (database) => column(database, 'segments', 'lastModifiedMs', swapTwo, 400), /newer version|The cube/],
    ['a kind', (database) => column(database, 'segments', 'kind', (n) => n.set([9], 3), 400), /The cube|kind/],
    ['an unknown kind', (database) => column(database, 'segments', 'kind', (n) => n.set([200], 3), 400), /a kind is not known/],
    ['an unknown class', (database) => column(database, 'segments', 'classId', (n) => n.fill(77), 400), /a storage class is not known/],
    ['a shared beginning', (database) => column(database, 'segments', 'nameShared', (n) => n.set([0], 9), 400), /row|key/],
    ['a directory', (database) => column(database, 'tree_columns', 'parent', (n) => n.set([0], 3), 41), /Directory/],
    [
      'a cell',
      (database) => column(database, 'cell_columns', 'bytes', plusOne, cells(database)),
      /The cube has other sums|other sums than its cells/,
    ],
    ['the record', (database) => void database.exec('UPDATE snapshots SET bytes = bytes + 1 WHERE id = 2'), /its record says/],
    ['a unit', (database) => column(database, 'unit_columns', 'bytes', plusOne, units(database)), /The unit/],
  ])('refuse-%s', (name, change, words) => {
    const verified = changed(name.replaceAll(' ', '-'), change);
    if (!verified.ok) throw new Error(verified.error.message);
    const { isSound, damages } = verified.value;
    expect(isSound).toBe(name === 'nothing');
    expect(damages[0]?.words ?? '').toMatch(words);
    for (const { snapshotId } of damages) expect(snapshotId).toBe('2');
  });
  const cells = (database: Database) =>
    Number(database.prepare('SELECT sum(cell_count) n FROM cell_pieces WHERE snapshot_id = 2').get()?.n);
  const units = (database: Database) =>
    Number(database.prepare("SELECT sum(entries) n FROM unit_pieces WHERE snapshot_id = 2 AND list = 'units'").get()?.n);
});

test('refuse-what-is-no-index', () => {
  const path = join(folder, 'text.db');
  writeFileSync(path, 'not an index');
  const verified = verify(path);
  expect(!verified.ok && verified.error.code).toBe('IndexUnreadable');
});
