import { describe, expect, test } from 'vitest';
import type { LifecycleConfiguration, Rule } from '../../../src/contract/lifecycle.ts';
import { LOCKED_FOR_EVER } from '../../../src/core/cube/cube.ts';
import { monthsFrom } from '../../../src/core/simulate/calendar.ts';
import { type Configured, simulate } from '../../../src/core/simulate/simulate.ts';
import { buildCube, dayNumber, type TestVersion } from '../../support/cube-builder.ts';
import { shippedPrices } from '../../support/prices.ts';

const list = shippedPrices();
const AS_OF = Date.parse('2026-10-31T12:00:00.000Z');
const GIB = 1_073_741_824;
const NONE: Configured = { configuration: null, minimumSize: 'all_storage_classes_128K' };
const withRules = (...rules: Partial<Rule>[]): LifecycleConfiguration => ({
  Rules: rules.map((rule, at) => ({ ID: `r${at}`, Status: 'Enabled', Filter: {}, ...rule })),
});
const old: TestVersion = { key: 'data/a', sizeBytes: GIB, writtenDay: dayNumber('2026-01-01') };
const run = (versions: TestVersion[], configuration: LifecycleConfiguration, more: Partial<Parameters<typeof simulate>[0]> = {}) =>
  simulate({
    cube: buildCube(versions, { asOfMs: AS_OF }),
    baseline: NONE,
    plan: { configuration, minimumSize: 'all_storage_classes_128K' },
    months: 2,
    list,
    assumedRegion: false,
    versioning: 'unversioned',
    ...more,
  });

test('one GiB in STANDARD for a whole November costs 0.023 dollars', () => {
  const result = run([old], { Rules: [] });
  expect(result.months.map(({ month, days }) => [month, days])).toEqual([
    ['2026-11', 30],
    ['2026-12', 31],
  ]);
  expect(result.months[0]?.baseline.storageNanoUsd).toBe('23000000');
  expect(result.totals).toMatchObject({ savingNanoUsd: '0', paybackMonth: null });
});

test('the first month is what is left of it', () => {
  expect(monthsFrom(Date.parse('2026-11-22T10:00:00Z'), 2).map(({ name, days, monthDays }) => [name, days, monthDays])).toEqual([
    ['2026-11', 8, 30],
    ['2026-12', 31, 31],
  ]);
  expect(monthsFrom(Date.parse('2028-01-31T23:59:59Z'), 1)[0]).toMatchObject({ name: '2028-02', days: 29, monthDays: 29 });
});

test('a transition is due at the midnight after its days have passed: written on the 1st, 30 days, moves on the 1st of the next month', () => {
  const result = run(
    [{ ...old, writtenDay: dayNumber('2026-10-15') }],
    withRules({ Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }] }),
  );
  expect(result.effects.firstTransition).toBe('2026-11-15');
  // 14 days at 0.023 and 16 at 0.0125, per 30 days; one request at 0.01 per 1,000.
  expect(result.months[0]?.plan).toMatchObject({ storageNanoUsd: '17400000', transitionNanoUsd: '10000' });
});

test('what is long due is due on the day after the snapshot, and goes to the coldest class at once with one request', () => {
  const result = run(
    [old],
    withRules({
      Transitions: [
        { Days: 30, StorageClass: 'STANDARD_IA' },
        { Days: 90, StorageClass: 'GLACIER' },
      ],
    }),
  );
  expect(result.effects).toMatchObject({
    firstTransition: '2026-11-01',
    transitions: [{ storageClass: 'GLACIER', versions: 1, bytes: GIB }],
  });
  expect(result.totals).toMatchObject({ transitionNanoUsd: '30000', paybackMonth: 1 });
});

