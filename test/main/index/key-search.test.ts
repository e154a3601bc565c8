import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileGlob } from '../../../src/core/classify/glob.ts';
import { compareKeys } from '../../../src/core/cube/key-order.ts';
import { findKeys } from '../../support/find-keys.ts';
import { daysAgo, type PlainRow, row, writeIndex } from '../../support/index-rows.ts';
import { propertyRuns } from '../../support/property-runs.ts';

/** Few letters, so that texts begin anew within themselves and names share much; and what keys may hold besides. */
const LETTERS = ['a', 'a', 'b', 'A', 'B', '/', '/', '*', '%2F', '+', 'é', 'É', '🜁', '\u202e', '=', '[', '{', '\\'];
const text = (most: number) => fc.array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: most }).map((letters) => letters.join(''));
const KEYS = [
  ...new Set([
    ...fc.sample(text(12), { numRuns: 600, seed: 5 }),
    'a'.repeat(1024),
    `${'ab/'.repeat(200)}aab`,
    '/',
    '//',
    'a//b',
    'ab/ab/abaab',
    'ab/abaab',
    'data/=1+1',
  ]),
];
const ROWS: PlainRow[] = KEYS.flatMap((key, at) => [
  row(key, { versionId: `new${at}`, sizeBytes: at, state: at % 11 === 0 ? 'marker' : 'current' }),
  ...Array.from({ length: at % 3 }, (_, i) =>
    row(key, { versionId: `old${at}-${i}`, state: 'noncurrent', lastModifiedMs: daysAgo(20 + i) }),
  ),
]);

/** Keys of a directory before those of the directories in it; siblings in byte order. */
function inTreeOrder(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let depth = 0; ; depth++) {
    const [x, y] = [left[depth] as string, right[depth] as string];
    const [isLastX, isLastY] = [depth === left.length - 1, depth === right.length - 1];
    if (isLastX !== isLastY) return isLastX ? -1 : 1;
    if (x !== y) return compareKeys(x, y);
    if (isLastX) return 0;
  }
}
const folded = (key: string): string => key.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const ordered = (fits: (key: string) => boolean): string[] => KEYS.filter(fits).sort(inTreeOrder);

const folder = mkdtempSync(join(tmpdir(), 'isotherm-search-'));
const index = join(folder, 'x.db');
beforeAll(() => writeIndex(index, ROWS, { batchRows: 500 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a text is found in whole keys, across "/" and in any case asked for, whatever the limit', async () => {
  await fc.assert(
    fc.asyncProperty(
      text(4),
      fc.boolean(),
      fc.constantFrom('', 'a', 'a/', 'ab/a', 'b/', 'x'),
      fc.integer({ min: 1, max: 40 }),
      async (wanted, ignoresCase, prefix, limit) => {
        const stretches = await findKeys(index, { text: wanted, ignoresCase, prefix, limit });
        const plain = ignoresCase ? folded : (key: string) => key;
        const expected = ordered((key) => key.startsWith(prefix) && plain(key).includes(plain(wanted)));
        expect(stretches.flatMap(({ hits }) => hits.map(({ key }) => key))).toEqual(expected);
        for (const { hits } of stretches) expect(hits.length).toBeLessThanOrEqual(limit);
      },
    ),
    { numRuns: propertyRuns(150), seed: 11 },
  );
});

test('a pattern is for whole keys, or for the last segment where it has no "/"', async () => {
  const patterns = [
    '*',
    '**',
    'a*',
    '*b',
    '**/ab*',
    'a/**',
    'a/**/b',
    '?',
    '??a',
    '[ab]*',
    '{a,b}b*',
    'ab/**/a?b',
    '\\**',
    '*é*',
    'a/',
    '\\[*',
    '**/*🜁',
    'ab/*',
  ];
  for (const pattern of patterns) {
    const glob = compileGlob(pattern.includes('/') ? pattern : `**/${pattern}`);
    if (!glob.ok) throw new Error(pattern);
    for (const prefix of ['', 'a', 'ab/', 'b']) {
      const found = (await findKeys(index, { text: pattern, isGlob: true, prefix })).flatMap(({ hits }) => hits.map(({ key }) => key));
      expect(found, pattern).toEqual(ordered((key) => key.startsWith(prefix) && glob.value.matches(key)));
    }
  }
});

test('a hit says what its newest row says, and how many rows its key has', async () => {
  const [stretch] = await findKeys(index, { text: 'ab/abaab' });
  const at = KEYS.indexOf('ab/abaab');
  expect(stretch?.hits.find(({ key }) => key === 'ab/abaab')).toEqual({
    key: 'ab/abaab',
    rows: 1 + (at % 3),
    state: at % 11 === 0 ? 'marker' : 'current',
    sizeBytes: at % 11 === 0 ? 0 : at,
    lastModified: new Date(daysAgo(10)).toISOString(),
    storageClass: at % 11 === 0 ? '' : 'STANDARD',
    kind: 'other',
  });
});

test('directories whose own path holds the text come with the first stretch, with all that lies below', async () => {
  const stretches = await findKeys(index, { text: 'ab/', limit: 3 });
  const paths = new Set(KEYS.flatMap((key) => [...key.matchAll(/\//g)].map(({ index: at }) => key.slice(0, at + 1))));
  const expected = [...paths].filter((path) => path.endsWith('ab/') && path.indexOf('ab/') === path.length - 3).sort(inTreeOrder);
  expect(stretches[0]?.directories.map(({ path }) => path)).toEqual(expected.slice(0, 100));
  expect(stretches[0]?.directoryCount).toBe(expected.length);
  expect(stretches.slice(1).every(({ directories }) => directories.length === 0)).toBe(true);
  for (const { path, versions } of stretches[0]?.directories ?? []) {
    expect(versions).toBe(ROWS.filter(({ key, state }) => key.startsWith(path) && state !== 'marker').length);
  }
});
