import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LifecycleConfiguration, Rule } from '../../../src/contract/lifecycle.ts';
import { LOCKED_FOR_EVER, NOT_LOCKED } from '../../../src/core/cube/cube.ts';
import { type Configured, refinementsOf, simulate } from '../../../src/core/simulate/simulate.ts';
import { simulateSlowly } from '../../oracle/slow-simulator.ts';
import { buildCube, buildRefinedCube, dayNumber, type TestVersion } from '../../support/cube-builder.ts';
import { shippedPrices } from '../../support/prices.ts';

const list = shippedPrices();
const AS_OF = Date.parse('2026-11-22T08:30:00.000Z');
const TODAY = dayNumber('2026-11-22');
const TARGETS = ['STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'];
const TIERS = ['', 'FREQUENT', 'INFREQUENT', 'ARCHIVE_INSTANT_ACCESS', 'ARCHIVE', 'DEEP_ARCHIVE'];
const KEYS = [
  'a',
  'data/x',
  'data/y',
  'data/sub/z',
  'data2/x',
  'runs/1/model.pt',
  'runs/1/log',
  'runs/10/log',
  'runs//odd',
  'ü/ß',
  'datum',
];
const PREFIXES = ['', 'data/', 'data', 'dat', 'runs/', 'runs/1', 'runs/1/', 'runs/1/lo', 'data/sub/', 'ü/', 'none/', 'd'];

const version: fc.Arbitrary<TestVersion> = fc
  .record({
    key: fc.constantFrom(...KEYS),
    sizeBytes: fc.oneof(
      fc.constantFrom(0, 1, 131_071, 131_072),
      fc.integer({ min: 0, max: 5_000_000 }),
      fc.integer({ min: 0, max: 90_000_000_000_000 }),
    ),
    storageClass: fc.constantFrom('STANDARD', 'STANDARD', 'REDUCED_REDUNDANCY', ...TARGETS),
    tier: fc.constantFrom(...TIERS),
    state: fc.constantFrom('current' as const, 'current' as const, 'noncurrent' as const, 'marker' as const),
    age: fc.integer({ min: 0, max: 500 }),
    clockLag: fc.integer({ min: 0, max: 200 }),
    lockedUntilDay: fc.oneof(fc.constantFrom(NOT_LOCKED, LOCKED_FOR_EVER), fc.integer({ min: TODAY, max: TODAY + 500 })),
    isReplicationBlocked: fc.constantFrom(false, false, false, true),
  })
  .map(({ tier, age, clockLag, ...rest }) => ({
    ...rest,
    sizeBytes: rest.state === 'marker' ? 0 : rest.sizeBytes,
    accessTier: rest.storageClass === 'INTELLIGENT_TIERING' ? tier : '',
    writtenDay: TODAY - age,
    clockDay: rest.state === 'noncurrent' ? Math.min(TODAY, TODAY - age + clockLag) + 1 : TODAY - age + 1,
  }));

const days = fc.integer({ min: 0, max: 420 });
const when = fc.oneof(
  { weight: 4, arbitrary: days.map((Days) => ({ Days })) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: -50, max: 400 }).map((offset) => ({ Date: new Date((TODAY + offset) * 86_400_000).toISOString() })),
  },
);
const rule: fc.Arbitrary<Rule> = fc
  .record({
    prefix: fc.constantFrom(...PREFIXES),
    size: fc.constantFrom({}, {}, {}, { ObjectSizeGreaterThan: 131_071 }, { ObjectSizeLessThan: 131_072 }),
    Status: fc.constantFrom('Enabled' as const, 'Enabled' as const, 'Enabled' as const, 'Disabled' as const),
    Transitions: fc.option(fc.array(fc.tuple(when, fc.constantFrom(...TARGETS)), { maxLength: 3 }), { nil: undefined }),
    Expiration: fc.option(when, { nil: undefined, freq: 2 }),
    noncurrentSteps: fc.option(fc.array(fc.tuple(days, fc.constantFrom(...TARGETS)), { maxLength: 2 }), { nil: undefined }),
    noncurrentDays: fc.option(days, { nil: undefined }),
  })
  .map(({ prefix, size, Status, Transitions, Expiration, noncurrentSteps, noncurrentDays }) => ({
    Status,
    Filter: Object.keys(size).length === 0 ? { Prefix: prefix } : { And: { Prefix: prefix, ...size } },
    ...(Transitions === undefined ? {} : { Transitions: Transitions.map(([due, StorageClass]) => ({ ...due, StorageClass })) }),
    ...(Expiration === undefined ? {} : { Expiration }),
    ...(noncurrentSteps === undefined
      ? {}
      : { NoncurrentVersionTransitions: noncurrentSteps.map(([NoncurrentDays, StorageClass]) => ({ NoncurrentDays, StorageClass })) }),
    ...(noncurrentDays === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays } }),
  }));
