import { describe, expect, test } from 'vitest';
import type { LifecycleConfiguration } from '../../../src/contract/lifecycle.ts';
import { LOCKED_FOR_EVER } from '../../../src/core/cube/cube.ts';
import { monthsCovering, monthsFrom } from '../../../src/core/simulate/calendar.ts';
import { QUANTA, toNanoUsd } from '../../../src/core/simulate/quanta.ts';
import { bothEngines, bothStates, rules, simulateKeys, single, stack } from '../../support/engines.ts';
import { dayOf } from '../../support/memory-snapshot.ts';

const GIB = 2 ** 30;
const NONE: LifecycleConfiguration = { Rules: [] };
const old = single({ key: 'data/a', written: '2026-01-01T10:00:00Z' });
const to = (storageClass: string, days: number) => ({ Transitions: [{ Days: days, StorageClass: storageClass }] });

describe('the calendar', () => {
  test('the as-of day is the first day, and the first month is what is left of it', () => {
    expect(monthsFrom(dayOf('2026-11-22'), 2).map(({ name, days, monthDays }) => [name, days, monthDays])).toEqual([
      ['2026-11', 9, 30],
      ['2026-12', 31, 31],
    ]);
    expect(monthsFrom(dayOf('2028-02-29'), 1)[0]).toMatchObject({ name: '2028-02', days: 1, monthDays: 29 });
    expect(monthsCovering(dayOf('2026-12-31'), dayOf('2027-02-01')).map(({ name }) => name)).toEqual(['2026-12', '2027-01']);
  });
  test('quanta divide by every denominator a charge has, and figures are rounded half up', () => {
    for (const by of [2n ** 30n * 28n, 2n ** 30n * 29n, 2n ** 30n * 30n, 2n ** 30n * 31n, 1000n * 31n, 1_000_000n * 2n ** 30n * 31n]) {
      expect(QUANTA % (by * 1_000_000n)).toBe(0n);
    }
    expect([QUANTA / 2n, QUANTA / 2n - 1n, -QUANTA / 2n, -QUANTA / 2n - 1n, 0n].map(toNanoUsd)).toEqual(['1', '0', '0', '-1', '0']);
  });
});

test('one GiB in STANDARD for a whole November costs 0.023 dollars, and nothing changes nothing', () => {
  const result = bothEngines([old], NONE, { asOf: '2026-11-01', months: 2 });
  expect(result.months.map(({ month, days }) => [month, days])).toEqual([
    ['2026-11', 30],
    ['2026-12', 31],
  ]);
  expect(result.months[0]).toMatchObject({ baselineNanoUsd: '23000000', planNanoUsd: '23000000', planByClass: { STANDARD: '23000000' } });
  expect(result.totals).toMatchObject({ savingNanoUsd: '0', oneTimeNanoUsd: '0', paybackDay: '2026-11-01', firstYearNanoUsd: '0' });
  expect(result.range).toEqual({ low: '0', high: '0' });
});

test('totals round the exact sum, not the rounded months', () => {
  // A third of a nano-dollar a month and more: 1 byte for 31 and 30 days.
  const result = bothEngines([single({ key: 'a', written: '2026-01-01', sizeBytes: 20 })], NONE, { asOf: '2026-11-01', months: 3 });
  expect(result.months.map(({ planNanoUsd }) => planNanoUsd)).toEqual(['0', '0', '0']);
  expect(result.totals.planNanoUsd).toBe('1');
});