describe('expiration', () => {
  const rules = withRules({ Expiration: { Days: 1 } }, { NoncurrentVersionExpiration: { NoncurrentDays: 10 } });
  test('removes on an unversioned bucket', () => {
    const { effects } = run([old], rules);
    expect(effects).toMatchObject({ expired: { versions: 1, bytes: GIB }, hidden: { versions: 0 }, firstExpiration: '2026-11-01' });
  });
  test('hides on a versioned bucket, and the noncurrent rule counts from that day', () => {
    const result = run([old], rules, { versioning: 'enabled' });
    expect(result.effects).toMatchObject({ expired: { versions: 1 }, hidden: { versions: 1 }, firstExpiration: '2026-11-01' });
    // Hidden at midnight, and an exact midnight adds no day: billed from November 1 to 10, gone on the 11th.
    expect(result.months[0]?.plan.storageNanoUsd).toBe(((23_000_000 * 10) / 30).toFixed(0));
  });
  test('saves nothing on a versioned bucket without a rule for noncurrent versions', () => {
    const result = run([old], withRules({ Expiration: { Days: 1 } }), { versioning: 'enabled' });
    expect(result.totals.savingNanoUsd).toBe('0');
  });
});

test('small, locked and replication-blocked versions are named as blocked', () => {
  const small = { ...old, key: 'data/s', sizeBytes: 131_071 };
  const moves = withRules({ Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] });
  expect(run([small], moves).blocked).toMatchObject([{ versions: 1, bytes: 131_071 }]);
  expect(run([small], moves).effects.transitions).toEqual([]);
  expect(run([small], moves, { plan: { configuration: moves, minimumSize: null } }).effects.transitions).toMatchObject([{ versions: 1 }]);
  expect(run([small], moves, { plan: { configuration: moves, minimumSize: 'varies_by_storage_class' } }).effects.transitions).toMatchObject(
    [{ versions: 1 }],
  );
  const expires = withRules({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
  expect(run([{ ...old, state: 'noncurrent', lockedUntilDay: LOCKED_FOR_EVER }], expires).blocked[0]?.reason).toContain('hold');
  expect(run([{ ...old, state: 'noncurrent', isReplicationBlocked: true }], expires)).toMatchObject({
    blocked: [{ reason: expect.stringContaining('replication') as string }],
    effects: { expired: { versions: 0 } },
  });
});

test('what cannot be simulated exactly is left out and named', () => {
  const result = run(
    [old],
    withRules(
      { Filter: { Tag: { Key: 'a', Value: 'b' } }, Expiration: { Days: 1 } },
      { Filter: { ObjectSizeGreaterThan: 5 }, Expiration: { Days: 1 } },
      { NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 3 } },
      { Filter: { Prefix: 'data/a' }, Expiration: { Days: 1 } },
    ),
  );
  expect(result.totals.savingNanoUsd).toBe('0');
  expect(result.notCovered.join('\n')).toMatch(/"r0" is left out.*tags[\s\S]*"r1" is left out.*128 KiB[\s\S]*"r2".*newest[\s\S]*"data\/a"/);
  expect(result.notCovered.join('\n')).toContain('Early deletion');
});

test('a class without a price is named, and its money is in no sum', () => {
  const result = run([{ ...old, storageClass: 'FANCY' }], { Rules: [] });
  expect(result.months[0]?.baseline.storageNanoUsd).toBe('0');
  expect(result.notCovered.join()).toContain('no price for FANCY');
});

test('200,000 cells under several rules take less than a fifth of a second', () => {
  const versions = Array.from(
    { length: 200_000 },
    (_, n): TestVersion => ({
      key: `d${n % 40}/e${n % 997}/k${n}`,
      sizeBytes: 1000 + n * 37,
      storageClass: n % 3 === 0 ? 'STANDARD_IA' : 'STANDARD',
      state: n % 7 === 0 ? 'noncurrent' : 'current',
      writtenDay: dayNumber('2022-12-01') + (n % 1400),
    }),
  );
  const cube = buildCube(versions, { asOfMs: AS_OF });
  const configuration = withRules(
    ...Array.from({ length: 20 }, (_, n) => ({
      Filter: { Prefix: `d${n}/` },
      Transitions: [
        { Days: 30 + n, StorageClass: 'GLACIER_IR' },
        { Days: 200, StorageClass: 'DEEP_ARCHIVE' },
      ],
      Expiration: { Days: 900 },
    })),
    { NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
  );
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    simulate({
      cube,
      baseline: NONE,
      plan: { configuration, minimumSize: 'all_storage_classes_128K' },
      months: 12,
      list,
      assumedRegion: false,
    });
    times.push(performance.now() - start);
  }
  console.log(`cells ${cube.cellCount}, ms ${times.map((ms) => ms.toFixed(0)).join(' ')}`);
  expect(Math.min(...times)).toBeLessThan(200);
});
