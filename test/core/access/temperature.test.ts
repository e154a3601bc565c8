import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Days } from '../../../src/core/access/days.ts';
import { AccessFold, type AccessPlace, type Locator } from '../../../src/core/access/fold.ts';
import { noiseFilter, USUAL_NOISE } from '../../../src/core/access/readers.ts';
import { ageInWords, ageOf, type Known, temperatureOf, tierDays, USUAL_BOUNDS } from '../../../src/core/access/temperature.ts';
import { UnitReads } from '../../../src/core/access/unit-reads.ts';

const DAY = 86_400_000;
const AS_OF_DAY = 20_000;
const AS_OF = AS_OF_DAY * DAY + 5 * 3_600_000;
const ago = (days: number): number => AS_OF - days * DAY;
const everyDay = (from: number, to: number, but: readonly number[] = []): Days =>
  new Days(Array.from({ length: from - to + 1 }, (_, i) => AS_OF_DAY - from + i).filter((day) => !but.includes(AS_OF_DAY - day)));
const known = (some: Partial<Known>): Known => ({ lastWriteMs: ago(400), lastReadMs: null, tierDays: 0, ...some });
const told = (some: Partial<Known>, days: Days) => {
  const age = ageOf(known(some), days, AS_OF, USUAL_BOUNDS);
  return `${age.temperature} ${age.leastDays}..${age.mostDays} ${age.evidence}`;
};

describe('the age of the last access', () => {
  test('no logs: reads are unknown, so nothing is cold', () => expect(told({}, new Days())).toBe('unknown 0..400 modifiedOnly'));
  test('written lately: hot, whatever is unknown', () => expect(told({ lastWriteMs: ago(3) }, new Days())).toBe('hot 0..3 modifiedOnly'));
  test('logs of every day since it was written and no read: cold', () => expect(told({}, everyDay(401, 1))).toBe('cold 400..400 logs'));
  test('logs of the last hundred days and no read: cold, and between 100 and 400 days', () =>
    expect(told({}, everyDay(100, 1))).toBe('cold 100..400 logs'));
  test('logs of the last fifty days and no read: unknown', () => expect(told({}, everyDay(50, 1))).toBe('unknown 50..400 logs'));
  test('a read fifty days ago, all days logged: warm', () =>
    expect(told({ lastReadMs: ago(50) }, everyDay(401, 1))).toBe('warm 50..50 logs'));
  test('a read fifty days ago and a day without logs since: unknown', () =>
    expect(told({ lastReadMs: ago(50) }, everyDay(401, 1, [10]))).toBe('unknown 9..50 logs'));
  test('a missing day before the last read changes nothing', () =>
    expect(told({ lastReadMs: ago(50) }, everyDay(401, 1, [70]))).toBe('warm 50..50 logs'));
  test('logs that end too early prove nothing of today', () => expect(told({}, everyDay(401, 40))).toBe('unknown 0..400 logs'));
  test('a read on the day of the snapshot: hot', () => expect(told({ lastReadMs: AS_OF - 1000 }, new Days())).toBe('hot 0..0 logs'));
  test('the tier of Intelligent-Tiering is a lower bound', () => {
    expect(told({ tierDays: 90 }, new Days())).toBe('cold 90..400 tier');
    expect(told({ tierDays: 30 }, new Days())).toBe('unknown 30..400 tier');
    expect(told({ tierDays: 90, lastWriteMs: ago(10) }, new Days())).toBe('hot 10..10 tier');
    expect(['FREQUENT', 'INFREQUENT', 'ARCHIVE_INSTANT_ACCESS', 'ARCHIVE', 'DEEP_ARCHIVE', ''].map(tierDays)).toEqual([
      0, 30, 90, 90, 180, 0,
    ]);
  });
  test('in words, with its window', () => {
    const words = (some: Partial<Known>, days: Days) => ageInWords(ageOf(known(some), days, AS_OF, USUAL_BOUNDS), known(some));
    expect(words({}, everyDay(401, 1))).toBe('no read seen in 400 of 400 days since it was written');
    expect(words({}, everyDay(143, 1))).toBe('no read seen in 143 of 400 days since it was written');
    expect(words({ lastReadMs: ago(50) }, everyDay(401, 1, [10]))).toBe('last read seen 50 days ago; 1 day since have no log');
    expect(words({}, new Days())).toBe('written 400 days ago, reads unknown');
    expect(words({ tierDays: 90 }, new Days())).toBe('not accessed for at least 90 days, by its access tier');
  });
});

test('taking a day of logs away widens the age and never makes anything colder or warmer', () => {
  const reads = fc.array(fc.integer({ min: 0, max: 250 }), { maxLength: 5 });
  fc.assert(
    fc.property(
      fc.record({
        written: fc.integer({ min: 0, max: 300 }),
        reads,
        missing: fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 12 }),
      }),
      fc.integer({ min: 0, max: 300 }),
      fc.constantFrom(0, 30, 90, 180),
      ({ written, reads: readDays, missing }, taken, givenTier) => {
        // A tier is never colder than what was really done.
        const tier = Math.min(written, ...readDays) >= givenTier ? givenTier : 0;
        const lastWriteMs = ago(written);
        const look = (lost: readonly number[]) => {
          const seen = readDays.filter((day) => day <= written && !lost.includes(day) && day > 0);
          const days = everyDay(301, 1, [...missing, ...lost]);
          const lastReadMs = seen.length === 0 ? null : ago(Math.min(...seen));
          return ageOf({ lastWriteMs, lastReadMs, tierDays: tier }, days, AS_OF, USUAL_BOUNDS);
        };
        const [before, after] = [look(missing), look([...missing, taken])];
        expect(after.leastDays).toBeLessThanOrEqual(before.leastDays);
        expect(after.mostDays).toBeGreaterThanOrEqual(before.mostDays);
        if (after.temperature !== before.temperature) expect(after.temperature).toBe('unknown');
        expect(after.leastDays).toBeLessThanOrEqual(after.mostDays);
      },
    ),
    { seed: 41, numRuns: 3000 },
  );
});

