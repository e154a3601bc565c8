import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bandOf } from '../../../src/core/forecast/band.ts';
import { type Reading, realisedOver } from '../../../src/core/forecast/reading.ts';
import { growthOf } from '../../../src/core/forecast/spike.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const reading = (at: number, kept: readonly number[], bytes = 0): Reading => ({
  day: Math.floor(at),
  at,
  versions: 0,
  bytes,
  kept,
  daily: kept,
});

describe('what days cost by the readings', () => {
  test('rules at midnight, people evenly: by hand', () => {
    // From noon of day 10 to noon of day 12; the rules take 60 away at the midnight of day 11, people add 20 in two days.
    const readings = [reading(10.5, [100, 40, 40]), reading(12.5, [60])];
    // Half of day 10 before the first reading, then 100 rising by 5 to its end.
    expect(realisedOver(readings, { from: 10, to: 11 })).toBeCloseTo(50 + 50 + 0.5 * 2.5);
    expect(realisedOver(readings, { from: 11, to: 12 })).toBeCloseTo(40 + 10);
    expect(realisedOver(readings, { from: 9, to: 12 })).toBeCloseTo(100 + 101.25 + 50);
  });

  test('days add up, however a time is cut', () => {
    const series = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 5 }), cost: fc.nat(1000), drop: fc.nat(50) }), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(series, fc.double({ min: 0, max: 0.99, noNaN: true }), fc.nat(), (steps, hour, cut) => {
        let day = 100;
        const readings = steps.map(({ gap, cost, drop }) => {
          const one = reading(
            day + hour,
            Array.from({ length: 6 }, (_, ahead) => cost - drop * Math.min(1, ahead)),
          );
          day += gap;
          return one;
        });
        const [from, to] = [98, readings.at(-1)!.day];
        const at = from + (cut % (to - from + 1));
        const parts = realisedOver(readings, { from, to: at }) + realisedOver(readings, { from: at, to });
        expect(parts).toBeCloseTo(realisedOver(readings, { from, to }), 6);
      }),
      { numRuns: propertyRuns(100), seed: 8 },
    );
  });
});

describe('the band', () => {
  const days = { from: 0, to: 30 };

  test('is none before three months that do not overlap', () => {
    const daily = (last: number) => Array.from({ length: last + 1 }, (_, day) => ({ day, ratio: 1 }));
    expect(bandOf([], days)).toBeNull();
    expect(bandOf(daily(59), days)).toBeNull();
    expect(bandOf(daily(60), days)).toMatchObject({ middle: 1, low: 1, high: 1, apart: 3, samples: 61, coverage: 1 });
  });

  test('holds at least nine of ten of the past forecasts it is from', () => {
    const ratios = fc.array(fc.double({ min: 0.1, max: 5, noNaN: true }), { minLength: 70, maxLength: 120 });
    fc.assert(
      fc.property(ratios, (all) => {
        const past = all.map((ratio, day) => ({ day, ratio }));
        const band = bandOf(past, days)!;
        const held = all.filter((ratio) => ratio >= band.low && ratio <= band.high).length / all.length;
        expect(held).toBeGreaterThanOrEqual(0.9);
        expect(band.coverage).toBe(held);
      }),
      { numRuns: propertyRuns(50), seed: 8 },
    );
  });
});

describe('growth', () => {
  const bytes = (...all: number[]): Reading[] => all.map((one, at) => reading(at * 7, [1], one));

  test('is none without a snapshot before, and no spike while nobody knows what is usual', () => {
    expect(growthOf(bytes(5))).toBeNull();
    expect(growthOf(bytes(0, 1, 2, 3, 4, 10_000))).toMatchObject({ intervals: 4, usualBytesPerDay: null, isSpike: false });
  });

  test('far above what is usual is a spike, and so would have been the one before', () => {
    const usual = [1000, 1070, 1133, 1210, 1280, 1343, 1420, 1490];
    expect(growthOf(bytes(...usual, 1560))).toMatchObject({ usualBytesPerDay: 10, isSpike: false, earlierSpikes: 0 });
    expect(growthOf(bytes(...usual, 3000))).toMatchObject({ isSpike: true, fromDay: 49, toDay: 56 });
    expect(growthOf(bytes(...usual, 3000, 3070, 5000))).toMatchObject({ isSpike: true, earlierSpikes: 1 });
  });

  test('what is unusual and yet next to nothing is no spike', () => {
    // Not a byte a week, then a thousandth of what is there.
    expect(growthOf(bytes(1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6 + 1000))).toMatchObject({ limitBytesPerDay: 0, isSpike: false });
    expect(growthOf(bytes(1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1.02e6))).toMatchObject({ isSpike: true });
  });
});
