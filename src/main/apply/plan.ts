import type { Snapshot } from '../../contract/index-views.ts';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { Plan } from '../../contract/plan.ts';
import type { Remote } from '../../contract/remote.ts';
import { ok, type Result } from '../../contract/result.ts';
import type { Simulation } from '../../contract/simulation.ts';
import { deletesAnything, diffRules } from '../../core/policy/diff.ts';
import { merge } from '../../core/policy/merge.ts';
import type { SimulationInput } from '../../core/simulate/simulate.ts';
import { withConnection } from '../s3/client.ts';
import { getLifecycle, getVersioning, type StoredLifecycle } from '../s3/lifecycle.ts';
import { hashOfRest, withHash } from './hash.ts';

const STALE_HOURS = 48;
const HOUR_MS = 3_600_000;

/** The two sides of a simulation, with what the bucket says of itself. */
export type Sides = Pick<SimulationInput, 'baseline' | 'plan' | 'versioning'>;

export interface PlanOrder {
  readonly bucket: string;
  readonly policy: LifecycleConfiguration;
  readonly remote: Remote;
  readonly convertLegacy: boolean;
  readonly snapshot: Snapshot;
  readonly engineVersion: string;
  readonly now: Date;
  /** Runs both sides over the snapshot, priced for a bucket in this region. */
  readonly simulate: (sides: Sides, region: string) => Promise<Result<Simulation>>;
}

/** What will hold for small objects after a write: what was read, or AWS's default where there was nothing to read. */
function minimumSizeAfter(current: StoredLifecycle, endpoint: string | null): StoredLifecycle['minimumSize'] {
  if (current.minimumSize !== null) return current.minimumSize;
  return endpoint === null ? 'all_storage_classes_128K' : null;
}

const movesAnything = (configuration: LifecycleConfiguration | null): boolean =>
  (configuration?.Rules ?? []).some(
    (rule) => rule.Status === 'Enabled' && (rule.Transitions?.length ?? 0) + (rule.NoncurrentVersionTransitions?.length ?? 0) > 0,
  );

function warningsOf(order: PlanOrder, proposed: StoredLifecycle, endpoint: string | null): string[] {
  const { snapshot, bucket } = order;
  const warnings: string[] = [];
  if (proposed.minimumSize === null && endpoint !== null && movesAnything(proposed.configuration)) {
    warnings.push('This endpoint returns no minimum-size setting: objects under 128 KiB would move too.');
  }
  if (snapshot.isSample) warnings.push('The snapshot is the built-in sample: the figures say nothing about this bucket.');
  if (snapshot.bucket !== bucket) warnings.push(`The snapshot is of bucket "${snapshot.bucket}", not of "${bucket}".`);
  const ageHours = Math.floor((order.now.getTime() - Date.parse(snapshot.asOf)) / HOUR_MS);
  if (ageHours > STALE_HOURS) warnings.push(`The snapshot is ${Math.floor(ageHours / 24)} days old; newer objects are not in the figures.`);
  if (!snapshot.allVersions) warnings.push('The snapshot lists current versions only.');
  if (snapshot.coverage < 1) warnings.push('The snapshot is not complete: parts of the bucket could not be listed.');
  return warnings;
}

/** Reads the bucket, merges, compares and simulates. Writes nothing. */
export async function makePlan(order: PlanOrder, signal?: AbortSignal): Promise<Result<Plan>> {
  return withConnection(order.remote, order.bucket, signal, async (connection) => {
    const { bucket, snapshot } = order;
    const current = await getLifecycle(connection, bucket, signal);
    if (!current.ok) return current;
    const versioning = await getVersioning(connection, bucket, signal);
    if (!versioning.ok) return versioning;
    const merged = merge({
      current: current.value.configuration,
      policy: order.policy,
      convertLegacy: order.convertLegacy,
      isCustomEndpoint: connection.endpoint !== null,
    });
    if (!merged.ok) return merged;
    const { configuration } = merged.value;
    const minimumSize = minimumSizeAfter(current.value, connection.endpoint);
    const proposed: StoredLifecycle = { configuration, minimumSize: configuration === null ? null : minimumSize };
    const effect = await order.simulate(
      { baseline: current.value, plan: { configuration, minimumSize }, versioning: versioning.value },
      connection.region,
    );
    if (!effect.ok) return effect;
    const plan: Omit<Plan, 'hash'> = {
      format: 'isotherm-plan/1',
      createdAt: order.now.toISOString(),
      engineVersion: order.engineVersion,
      target: { bucket, endpoint: connection.endpoint, region: connection.region, pathStyle: connection.pathStyle },
      inputs: {
        snapshotId: snapshot.snapshotId,
        snapshotBucket: snapshot.bucket,
        snapshotAsOf: snapshot.asOf,
        manifestMd5: snapshot.manifestMd5,
        priceRegion: effect.value.prices.region,
        priceAsOf: effect.value.prices.asOf,
        isSample: snapshot.isSample,
      },
      versioning: versioning.value,
      current: withHash(current.value),
      proposed: withHash(proposed),
      changes: diffRules(current.value.configuration, configuration),
      effect: effect.value,
      deletes: deletesAnything(configuration),
      warnings: [...merged.value.warnings, ...warningsOf(order, proposed, connection.endpoint)],
    };
    return ok({ ...plan, hash: hashOfRest(plan) });
  });
}
