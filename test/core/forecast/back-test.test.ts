import { describe, expect, test } from 'vitest';
import { backTest } from '../../support/back-test.ts';
import { shippedPrices } from '../../support/prices.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const list = shippedPrices();
const SEEDS = Array.from({ length: propertyRuns(1, 15) }, (_, at) => at + 1);

const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

describe.each([
  ['rules alone', false],
  ['rules and people who throw data away', true],
])('a year of daily reports: %s', (_name, people) => {
  test('the band of past errors holds what came in nine of ten months, and is no wider than it says something', () => {
    const all = SEEDS.flatMap((seed) => backTest(seed, list, people));
    for (const made of ['before', 'within'] as const) {
      const banded = all.filter((one) => one.made === made && one.low !== null);
      const held = banded.filter(({ low, high, actual }) => actual >= low! && actual <= high!);
      expect(banded.length).toBeGreaterThanOrEqual(SEEDS.length * 40);
      expect(held.length / banded.length).toBeGreaterThanOrEqual(0.9);
      // Half of the forecasts are nearer than these, half of the bands narrower.
      const [error, width] = made === 'before' ? [0.08, 0.5] : [0.025, 0.25];
      expect(middle(banded.map(({ expected, actual }) => Math.abs(expected / actual - 1)))).toBeLessThan(error);
      expect(middle(banded.map(({ low, high, actual }) => (high! - low!) / actual))).toBeLessThan(width);
    }
  });
});
