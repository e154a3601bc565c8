import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RestoreDrill } from '../../../src/contract/restore.ts';
import { prefixScope } from '../../../src/core/cube/prefix.ts';
import { operationPrices } from '../../../src/core/price/operation-prices.ts';
import { restoreDrill } from '../../../src/core/restore/drill.ts';
import { buildRefinedCube, dayNumber, type TestVersion } from '../../support/cube-builder.ts';
import { shippedPrices } from '../../support/prices.ts';

const DAY = dayNumber('2026-11-01');
const AS_OF = Date.parse('2026-11-24T00:00:00.000Z');
const TIB = 2 ** 40;
const json: unknown = JSON.parse(readFileSync(new URL('../../../resources/pricing.json', import.meta.url), 'utf8'));

function drill(versions: readonly Partial<TestVersion>[], more: { prefix?: string; days?: number; region?: string } = {}): RestoreDrill {
  const { prefix = '', days = 7, region = 'us-east-1' } = more;
  const all = versions.map((version, at) => ({ key: `k/${at}`, sizeBytes: 1, writtenDay: DAY, ...version }));
  const slash = prefix.lastIndexOf('/') + 1;
  const namePrefixes = prefix.length > slash ? [{ path: prefix.slice(0, slash), namePrefix: prefix.slice(slash) }] : [];
  const { cube, matches } = buildRefinedCube(all, { asOfMs: AS_OF, namePrefixes });
  expect(prefix === '' || prefixScope(cube.tree, prefix)).not.toBeUndefined();
  const operations = operationPrices(json, region);
  if (!operations.ok) throw new Error(operations.error.message);
  return restoreDrill({
    cube,
    prefix,
    isCovered: (cell) => matches[0]?.[cell] === 1,
    unitOf: (unit) => ({ path: `unit-${unit}/`, kind: 'dataset' }),
    days,
    operations: operations.value,
    list: shippedPrices(region),
    assumedRegion: false,
  });
}
const way = (made: Pick<RestoreDrill, 'ways'>, speed: string) => {
  const found = made.ways.find((one) => one.speed === speed);
  if (found === undefined) throw new Error(`no way ${speed}`);
  return found;
};
const usd = (nanoUsd: string | null): number => Number(nanoUsd) / 1e9;

// The traps of s3-domain 8.3, at the prices of us-east-1.
test('100 TB of Deep Archive cost $2,048 at Standard and $256 at Bulk, and cannot be had at once', () => {
  const made = drill([{ sizeBytes: 100 * TIB, storageClass: 'DEEP_ARCHIVE' }]);
  expect(usd(way(made, 'STANDARD').retrievalNanoUsd)).toBe(2048);
  expect(usd(way(made, 'BULK').retrievalNanoUsd)).toBe(256);
  expect(made.ways.map(({ speed }) => speed)).toEqual(['STANDARD', 'BULK']);
  expect(way(made, 'BULK')).toMatchObject({ hoursTo: 48 });
});
test('100 TB read from Glacier Instant Retrieval cost $3,072, from Standard-IA $1,024', () => {
  expect(usd(way(drill([{ sizeBytes: 100 * TIB, storageClass: 'GLACIER_IR' }]), 'direct').retrievalNanoUsd)).toBe(3072);
  expect(usd(way(drill([{ sizeBytes: 100 * TIB, storageClass: 'STANDARD_IA' }]), 'direct').retrievalNanoUsd)).toBe(1024);
});
test('restored copies of 100 TB for 7 days cost about $550', () => {
  expect(usd(way(drill([{ sizeBytes: 100 * TIB, storageClass: 'GLACIER' }]), 'BULK').copyNanoUsd)).toBeCloseTo(549.55, 2);
});
test('Bulk from Glacier is free of retrieval, and an expedited request costs a cent', () => {
  const made = drill([{ sizeBytes: TIB, storageClass: 'GLACIER' }]);
  expect(way(made, 'BULK')).toMatchObject({ retrievalNanoUsd: '0', requestNanoUsd: '400' });
  expect(way(made, 'EXPEDITED').requestNanoUsd).toBe(String(10_000_000 + 400));
});

test('a mixture at one speed takes the next slower one where a class does not offer it', () => {
  const made = drill([{ sizeBytes: TIB, storageClass: 'GLACIER' }, { sizeBytes: TIB, storageClass: 'DEEP_ARCHIVE' }, { sizeBytes: TIB }]);
  expect(made.ways.map(({ speed }) => speed)).toEqual(['EXPEDITED', 'STANDARD', 'BULK']);
  expect(usd(way(made, 'EXPEDITED').retrievalNanoUsd)).toBe(1024 * 0.03 + 1024 * 0.02);
  expect(way(made, 'EXPEDITED')).toMatchObject({ hoursFrom: 0, hoursTo: 12 });
});

