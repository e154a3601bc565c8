import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { roundNanoUsd } from '../../../src/core/price/exact.ts';
import { operationPrices } from '../../../src/core/price/operation-prices.ts';
import type { PriceList } from '../../../src/core/price/price-book.ts';
import { storageRates, transitionCharge } from '../../../src/core/price/storage-charge.ts';
import { Volume } from '../../../src/core/price/volume.ts';
import type { OracleKey } from '../../../src/core/simulate/oracle/oracle.ts';
import { bothEngines, bothStates, rules, single, stack } from '../../support/engines.ts';
import { shippedPrices } from '../../support/prices.ts';

/**
 * The cost traps of s3-domain 8.3 at us-east-1's prices of 2026-10-03, and the figures everybody quotes. Each is what the product
 * itself says: prices from https://aws.amazon.com/s3/pricing/, rules from the S3 user guide.
 */
const KIB = 1024;
const TIB = 2 ** 40;
const list = shippedPrices();
const usd = (nanoUsd: bigint | string): number => Number(BigInt(nanoUsd)) / 1e9;

/** Dollars of a month of so many objects of a size in a class. */
function monthly(storageClass: string, count: number, sizeBytes: number, prices: PriceList = list, accessTier = ''): number {
  const volume = new Volume();
  volume.add({ storageClass, accessTier, isSmall: sizeBytes < 131_072, count, bytes: count * sizeBytes });
  return usd(roundNanoUsd(storageRates(prices, volume).charge(volume)));
}
const moving = (target: string, objects: number, prices: PriceList = list): number => {
  const charge = transitionCharge(prices, target, BigInt(objects));
  if (charge === null) throw new Error(`no price for ${target}`);
  return usd(roundNanoUsd(charge));
};
const operations = (() => {
  const text = readFileSync(new URL('../../../resources/pricing.json', import.meta.url), 'utf8');
  const read = operationPrices(JSON.parse(text), 'us-east-1');
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
})();
const expiry = (days: number) => rules({ Expiration: { Days: days } });
const whole = (dollars: number): number => Math.round(dollars * 100) / 100;