describe('when things happen', () => {
  const firstMove = (written: string, days: number, asOf: string, lagDays = 0) =>
    bothEngines([single({ key: 'a', written })], rules(to('GLACIER_IR', days)), { asOf, months: 3, lagDays }).effects.firstTransition;
  test('at the first midnight not before the age; an exact midnight adds no day', () => {
    expect(firstMove('2026-11-01T10:30:00Z', 3, '2026-11-02')).toBe('2026-11-05');
    expect(firstMove('2026-11-01T00:00:00Z', 3, '2026-11-02')).toBe('2026-11-04');
    expect(firstMove('2026-11-01T00:00:00.001Z', 3, '2026-11-02')).toBe('2026-11-05');
  });
  test('what is long due, on the day after the configuration is put', () => {
    expect(firstMove('2020-01-01T00:00:00Z', 3, '2026-11-02')).toBe('2026-11-03');
    expect(firstMove('2026-11-02T08:00:00Z', 0, '2026-11-02')).toBe('2026-11-03');
  });
  test('late by the lag', () => expect(firstMove('2020-01-01T00:00:00Z', 3, '2026-11-02', 4)).toBe('2026-11-07'));
  test('from a date on, for what is written later too', () => {
    const dated = rules({ Transitions: [{ Date: '2026-12-01T00:00:00Z', StorageClass: 'GLACIER' }] });
    const keys = [old, single({ key: 'late', written: '2026-12-05T10:00:00Z' })];
    const result = bothEngines(keys, dated, { asOf: '2026-11-22', months: 2 });
    expect(result.effects).toMatchObject({ firstTransition: '2026-12-01', transitions: [{ storageClass: 'GLACIER', versions: 2 }] });
  });
});

test('what is long due goes to the class that wins at once, with one request', () => {
  const ladder = rules({
    Transitions: [
      { Days: 30, StorageClass: 'STANDARD_IA' },
      { Days: 90, StorageClass: 'GLACIER' },
    ],
  });
  const result = bothEngines([old], ladder, { asOf: '2026-10-31', months: 2 });
  expect(result.effects).toMatchObject({
    firstTransition: '2026-11-01',
    transitions: [{ storageClass: 'GLACIER', versions: 1, bytes: GIB }],
  });
  expect(result.totals).toMatchObject({ oneTimeNanoUsd: '30000', transitionNanoUsd: '30000', paybackDay: '2026-10-31' });
  // 2^30 + 32 KiB at 0.0036 and 8 KiB at 0.023 a month, exactly 30 days of November.
  expect(result.months[1]?.planByClass).toEqual({
    GLACIER: String(Math.round(((GIB + 32_768) * 3_600_000) / GIB)),
    STANDARD: String(Math.round((8192 * 23_000_000) / GIB)),
  });
});

describe('expiration', () => {
  const gone = rules({ Expiration: { Days: 1 } }, { NoncurrentVersionExpiration: { NoncurrentDays: 10 } });
  test('removes on an unversioned bucket', () => {
    const { effects } = bothEngines([old], gone, { asOf: '2026-10-31', months: 2 });
    expect(effects).toMatchObject({ expired: { versions: 1, bytes: GIB }, hidden: { versions: 0 }, firstExpiration: '2026-11-01' });
  });
  test('hides on a versioned bucket, and the noncurrent rule counts from that midnight', () => {
    const result = bothEngines([old], gone, { asOf: '2026-10-31', months: 2, versioning: 'enabled' });
    expect(result.effects).toMatchObject({ expired: { versions: 1 }, hidden: { versions: 1 }, deleteMarkersMade: 1 });
    // Billed on 31 October and from 1 to 10 November, gone on the 11th.
    expect(result.months.map(({ planNanoUsd }) => planNanoUsd)).toEqual([(23_000_000 / 31).toFixed(0), (23_000_000 / 3).toFixed(0)]);
    // The same rule removes the delete marker once it is alone and a day old.
    expect(result.effects.deleteMarkersRemoved).toBe(1);
  });
  test('saves nothing on a versioned bucket without a rule for noncurrent versions', () => {
    const result = bothEngines([old], rules({ Expiration: { Days: 1 } }), { asOf: '2026-10-31', versioning: 'enabled' });
    expect(result.totals.savingNanoUsd).toBe('0');
  });
  test('a suspended bucket loses null versions at once and hides the others', () => {
    const keys = [old, single({ key: 'data/b', written: '2026-01-01', versionId: 'v1' })];
    const { effects } = bothEngines(keys, rules({ Expiration: { Days: 1 } }), { asOf: '2026-10-31', versioning: 'suspended' });
    expect(effects).toMatchObject({ expired: { versions: 1 }, hidden: { versions: 1 }, deleteMarkersMade: 2 });
  });
});

