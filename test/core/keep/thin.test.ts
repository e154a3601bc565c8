import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, thin } from '../../../src/core/keep/thin.ts';

const deep = process.env.ISOTHERM_DEEP === '1';

function widestGap(candidates: readonly Candidate[], kept: readonly number[]): number {
  const places = [candidates[0]?.place ?? 0, ...kept.map((at) => candidates[at]?.place ?? 0), candidates.at(-1)?.place ?? 0];
  return Math.max(...places.map((place, at) => (at === 0 ? 0 : place - (places[at - 1] as number))));
}
const bytesOf = (candidates: readonly Candidate[], kept: readonly number[]): number =>
  kept.reduce((sum, at) => sum + (candidates[at]?.bytes ?? 0), 0);

/** Every choice there is. */
function best(candidates: readonly Candidate[], budget: number): number {
  let narrowest = Number.POSITIVE_INFINITY;
  for (let bits = 0; bits < 1 << candidates.length; bits++) {
    const kept = candidates.flatMap((_, at) => ((bits >>> at) & 1 ? [at] : []));
    if (candidates.some(({ isFixed }, at) => isFixed && !kept.includes(at)) || bytesOf(candidates, kept) > budget) continue;
    narrowest = Math.min(narrowest, widestGap(candidates, kept));
  }
  return narrowest;
}

const row = fc
  .array(fc.record({ place: fc.nat(30), bytes: fc.integer({ min: 1, max: 9 }), isFixed: fc.boolean() }), { minLength: 1, maxLength: 9 })
  .map((list) => [...list].sort((a, b) => a.place - b.place));

test('no choice within the budget leaves a narrower widest gap', () => {
  fc.assert(
    fc.property(row, fc.nat(60), (candidates, budget) => {
      const kept = thin(candidates, budget);
      const fixed = candidates.flatMap(({ isFixed }, at) => (isFixed ? [at] : []));
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      for (const at of fixed) expect(kept).toContain(at);
      if (bytesOf(candidates, fixed) > budget) {
        expect(kept).toEqual(fixed);
        return;
      }
      expect(bytesOf(candidates, kept)).toBeLessThanOrEqual(budget);
      expect(widestGap(candidates, kept)).toBe(best(candidates, budget));
      // Nothing that still fits is left out.
      const left = budget - bytesOf(candidates, kept);
      for (const [at, { bytes }] of candidates.entries()) if (!kept.includes(at)) expect(bytes).toBeGreaterThan(left);
    }),
    { seed: 29, numRuns: deep ? 50_000 : 1500 },
  );
});

describe('evenly', () => {
  const steps = (count: number, fixed: readonly number[] = []): Candidate[] =>
    Array.from({ length: count }, (_, i) => ({ place: (i + 1) * 100, bytes: 10, isFixed: fixed.includes(i + 1) }));
  test('success-three-of-nine-and-the-last', () => expect(thin(steps(9, [9]), 40)).toEqual([2, 4, 6, 8]));
  test('success-all-fit', () => expect(thin(steps(4), 40)).toEqual([0, 1, 2, 3]));
  test('refuse-fixed-do-not-fit', () => expect(thin(steps(4, [1, 4]), 15)).toEqual([0, 3]));
  test('refuse-nothing-fits', () => expect(thin(steps(4), 5)).toEqual([]));
  test('nothing of nothing', () => expect(thin([], 5)).toEqual([]));
});
