import type { APPLY_METHODS } from '../../../contract/methods/apply.ts';
import { ok, type Result } from '../../../contract/result.ts';
import type { Simulation } from '../../../contract/simulation.ts';
import { applyPlan } from '../../apply/apply.ts';
import { withHash } from '../../apply/hash.ts';
import { operations, readJournal } from '../../apply/journal.ts';
import { makePlan, type Sides } from '../../apply/plan.ts';
import { rollback } from '../../apply/rollback.ts';
import { openIndex } from '../../index/reader.ts';
import { choosePrices } from '../../prices.ts';
import { withConnection } from '../../s3/client.ts';
import { getLifecycle } from '../../s3/lifecycle.ts';
import type { Handlers } from '../handler.ts';
import { simulateOver } from '../simulate-over.ts';

/** A plan looks a year ahead. */
const PLAN_MONTHS = 12;

export const applyHandlers: Pick<Handlers, keyof typeof APPLY_METHODS> = {
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
