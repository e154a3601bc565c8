import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { LifecycleConfiguration } from '../../../src/contract/lifecycle.ts';
import { PROMISE_METHODS } from '../../../src/contract/methods/promise.ts';
import type { PromiseKept } from '../../../src/contract/promise.ts';
import { NOT_LOCKED } from '../../../src/core/cube/cube.ts';
import { KeyStory, type OracleVersion } from '../../../src/core/simulate/oracle/oracle.ts';
import type { EngineEnvironment } from '../../../src/main/engine/handler.ts';
import { promiseHandlers } from '../../../src/main/engine/handlers/promise.ts';
import { AS_OF_MS, inFolder, META, type PlainRow, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const environment: EngineEnvironment = { version: '0', dataDir: '/nowhere', resourcesDir: RESOURCES, now: () => new Date(AS_OF_MS) };
const context = { environment, signal: new AbortController().signal, progress: () => {} };
const DAY = 86_400_000;
const GB = 2 ** 30;
const PUT_DAY = Math.floor(AS_OF_MS / DAY);
const LATER_DAYS = 40;
const GRACE_DAYS = 30;
const LATER_MS = AS_OF_MS + LATER_DAYS * DAY;

const RULES: LifecycleConfiguration['Rules'] = [
  {
    ID: 'move',
    Status: 'Enabled',
    Filter: { Prefix: 'data/' },
    Transitions: [
      { Days: 30, StorageClass: 'GLACIER_IR' },
      { Days: 120, StorageClass: 'DEEP_ARCHIVE' },
    ],
  },
  { ID: 'expire', Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 10 } },
  { ID: 'old', Status: 'Enabled', Filter: { Prefix: '' }, NoncurrentVersionExpiration: { NoncurrentDays: 20, NewerNoncurrentVersions: 1 } },
  { ID: 'markers', Status: 'Enabled', Filter: { Prefix: 'tmp' }, Expiration: { ExpiredObjectDeleteMarker: true } },
];

interface World {
  readonly before: readonly PlainRow[];
  readonly after: readonly PlainRow[];
  readonly versioning?: 'unversioned' | 'enabled';
  readonly rules?: LifecycleConfiguration['Rules'];
  readonly graceDays?: number;
}

const check = (world: World): Promise<PromiseKept> =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    const from = await writeIndex(index, world.before, { meta: { ...META, manifestMd5: '1'.repeat(32) } });
    const to = await writeIndex(index, world.after, {
      meta: { ...META, asOfMs: LATER_MS, scannedAtMs: LATER_MS, manifestMd5: '2'.repeat(32) },
    });
    const params = v.parse(PROMISE_METHODS['promise.check'].params, {
      index,
      from: from.snapshotId,
      to: to.snapshotId,
      configuration: { Rules: world.rules ?? RULES },
      minimumSize: 'all_storage_classes_128K',
      versioning: world.versioning ?? 'unversioned',
      graceDays: world.graceDays ?? 0,
    });
    const checked = await promiseHandlers['promise.check'](params, context);
    if (!checked.ok) throw new Error(checked.error.message);
    return v.parse(PROMISE_METHODS['promise.check'].result, checked.value);
  });