test('a temperature holds for every age within the bounds, or is unknown', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), (a, b) => {
      const [least, most] = [Math.min(a, b), Math.max(a, b)];
      const each = new Set(Array.from({ length: most - least + 1 }, (_, i) => temperatureOf(least + i, least + i, USUAL_BOUNDS)));
      expect(temperatureOf(least, most, USUAL_BOUNDS)).toBe(each.size === 1 ? [...each][0] : 'unknown');
    }),
  );
});

describe('reads by unit', () => {
  const unit = (path: string, kind = 'checkpoint'): AccessPlace => ({ type: 'unit', kind, path });
  const places = new Map<string, AccessPlace>([
    ['r/checkpoint-5/model-00001.bin', unit('r/checkpoint-5/')],
    ['r/checkpoint-5/model-00002.bin', unit('r/checkpoint-5/')],
    ['r/a b.txt', { type: 'directory', kind: '', path: 'r/' }],
    ['d/v1/x.parquet', unit('d/v1/', 'dataset')],
  ]);
  const locator: Locator = {
    find: (key) => places.get(key) ?? null,
    around: (key) => (key.startsWith('r/checkpoint-5/') ? [unit('r/checkpoint-5/')] : []),
  };
  const event = (key: string, some: object = {}) => ({
    timeMs: ago(5),
    bucket: 'b',
    key,
    isKeyEncoded: true,
    kind: 'read' as const,
    requester: 'train',
    userAgent: 'aws-cli/2.1',
    bytesSent: 10,
    isWhole: true,
    sourceRegion: 'eu-west-1',
    ...some,
  });

  test('a read of one shard is a read of the unit, a deleted shard included', () => {
    const fold = new AccessFold('b', locator);
    fold.add(event('r/checkpoint-5/model-00001.bin'));
    fold.add(event('r/checkpoint-5/model-00002.bin', { timeMs: ago(3), isWhole: false }));
    fold.add(event('r/checkpoint-5/deleted.bin', { timeMs: ago(2), sourceRegion: '' }));
    fold.add(event('r/a%20b.txt'));
    fold.add(event('nowhere'));
    fold.add(event('d/v1/x.parquet', { kind: 'write', timeMs: ago(90) }));
    fold.add(event('d/v1/x.parquet', { bucket: 'other' }));
    // Reads are placed in the order of their keys.
    const [text, shards] = fold.result();
    expect(shards).toMatchObject({
      place: unit('r/checkpoint-5/'),
      reads: 3,
      wholeReads: 2,
      bytesSent: 30,
      firstReadMs: ago(5),
      lastReadMs: ago(2),
    });
    expect(shards?.bytesByRegion).toEqual(
      new Map([
        ['eu-west-1', 20],
        ['', 10],
      ]),
    );
    expect(text?.place.path).toBe('r/');
    expect(fold).toMatchObject({ events: 6, reads: 5, writes: 1, otherBuckets: 1, notInIndex: 2 });
    expect(fold.eventsByDay().map(([day, events]) => [AS_OF_DAY - day, events])).toEqual([
      [90, 1],
      [5, 3],
      [3, 1],
      [2, 1],
    ]);
  });

  test('reads are found again when units have changed', () => {
    const fold = new AccessFold('b', locator);
    fold.add(event('r/checkpoint-5/model-00001.bin'));
    fold.add(event('r/a b.txt', { isKeyEncoded: false }));
    fold.add(event('d/v1/x.parquet'));
    const reads = new UnitReads(fold.result());
    const found = (path: string, kind: string, stem = '') => reads.of({ path, kind, stem }).map(({ place }) => place.path);
    expect(found('r/checkpoint-5/', 'checkpoint')).toEqual(['r/checkpoint-5/']);
    expect(found('r/', 'experiment')).toEqual(['r/checkpoint-5/']);
    expect(found('r/checkpoint-50/', 'checkpoint')).toEqual([]);
    expect(found('d/v1/train/', 'dataset')).toEqual(['d/v1/']);
    expect(found('d/v1/train/', 'checkpoint')).toEqual([]);
    expect(found('d/v1/x', 'dataset', 'x')).toEqual(['d/v1/']);
    expect(found('', 'dataset_live_table')).toEqual(['d/v1/', 'r/', 'r/checkpoint-5/']);
  });
});

describe('readers that are noise', () => {
  const filter = noiseFilter(USUAL_NOISE);
  if (!filter.ok) throw new Error(filter.error.message);
  test.each([
    ['arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForAmazonMacie/session', '', true],
    ['svc:s3.amazonaws.com', '', true],
    ['arn:aws:sts::1:assumed-role/train/i-1', 'aws-cli', false],
    ['arn:aws:sts::1:assumed-role/scan/i-1', 'clamav-scanner', true],
    ['', '', false],
  ])('%s with %s: %s', (requester, agent, expected) => expect(filter.value({ requester, agent })).toBe(expected));
  test('refuse-a-pattern-that-cannot-be-read', () => expect(noiseFilter(['[']).ok).toBe(false));
});
