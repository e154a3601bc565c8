import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OwnersFile } from '../../../src/contract/owners.ts';
import { bucketOwner, ownerOfKey } from '../../../src/core/owners/assign.ts';
import { meanOf, medianOf, shareOut, weekOf } from '../../../src/core/owners/costs.ts';

const file = (rules: OwnersFile['rules'], rest: Partial<OwnersFile> = {}): OwnersFile => ({
  format: 'isotherm-owners/1',
  rules,
  bucketTags: {},
  unowned: 'share',
  ...rest,
});
const NOBODY = bucketOwner(file([]), {});

describe('owners of keys', () => {
  test('the longest prefix decides field by field, the later rule of two with one prefix, the bucket for the rest', () => {
    const rules = file(
      [
        { prefix: 'a/b/', project: 'deep' },
        { prefix: 'a/', team: 'one', project: 'wide' },
        { prefix: 'a/', team: 'two' },
      ],
      { bucketTags: { costCentre: 'CostCenter', environment: '__proto__' } },
    );
    const base = bucketOwner(rules, { CostCenter: ' 42 ' });
    expect(ownerOfKey('a/b/c', rules, base)).toEqual({ team: 'two', project: 'deep', environment: null, costCentre: '42' });
    expect(ownerOfKey('a/x', rules, base)).toMatchObject({ team: 'two', project: 'wide' });
    expect(ownerOfKey('ab', rules, base)).toMatchObject({ team: null, costCentre: '42' });
  });
  test('an empty tag says nothing', () => {
    expect(bucketOwner(file([], { bucketTags: { team: 'Team' } }), { Team: '  ' })).toEqual(NOBODY);
  });
});

describe('sharing out', () => {
  test('shares are whole, add up to the amount, and none is more than one nano-dollar from its exact part', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 18n), fc.array(fc.bigInt(0n, 10n ** 15n), { minLength: 1, maxLength: 9 }), (amount, weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0n);
        const shares = shareOut(amount, weights);
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(total === 0n ? 0n : amount);
        for (const [at, share] of shares.entries()) {
          if (total === 0n) continue;
          const off = share * total - amount * (weights[at] as bigint);
          expect(off < total && off > -total).toBe(true);
          if (weights[at] === 0n) expect(share).toBe(0n);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

test('mean, median and the week are rounded once, half up', () => {
  expect([meanOf([]), medianOf([])]).toEqual([0n, 0n]);
  expect([meanOf([1n, 2n]), medianOf([1n, 2n])]).toEqual([2n, 2n]);
  expect(medianOf([9n, 1n, 5n])).toBe(5n);
  // 30 days in November, 28 in February.
  expect(weekOf(30n, Date.UTC(2026, 10, 20))).toBe(7n);
  expect(weekOf(28n, Date.UTC(2026, 1, 1))).toBe(7n);
  expect(weekOf(1n, Date.UTC(2026, 10, 20))).toBe(0n);
  expect(weekOf(3n, Date.UTC(2026, 10, 20))).toBe(1n);
});
