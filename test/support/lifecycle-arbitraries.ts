import fc from 'fast-check';
import type { LifecycleConfiguration, Rule, Tag } from '../../src/contract/lifecycle.ts';
import { DAY_MS } from '../../src/contract/units.ts';
import { LOCKED_FOR_EVER, NOT_LOCKED } from '../../src/core/cube/cube.ts';
import type { OracleKey, OracleUpload, OracleVersion } from '../../src/core/simulate/oracle/oracle.ts';
import type { Configured } from '../../src/core/simulate/request.ts';

/** Random keys and configurations around one as-of day, tight enough for everything to meet everything. */
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
  'ü/ßt',
  'datum',
  '=1+1',
  'a b+c%2F/‮r',
];
const PREFIXES = ['', 'data/', 'data', 'dat', 'runs/', 'runs/1', 'runs/1/', 'runs/1/lo', 'data/sub/', 'ü/', 'ü/ß', 'none/', 'd', 'runs//'];
const SIZES = [0, 1, 999, 1000, 1001, 131_071, 131_072, 131_073, 5_000_000, 90_000_000_000];

/** Mostly whole days and their edges, sometimes any instant. */
const instant = (asOfDay: number, from: number, to: number): fc.Arbitrary<number> =>
  fc
    .tuple(fc.integer({ min: from, max: to }), fc.oneof(fc.constantFrom(0, 1, DAY_MS - 1), fc.integer({ min: 0, max: DAY_MS - 1 })))
    .map(([day, ms]) => (asOfDay + day) * DAY_MS + ms);

const sizeBytes = fc.oneof(fc.constantFrom(...SIZES), fc.integer({ min: 0, max: 3_000_000 }));
const classAndTier = fc
  .tuple(fc.constantFrom('STANDARD', 'STANDARD', 'STANDARD', 'REDUCED_REDUNDANCY', ...TARGETS), fc.constantFrom(...TIERS))
  .map(([storageClass, tier]) => ({ storageClass, accessTier: storageClass === 'INTELLIGENT_TIERING' ? tier : '' }));

export interface KeyOptions {
  readonly asOfDay: number;
  /** Classes without a price come too. */
  readonly strange: boolean;
  /** Versions written after the as-of day come too. */
  readonly future: boolean;
}

/** A key: one to five versions and delete markers, each a while after the one before. */
function keyWith({ asOfDay, strange, future }: KeyOptions): fc.Arbitrary<OracleKey> {
  const one = fc.record({
    isMarker: fc.constantFrom(false, false, false, true),
    sizeBytes,
    billed: strange
      ? fc.oneof({ weight: 9, arbitrary: classAndTier }, { weight: 1, arbitrary: fc.constant({ storageClass: 'SNOW', accessTier: '' }) })
      : classAndTier,
    gap: fc.oneof(fc.integer({ min: 1, max: 5 * DAY_MS }), fc.integer({ min: 1, max: 200 * DAY_MS })),
    lockedUntilDay: fc.oneof(
      { weight: 6, arbitrary: fc.constant(NOT_LOCKED) },
      { weight: 1, arbitrary: fc.constant(LOCKED_FOR_EVER) },
      { weight: 1, arbitrary: fc.integer({ min: asOfDay - 1, max: asOfDay + 3 }) },
      { weight: 2, arbitrary: fc.integer({ min: asOfDay - 2, max: asOfDay + 300 }) },
    ),
    isReplicationBlocked: fc.constantFrom(false, false, false, false, false, true),
    isNull: fc.constantFrom(false, true),
  });
  return fc
    .tuple(
      fc.constantFrom(...KEYS),
      instant(asOfDay, -500, future ? 20 : -1),
      fc.oneof(
        { weight: 3, arbitrary: fc.array(one, { minLength: 1, maxLength: 1 }) },
        { weight: 2, arbitrary: fc.array(one, { minLength: 2, maxLength: 5 }) },
      ),
    )
    .map(([key, newest, list]) => {
      let modified = newest;
      let successor: number | null = null;
      let hasNull = false;
      const versions = list.map((version, index): OracleVersion => {
        if (index > 0) modified -= version.gap;
        const noncurrentSinceMs = successor;
        successor = modified;
        const isNull = version.isNull && !hasNull;
        hasNull ||= isNull;
        return {
          versionId: isNull ? null : `v${index}`,
          isMarker: version.isMarker,
          isLatest: index === 0,
          sizeBytes: version.isMarker ? 0 : version.sizeBytes,
          lastModifiedMs: modified,
          noncurrentSinceMs,
          storageClass: version.isMarker ? '' : version.billed.storageClass,
          accessTier: version.isMarker ? '' : version.billed.accessTier,
          tags: null,
          lockedUntilDay: version.isMarker ? NOT_LOCKED : version.lockedUntilDay,
          isReplicationBlocked: version.isReplicationBlocked,
        };
      });
      return { key, versions };
    });
}

/** Keys apart from each other: a key's versions are all in its one entry. */
export const keysWith = (options: KeyOptions, maxLength: number): fc.Arbitrary<OracleKey[]> =>
  fc.uniqueArray(keyWith(options), { maxLength, selector: ({ key }) => key });

/** Many single-version keys that differ in little, for cohorts of more than one clock. */
export const crowd = (options: KeyOptions): fc.Arbitrary<OracleKey[]> =>
  fc.tuple(keyWith(options), fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 12 })).map(([{ key, versions }, ages]) => {
    const version = { ...versions[0]!, isLatest: true, noncurrentSinceMs: null };
    return ages.map((age, at) => ({
      key: `${key}${at}`,
      versions: [{ ...version, lastModifiedMs: version.lastModifiedMs - age * DAY_MS }],
    }));
  });