/** What the slow engine leaves of a key after its run of the later day, as a report would tell it. */
function later(
  key: string,
  rows: readonly PlainRow[],
  versioning: 'unversioned' | 'enabled',
  lastDay = Math.floor(LATER_MS / DAY),
): PlainRow[] {
  const versions = rows.map((one, at): OracleVersion => {
    const isMarker = one.state === 'marker' || one.state === 'old marker';
    return {
      versionId: one.versionId,
      isMarker,
      isLatest: at === 0,
      sizeBytes: one.sizeBytes,
      lastModifiedMs: one.lastModifiedMs,
      noncurrentSinceMs: at === 0 ? null : rows[at - 1]!.lastModifiedMs,
      storageClass: isMarker ? '' : one.storageClass,
      accessTier: '',
      tags: null,
      lockedUntilDay: NOT_LOCKED,
      isReplicationBlocked: false,
    };
  });
  const options = {
    asOfDay: PUT_DAY,
    lagDays: 0,
    versioning,
    minimumSize: 'all_storage_classes_128K',
    tags: 'none',
    tiers: 'stay',
  } as const;
  const story = new KeyStory({ key, versions }, { Rules: RULES }, options);
  for (let day = PUT_DAY + 1; day <= lastDay; day += 1) story.run(day);
  return story.alive.map((told, at): PlainRow => {
    const own = rows.find(({ versionId }) => !told.isMade && versionId === told.version.versionId);
    if (own === undefined)
      return row(key, { versionId: `made${at}`, state: told.isCurrent ? 'marker' : 'old marker', lastModifiedMs: LATER_MS - DAY });
    const state = told.version.isMarker ? (told.isCurrent ? 'marker' : 'old marker') : told.isCurrent ? 'current' : 'noncurrent';
    return { ...own, state, storageClass: told.version.isMarker ? own.storageClass : told.storageClass };
  });
}

const version = fc.record({
  isMarker: fc.constantFrom(false, false, false, true),
  sizeBytes: fc.constantFrom(0, 1000, 131_071, 131_072, 5 * GB),
  storageClass: fc.constantFrom('STANDARD', 'STANDARD', 'STANDARD_IA', 'GLACIER_IR'),
  gapDays: fc.integer({ min: 1, max: 60 }),
});
const bucket = (most: number) =>
  fc.uniqueArray(
    fc.record({
      key: fc.constantFrom('data/a', 'data/b/\u202ex', 'data//c', 'tmp/=1', 'tmp/y', 'tmpz', 'else/k', 'k'),
      versions: fc.array(version, { minLength: 1, maxLength: most }),
    }),
    {
      minLength: 1,
      maxLength: 6,
      selector: ({ key }) => key,
    },
  );
type Bucket = ReturnType<typeof bucket> extends fc.Arbitrary<infer T> ? T : never;

/** Rows of each key, newest first. */
const rowsOf = (keys: Bucket, versioned: boolean): PlainRow[][] =>
  keys.map(({ key, versions }, keyAt) => {
    let at = AS_OF_MS;
    return versions.map(({ isMarker, gapDays, ...facts }, index) => {
      at -= gapDays * DAY - 1000;
      const state = isMarker && versioned ? (index === 0 ? 'marker' : 'old marker') : index === 0 ? 'current' : 'noncurrent';
      return row(key, { ...facts, state, versionId: `v${keyAt}.${index}`, lastModifiedMs: at });
    });
  });

const SUMS = ['forecast', 'done', 'late', 'pending', 'otherwise'] as const;
const total = ({ rows }: PromiseKept, what: (typeof SUMS)[number]): number => rows.reduce((sum, one) => sum + one[what].versions, 0);