const configured: fc.Arbitrary<Configured> = fc.record({
  configuration: fc.option(fc.record({ Rules: fc.array(rule, { minLength: 1, maxLength: 4 }) }) as fc.Arbitrary<LifecycleConfiguration>, {
    nil: null,
    freq: 4,
  }),
  minimumSize: fc.constantFrom('all_storage_classes_128K' as const, 'varies_by_storage_class' as const, null),
});

const splitPath = (prefix: string) => ({
  path: prefix.slice(0, prefix.lastIndexOf('/') + 1),
  namePrefix: prefix.slice(prefix.lastIndexOf('/') + 1),
});

function runFast(
  versions: readonly TestVersion[],
  baseline: Configured,
  plan: Configured,
  months: number,
  versioning: 'enabled' | 'unversioned',
) {
  const cube = buildCube(versions, { asOfMs: AS_OF });
  const namePrefixes = refinementsOf(cube, baseline.configuration, plan.configuration).map(({ directory, namePrefix }) =>
    splitPath(`${cube.tree.path(directory)}${namePrefix}`),
  );
  const refined = buildRefinedCube(versions, { asOfMs: AS_OF, namePrefixes });
  return simulate({ cube, refined, baseline, plan, months, list, assumedRegion: false, versioning });
}

test('the cube gives the same nano-dollars, month by month, as every version followed day by day', () => {
  fc.assert(
    fc.property(
      fc.array(version, { maxLength: 25 }),
      configured,
      configured,
      fc.integer({ min: 1, max: 15 }),
      fc.constantFrom('enabled' as const, 'unversioned' as const),
      (versions, baseline, plan, months, versioning) => {
        const fast = runFast(versions, baseline, plan, months, versioning);
        for (const [side, { configuration, minimumSize }] of [
          ['baseline', baseline],
          ['plan', plan],
        ] as const) {
          const slow = simulateSlowly(versions, configuration, {
            asOfMs: AS_OF,
            months,
            versioned: versioning === 'enabled',
            minimumSize,
            list,
          });
          for (const [at, month] of slow.months.entries()) {
            const own = fast.months[at]!;
            expect(own.month).toBe(month.month);
            expect(own[side].storageNanoUsd).toBe(month.storageNanoUsd.toString());
            expect(own[side].transitionNanoUsd).toBe(month.transitionNanoUsd.toString());
            expect(
              Object.fromEntries(
                own[side].byClass.filter(({ bytes }) => bytes > 0).map(({ storageClass, bytes }) => [storageClass, bytes]),
              ),
            ).toEqual(Object.fromEntries(Object.entries(month.bytesByClass).filter(([, bytes]) => bytes > 0)));
          }
          if (side !== 'plan') continue;
          expect(fast.effects.expired.versions).toBe(slow.expired);
          expect(fast.effects.hidden.versions).toBe(slow.hidden);
          expect(Object.fromEntries(fast.effects.transitions.map(({ storageClass, versions: count }) => [storageClass, count]))).toEqual(
            slow.moved,
          );
        }
      },
    ),
    { seed: 7, numRuns: 250 },
  );
}, 60_000);