describe('noncurrent versions', () => {
  const keys = [
    stack('k', { written: '2026-10-20T12:00:00Z' }, { written: '2026-10-10' }, { written: '2026-09-01' }, { written: '2026-08-01' }),
  ];
  const stateOn = (date: string, configuration: LifecycleConfiguration) =>
    bothStates(keys, configuration, { asOf: '2026-10-31', versioning: 'enabled' }, date);
  test('are kept by rank: the newest so many stay', () => {
    const configuration = rules({ NoncurrentVersionExpiration: { NoncurrentDays: 5, NewerNoncurrentVersions: 2 } });
    expect(stateOn('2026-11-30', configuration)).toEqual({
      date: '2026-11-30',
      byClass: { STANDARD: { current: { versions: 1, bytes: GIB }, noncurrent: { versions: 2, bytes: 2 * GIB } } },
      deleteMarkers: 0,
      expiredVersions: 1,
      expiredBytes: GIB,
    });
  });
  test('ranks shift when the current version expires', () => {
    const configuration = rules({
      Expiration: { Days: 30 },
      NoncurrentVersionExpiration: { NoncurrentDays: 5, NewerNoncurrentVersions: 2 },
    });
    // Hidden on 20 November at 00:00 of the day after 30 whole days; its successor in rank goes on the next run.
    expect(stateOn('2026-11-20', configuration)).toMatchObject({ deleteMarkers: 1, expiredVersions: 1 });
    expect(stateOn('2026-11-21', configuration)).toMatchObject({ deleteMarkers: 1, expiredVersions: 2 });
    expect(stateOn('2027-11-21', configuration)).toMatchObject({
      deleteMarkers: 1,
      byClass: { STANDARD: { current: { versions: 0 }, noncurrent: { versions: 2 } } },
    });
  });
});

