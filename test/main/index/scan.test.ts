import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MULTI } from '../../../src/core/cube/cube.ts';
import type { RowBlock } from '../../../src/core/cube/row-block.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { daysAgo, inFolder, type PlainRow, row, writeIndex } from '../../support/index-rows.ts';

const KEYS = ['a', 'a/b', 'a/b/c', 'a/b/d', 'a-b/x', 'z//', 'z//y', '\u05e9/+%2F', '=1', 'a/\u{1F525}', 'a/b/c0'];

const rowArbitrary: fc.Arbitrary<PlainRow> = fc
  .record({ key: fc.constantFrom(...KEYS), state: fc.constantFrom('noncurrent', 'noncurrent', 'old marker'), days: fc.nat(400) })
  .map(({ key, state, days }) => row(key, { state, lastModifiedMs: daysAgo(days) }));

/** Keys with at most one latest row, as in any bucket, and each row with an id of its own. */
const bucket = fc.tuple(fc.array(rowArbitrary, { maxLength: 40 }), fc.subarray(KEYS), fc.nat()).map(([rows, latest, salt]) => {
  const all = [...rows, ...latest.map((key, i) => row(key, { state: i % 4 === 3 ? 'marker' : 'current', lastModifiedMs: daysAgo(i) }))];
  return all
    .map((one, i) => ({ ...one, versionId: `v${i}` }))
    .sort((a, b) => ((Number(a.versionId.slice(1)) * 7919 + salt) % 97) - ((Number(b.versionId.slice(1)) * 7919 + salt) % 97));
});

const isLatest = (one: PlainRow): boolean => one.state === 'current' || one.state === 'marker';
const directoryOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);

/** In the order an index promises, the slow way: directories in pre-order of the tree, names by bytes, latest, then newest. */
function ordered(rows: readonly PlainRow[], find: (path: string) => number): PlainRow[] {
  return rows
    .map((one, at) => ({ one, at }))
    .sort(
      (a, b) =>
        find(directoryOf(a.one.key)) - find(directoryOf(b.one.key)) ||
        Buffer.compare(Buffer.from(a.one.key), Buffer.from(b.one.key)) ||
        Number(isLatest(b.one)) - Number(isLatest(a.one)) ||
        b.one.lastModifiedMs - a.one.lastModifiedMs ||
        a.at - b.at,
    )
    .map(({ one }) => one);
}

const idsOf = (blocks: readonly RowBlock[]): (string | null)[] =>
  blocks.flatMap((block) => Array.from({ length: block.rows }, (_, i) => block.versionId(i)));

test('a scan gives every row of a range once and in order, and stacks give every key with more than one row, whole', async () => {
  await fc.assert(
    fc.asyncProperty(bucket, fc.double({ min: 0, max: 0.99, noNaN: true }), async (rows, where) => {
      fc.pre(rows.length > 0);
      await inFolder(async (folder) => {
        const path = join(folder, 'x.db');
        await writeIndex(path, rows);
        const reader = openIndex(path);
        if (!reader.ok) throw new Error(reader.error.code);
        const cube = reader.value.cube('1');
        if (!cube.ok) throw new Error(cube.error.code);
        const { tree } = cube.value;
        const from = Math.floor(where * tree.count);
        const range = { from, to: tree.subtreeEnd[from] as number };
        const within = ordered(rows, (place) => tree.find(place)).filter(({ key }) => directoryOf(key).startsWith(tree.path(from)));
        const scanned: RowBlock[] = [];
        const stacked: RowBlock[] = [];
        expect(reader.value.scan('1', range, (block) => scanned.push(block)).ok).toBe(true);
        expect(reader.value.stacks('1', range, (block) => stacked.push(block)).ok).toBe(true);
        expect(idsOf(scanned)).toEqual(within.map(({ versionId }) => versionId));
        const multi = within.filter(({ key }) => rows.filter((other) => other.key === key).length > 1);
        expect(idsOf(stacked)).toEqual(multi.map(({ versionId }) => versionId));
        for (const block of [...scanned, ...stacked]) {
          for (let i = 0; i < block.rows; i++) {
            const one = rows.find(({ versionId }) => versionId === block.versionId(i)) as PlainRow;
            expect(tree.path(block.directory[i] as number) + block.name(i)).toBe(one.key);
            const before = i > 0 && rows.find(({ versionId }) => versionId === block.versionId(i - 1));
            expect(block.isSameKey[i]).toBe(before && before.key === one.key ? 1 : 0);
            expect(((block.cubeFlags[i] as number) & MULTI) !== 0).toBe(rows.filter(({ key }) => key === one.key).length > 1);
          }
        }
        for (const block of stacked) expect(block.isSameKey[0], 'a block begins with a key').toBe(0);
      });
    }),
    { seed: 7, numRuns: 60 },
  );
});
