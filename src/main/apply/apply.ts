import { appError } from '../../contract/errors.ts';
import type { ApplyResult, Plan } from '../../contract/plan.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type S3Connection, withConnection } from '../s3/client.ts';
import { getLifecycle } from '../s3/lifecycle.ts';
import { hashOfRest, withHash } from './hash.ts';
import { exclusively } from './lock.ts';
import { mismatch, type WriteContext, write } from './write.ts';

const trimmed = (endpoint: string | null): string | null => endpoint?.replace(/\/+$/, '') ?? null;

/** Whether a plan is the one that was reviewed: its content gives its hash, and that is the hash named. */
function checkHash(plan: Plan, hash: string): Result<void> {
  const content = hashOfRest(plan);
  if (content !== plan.hash || withHash(plan.current).hash !== plan.current.hash || withHash(plan.proposed).hash !== plan.proposed.hash) {
    return err(
      appError('PlanHashMismatch', 'The plan was changed after it was made: its content does not give the hash it carries.', {
        field: 'hash',
      }),
    );
  }
  if (hash !== plan.hash) return err(appError('PlanHashMismatch', `The plan has the hash ${plan.hash}, not ${hash}.`, { field: 'hash' }));
  return ok(undefined);
}

/** Endpoint and region of the plan, with the profile of the caller; what the caller names must be the plan's. */
function targetRemote(plan: Plan, remote: Remote): Result<Remote> {
  const { target } = plan;
  const differs = (field: string, planned: string, given: string) =>
    err(appError('PlanTargetMismatch', `The plan was made for ${field} ${planned}, not ${given}.`, { field }));
  if (remote.endpoint !== undefined && trimmed(remote.endpoint) !== trimmed(target.endpoint)) {
    return differs('endpoint', target.endpoint ?? 'of AWS', remote.endpoint);
  }
  if (remote.region !== undefined && remote.region !== target.region) return differs('region', target.region, remote.region);
  return ok({
    region: target.region,
    pathStyle: remote.pathStyle ?? target.pathStyle,
    ...(target.endpoint === null ? {} : { endpoint: target.endpoint }),
    ...(remote.profile === undefined ? {} : { profile: remote.profile }),
  });
}

/**
 * Applies a reviewed plan. PlanHashMismatch and PlanTargetMismatch before anything is sent; ConfigurationChanged
 * when the bucket is no longer as the plan read it; VerifyMismatch when it did not keep what was written.
 */
export async function applyPlan(
  plan: Plan,
  hash: string,
  remote: Remote,
  context: WriteContext,
  signal?: AbortSignal,
): Promise<Result<ApplyResult>> {
  const checked = checkHash(plan, hash);
  if (!checked.ok) return checked;
  const target = targetRemote(plan, remote);
  if (!target.ok) return target;
  const { bucket } = plan.target;
  return exclusively(context.dataDir, () =>
    withConnection(target.value, bucket, signal, (connection) => applyTo(connection, plan, context, signal)),
  );
}

async function applyTo(connection: S3Connection, plan: Plan, context: WriteContext, signal?: AbortSignal): Promise<Result<ApplyResult>> {
  const { bucket } = plan.target;
  const read = await getLifecycle(connection, bucket, signal);
  if (!read.ok) return read;
  const before = withHash(read.value);
  if (before.hash !== plan.current.hash && mismatch(plan.proposed, before).length > 0) {
    return err(appError('ConfigurationChanged', `The lifecycle configuration of bucket "${bucket}" changed since the plan was made.`));
  }
  // The last moment at which nothing has happened yet.
  if (signal?.aborted) return err(appError('Cancelled', 'The plan was not applied.'));
  return write(connection, context, { action: 'apply', bucket, planHash: plan.hash, before, after: plan.proposed, notes: [] });
}