describe('a promise', () => {
  test('is kept where everything came as the slow engine says', async () => {
    await fc.assert(
      fc.asyncProperty(bucket(4), fc.constantFrom('unversioned' as const, 'enabled' as const), async (keys, versioning) => {
        const own = versioning === 'enabled' ? keys : keys.map((one) => ({ ...one, versions: one.versions.slice(0, 1) }));
        const before = rowsOf(own, versioning === 'enabled');
        const after = before.flatMap((rows) => later(rows[0]!.key, rows, versioning));
        const made = after.filter(({ versionId }) => versionId.startsWith('made'));
        if (after.length === 0) return;
        const kept = await check({ before: before.flat(), after, versioning });
        expect([kept.isKept, total(kept, 'late'), total(kept, 'otherwise'), total(kept, 'pending')]).toEqual([true, 0, 0, 0]);
        const changed = before.flat().filter((one) => {
          const now = after.find(({ versionId }) => versionId === one.versionId);
          return now === undefined || now.storageClass !== one.storageClass || now.state !== one.state;
        });
        expect(total(kept, 'done')).toBe(changed.length);
        expect(total(kept, 'forecast')).toBe(changed.length);
        expect(kept.untouched.changed.versions).toBe(0);
        expect(kept.added).toEqual({ versions: 0, bytes: 0, monthlyNanoUsd: '0' });
        expect(kept.money).toMatchObject({
          actualNanoUsd: kept.money.forecastNanoUsd,
          lateNanoUsd: '0',
          othersNanoUsd: '0',
          keptNanoUsd: kept.money.promisedNanoUsd,
        });
        expect(made.every(({ state }) => state.includes('marker'))).toBe(true);
      }),
      { numRuns: propertyRuns(15, 250), seed: 8 },
    );
  });

  test('that was not kept says by which rule and how far, and where the money is', async () => {
    const fate = fc.constantFrom('kept' as const, 'late' as const, 'removed' as const, 'elsewhere' as const, 'overwritten' as const);
    await fc.assert(
      fc.asyncProperty(bucket(1), fc.array(fate, { minLength: 6, maxLength: 6 }), fc.boolean(), async (keys, fates, isGraced) => {
        const before = rowsOf(keys, false).map(([only]) => only!);
        const forecast = before.map((one) => later(one.key, [one], 'unversioned')[0] ?? null);
        const extra = row('new/x', { versionId: 'n', sizeBytes: 3 * GB, lastModifiedMs: LATER_MS - DAY });
        const now = before.map((one, at): PlainRow | null => {
          switch (fates[at]) {
            case 'late':
              return one;
            case 'removed':
              return null;
            case 'elsewhere':
              return { ...one, storageClass: 'ONEZONE_IA' };
            case 'overwritten':
              return { ...one, lastModifiedMs: LATER_MS - 2 * DAY, sizeBytes: 7 * GB };
            default:
              return forecast[at]!;
          }
        });
        const kept = await check({ before, after: [...now.flatMap((one) => one ?? []), extra], graceDays: isGraced ? GRACE_DAYS : 0 });
        const wanted = { forecast: 0, done: 0, late: 0, pending: 0, otherwise: 0 };
        let [changed, replaced] = [0, 0];
        for (const [at, one] of before.entries()) {
          const [due, is] = [forecast[at]!, now[at]!];
          const same = (a: PlainRow | null, b: PlainRow | null): boolean =>
            a === null || b === null ? a === b : a.storageClass === b.storageClass && a.lastModifiedMs === b.lastModifiedMs;
          const isThere = is === null || is.lastModifiedMs !== one.lastModifiedMs ? null : is;
          if (is !== null && isThere === null) replaced += 1;
          if (same(one, due)) {
            if (!same(one, isThere)) changed += 1;
            continue;
          }
          wanted.forecast += 1;
          const mustBe = later(one.key, [one], 'unversioned', Math.floor(LATER_MS / DAY) - GRACE_DAYS)[0] ?? null;
          const isOverdue = !isGraced || !same(one, mustBe);
          if (same(due, isThere)) wanted.done += 1;
          else if (same(one, isThere)) wanted[isOverdue ? 'late' : 'pending'] += 1;
          else wanted.otherwise += 1;
        }
        expect(Object.fromEntries(SUMS.map((what) => [what, total(kept, what)]))).toEqual(wanted);
        expect(kept.untouched.changed.versions).toBe(changed);
        expect(kept.added).toMatchObject({ versions: 1 + replaced, bytes: (3 + 7 * replaced) * GB });
        expect(kept.isKept).toBe(wanted.late + wanted.otherwise === 0);
        const { money } = kept;
        expect(BigInt(money.forecastNanoUsd) + BigInt(money.lateNanoUsd) + BigInt(money.othersNanoUsd) + BigInt(money.addedNanoUsd)).toBe(
          BigInt(money.actualNanoUsd),
        );
        // us-east-1 (s3-domain 3.2), a GB-month; IA and GLACIER_IR bill 128 KiB at least.
        const price: Readonly<Record<string, number>> = {
          STANDARD: 0.023,
          STANDARD_IA: 0.0125,
          ONEZONE_IA: 0.01,
          GLACIER_IR: 0.004,
          DEEP_ARCHIVE: 0.00099,
        };
        const month = (rows: readonly (PlainRow | null)[]): number =>
          rows.reduce((sum, one) => {
            if (one === null) return sum;
            const floor = one.storageClass === 'STANDARD' || one.storageClass === 'DEEP_ARCHIVE' ? 0 : 131_072;
            const overhead = one.storageClass === 'DEEP_ARCHIVE' ? (32_768 * 0.00099 + 8192 * 0.023) / GB : 0;
            return sum + (Math.max(floor, one.sizeBytes) / GB) * price[one.storageClass]! + overhead;
          }, 0);
        expect(Number(money.beforeNanoUsd) / 1e9).toBeCloseTo(month(before), 7);
        expect(Number(money.forecastNanoUsd) / 1e9).toBeCloseTo(month(forecast), 7);
        expect(Number(money.actualNanoUsd) / 1e9).toBeCloseTo(month([...now, extra]), 7);
      }),
      { numRuns: propertyRuns(15, 250), seed: 8 },
    );
  });

  test('by hand: one done, one late, one pending, one removed by somebody', async () => {
    const daysAgo = (days: number) => AS_OF_MS - days * DAY;
    const names = ['done', 'late', 'gone'] as const;
    const before = [
      ...names.map((name) => row(`data/${name}`, { sizeBytes: GB, lastModifiedMs: daysAgo(20) })),
      row('data/pending', { sizeBytes: GB, lastModifiedMs: daysAgo(-9) - 2 * DAY }),
    ];
    const after = before.flatMap((one) =>
      one.key === 'data/gone' ? [] : [one.key === 'data/done' ? { ...one, storageClass: 'GLACIER_IR' } : one],
    );
    const kept = await check({ before, after, graceDays: 3, rules: RULES.slice(0, 1) });
    expect(kept.rows).toEqual([
      {
        ruleId: 'move',
        rule: 0,
        action: 'transition',
        storageClass: 'GLACIER_IR',
        forecast: { versions: 4, bytes: 4 * GB },
        done: { versions: 1, bytes: GB },
        late: { versions: 1, bytes: GB },
        pending: { versions: 1, bytes: GB },
        otherwise: { versions: 1, bytes: GB },
        beforeNanoUsd: '92000000',
        forecastNanoUsd: '16000000',
        actualNanoUsd: '50000000',
      },
    ]);
    expect(kept.money).toEqual({
      beforeNanoUsd: '92000000',
      forecastNanoUsd: '16000000',
      actualNanoUsd: '50000000',
      lateNanoUsd: '38000000',
      othersNanoUsd: '-4000000',
      addedNanoUsd: '0',
      promisedNanoUsd: '76000000',
      keptNanoUsd: '42000000',
      promisedFeesNanoUsd: '80000',
      paidFeesNanoUsd: '20000',
    });
    expect(kept.examples.map(({ key, verdict, words }) => [key, verdict, words])).toEqual([
      ['data/gone', 'otherwise', 'should be current in GLACIER_IR since 2026-12-01; is gone'],
      ['data/late', 'late', 'should be current in GLACIER_IR since 2026-12-01; is current in STANDARD'],
    ]);
  });
});

test('refuse-snapshots of the wrong order', async () => {
  await inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    const first = await writeIndex(index, [row('a')], { meta: { ...META, manifestMd5: '1'.repeat(32) } });
    const params = v.parse(PROMISE_METHODS['promise.check'].params, {
      index,
      from: first.snapshotId,
      configuration: null,
      minimumSize: null,
    });
    expect(await promiseHandlers['promise.check'](params, context)).toMatchObject({ ok: false, error: { code: 'Usage' } });
  });
});