describe('what keeps versions', () => {
  const reasons = (keys: Parameters<typeof bothEngines>[0], configuration: LifecycleConfiguration, how = {}) =>
    bothEngines(keys, configuration, { asOf: '2026-10-31', months: 3, ...how }).blocked;
  const small = single({ key: 's', written: '2026-01-01', sizeBytes: 131_071 });
  test('the minimum size, unless the rule has a size filter or the setting is another', () => {
    expect(reasons([small], rules(to('GLACIER', 1)))).toMatchObject([{ code: 'smallObject', versions: 1, bytes: 131_071 }]);
    expect(reasons([small], rules({ Filter: { ObjectSizeGreaterThan: 9 }, ...to('GLACIER', 1) }))).toEqual([]);
    expect(reasons([small], rules(to('GLACIER', 1)), { minimumSize: 'varies_by_storage_class' })).toEqual([]);
    expect(reasons([small], rules(to('GLACIER_IR', 1)), { minimumSize: 'varies_by_storage_class' })).toMatchObject([
      { code: 'smallObject' },
    ]);
    expect(reasons([small], rules({ Expiration: { Days: 1 } }))).toEqual([]);
  });
  test('a lock, until it ends', () => {
    const locked = (lockedUntilDay: number) => stack('k', { written: '2026-10-02' }, { written: '2026-10-01', lockedUntilDay });
    const goes = rules({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
    const how = { versioning: 'enabled' };
    expect(reasons([locked(LOCKED_FOR_EVER)], goes, how)).toMatchObject([{ code: 'objectLock', versions: 1 }]);
    const ends = bothEngines([locked(dayOf('2026-11-20'))], goes, { asOf: '2026-10-31', months: 3, versioning: 'enabled' });
    expect(ends.effects).toMatchObject({ expired: { versions: 1 }, firstExpiration: '2026-11-20' });
  });
  test('replication that is not done', () => {
    const pending = single({ key: 'p', written: '2026-01-01', isReplicationBlocked: true });
    const result = bothEngines([pending], rules({ Expiration: { Days: 1 } }), { asOf: '2026-10-31' });
    expect(result.blocked).toMatchObject([{ code: 'replication', versions: 1, bytes: GIB }]);
    expect(result.effects.expired.versions).toBe(0);
  });
});

describe('early deletion', () => {
  const leaves = rules({ Expiration: { Days: 300 } });
  test('of what the report found in the class: as entered on the first day, or when it was written at best', () => {
    const cold = single({ key: 'c', written: '2026-10-21', storageClass: 'GLACIER_IR' });
    // Gone on 1 November 2026, entered on 31 October: 89 of 90 days are missing; had it been there since it was written, 79.
    const result = bothEngines([cold], rules({ Expiration: { Days: 11 } }), { asOf: '2026-10-31', months: 2 });
    expect(result.effects.firstExpiration).toBe('2026-11-01');
    expect(result.totals.earlyDeletionNanoUsd).toBe(((4_000_000 * 89) / 30).toFixed(0));
    expect(BigInt(result.range.high) - BigInt(result.range.low)).toBeGreaterThanOrEqual(BigInt(Math.floor((4_000_000 * 10) / 30)));
  });
  test('of what the plan itself moved', () => {
    const moved = rules({ ...to('GLACIER_IR', 30), ...leaves.Rules[0]!, Expiration: { Days: 60 } });
    const result = bothEngines([single({ key: 'a', written: '2026-10-15' })], moved, { asOf: '2026-10-31', months: 4 });
    expect(result.totals.earlyDeletionNanoUsd).toBe(((4_000_000 * 60) / 30).toFixed(0));
    expect(result.range.low).not.toBe(result.range.high);
  });
});

describe('against the baseline', () => {
  const ia = rules({ ...to('STANDARD_IA', 30), Expiration: { Days: 200 } });
  test('the same rules save nothing, whatever fees they pay', () => {
    const result = bothEngines([old, single({ key: 'n', written: '2026-10-30' })], ia, {
      asOf: '2026-10-31',
      readsPercent: 20,
      baseline: { configuration: ia, minimumSize: 'all_storage_classes_128K' },
    });
    expect(result.totals).toMatchObject({ savingNanoUsd: '0', oneTimeNanoUsd: '0', firstYearNanoUsd: '0' });
    expect(BigInt(result.totals.planFeesNanoUsd)).toBeGreaterThan(0n);
    expect(result.totals.planFeesNanoUsd).toBe(result.totals.baselineFeesNanoUsd);
    expect(result.range).toEqual({ low: '0', high: '0' });
  });
  test('saving is baseline - plan - one-time', () => {
    const { totals } = bothEngines([old, single({ key: 'n', written: '2026-10-30' })], ia, { asOf: '2026-10-31' });
    const parts = BigInt(totals.baselineNanoUsd) - BigInt(totals.planNanoUsd) - BigInt(totals.oneTimeNanoUsd);
    expect(Math.abs(Number(parts - BigInt(totals.savingNanoUsd)))).toBeLessThanOrEqual(1);
  });
  test('a plan that never earns its fees back has no payback day', () => {
    const tiny = Array.from({ length: 5 }, (_, n) => single({ key: `t${n}`, written: '2026-01-01', sizeBytes: 9 }));
    const moves = rules({ Filter: { ObjectSizeGreaterThan: 1 }, ...to('DEEP_ARCHIVE', 1) });
    expect(bothEngines(tiny, moves, { asOf: '2026-10-31' }).totals).toMatchObject({ paybackDay: null });
  });
});

describe('unknowns', () => {
  test('reads are what is assumed, and the range holds 0 to 20 percent', () => {
    const how = { asOf: '2026-10-31', months: 2 };
    const none = bothEngines([old], rules(to('GLACIER_IR', 1)), how);
    const some = bothEngines([old], rules(to('GLACIER_IR', 1)), { ...how, readsPercent: 5 });
    // 5 % of a GiB at 0.03 for all 30 days of November, and the transition.
    expect(some.months[1]?.feesNanoUsd).toBe(String(1_500_000 + 20_000));
    expect(none.totals.retrievalNanoUsd).toBe('0');
    expect(BigInt(none.totals.savingNanoUsd) - BigInt(some.totals.savingNanoUsd)).toBe(1_500_000n);
    for (const { range, totals } of [none, some]) {
      expect(BigInt(range.low)).toBeLessThanOrEqual(BigInt(totals.savingNanoUsd));
      expect(BigInt(range.high)).toBeGreaterThanOrEqual(BigInt(totals.savingNanoUsd));
    }
  });
  test('tags match nothing in the figures; a deletion they could cause is a red flag and in the range', () => {
    const tagged = rules({ Filter: { Tag: { Key: 'k', Value: 'v' } }, Expiration: { Days: 1 } });
    const result = bothEngines([old], tagged, { asOf: '2026-10-31' });
    expect(result.totals.savingNanoUsd).toBe('0');
    expect(result.redFlags.join()).toMatch(/"r0".*1 more versions/);
    expect(BigInt(result.range.high)).toBeGreaterThan(0n);
  });
  test('Intelligent-Tiering stays where the report has it, and could sink', () => {
    const tiered = single({ key: 'i', written: '2026-01-01', storageClass: 'INTELLIGENT_TIERING', accessTier: 'FREQUENT' });
    const result = bothEngines([tiered], rules(to('GLACIER', 90)), { asOf: '2026-10-31', months: 6 });
    expect(result.months[0]?.baselineByClass).toEqual({ INTELLIGENT_TIERING: ((23_000_000 + 2_500) / 31).toFixed(0) });
    expect(BigInt(result.range.low)).toBeLessThan(BigInt(result.totals.savingNanoUsd));
  });
});

describe('prices that are missing', () => {
  const strange = single({ key: 'x', written: '2026-01-01', storageClass: 'SNOW', sizeBytes: 7 });
  test('refuse-a class without a price, named with its bytes', () => {
    expect(simulateKeys([strange, old], NONE, { asOf: '2026-10-31' })).toMatchObject({
      ok: false,
      error: { code: 'PriceMissing', field: 'SNOW', message: expect.stringContaining('SNOW (1 versions, 7 bytes)') as string },
    });
  });
  test('success-left out of both sides and listed', () => {
    const result = bothEngines([strange, old], NONE, { asOf: '2026-10-31', excludeUnpriced: true });
    expect(result.blocked).toMatchObject([{ code: 'unpriced', versions: 1, bytes: 7 }]);
    expect(result.months[1]?.planByClass).toEqual({ STANDARD: '23000000' });
  });
});

test('uploads are aborted by prefix and age, and billed until then', () => {
  const upload = { key: 'data/u', initiatedMs: Date.parse('2026-10-30T10:00:00Z'), storageClass: 'GLACIER', bytes: GIB };
  const configuration = rules({ Filter: { Prefix: 'data/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } });
  const result = bothEngines([], configuration, { asOf: '2026-11-01', months: 1, uploads: [upload] });
  expect(result.effects.abortedUploads).toEqual({ uploads: 1, bytes: GIB });
  expect(result.months[0]).toMatchObject({ baselineByClass: { STANDARD: '23000000' }, planNanoUsd: ((23_000_000 * 6) / 30).toFixed(0) });
});

test('inflow writes again what was written lately, and the rules take it', () => {
  const keys = [single({ key: 'logs/a', written: '2026-10-29T10:00:00Z' }), single({ key: 'logs/b', written: '2026-09-01' })];
  const result = bothEngines(keys, rules({ Expiration: { Days: 10 } }), { asOf: '2026-10-31', months: 3, inflowDays: 30 });
  // a again on 28 November and 28 December: the baseline grows by it, the plan expires it.
  expect(result.effects.expired.versions).toBe(3);
  expect(result.months[2]?.baselineNanoUsd).toBe(((23_000_000 * (3 * 31 + 4)) / 31).toFixed(0));
});

test('what inflow brings on the very last day is billed for that day', () => {
  const lately = single({ key: 'logs/a', written: '2026-10-31T10:00:00Z' });
  const { months } = bothEngines([lately], NONE, { asOf: '2026-11-01', months: 1, inflowDays: 30 });
  expect(months[0]?.planNanoUsd).toBe(((23_000_000 * 31) / 30).toFixed(0));
});

test('a configuration S3 would refuse is simulated and said to be one', () => {
  const result = bothEngines([old], rules(to('STANDARD_IA', 1)), { asOf: '2026-10-31' });
  expect(result.issues).toMatchObject([{ severity: 'error', awsCode: 'InvalidArgument' }]);
  expect(result.effects.transitions).toMatchObject([{ storageClass: 'STANDARD_IA' }]);
});
