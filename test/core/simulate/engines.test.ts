import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discounted, type PriceList } from '../../../src/core/price/price-book.ts';
import { monthsCovering, monthsFrom } from '../../../src/core/simulate/calendar.ts';
import type { Engine } from '../../../src/core/simulate/engine.ts';
import type { Asked, Request } from '../../../src/core/simulate/request.ts';
import { simulate, simulatedMonths, stateAt } from '../../../src/core/simulate/simulate.ts';
import { cubeOver, oracleOver } from '../../support/engines.ts';
import { configuredWith, crowd, keysWith, uploadsWith, withTags } from '../../support/lifecycle-arbitraries.ts';
import { memorySnapshot } from '../../support/memory-snapshot.ts';
import { shippedPrices } from '../../support/prices.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const AS_OF = Date.parse('2026-11-22T08:30:00.000Z');
const AS_OF_DAY = Math.floor(AS_OF / 86_400_000);

const lists: readonly PriceList[] = ['us-east-1', 'eu-central-1', 'sa-east-1', 'us-gov-west-1'].map((region) => shippedPrices(region));

/** A case with everything in it that can differ; prices drawn anew, so that no two classes share one by chance. */
const CASE = fc.record({
  keys: keysWith({ asOfDay: AS_OF_DAY, strange: true, future: true }, 8),
  crowd: crowd({ asOfDay: AS_OF_DAY, strange: false, future: true }),
  uploads: uploadsWith(AS_OF_DAY),
  baseline: configuredWith(AS_OF_DAY),
  plan: configuredWith(AS_OF_DAY),
  // Short horizons mostly: clocks and thresholds lie around the as-of day too.
  months: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 3 }) }, { weight: 1, arbitrary: fc.integer({ min: 4, max: 15 }) }),
  versioning: fc.constantFrom('enabled' as const, 'enabled' as const, 'unversioned' as const, 'suspended' as const),
  lagDays: fc.constantFrom(0, 0, 0, 1, 5),
  list: fc.constantFrom(...lists),
  discount: fc.constantFrom(0, 0, 123_457),
  already: fc.constantFrom(
    undefined,
    undefined,
    new Map(),
    new Map([
      ['STANDARD', 51_199n * 2n ** 30n],
      ['INTELLIGENT_TIERING/FREQUENT', 1n],
    ]),
  ),
  reads: fc.constantFrom(0, 0, 50_000, 200_000, 123_457),
  inflowDays: fc.constantFrom(0, 0, 0, 30),
  tags: fc.constantFrom('none' as const, 'none' as const, 'some' as const, 'all' as const),
  tagSeed: fc.nat(1000),
});

/** Ten parts with a seed each, so that a full count can be run and told part by part. */
const PARTS = Array.from({ length: 10 }, (_, at) => ({ part: at + 1, seed: 20261122 + at }));

test.each(PARTS)(
  'both engines give the same answer, to the nano-dollar and to the version: part $part of 10',
  ({ seed }) => {
    fc.assert(
      fc.property(CASE, (one) => {
        const snapshot = memorySnapshot(withTags([...one.keys, ...one.crowd], one.tags, one.tagSeed), AS_OF);
        const request: Request = {
          baseline: one.baseline,
          plan: one.plan,
          asOfDay: AS_OF_DAY,
          lagDays: one.lagDays,
          versioning: one.versioning,
          list: one.discount === 0 ? one.list : discounted(one.list, one.discount),
          already: one.already,
          months: one.months > 3 ? simulatedMonths(AS_OF_DAY, one.months) : monthsFrom(AS_OF_DAY, one.months),
          reported: one.months,
          inflowDays: one.inflowDays,
        };
        const asked: Asked = {
          request,
          readsPpm: one.reads,
          readsObserved: null,
          excludeUnpriced: true,
          regionAssumed: false,
          versioningAssumed: false,
        };
        const answerOf = (engine: Engine) => {
          const answer = simulate(engine, asked);
          if (!answer.ok) throw new Error(answer.error.message);
          return { ...answer.value, engine: 'either' };
        };
        expect(answerOf(cubeOver(snapshot, request, one.uploads))).toEqual(answerOf(oracleOver(snapshot, request, one.uploads)));
      }),
      { numRuns: propertyRuns(25, 10_000), seed },
    );
  },
  3_600_000,
);

test('both engines leave the same versions and delete markers behind on any day', () => {
  fc.assert(
    fc.property(CASE, fc.integer({ min: 0, max: 500 }), (one, after) => {
      const snapshot = memorySnapshot(withTags([...one.keys, ...one.crowd], one.tags, one.tagSeed), AS_OF);
      const day = AS_OF_DAY + after;
      const months = monthsCovering(AS_OF_DAY, day + 1).map((month) => ({ ...month, toDay: Math.min(month.toDay, day + 1) }));
      const request: Request = { ...one, asOfDay: AS_OF_DAY, months, reported: months.length };
      const stateOf = (engine: Engine) => stateAt(day, engine.state('plan'));
      expect(stateOf(cubeOver(snapshot, request))).toEqual(stateOf(oracleOver(snapshot, request)));
    }),
    { numRuns: propertyRuns(250, 20_000), seed: 7 },
  );
}, 3_600_000);
