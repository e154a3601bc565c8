import { ok, type Result } from '../../../contract/result.ts';
import type { Simulation } from '../../../contract/simulation.ts';
import { recommend } from '../../../core/recommend/recommend.ts';
import { refinementsOf, type SimulationInput, simulate } from '../../../core/simulate/simulate.ts';
import { applyPlan } from '../../apply/apply.ts';
import { withHash } from '../../apply/hash.ts';
import { operations, readJournal } from '../../apply/journal.ts';
import { makePlan, type Sides } from '../../apply/plan.ts';
import { rollback } from '../../apply/rollback.ts';
import { type IndexReader, openIndex } from '../../index/reader.ts';
import { choosePrices } from '../../prices.ts';
import { withConnection } from '../../s3/client.ts';
import { getLifecycle } from '../../s3/lifecycle.ts';
import type { Handlers } from '../handler.ts';

/** A plan looks a year ahead. */
const PLAN_MONTHS = 12;

type PolicyMethod =
  | 'policy.recommend'
  | 'policy.simulate'
  | 'bucket.lifecycle'
  | 'policy.plan'
  | 'policy.apply'
  | 'policy.rollback'
  | 'journal.list';

/** Runs a simulation over a snapshot, its cube split where a rule's prefix cuts inside names. */
function simulateOver(reader: IndexReader, snapshotId: string, input: Omit<SimulationInput, 'cube' | 'refined'>): Result<Simulation> {
  const cube = reader.cube(snapshotId);
  if (!cube.ok) return cube;
  const namePrefixes = refinementsOf(cube.value, input.baseline.configuration, input.plan.configuration);
  if (namePrefixes.length === 0) return ok(simulate({ ...input, cube: cube.value }));
  const refined = reader.refine(snapshotId, cube.value, namePrefixes);
  return refined.ok ? ok(simulate({ ...input, cube: cube.value, refined: refined.value })) : refined;
}

export const policyHandlers: Pick<Handlers, PolicyMethod> = {
  'policy.recommend': async ({ index, snapshotId, preset }) => {
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const cube = reader.value.cube(snapshot.value.snapshotId);
    return cube.ok ? recommend(cube.value, preset) : cube;
  },

  'policy.simulate': async ({ index, snapshotId, policy, months, region }, { environment }) => {
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const prices = await choosePrices(environment.resourcesDir, region, snapshot.value.region);
    if (!prices.ok) return prices;
    return simulateOver(reader.value, snapshot.value.snapshotId, {
      // Without a bucket to ask, AWS's default for small objects holds (s3-domain 4.2).
      baseline: { configuration: null, minimumSize: 'all_storage_classes_128K' },
      plan: { configuration: policy, minimumSize: 'all_storage_classes_128K' },
      months,
      list: prices.value.list,
      assumedRegion: prices.value.assumed,
    });
  },

  'bucket.lifecycle': ({ bucket, remote }, { signal }) =>
    withConnection(remote, bucket, signal, async (connection) => {
      const stored = await getLifecycle(connection, bucket, signal);
      return stored.ok ? ok(withHash(stored.value)) : stored;
    }),

  'policy.plan': async ({ index, snapshotId, bucket, policy, remote, convertLegacy, region }, { environment, signal }) => {
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const run = async (sides: Sides, bucketRegion: string): Promise<Result<Simulation>> => {
      const known = remote.endpoint === undefined ? bucketRegion : null;
      const prices = await choosePrices(environment.resourcesDir, region, snapshot.value.region, known);
      if (!prices.ok) return prices;
      const { list, assumed } = prices.value;
      return simulateOver(reader.value, snapshot.value.snapshotId, { ...sides, months: PLAN_MONTHS, list, assumedRegion: assumed });
    };
    return makePlan(
      {
        bucket,
        policy,
        remote,
        convertLegacy,
        snapshot: snapshot.value,
        engineVersion: environment.version,
        now: environment.now(),
        simulate: run,
      },
      signal,
    );
  },

  'policy.apply': ({ plan, hash, remote }, { environment, signal }) => applyPlan(plan, hash, remote, environment, signal),

  'policy.rollback': ({ bucket, to, remote }, { environment, signal }) => rollback(bucket, to, remote, environment, signal),

  'journal.list': async ({ bucket }, { environment }) => {
    const journal = readJournal(environment.dataDir);
    return journal.ok ? ok(operations(journal.value, bucket)) : journal;
  },
};
