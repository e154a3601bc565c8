import type { LifecycleConfiguration, MinimumSize, Rule } from '../../src/contract/lifecycle.ts';
import type { Result } from '../../src/contract/result.ts';
import type { SimulatedState, Simulation } from '../../src/contract/simulation.ts';
import { DAY_MS } from '../../src/contract/units.ts';
import { NOT_LOCKED } from '../../src/core/cube/cube.ts';
import { refineCube } from '../../src/core/cube/refine.ts';
import { monthsCovering } from '../../src/core/simulate/calendar.ts';
import { CubeEngine, cubeRefinement } from '../../src/core/simulate/cube/engine.ts';
import { OracleEngine } from '../../src/core/simulate/oracle/engine.ts';
import type { OracleKey, OracleUpload, OracleVersion } from '../../src/core/simulate/oracle/oracle.ts';
import type { Configured, Request } from '../../src/core/simulate/request.ts';
import { simulate, simulatedMonths, stateAt } from '../../src/core/simulate/simulate.ts';
import { dayOf, type MemorySnapshot, memorySnapshot } from './memory-snapshot.ts';
import { shippedPrices } from './prices.ts';

export const oracleOver = (snapshot: MemorySnapshot, request: Request, uploads: readonly OracleUpload[] = []): OracleEngine =>
  new OracleEngine({ keys: () => snapshot.keys, uploads }, request);

export function cubeOver(
  snapshot: MemorySnapshot,
  request: Request,
  uploads: readonly OracleUpload[] = [],
  wholeKeys: 'ranked' | 'markers' = 'markers',
): CubeEngine {
  const cube = refineCube(snapshot.cube, cubeRefinement(snapshot.cube, request), snapshot.scan);
  return new CubeEngine(
    {
      cube,
      readStacks: snapshot.readStacks,
      wholeKeys,
      uploads: uploads.map(({ key, storageClass, initiatedMs, bytes }) => ({
        key,
        storageClass,
        writtenDay: Math.floor(initiatedMs / DAY_MS),
        clockDay: Math.ceil(initiatedMs / DAY_MS),
        count: 1,
        bytes,
      })),
    },
    request,
  );
}

type Simulated = Partial<Omit<Request, 'months' | 'reported' | 'plan'>> & {
  readonly asOf: string;
  readonly months?: number;
  readonly readsPercent?: number;
  readonly excludeUnpriced?: boolean;
  readonly engine?: 'oracle' | 'cube';
  readonly uploads?: readonly OracleUpload[];
  readonly minimumSize?: MinimumSize;
};

const NO_RULES: Configured = { configuration: null, minimumSize: 'all_storage_classes_128K' };

/** The request of a test: us-east-1's shipped prices, no baseline, AWS's default for small objects unless said otherwise. */
export function requestOf(configuration: LifecycleConfiguration | null, { asOf, months = 12, minimumSize, ...more }: Simulated): Request {
  const asOfDay = dayOf(asOf);
  return {
    baseline: NO_RULES,
    plan: { configuration, minimumSize: minimumSize === undefined ? 'all_storage_classes_128K' : minimumSize },
    asOfDay,
    lagDays: 0,
    versioning: 'unversioned',
    list: shippedPrices(),
    months: simulatedMonths(asOfDay, months),
    reported: months,
    inflowDays: 0,
    ...more,
  };
}

/** What the product would answer over some keys. */
export function simulateKeys(keys: readonly OracleKey[], configuration: LifecycleConfiguration | null, how: Simulated): Result<Simulation> {
  const request = requestOf(configuration, how);
  const snapshot = memorySnapshot(keys, request.asOfDay * DAY_MS);
  const engine = how.engine === 'oracle' ? oracleOver(snapshot, request, how.uploads) : cubeOver(snapshot, request, how.uploads);
  return simulate(engine, {
    request,
    readsPpm: (how.readsPercent ?? 0) * 10_000,
    readsObserved: null,
    excludeUnpriced: how.excludeUnpriced ?? false,
    regionAssumed: false,
    versioningAssumed: false,
  });
}

/** Both engines' answer, which must be one. */
export function bothEngines(keys: readonly OracleKey[], configuration: LifecycleConfiguration | null, how: Simulated): Simulation {
  const [oracle, cube] = (['oracle', 'cube'] as const).map((engine) => simulateKeys(keys, configuration, { ...how, engine }));
  if (!oracle?.ok || !cube?.ok)
    throw new Error(oracle?.ok === false ? oracle.error.message : 'the engines do not agree that there is an answer');
  if (JSON.stringify({ ...oracle.value, engine: 'cube' }) !== JSON.stringify(cube.value)) throw new Error('the engines do not agree');
  return cube.value;
}

/** What both engines say would be there after the run of a day, which must be one. */
export function bothStates(
  keys: readonly OracleKey[],
  configuration: LifecycleConfiguration,
  how: Simulated,
  date: string,
): SimulatedState {
  const day = dayOf(date);
  const request = requestOf(configuration, how);
  const months = monthsCovering(request.asOfDay, day + 1).map((month) => ({ ...month, toDay: Math.min(month.toDay, day + 1) }));
  const snapshot = memorySnapshot(keys, request.asOfDay * DAY_MS);
  const asked = { ...request, months, reported: months.length };
  const [oracle, cube] = [oracleOver(snapshot, asked), cubeOver(snapshot, asked)].map((engine) => stateAt(day, engine.state('plan')));
  if (oracle === undefined || cube === undefined || JSON.stringify(oracle) !== JSON.stringify(cube))
    throw new Error(`the engines do not agree: ${JSON.stringify([oracle, cube])}`);
  return cube;
}

/** A version as a test describes it. */
export type PlainVersion = Partial<OracleVersion> & { readonly key: string; readonly written: string };

/** One key with one version. */
export const single = ({ key, written, ...more }: PlainVersion): OracleKey => ({
  key,
  versions: [
    {
      versionId: null,
      isMarker: false,
      isLatest: true,
      sizeBytes: 2 ** 30,
      lastModifiedMs: Date.parse(written),
      noncurrentSinceMs: null,
      storageClass: 'STANDARD',
      accessTier: '',
      tags: null,
      lockedUntilDay: NOT_LOCKED,
      isReplicationBlocked: false,
      ...more,
    },
  ],
});

/** A key with versions and delete markers, newest first; each became noncurrent when the one before it was written. */
export const stack = (key: string, ...versions: Omit<PlainVersion, 'key'>[]): OracleKey => ({
  key,
  versions: versions.map((version, at) => ({
    ...single({ key, versionId: `v${versions.length - at}`, ...version }).versions[0]!,
    isLatest: at === 0,
    noncurrentSinceMs: at === 0 ? null : Date.parse(versions[at - 1]!.written),
    ...(version.isMarker ? { sizeBytes: 0, storageClass: '' } : {}),
  })),
});

export const rules = (...list: readonly Partial<Rule>[]): LifecycleConfiguration => ({
  Rules: list.map((rule, at) => ({ ID: `r${at}`, Status: 'Enabled', Filter: {}, ...rule })),
});
