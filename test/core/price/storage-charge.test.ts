import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundNanoUsd } from '../../../src/core/price/exact.ts';
import { discounted, type PriceList, parsePriceBook, priceListFor } from '../../../src/core/price/price-book.ts';
import { storageRates, transitionCharge } from '../../../src/core/price/storage-charge.ts';
import { type Extent, Volume } from '../../../src/core/price/volume.ts';

const GIB = 2 ** 30;
const TIB = 2 ** 40;

function prices(region = 'us-east-1'): PriceList {
  const book = parsePriceBook(JSON.parse(readFileSync(new URL('../../../resources/pricing.json', import.meta.url), 'utf8')));
  if (!book.ok) throw new Error(book.error.message);
  const list = priceListFor(book.value, region);
  if (!list.ok) throw new Error(list.error.message);
  return list.value;
}

const volumeOf = (...extents: Extent[]): Volume => {
  const volume = new Volume();
  for (const extent of extents) volume.add(extent);
  return volume;
};
const extent = (storageClass: string, count: number, bytes: number, isSmall = false, accessTier = ''): Extent => ({
  storageClass,
  accessTier,
  count,
  bytes,
  isSmall,
});
const alone = (volume: Volume, list = prices()): bigint => roundNanoUsd(storageRates(list, volume).charge(volume));

