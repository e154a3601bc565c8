import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BruteAsked, BruteImpact } from '../../support/brute-impact.ts';
import { impactOverKeys } from '../../support/impact.ts';
import { configuredWith, crowd, keysWith, uploadsWith } from '../../support/lifecycle-arbitraries.ts';
import { shippedPrices } from '../../support/prices.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const AS_OF = Date.parse('2026-11-22T08:30:00.000Z');
const AS_OF_DAY = Math.floor(AS_OF / 86_400_000);
const list = shippedPrices('eu-central-1');

const CASE = fc.record({
  keys: keysWith({ asOfDay: AS_OF_DAY, strange: false, future: true }, 6),
  crowd: crowd({ asOfDay: AS_OF_DAY, strange: false, future: true }),
  uploads: uploadsWith(AS_OF_DAY),
  current: configuredWith(AS_OF_DAY),
  proposed: configuredWith(AS_OF_DAY),
  versioning: fc.constantFrom('enabled' as const, 'enabled' as const, 'unversioned' as const, 'suspended' as const),
  told: fc.integer({ min: 1, max: 250 }),
});

const unitOf = (key: string): number => (key.length % 4) - 1;

test('every figure is the one that looking at every version on every day gives', () => {
  fc.assert(
    fc.property(CASE, ({ keys, crowd: many, told, ...one }) => {
      const untilDay = AS_OF_DAY + 300;
      const asked: BruteAsked = {
        ...one,
        keys: [...keys, ...many],
        asOfDay: AS_OF_DAY,
        untilDay,
        daysUntilDay: AS_OF_DAY + told,
        list,
        unitOf,
      };
      const impact = impactOverKeys(asked);
      const brute = new BruteImpact(asked).told();
      const changes = impact.changes.map(({ act, change, to, ifTagged, witnesses, ...figures }) => [
        `${act} ${to ?? ''} ${change} ${ifTagged}`,
        { ...figures, witnesses: witnesses.length },
      ]);
      const days = impact.days.map(({ date, act, to, ifTagged, ...figures }) => [`${date} ${act} ${to ?? ''} ${ifTagged}`, figures]);
      expect(Object.fromEntries(changes)).toEqual(brute.changes);
      expect(Object.fromEntries(days)).toEqual(brute.days);
      expect(impact.destroyed).toEqual(brute.destroyed);
      expect(days.map(([key]) => String(key).slice(0, 10))).toEqual(days.map(([key]) => String(key).slice(0, 10)).sort());
    }),
    { numRuns: propertyRuns(120, 20_000), seed: 20261122 },
  );
}, 3_600_000);
