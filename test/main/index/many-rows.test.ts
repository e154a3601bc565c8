import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openIndex } from '../../../src/main/index/reader.ts';
import { verifyIndex } from '../../../src/main/index/verify/verify.ts';
import { findKeys } from '../../support/find-keys.ts';
import { AS_OF_MS, daysAgo, inFolder, type PlainRow, row, writeIndex } from '../../support/index-rows.ts';

const KEYS = 90_000;

/** More rows than a segment holds, a directory that alone fills more than one, and every key's versions far apart. */
function manyRows(): PlainRow[] {
  const rows: PlainRow[] = [];
  const key = (k: number): string => (k % 5 === 0 ? `deep/${k % 700}/x/${k}` : `wide/part-${k}.parquet`);
  for (let k = 0; k < KEYS; k++) rows.push(row(key(k), { versionId: `new${k}`, sizeBytes: k, lastModifiedMs: daysAgo(k % 50) }));
  for (let k = KEYS - 1; k >= 0; k -= 3) {
    rows.push(row(key(k), { versionId: `old${k}`, state: 'noncurrent', sizeBytes: 7, lastModifiedMs: daysAgo(100 + (k % 90)) }));
  }
  // A fixed shuffle, so that no part is in order.
  for (let i = rows.length - 1, seed = 99; i > 0; i--) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const other = seed % (i + 1);
    [rows[i], rows[other]] = [rows[other] as PlainRow, rows[i] as PlainRow];
  }
  return rows;
}

test('rows in any order, of more segments than one, keep their directories, versions and clocks', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'x.db');
    const rows = manyRows();
    expect(rows.length).toBeGreaterThan(110_000);
    const snapshot = await writeIndex(path, rows, { batchRows: 10_000 });
    expect(snapshot.warnings).toEqual([]);
    const reader = openIndex(path);
    if (!reader.ok) throw new Error(reader.error.code);
    const cube = reader.value.cube('1');
    if (!cube.ok) throw new Error(cube.error.code);
    const { tree, cellCount, directory, bytes, count, clockDay, state } = cube.value;
    for (let cell = 1; cell < cellCount; cell++) expect(directory[cell]! >= directory[cell - 1]!).toBe(true);
    expect(count.reduce((sum, own) => sum + own, 0)).toBe(rows.length);
    expect(bytes.reduce((sum, own) => sum + own, 0)).toBe(rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    const byId = new Map(rows.map((one) => [one.versionId, one]));
    let seen = 0;
    for (const place of ['wide/', 'deep/', ...Array.from({ length: 700 }, (_, i) => `deep/${i}/x/`)]) {
      const at = tree.find(place);
      if (at < 0) continue;
      const versions = reader.value.versionsIn('1', at);
      if (!versions.ok) throw new Error(versions.error.code);
      const { value } = versions;
      for (let i = 0; i < value.rows; i++) {
        const id = value.versionId(i) as string;
        const one = byId.get(id) as PlainRow;
        const clockMs = one.state === 'current' ? one.lastModifiedMs : byId.get(id.replace('old', 'new'))?.lastModifiedMs;
        if (
          place + value.name(i) !== one.key ||
          value.sizeBytes[i] !== one.sizeBytes ||
          value.lastModifiedMs[i] !== one.lastModifiedMs ||
          value.clockMs[i] !== clockMs
        ) {
          throw new Error(`${place}${value.name(i)} is not what was written`);
        }
        if (i > 0 && Buffer.compare(Buffer.from(value.name(i - 1)), Buffer.from(value.name(i))) > 0)
          throw new Error('versions are out of order');
        seen += 1;
      }
    }
    expect(seen).toBe(rows.length);
    const clocks = new Set<number>();
    for (let cell = 0; cell < cellCount; cell++) if (state[cell] === 1) clocks.add(Math.floor(AS_OF_MS / 86_400_000) - clockDay[cell]!);
    // The midnight after the write.
    expect(Math.max(...clocks)).toBe(48);
    const verified = verifyIndex(path, new AbortController().signal, () => undefined);
    expect(verified.ok && verified.value.damages).toEqual([]);
    // However short the time, every stretch gets on, and all of them together find each key once with all its rows.
    for (const [text, limit] of [
      ['7', 1000],
      ['deep/69', 999],
      ['part-89999', 5],
    ] as const) {
      let time = 0;
      const found = (await findKeys(path, { text, limit }, () => (time += 50))).flatMap(({ hits }) => hits);
      const rowsOf = new Map<string, number>();
      for (const { key } of rows) if (key.includes(text)) rowsOf.set(key, (rowsOf.get(key) ?? 0) + 1);
      expect(found.length).toBe(rowsOf.size);
      for (const hit of found) if (rowsOf.get(hit.key) !== hit.rows) throw new Error(`${hit.key} has ${hit.rows} rows`);
    }
  });
});