describe('the storage charge of one month', () => {
  it('success-one GiB in STANDARD costs the list price', () => {
    expect(alone(volumeOf(extent('STANDARD', 1, GIB)))).toBe(23_000_000n);
  });

  it('success-a small object in STANDARD_IA, ONEZONE_IA and GLACIER_IR is billed as 128 KiB', () => {
    for (const [name, price] of [
      ['STANDARD_IA', 12_500_000n],
      ['ONEZONE_IA', 10_000_000n],
      ['GLACIER_IR', 4_000_000n],
    ] as const) {
      expect(alone(volumeOf(extent(name, 8192, 8192, true)))).toBe(price);
    }
  });

  it('success-GLACIER and DEEP_ARCHIVE add 32 KiB at their own price and 8 KiB at STANDARD', () => {
    // 32,768 objects: 1 GiB of overhead in the class, a quarter GiB in STANDARD.
    expect(alone(volumeOf(extent('GLACIER', 32_768, 0)))).toBe(3_600_000n + 5_750_000n);
    expect(alone(volumeOf(extent('DEEP_ARCHIVE', 32_768, 0)))).toBe(990_000n + 5_750_000n);
  });

  it('success-Intelligent-Tiering pays its tier and the monitoring of objects of 128 KiB and more only', () => {
    expect(alone(volumeOf(extent('INTELLIGENT_TIERING', 1000, GIB, false, 'INFREQUENT')))).toBe(12_500_000n + 2_500_000n);
    expect(alone(volumeOf(extent('INTELLIGENT_TIERING', 1000, GIB, true, 'INFREQUENT')))).toBe(23_000_000n);
  });

  it('success-everything pays the first volume band unless what is already stored is given', () => {
    expect(alone(volumeOf(extent('STANDARD', 10, 600 * TIB)))).toBe(BigInt(600 * 1024) * 23_000_000n);
  });

  it('success-volume bands apply to the whole, above what is already stored, and the parts add up to it', () => {
    const whole = volumeOf(extent('STANDARD', 10, 600 * TIB));
    const expected = 51_200n * 23_000_000n + 460_800n * 22_000_000n + BigInt(600 * 1024 - 512_000) * 21_000_000n;
    const rates = storageRates(prices(), whole, 1, new Map());
    expect(roundNanoUsd(rates.charge(whole))).toBe(expected);
    const above = storageRates(prices(), whole, 1, new Map([['STANDARD', BigInt(100 * TIB)]]));
    expect(roundNanoUsd(above.charge(whole))).toBe(409_600n * 22_000_000n + BigInt(600 * 1024 - 409_600) * 21_000_000n);
    const half = roundNanoUsd(rates.charge(volumeOf(extent('STANDARD', 5, 300 * TIB))));
    expect(half * 2n).toBe(expected);
  });

  it('success-byte-days of a whole month equal the month', () => {
    const span = new Volume();
    span.add(extent('STANDARD', 3, 70 * TIB), 30n);
    expect(roundNanoUsd(storageRates(prices(), span, 30).charge(span))).toBe(alone(volumeOf(extent('STANDARD', 3, 70 * TIB))));
  });

  it('refuse-an unknown class has no price and adds nothing', () => {
    const whole = volumeOf(extent('SNOW', 1, GIB), extent('STANDARD', 1, GIB));
    const rates = storageRates(prices(), whole);
    expect(rates.unpricedKeys).toEqual(['SNOW']);
    expect(rates.isPriced('SNOW')).toBe(false);
    expect(roundNanoUsd(rates.charge(whole))).toBe(23_000_000n);
  });

  it('refuse-a class name made to look like a priced one', () => {
    for (const name of ['STANDARD/', 'INTELLIGENT_TIERING/FREQUENT', '__proto__', 'standard']) {
      expect(alone(volumeOf(extent(name, 1, GIB)))).toBe(0n);
    }
  });

  it('refuse-a volume beyond the last known band has no price', () => {
    const list = prices('mx-central-1');
    const none = new Map<string, bigint>();
    expect(storageRates(list, volumeOf(extent('STANDARD', 1, 50 * TIB)), 1, none).unpricedKeys).toEqual([]);
    expect(storageRates(list, volumeOf(extent('STANDARD', 1, 50 * TIB + 1)), 1, none).unpricedKeys).toEqual(['STANDARD']);
  });

  it('success-a discount is taken off every charge of a class, exactly', () => {
    const whole = volumeOf(extent('STANDARD', 1, GIB), extent('INTELLIGENT_TIERING', 1000, GIB));
    expect(alone(whole, discounted(prices(), 125_000))).toBe(((23_000_000n + 25_500_000n) * 875n) / 1000n);
    expect(roundNanoUsd(transitionCharge(discounted(prices(), 500_000), 'GLACIER', 1n) ?? { num: 0n, den: 1n })).toBe(15_000n);
  });

  it('success-halves are rounded up, below zero too', () => {
    expect([-3n, -2n, -1n, 1n, 3n].map((num) => roundNanoUsd({ num, den: 2n }))).toEqual([-1n, -1n, 0n, 1n, 2n]);
    expect(roundNanoUsd({ num: -51n, den: 100n })).toBe(-1n);
    expect(roundNanoUsd({ num: -49n, den: 100n })).toBe(0n);
  });

  it('parts of any split pay what the whole pays', () => {
    const part = fc.record({
      storageClass: fc.constantFrom('STANDARD', 'STANDARD_IA', 'GLACIER', 'GLACIER_IR', 'INTELLIGENT_TIERING'),
      accessTier: fc.constant(''),
      isSmall: fc.boolean(),
      count: fc.integer({ min: 1, max: 1e6 }),
      bytes: fc.integer({ min: 0, max: 2 ** 48 }),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
        const rates = storageRates(prices(), volumeOf(...parts));
        const sum = parts
          .map((one) => rates.charge(volumeOf(one)))
          .reduce((a, b) => ({ num: a.num * b.den + b.num * a.den, den: a.den * b.den }));
        const whole = rates.charge(volumeOf(...parts));
        expect(sum.num * whole.den).toBe(whole.num * sum.den);
      }),
      { seed: 20261121, numRuns: 50 },
    );
  });
});

describe('transition requests', () => {
  it('are priced by destination, per object', () => {
    expect(roundNanoUsd(transitionCharge(prices(), 'DEEP_ARCHIVE', 100_000_000n) ?? { num: 0n, den: 1n })).toBe(5_000_000_000_000n);
    expect(transitionCharge(prices(), 'STANDARD', 1n)).toBeNull();
  });

  it('refuse-a price its source only inferred', () => {
    expect(transitionCharge(prices('mx-central-1'), 'STANDARD_IA', 1n)).toBeNull();
  });
});

describe('the price book', () => {
  it('refuse-a region that is not in it, naming those that are', () => {
    const book = parsePriceBook(JSON.parse(readFileSync(new URL('../../../resources/pricing.json', import.meta.url), 'utf8')));
    const list = book.ok ? priceListFor(book.value, 'mars-north-1') : book;
    expect(list).toMatchObject({ ok: false, error: { code: 'RegionUnknown' } });
  });

  it('refuse-a file of another shape', () => {
    expect(parsePriceBook({ schema: 'else' })).toMatchObject({ ok: false, error: { code: 'PriceMissing' } });
  });
});