describe('the traps of s3-domain 8.3', () => {
  test('moving 100 million objects costs $1,000 to $5,000 once, whatever their size; $5,500 into DEEP_ARCHIVE in eu-west-1', () => {
    expect(['STANDARD_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'].map((target) => moving(target, 1e8))).toEqual([
      1000, 1000, 2000, 3000, 5000,
    ]);
    expect(moving('DEEP_ARCHIVE', 1e8, shippedPrices('eu-west-1'))).toBe(5500);
  });
  test('10 million objects of 10 KB in DEEP_ARCHIVE: $2.19 becomes $2.15 a month, for $500', () => {
    expect(whole(monthly('STANDARD', 1e7, 10 * KIB))).toBe(2.19);
    expect(whole(monthly('DEEP_ARCHIVE', 1e7, 10 * KIB))).toBe(2.15);
    expect(moving('DEEP_ARCHIVE', 1e7)).toBe(500);
  });
  test('10 million objects of 10 KB in STANDARD_IA: $15.26 a month, seven times dearer', () => {
    expect(whole(monthly('STANDARD_IA', 1e7, 10 * KIB))).toBe(15.26);
  });
  test('100 million objects of 64 KB: $140 a month, $153 in STANDARD_IA, $49 in GLACIER_IR, $27 in DEEP_ARCHIVE, paid back in 44 months', () => {
    const of = (storageClass: string): number => monthly(storageClass, 1e8, 64 * KIB);
    expect(['STANDARD', 'STANDARD_IA', 'GLACIER_IR', 'DEEP_ARCHIVE'].map((name) => Math.round(of(name)))).toEqual([140, 153, 49, 27]);
    expect(Math.round(moving('DEEP_ARCHIVE', 1e8) / (of('STANDARD') - of('DEEP_ARCHIVE')))).toBe(44);
  });
  test('objects below 128 KB are not moved, and promise nothing', () => {
    const small = Array.from({ length: 50 }, (_, at) => single({ key: `k${at}`, written: '2026-01-01', sizeBytes: 131_071 }));
    const result = bothEngines(small, rules({ Transitions: [{ Days: 1, StorageClass: 'DEEP_ARCHIVE' }] }), { asOf: '2026-10-31' });
    expect(result.totals).toMatchObject({ savingNanoUsd: '0', oneTimeNanoUsd: '0' });
    expect(result.blocked).toMatchObject([{ code: 'smallObject', versions: 50 }]);
  });
  test.each([
    ['1 TB of DEEP_ARCHIVE deleted after 30 days pays the 150 that are missing: $5.07', 'DEEP_ARCHIVE', 5.07],
    ['1 TB of GLACIER_IR deleted after 30 days pays the 60 that are missing: $8.19', 'GLACIER_IR', 8.19],
  ])('%s', (_words, storageClass, dollars) => {
    const key = single({ key: 'a', written: '2026-10-31T00:00:00Z', storageClass, sizeBytes: TIB });
    const { totals } = bothEngines([key], expiry(30), { asOf: '2026-10-31', months: 3 });
    expect(whole(usd(totals.earlyDeletionNanoUsd))).toBe(dollars);
  });
  test('a STANDARD_IA version that lives a day pays for thirty', () => {
    const key = single({ key: 'latest.pt', written: '2026-10-31T00:00:00Z', storageClass: 'STANDARD_IA', sizeBytes: TIB });
    const { totals, months } = bothEngines([key], expiry(1), { asOf: '2026-10-31', months: 2 });
    // A day of October at a 31st of the month's price, and 29 days at a 30th.
    expect(usd(totals.earlyDeletionNanoUsd)).toBeCloseTo((12.8 * 29) / 30, 9);
    expect(months.reduce((sum, { planNanoUsd }) => sum + usd(planNanoUsd), 0)).toBeCloseTo(12.8 / 31, 9);
  });
  test('reading 100 TB back: $2,048 from DEEP_ARCHIVE, $256 in bulk, $3,072 from GLACIER_IR, $1,024 from STANDARD_IA', () => {
    const gb = 100n * 1024n;
    expect(usd((operations.restore('DEEP_ARCHIVE', 'STANDARD')?.perGb ?? 0n) * gb)).toBe(2048);
    expect(usd((operations.restore('DEEP_ARCHIVE', 'BULK')?.perGb ?? 0n) * gb)).toBe(256);
    expect(usd((operations.retrievalPerGb('GLACIER_IR') ?? 0n) * gb)).toBe(3072);
    expect(usd((operations.retrievalPerGb('STANDARD_IA') ?? 0n) * gb)).toBe(1024);
    expect(usd((operations.restore('GLACIER', 'EXPEDITED')?.perThousand ?? 0n) * 15_000n)).toBe(150_000);
    // A simulation with a fifth of it read every month.
    const key = single({ key: 'a', written: '2026-01-01', storageClass: 'GLACIER_IR', sizeBytes: 100 * TIB });
    const { months } = bothEngines([key], rules(), { asOf: '2026-10-31', months: 2, readsPercent: 20 });
    expect(usd(months[1]?.planFeesNanoUsd ?? '0')).toBeCloseTo(3072 / 5, 6);
  });
  test('a restored copy of 100 TB for a week costs about $550 at STANDARD', () => {
    expect(Math.round((monthly('STANDARD', 1, 100 * TIB) * 7) / 30)).toBe(550);
  });
  test('Intelligent-Tiering watches 200 million objects for $500 a month', () => {
    expect(whole(monthly('INTELLIGENT_TIERING', 2e8, 131_072) - monthly('STANDARD', 2e8, 131_072))).toBe(500);
  });
  test('1 TB overwritten every day in a versioned bucket: 30 TB of noncurrent versions after a month, about $700', () => {
    const versions = Array.from({ length: 31 }, (_, at) => ({
      written: new Date(Date.UTC(2026, 9, 31 - at, 10)).toISOString(),
      sizeBytes: TIB,
    }));
    const { months } = bothEngines([stack('latest.pt', ...versions)], rules(), { asOf: '2026-10-31', months: 2, versioning: 'enabled' });
    expect(usd(months[1]?.planNanoUsd ?? '0')).toBeCloseTo(31 * 1024 * 0.023, 6);
    const kept = rules({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
    const state = bothStates([stack('latest.pt', ...versions)], kept, { asOf: '2026-10-31', versioning: 'enabled' }, '2026-11-02');
    expect(state).toMatchObject({ expiredVersions: 30, expiredBytes: 30 * TIB });
  });
  test('expiration on a versioned bucket saves $0, and leaves more there than before', () => {
    const keys = [single({ key: 'a', written: '2026-01-01' })];
    const versioned = { asOf: '2026-10-31', versioning: 'enabled' as const };
    expect(bothEngines(keys, expiry(1), versioned).totals.savingNanoUsd).toBe('0');
    expect(bothStates(keys, expiry(1), versioned, '2026-12-31')).toMatchObject({
      deleteMarkers: 1,
      expiredVersions: 0,
      byClass: { STANDARD: { noncurrent: { versions: 1 } } },
    });
  });
  test('incomplete uploads are billed, and a rule of 7 days ends them', () => {
    const uploads = [{ key: 'big', initiatedMs: Date.parse('2026-06-01'), storageClass: 'STANDARD', bytes: TIB }];
    const abort = rules({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } });
    const { months, effects } = bothEngines([], abort, { asOf: '2026-10-31', months: 2, uploads });
    expect(months[1]).toMatchObject({ baselineNanoUsd: String(1024 * 23_000_000), planNanoUsd: '0' });
    expect(effects.abortedUploads).toEqual({ uploads: 1, bytes: TIB });
  });
  test('delete markers cost nothing to keep', () => {
    const key = stack('a', { written: '2026-10-01', isMarker: true });
    expect(bothEngines([key], rules(), { asOf: '2026-10-31', versioning: 'enabled' }).totals.baselineNanoUsd).toBe('0');
  });
  test('a crawl of a billion objects is a million LIST requests: $5 at the price of a PUT', () => {
    expect(usd((operations.putPerThousand('STANDARD') ?? 0n) * 1000n)).toBe(5);
  });
  test('out to the internet: $0.09 a GB', () => expect(usd(list.internetNanoUsdPerGb ?? 0n)).toBe(0.09));
  test('a transition resets no clock: expiration still counts from LastModified', () => {
    const both = rules({ Transitions: [{ Days: 30, StorageClass: 'GLACIER_IR' }], Expiration: { Days: 100 } });
    const { effects } = bothEngines([single({ key: 'a', written: '2026-08-01T00:00:00Z' })], both, { asOf: '2026-10-31' });
    expect(effects).toMatchObject({ firstTransition: '2026-11-01', firstExpiration: '2026-11-09' });
  });
});

describe('10,000 GB from STANDARD to GLACIER', () => {
  const GB = 2 ** 30;
  const COUNT = 100;
  const keys: OracleKey[] = Array.from({ length: COUNT }, (_, at) =>
    single({ key: `data/${at}`, written: '2026-01-01T10:00:00Z', sizeBytes: 100 * GB }),
  );
  const archive = rules({ Transitions: [{ Days: 0, StorageClass: 'GLACIER' }] });
  const how = { asOf: '2026-10-31', months: 13 };
  /** A list on which STANDARD is $0.023 and GLACIER $0.004. */
  const familiar: PriceList = {
    ...list,
    classes: new Map(
      [...list.classes].map(([name, price]) => [
        name,
        name === 'GLACIER' ? { ...price, bandsByTier: new Map([['', [{ upToBytes: null, nanoUsdPerGbMonth: 4_000_000n }]]]) } : price,
      ]),
    ),
  };

  test('at $0.023 and $0.004 it saves the familiar $190.00 a month, before fees and overheads', () => {
    const { months } = bothEngines(keys, archive, { ...how, list: familiar });
    const overhead = COUNT * (32 * KIB * 0.004 + 8 * KIB * 0.023) * (1 / GB);
    for (const month of months.slice(1)) {
      expect(usd(month.baselineNanoUsd)).toBe(230);
      expect(usd(month.baselineNanoUsd) - usd(month.planNanoUsd) + overhead).toBeCloseTo(190, 8);
    }
    // 40 KB of every object beside its 100 GB.
    expect(overhead).toBeCloseTo(0.0000298, 7);
  });
  test('at the prices of 2026-10-03 it saves $194.00 a month, and $2,321.74 in the first year with fees and overheads', () => {
    const { months, totals } = bothEngines(keys, archive, how);
    const overhead = COUNT * (32 * KIB * 0.0036 + 8 * KIB * 0.023) * (1 / GB);
    const month = 230 - 36 - overhead;
    expect(usd(months[1]?.baselineNanoUsd ?? '0') - usd(months[1]?.planNanoUsd ?? '0')).toBeCloseTo(month, 8);
    expect(usd(totals.oneTimeNanoUsd)).toBe(0.003);
    // Moved on 1 November: eleven months and 30 days of October.
    expect(usd(totals.firstYearNanoUsd)).toBeCloseTo(month * (11 + 30 / 31) - 0.003, 8);
    expect(whole(usd(totals.firstYearNanoUsd))).toBe(2321.74);
    // The first day saves more than the fee: the sum is never below zero.
    expect(totals.paybackDay).toBe('2026-10-31');
  });
  test('as 10 million objects of 1 MB it is $300 to move, and $186.60 a month of $189.45', () => {
    expect(moving('GLACIER', 10_000_000)).toBe(300);
    const stay = monthly('STANDARD', 10_000_000, 2 ** 20);
    expect(whole(stay - monthly('GLACIER', 10_000_000, 2 ** 20))).toBe(186.6);
    expect(whole((10_000_000 / 1024) * (0.023 - 0.0036))).toBe(189.45);
  });
});