const days = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 420 }));
const when = (asOfDay: number) =>
  fc.oneof(
    { weight: 4, arbitrary: days.map((Days) => ({ Days })) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: -50, max: 300 }).map((offset) => ({ Date: new Date((asOfDay + offset) * DAY_MS).toISOString() })),
    },
  );
const newer = fc.constantFrom({}, {}, { NewerNoncurrentVersions: 1 }, { NewerNoncurrentVersions: 2 }, { NewerNoncurrentVersions: 3 });
const V_OF_ML: readonly Tag[] = [
  { Key: 'team', Value: 'ml' },
  { Key: 'k', Value: 'v' },
];
const TAG_SETS: readonly (readonly Tag[])[] = [
  [],
  [{ Key: 'k', Value: 'v' }],
  [{ Key: 'k', Value: 'w' }],
  V_OF_ML,
  [{ Key: 'team', Value: 'ops' }],
];

/** The same keys with tags: of no version known, of some, or of all. */
export const withTags = (keys: readonly OracleKey[], known: 'none' | 'some' | 'all', seed: number): OracleKey[] => {
  if (known === 'none') return [...keys];
  let at = seed;
  const tagsOf = (isMarker: boolean): readonly Tag[] | null => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
    if (isMarker) return [];
    return known === 'some' && (at >>> 8) % 3 === 0 ? null : (TAG_SETS[(at >>> 16) % TAG_SETS.length] ?? []);
  };
  return keys.map(({ key, versions }) => ({ key, versions: versions.map((version) => ({ ...version, tags: tagsOf(version.isMarker) })) }));
};

const filterParts = fc.record({
  Prefix: fc.constantFrom(...PREFIXES),
  sizes: fc.constantFrom(
    {},
    {},
    {},
    {},
    { ObjectSizeGreaterThan: 131_071 },
    { ObjectSizeLessThan: 131_072 },
    { ObjectSizeGreaterThan: 999 },
    { ObjectSizeLessThan: 1_000_000 },
    { ObjectSizeGreaterThan: 1000, ObjectSizeLessThan: 131_073 },
  ),
  tags: fc.constantFrom<Tag[]>([], [], [], [], [], [{ Key: 'k', Value: 'v' }], [{ Key: 'k', Value: 'w' }], [V_OF_ML[1]!, V_OF_ML[0]!]),
  spelling: fc.integer({ min: 0, max: 1 }),
});

const ruleWith = (asOfDay: number): fc.Arbitrary<Rule> =>
  fc
    .record({
      filter: filterParts,
      Status: fc.constantFrom('Enabled' as const, 'Enabled' as const, 'Enabled' as const, 'Enabled' as const, 'Disabled' as const),
      transitions: fc.array(fc.tuple(when(asOfDay), fc.constantFrom(...TARGETS)), { maxLength: 3 }),
      expiration: fc.oneof(
        { weight: 2, arbitrary: fc.constant(undefined) },
        { weight: 2, arbitrary: when(asOfDay) },
        { weight: 1, arbitrary: fc.constant({ ExpiredObjectDeleteMarker: true }) },
      ),
      noncurrentSteps: fc.array(fc.tuple(days, newer, fc.constantFrom(...TARGETS)), { maxLength: 2 }),
      noncurrent: fc.oneof(fc.constant(undefined), fc.tuple(days, newer)),
      abort: fc.oneof(fc.constant(undefined), days),
    })
    .map(({ filter, Status, transitions, expiration, noncurrentSteps, noncurrent, abort }) => {
      const { Prefix, sizes, tags, spelling } = filter;
      const isPlain = Object.keys(sizes).length === 0 && tags.length === 0;
      const rule: Rule = {
        Status,
        ...(isPlain
          ? spelling === 0
            ? { Prefix }
            : { Filter: { Prefix } }
          : { Filter: { And: { Prefix, ...sizes, ...(tags.length > 0 ? { Tags: tags } : {}) } } }),
        ...(transitions.length === 0 ? {} : { Transitions: transitions.map(([due, StorageClass]) => ({ ...due, StorageClass })) }),
        ...(expiration === undefined ? {} : { Expiration: expiration }),
        ...(noncurrentSteps.length === 0
          ? {}
          : {
              NoncurrentVersionTransitions: noncurrentSteps.map(([NoncurrentDays, keeps, StorageClass]) => ({
                NoncurrentDays,
                ...keeps,
                StorageClass,
              })),
            }),
        ...(noncurrent === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrent[0], ...noncurrent[1] } }),
        ...(abort === undefined ? {} : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abort } }),
      };
      return rule;
    });

export const configuredWith = (asOfDay: number): fc.Arbitrary<Configured> =>
  fc.record({
    configuration: fc.option(
      fc.array(ruleWith(asOfDay), { minLength: 1, maxLength: 4 }).map((Rules): LifecycleConfiguration => ({ Rules })),
      { nil: null, freq: 5 },
    ),
    minimumSize: fc.constantFrom('all_storage_classes_128K' as const, 'varies_by_storage_class' as const, null),
  });

export const uploadsWith = (asOfDay: number): fc.Arbitrary<OracleUpload[]> =>
  fc.array(
    fc.record({
      key: fc.constantFrom(...KEYS),
      initiatedMs: instant(asOfDay, -60, 0),
      storageClass: fc.constantFrom('STANDARD', 'STANDARD_IA', 'GLACIER', 'INTELLIGENT_TIERING'),
      bytes: sizeBytes,
    }),
    { maxLength: 2 },
  );
