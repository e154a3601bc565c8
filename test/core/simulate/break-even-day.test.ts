import { describe, expect, test } from 'vitest';
import { roundNanoUsd } from '../../../src/core/price/exact.ts';
import type { Extent } from '../../../src/core/price/volume.ts';
import { formatDay } from '../../../src/core/report/format.ts';
import { moveOf } from '../../../src/core/simulate/break-even-day.ts';
import { bothEngines, rules, single } from '../../support/engines.ts';
import { dayOf } from '../../support/memory-snapshot.ts';
import { shippedPrices } from '../../support/prices.ts';

const list = shippedPrices();
const extent = (storageClass: string, count: number, sizeBytes: number): Extent => ({
  storageClass,
  accessTier: '',
  isSmall: sizeBytes < 131_072,
  count,
  bytes: count * sizeBytes,
});
const TARGETS = ['STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'];

describe('what a move of a unit comes to is what its simulation says', () => {
  // 1 MB objects: paid back within months; 128 KiB: within one to two years.
  test.each(['STANDARD', 'STANDARD_IA'].flatMap((from) => TARGETS.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
    for (const sizeBytes of [131_072, 2 ** 20]) {
      const extents = [extent(from, 40, sizeBytes), extent(from, 3, 1000)];
      const move = moveOf(list, extents, to, true, dayOf('2026-10-31'), 36);
      if (from === to) {
        expect(move).toBe(null);
        continue;
      }
      const keys = [...Array(43).keys()].map((at) =>
        single({ key: `k${at}`, written: '2026-01-01', storageClass: from, sizeBytes: at < 40 ? sizeBytes : 1000 }),
      );
      const archive = rules({ Transitions: [{ Days: 0, StorageClass: to }] });
      const { totals, effects, blocked, months } = bothEngines(keys, archive, { asOf: '2026-10-31', months: 34 });
      expect(effects.transitions).toMatchObject([{ storageClass: to, versions: 40, bytes: 40 * sizeBytes }]);
      expect(move?.moved).toEqual({ versions: 40, bytes: 40 * sizeBytes });
      expect(blocked).toMatchObject([{ code: 'smallObject', ...move?.kept }]);
      expect(String(roundNanoUsd(move?.fees ?? { num: -1n, den: 1n }))).toBe(totals.oneTimeNanoUsd);
      const month = months[1];
      const saved = BigInt(month?.baselineNanoUsd ?? '0') - BigInt(month?.planNanoUsd ?? '0');
      const difference = saved - roundNanoUsd(move?.monthlySaving ?? { num: -1n, den: 1n });
      expect(difference >= -1n && difference <= 1n).toBe(true);
      const day = move?.breakEvenDay ?? null;
      // The simulation knows no day beyond its last month.
      expect(day === null || day >= dayOf('2029-08-01') ? null : formatDay(day)).toBe(totals.paybackDay);
    }
  });
});

test('what costs more for ever, what nothing may move, what has no price', () => {
  const asOf = dayOf('2026-10-31');
  expect(moveOf(list, [extent('STANDARD', 1, 1000)], 'STANDARD_IA', false, asOf, 36)).toMatchObject({
    breakEvenDay: null,
    moved: { versions: 1, bytes: 1000 },
  });
  expect(moveOf(list, [extent('DEEP_ARCHIVE', 1, 2 ** 30)], 'GLACIER', false, asOf, 36)).toBe(null);
  expect(moveOf(list, [extent('REDUCED_REDUNDANCY', 1, 2 ** 30)], 'GLACIER', false, asOf, 36)).not.toBe(null);
  expect(moveOf({ ...list, classes: new Map() }, [extent('STANDARD', 1, 2 ** 30)], 'GLACIER', false, asOf, 36)).toBe(null);
  expect(moveOf(list, [], 'GLACIER', false, asOf, 36)).toBe(null);
});
