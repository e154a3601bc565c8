import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyRanges, ListingFault, type PageFacts, type PageRequest } from '../../../src/core/listing/key-ranges.ts';
import { type Covered, compareKeys, gapsBetween, START } from '../../../src/core/listing/position.ts';
import { pastPrefix } from '../../../src/core/listing/split-points.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** A bucket as lists are made of it: every version in S3's order. */
interface Entry {
  readonly key: Uint8Array;
  readonly versionId: string;
}

function bucketOf(keys: readonly string[], versionsOf: (key: string) => number = () => 1): Entry[] {
  const sorted = [...new Set(keys)].map((key) => ({ text: key, key: bytes(key) })).sort((a, b) => compareKeys(a.key, b.key));
  return sorted.flatMap(({ text, key }) =>
    Array.from({ length: versionsOf(text) }, (_, i) => ({ key, versionId: i === 0 ? 'null' : `v${i}` })),
  );
}

interface Quirks {
  readonly pageSize: number;
  /** A key marker without a version id marker starts at that key, as some servers have it. */
  readonly repeatsKey?: boolean;
  readonly ignoresStartAfter?: boolean;
}

/** The place of the first entry with this key or a greater one, or only a greater one. */
function firstFrom(bucket: readonly Entry[], key: Uint8Array, isBehind: boolean): number {
  let [low, high] = [0, bucket.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const distance = compareKeys(bucket[middle]?.key as Uint8Array, key);
    if (distance < 0 || (isBehind && distance === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function answer(bucket: readonly Entry[], request: PageRequest, quirks: Quirks): PageFacts {
  const { startAfter, versionId } = request;
  let from: number;
  if (request.cursor !== undefined) from = Number(request.cursor);
  else if (quirks.ignoresStartAfter) from = 0;
  else {
    const [first, behind] = [firstFrom(bucket, startAfter, false), firstFrom(bucket, startAfter, true)];
    const inKey = versionId === null ? -1 : bucket.slice(first, behind).findIndex((entry) => entry.versionId === versionId);
    from = inKey >= 0 ? first + inKey + 1 : quirks.repeatsKey ? first : behind;
  }
  const page = bucket.slice(from, from + quirks.pageSize);
  const keyStart = new Uint32Array(page.length + 1);
  for (const [i, { key }] of page.entries()) keyStart[i + 1] = (keyStart[i] as number) + key.length;
  const end = from + page.length;
  return {
    keys: { rows: page.length, keyBytes: Buffer.concat(page.map(({ key }) => key)), keyStart },
    versionIdOf: (row) => page[row]?.versionId ?? '',
    isTruncated: end < bucket.length,
    cursor: quirks.ignoresStartAfter ? String(end) : undefined,
  };
}

interface Run {
  readonly rows: string[];
  readonly covered: Covered[];
  readonly calls: number;
  readonly rounds: number;
  readonly mostInFlight: number;
  readonly isDone: boolean;
}

/** Lists the bucket with `limit` calls at once, answers in an order of `pick`'s choosing, and stops after `stopAfter` answers. */
function list(
  bucket: readonly Entry[],
  quirks: Quirks,
  options: { limit?: number; pick?: (n: number) => number; fails?: () => boolean; stopAfter?: number; done?: readonly Covered[] } = {},
): Run {
  const { limit = 64, pick = () => 0, fails = () => false, stopAfter = Number.POSITIVE_INFINITY, done = [] } = options;
  const gaps = gapsBetween(done);
  if (gaps === null) throw new Error('damaged');
  const ranges = new KeyRanges(gaps, { byVersion: true, canSplit: true });
  const rows: string[] = [];
  const covered = [...done];
  const flying: PageRequest[] = [];
  let calls = 0;
  let answered = 0;
  let mostInFlight = 0;
  let rounds = 0;
  while (!ranges.isDone && answered < stopAfter) {
    const sent = ranges.plan(limit - flying.length);
    calls += sent.length;
    flying.push(...sent);
    mostInFlight = Math.max(mostInFlight, flying.length);
    // One round: everything on its way is answered, as when all calls take equally long.
    rounds++;
    const round = options.pick === undefined ? flying.splice(0) : flying.splice(pick(flying.length), 1);
    if (round.length === 0) throw new Error('nothing is on its way and nothing is done');
    for (const request of round) {
      if (fails()) {
        ranges.failed(request);
        continue;
      }
      answered++;
      const page = answer(bucket, request, quirks);
      const taken = ranges.answered(request, page);
      if (taken === null) continue;
      covered.push(taken.covered);
      for (let row = taken.from; row < taken.to; row++) {
        const key = page.keys.keyBytes.subarray(page.keys.keyStart[row], page.keys.keyStart[row + 1]);
        rows.push(`${Buffer.from(key).toString('utf8')} ${page.versionIdOf(row)}`);
      }
    }
  }
  return { rows, covered, calls, rounds, mostInFlight, isDone: ranges.isDone };
}

const all = (bucket: readonly Entry[]): string[] =>
  bucket.map(({ key, versionId }) => `${Buffer.from(key).toString('utf8')} ${versionId}`).sort();

const hostileKey = fc.oneof(
  fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', '/', '0', '1', '9') }),
  fc.string({
    minLength: 1,
    maxLength: 5,
    unit: fc.constantFrom('🔥', 'ש', 'é', ' ', '+', '%', '=', '\n', '\u{10ffff}', '\ud7ff', '\ue000', '\u0001', '~', '\u007f'),
  }),
  fc.constantFrom('a'.repeat(1024), `${'d/'.repeat(400)}x`, '/', '//', '=1+1', '%2F', '\u202eabc'),
  fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }),
);

describe('a listing by ranges', () => {
  it('lists every version once, whatever the keys, the order of answers and the failures, and after any stop', () => {
    fc.assert(
      fc.property(
        fc.array(hostileKey, { maxLength: 120 }),
        fc.record({ pageSize: fc.integer({ min: 1, max: 9 }), repeatsKey: fc.boolean(), ignoresStartAfter: fc.boolean() }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 70 }),
        fc.infiniteStream(fc.nat()),
        fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
        (keys, quirks, mostVersions, limit, numbers, stops) => {
          const next = (n: number): number => (numbers.next().value as number) % n;
          const bucket = bucketOf(keys, (key) => 1 + (key.length % mostVersions) * (key.startsWith('a') ? 6 : 1));
          const rows: string[] = [];
          let done: readonly Covered[] = [];
          // A server that does not know where to start cannot be resumed by key; that is not asked of it here.
          const legs = [...(quirks.ignoresStartAfter ? [] : stops), Number.POSITIVE_INFINITY];
          for (const stopAfter of legs) {
            const run = list(bucket, quirks, { limit, pick: next, fails: () => next(7) === 0, stopAfter, done });
            rows.push(...run.rows);
            done = run.covered;
          }
          expect(gapsBetween(done)).toEqual([]);
          expect(rows.sort()).toEqual(all(bucket));
        },
      ),
      { numRuns: deep ? 20_000 : 400, seed: deep ? Date.now() : 20261121 },
    );
  });

  const keysOf = (count: number, name: (i: number) => string): Entry[] => bucketOf(Array.from({ length: count }, (_, i) => name(i)));
  const md5ish = (i: number): string =>
    ((Math.imul(i + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0') + (Math.imul(i + 7, 0x85ebca6b) >>> 0).toString(16)).slice(0, 12);

  // Rounds of calls that all take equally long: one after another it would take as many as there are pages.
  it.each<[string, Entry[], number]>([
    ['a counter at the root', keysOf(60_000, (i) => `img-${String(i).padStart(7, '0')}.jpg`), 14],
    ['hashes at the root', keysOf(60_000, (i) => `${md5ish(i)}.bin`), 14],
    ['all in one deep prefix', keysOf(60_000, (i) => `${'deep/'.repeat(180)}shard-${String(i).padStart(6, '0')}`), 18],
    ['many small directories', keysOf(60_000, (i) => `runs/exp-${i % 977}/checkpoints/step-${i}/shard.pt`), 16],
    ['one large directory among small ones', keysOf(60_000, (i) => (i < 50_000 ? `m/big/${i}` : `${i % 1000}/x/${i}`)), 18],
    [
      'dates and hours',
      keysOf(60_000, (i) => `logs/2026/${String(1 + (i % 12)).padStart(2, '0')}/${String(1 + (i % 28)).padStart(2, '0')}/${i}.gz`),
      18,
    ],
    [
      'unicode names',
      keysOf(120_000, (i) => `данные/${String.fromCodePoint(0x430 + (i % 32))}${String.fromCodePoint(0x430 + ((i >> 5) % 32))}/${i}`),
      36,
    ],
  ])('splits %s without a hint', (_name, bucket, mostRounds) => {
    const run = list(bucket, { pageSize: 200 });
    expect(run.rows.sort()).toEqual(all(bucket));
    expect(run.rounds).toBeLessThanOrEqual(mostRounds);
    expect(run.mostInFlight).toBeGreaterThanOrEqual(64);
  });

  it('asks nothing in vain of a bucket of one page', () => {
    const run = list(
      keysOf(150, (i) => `k${i}`),
      { pageSize: 200 },
    );
    expect(run.calls).toBe(1);
  });

  it('a server that stands still or lists in no order is told apart', () => {
    const ranges = new KeyRanges([{ after: START, upTo: null }], { byVersion: false, canSplit: true });
    const page = (key: string, cursor: string | undefined): PageFacts => ({
      keys: { rows: 1, keyBytes: bytes(key), keyStart: Uint32Array.of(0, bytes(key).length) },
      versionIdOf: () => '',
      isTruncated: true,
      cursor,
    });
    const step = (facts: PageFacts): unknown => ranges.answered(ranges.plan(1)[0] as PageRequest, facts);
    step(page('b', 'x'));
    expect(() => step(page('b', 'x'))).toThrow(ListingFault);
    expect(() => step(page('a', 'y'))).toThrow('out of order');
  });
});

describe('what is left of a listing', () => {
  const at = (key: string, versionId: string | null = null) => ({ key: bytes(key), versionId });
  it('is the gaps between what was covered, stops within a key included', () => {
    expect(
      gapsBetween([
        { after: START, to: at('c', 'v3'), upTo: bytes('f') },
        { after: at('f'), to: null, upTo: bytes('k') },
        { after: at('c', 'v3'), to: at('c', 'v6'), upTo: bytes('f') },
        { after: at('m'), to: at('p', 'null'), upTo: null },
      ]),
    ).toEqual([
      { after: at('c', 'v6'), upTo: bytes('f') },
      { after: at('k'), upTo: bytes('m') },
      { after: at('p', 'null'), upTo: null },
    ]);
  });
  it.each<[string, Covered[]]>([
    [
      'two that overlap',
      [
        { after: START, to: null, upTo: bytes('f') },
        { after: at('e'), to: null, upTo: null },
      ],
    ],
    ['one that goes on where none stopped', [{ after: at('c', 'v3'), to: null, upTo: null }]],
    [
      'two that reach the end',
      [
        { after: START, to: null, upTo: null },
        { after: at('a'), to: null, upTo: null },
      ],
    ],
  ])('refuse-%s', (_name, done) => expect(gapsBetween(done)).toBeNull());
});

it('what lies behind a prefix', () => {
  expect(['a/', 'img-9', 'z\u{10ffff}', '\u{10ffff}', '\ud7ff', ''].map(pastPrefix)).toEqual([
    'a0',
    'img-:',
    '{',
    undefined,
    '\ue000',
    undefined,
  ]);
});
