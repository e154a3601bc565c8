import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areaPath, axisFromZero, byteAxis, labelEvery, linePath, stack } from '../../src/renderer/charts/geometry.ts';

const TIB = 2 ** 40;

describe('an axis', () => {
  test('starts at zero and ends at a round value above the largest', () => {
    expect(axisFromZero(35_000)).toEqual({ ticks: [0, 10_000, 20_000, 30_000, 40_000], top: 40_000 });
    expect(axisFromZero(274, 1)).toEqual({ ticks: [0, 500], top: 500 });
  });

  test('of nothing still has a height', () => {
    expect(axisFromZero(0).top).toBe(1);
    expect(axisFromZero(Number.NaN).top).toBe(1);
  });

  test('always covers its largest value in few steps', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), fc.integer({ min: 1, max: 8 }), (max, most) => {
        const { ticks, top } = axisFromZero(max, most);
        expect(ticks[0]).toBe(0);
        expect(top).toBeGreaterThanOrEqual(max * (1 - 1e-6));
        expect(ticks.length - 1).toBeLessThanOrEqual(most);
        expect(top).toBeLessThanOrEqual(max * 10 * (1 + 1e-6));
      }),
      { seed: 7 },
    );
  });

  test('of bytes has one binary unit for all its ticks', () => {
    const axis = byteAxis(524 * TIB);
    expect(axis.unit).toBe('TiB');
    expect(axis.ticks.map((tick) => tick / axis.perUnit)).toEqual([0, 200, 400, 600]);
  });
});

describe('a stack', () => {
  test('lays its parts on top of each other and leaves out what is empty', () => {
    expect(
      stack([
        ['a', 3],
        ['b', 0],
        ['c', 2],
      ]),
    ).toEqual([
      { key: 'a', from: 0, to: 3 },
      { key: 'c', from: 3, to: 5 },
    ]);
  });

  test('ends at the sum of its values', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e9), { minLength: 1 }), (values) => {
        const parts = stack(values.map((value, at) => [at, value] as const));
        expect(parts.at(-1)?.to ?? 0).toBe(values.reduce((sum, value) => sum + value, 0));
      }),
      { seed: 7 },
    );
  });
});

test('a line and a band are spelled as paths', () => {
  expect(linePath([])).toBe('');
  expect(linePath([[0, 1.26] as const, [2, 3] as const])).toBe('M0 1.3L2 3');
  expect(areaPath([[0, 1] as const, [2, 1] as const], [[0, 5] as const, [2, 5] as const])).toBe('M0 1L2 1L2 5L0 5Z');
});

test('labels thin out until they fit', () => {
  expect(labelEvery(12, 1200, 64)).toBe(1);
  expect(labelEvery(12, 400, 64)).toBe(2);
  expect(labelEvery(12, 10, 64)).toBe(12);
});
