import { describe, expect, test } from 'vitest';
import { breakEvenBytes } from '../../../src/core/price/break-even.ts';
import { bothEngines, rules, single } from '../../support/engines.ts';
import { shippedPrices } from '../../support/prices.ts';

const list = shippedPrices();
const STANDARD = { storageClass: 'STANDARD', accessTier: '' };
const kib = (target: string, months: number | null, accessTier = ''): string =>
  ((breakEvenBytes(list, STANDARD, { storageClass: target, accessTier }, months) ?? Number.NaN) / 1024).toFixed(1);

/** Break-even sizes in KB of 1,024 bytes at us-east-1's prices of 2026-10-03: for ever, and after so many months. */
const TABLE = {
  STANDARD_IA: [69.6, 77.2, 82.2, 107.6, 166.4, 332.9],
  ONEZONE_IA: [55.7, 63.3, 68.3, 93.6, 134.4, 268.9],
  GLACIER_IR: [22.3, 37.5, 47.6, 98.2, 184.0, 367.9],
  GLACIER: [15.4, 42.4, 60.5, 150.5, 285.7, 555.9],
  DEEP_ARCHIVE: [9.8, 49.5, 76.0, 208.3, 406.8, 803.8],
};

describe('break-even sizes (s3-domain 8.2, from https://aws.amazon.com/s3/pricing/)', () => {
  test.each(Object.entries(TABLE))('%s: never below, and after 60, 36, 12, 6 and 3 months', (target, sizes) => {
    expect([null, 60, 36, 12, 6, 3].map((months) => Number(kib(target, months)))).toEqual(sizes);
  });
  test('Intelligent-Tiering pays its monitoring from 250 KB on once infrequent, and from 138 KB on once archived instantly', () => {
    expect(kib('INTELLIGENT_TIERING', null, 'INFREQUENT')).toBe('249.7');
    expect(kib('INTELLIGENT_TIERING', null, 'ARCHIVE_INSTANT_ACCESS')).toBe('138.0');
  });
  test('Intelligent-Tiering never pays for what stays frequent', () => {
    expect(breakEvenBytes(list, STANDARD, { storageClass: 'INTELLIGENT_TIERING', accessTier: '' }, null)).toBe(null);
  });
  test('what is not priced has no break-even', () => {
    expect(breakEvenBytes(list, { storageClass: 'SNOW', accessTier: '' }, { storageClass: 'GLACIER', accessTier: '' }, 12)).toBe(null);
    expect(breakEvenBytes(list, STANDARD, { storageClass: 'REDUCED_REDUNDANCY', accessTier: '' }, 12)).toBe(null);
  });
  test.each([
    ['STANDARD_IA', 7.8],
    ['ONEZONE_IA', 6.3],
    ['GLACIER_IR', 8.6],
    ['GLACIER', 14.4],
    ['DEEP_ARCHIVE', 20.2],
  ])('an object of 128 KB pays its way into %s after %d months', (target, months) => {
    // The size that breaks even after the whole months around that figure lies on either side of 128 KB.
    const sizeAfter = (count: number): number => breakEvenBytes(list, STANDARD, { storageClass: target, accessTier: '' }, count) ?? 0;
    expect(sizeAfter(Math.floor(months))).toBeGreaterThan(131_072);
    expect(sizeAfter(Math.ceil(months))).toBeLessThanOrEqual(131_072);
  });
});

test('the simulation saves from that size on, and not a byte below it', () => {
  // A year of twelve whole months after the day of the transition.
  const size = breakEvenBytes(list, STANDARD, { storageClass: 'GLACIER', accessTier: '' }, 12) as number;
  const savingOf = (sizeBytes: number): bigint => {
    const rule = rules({ Filter: { ObjectSizeGreaterThan: 1 }, Transitions: [{ Days: 0, StorageClass: 'GLACIER' }] });
    const many = Array.from({ length: 200 }, (_, at) => single({ key: `k${at}`, written: '2026-01-01T10:00:00Z', sizeBytes }));
    return BigInt(bothEngines(many, rule, { asOf: '2026-12-31', months: 13 }).totals.savingNanoUsd);
  };
  expect(savingOf(size)).toBeGreaterThanOrEqual(0n);
  expect(savingOf(size - 1)).toBeLessThan(0n);
});