test('tiers of Intelligent-Tiering move back instead of being copied; small objects are never archived', () => {
  const made = drill([
    { sizeBytes: TIB, storageClass: 'INTELLIGENT_TIERING', accessTier: 'ARCHIVE' },
    { sizeBytes: 1000, storageClass: 'INTELLIGENT_TIERING', accessTier: 'ARCHIVE' },
  ]);
  expect(way(made, 'STANDARD')).toMatchObject({ retrievalNanoUsd: '0', copyNanoUsd: '0' });
  expect(made.classes.map(({ accessTier, isArchived }) => [accessTier, isArchived])).toEqual([
    ['ARCHIVE', true],
    ['', false],
  ]);
});

test('a price the list lacks is named and makes the total unknown, never smaller', () => {
  const made = drill([{ sizeBytes: TIB, storageClass: 'DEEP_ARCHIVE' }], { region: 'ap-east-2' });
  const missing = made.ways.filter(({ unpriced }) => unpriced.length > 0);
  expect(missing.length).toBeGreaterThan(0);
  for (const { totalNanoUsd, unpriced } of missing) {
    expect(totalNanoUsd).toBeNull();
    expect(unpriced.join()).toContain('DEEP_ARCHIVE');
  }
});

test('units are told with what is archived in them, the most first; delete markers cost nothing', () => {
  const made = drill([
    { sizeBytes: 5 * TIB, storageClass: 'GLACIER', unit: 1 },
    { sizeBytes: TIB, unit: 1 },
    { sizeBytes: 9 * TIB, storageClass: 'DEEP_ARCHIVE', unit: 2 },
    { sizeBytes: TIB, unit: 3 },
    { sizeBytes: 0, state: 'marker' },
  ]);
  expect(made.units.map(({ path, bytes, archived }) => [path, bytes / TIB, archived.bytes / TIB])).toEqual([
    ['unit-2/', 9, 9],
    ['unit-1/', 6, 5],
  ]);
  expect(made.versions).toBe(4);
});

test('asking for more than a thousand a second takes the time it takes', () => {
  const many = Array.from({ length: 20 }, () => ({ sizeBytes: 1, storageClass: 'GLACIER' }));
  expect(way(drill(many), 'BULK').requestHours).toBeCloseTo(20 / 1000 / 3600, 12);
});

/** Version by version, in plain rationals over one denominator. */
function slowTotal(versions: readonly TestVersion[], prefix: string, speed: 'STANDARD' | 'BULK', days: number): bigint {
  const prices = {
    GLACIER: { STANDARD: [10n, 50n], BULK: [0n, 0n] },
    DEEP_ARCHIVE: { STANDARD: [20n, 100n], BULK: [2_500_000n, 25n] },
  } as const;
  const gb = 2n ** 30n;
  const scale = gb * 30n * 1000n;
  let total = 0n;
  for (const { key, sizeBytes, storageClass = 'STANDARD', state } of versions) {
    if (!key.startsWith(prefix) || state === 'marker') continue;
    const size = BigInt(sizeBytes);
    if (storageClass === 'STANDARD') total += (400_000n * scale) / 1000n;
    else if (storageClass === 'STANDARD_IA') total += (1_000_000n * scale) / 1000n + (10_000_000n * size * scale) / gb;
    else {
      const of = prices[storageClass as keyof typeof prices][speed];
      const perGb = of[0] < 1000n ? of[0] * 1_000_000n : of[0];
      total += (400_000n * scale) / 1000n + (perGb * size * scale) / gb + (of[1] * 1_000_000n * scale) / 1000n;
      total += (23_000_000n * size * BigInt(days) * scale) / (gb * 30n);
    }
  }
  return (total * 2n + scale) / (scale * 2n);
}

test('equals the sum over single versions to the nano-dollar, for any prefix', () => {
  const version = fc.record({
    key: fc.constantFrom('a/x', 'a/xy', 'a/b/c', 'b/x', 'ab', 'a/xé/1', 'a//1'),
    sizeBytes: fc.integer({ min: 0, max: 2 ** 45 }),
    storageClass: fc.constantFrom('STANDARD', 'STANDARD_IA', 'GLACIER', 'DEEP_ARCHIVE'),
    state: fc.constantFrom('current' as const, 'noncurrent' as const, 'marker' as const),
    writtenDay: fc.constant(DAY),
  });
  fc.assert(
    fc.property(
      fc.array(version, { minLength: 1, maxLength: 30 }),
      fc.constantFrom('', 'a/', 'a/x', 'a/b/', 'b/', 'zz/', 'a', 'a//'),
      fc.constantFrom('STANDARD' as const, 'BULK' as const),
      fc.integer({ min: 1, max: 60 }),
      (versions, prefix, speed, days) => {
        const made = drill(versions, { prefix, days });
        const found = made.ways.find((one) => one.speed === speed) ?? made.ways.find((one) => one.speed === 'direct');
        expect(BigInt(found?.totalNanoUsd ?? '0')).toBe(slowTotal(versions, prefix, speed, days));
      },
    ),
    { numRuns: process.env.ISOTHERM_DEEP === '1' ? 5_000 : 300 },
  );
});
