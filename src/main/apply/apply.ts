import type { Approval, Approver } from '../../contract/approval.ts';
import { appError } from '../../contract/errors.ts';
import type { ApplyConsent, ApplyResult, Limits, Plan } from '../../contract/plan.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { isPhrase } from '../../core/apply/confirmation.ts';
import { means } from '../../core/apply/judge.ts';
import { approvalReasons, beyondLimits, stricter } from '../../core/apply/limits.ts';
import { readBucketFacts } from '../s3/bucket-facts.ts';
import { type S3Connection, withConnection } from '../s3/client.ts';
import { getLifecycle } from '../s3/lifecycle.ts';
import { checkApproval } from './approval.ts';
import { coolOff } from './cool-off.ts';
import { withHash } from './hash.ts';
import { readJournal } from './journal.ts';
import { exclusively } from './lock.ts';
import type { WriteContext } from './operation.ts';
import { isAhead, isStale } from './plan.ts';
import { openOperation, takeUp, unfinishedError } from './recover.ts';
import { checkSeals } from './seal.ts';
import { write } from './write.ts';

export interface ApplyOrder {
  readonly plan: Plan;
  /** The hash the person reviewed. */
  readonly hash: string;
  readonly confirmation: string | undefined;
  readonly approvals: readonly Approval[];
  readonly consents: readonly ApplyConsent[];
  /** What the workspace says: its approvers, and its limits as they are now; null where no workspace is at hand. */
  readonly workspace: { readonly approvers: readonly Approver[]; readonly limits: Limits } | null;
}

const trimmed = (endpoint: string | null): string | null => endpoint?.replace(/\/+$/, '') ?? null;

/** Whether a plan is as it was made; PlanHashMismatch names the member that is not. */
export function checkPlan(plan: Plan): Result<void> {
  const sealed = checkSeals(plan, 'PlanHashMismatch', 'plan');
  if (!sealed.ok) return sealed;
  for (const side of ['current', 'proposed'] as const) {
    if (withHash(plan[side]).hash !== plan[side].hash) {
      return err(
        appError('PlanHashMismatch', `The plan was changed after it was made: the hash of "${side}" is another.`, {
          field: `${side}.hash`,
        }),
      );
    }
  }
  return ok(undefined);
}

/** Endpoint, region and owner of the plan, with the profile of the caller; what the caller names must be the plan's. */
function targetRemote(plan: Plan, remote: Remote): Result<Remote> {
  const { target } = plan;
  const differs = (field: string, planned: string, given: string) =>
    err(appError('PlanTargetMismatch', `The plan was made for ${field} ${planned}, not ${given}.`, { field }));
  if (remote.endpoint !== undefined && trimmed(remote.endpoint) !== trimmed(target.endpoint)) {
    return differs('endpoint', target.endpoint ?? 'of AWS', remote.endpoint);
  }
  if (remote.region !== undefined && remote.region !== target.region) return differs('region', target.region, remote.region);
  if (remote.owner !== undefined && target.owner !== null && remote.owner !== target.owner)
    return differs('owner', target.owner, remote.owner);
  const owner = target.owner ?? remote.owner;
  return ok({
    region: target.region,
    pathStyle: remote.pathStyle ?? target.pathStyle,
    ...(target.endpoint === null ? {} : { endpoint: target.endpoint }),
    ...(remote.profile === undefined ? {} : { profile: remote.profile }),
    ...(owner === undefined ? {} : { owner }),
  });
}

const CONSENT_CODE = {
  staleSnapshot: 'SnapshotStale',
  otherSnapshot: 'SnapshotForeign',
  managedBucket: 'BucketManaged',
  redFlags: 'ConsentMissing',
} as const;

/** Everything that can be told without asking the bucket: is this the plan that was reviewed, is it still good, may it be applied. */
function gates(order: ApplyOrder, now: Date): Result<{ approvals: string[] }> {
  const { plan, consents, workspace } = order;
  const sound = checkPlan(plan);
  if (!sound.ok) return sound;
  if (order.hash !== plan.hash) {
    return err(appError('PlanHashMismatch', `The plan has the hash ${plan.hash}, not ${order.hash}.`, { field: 'hash' }));
  }
  if (Date.parse(plan.expiresAt) <= now.getTime()) {
    return err(appError('PlanExpired', `The plan expired at ${plan.expiresAt}.`, { field: 'expiresAt' }));
  }
  if (isAhead(plan.createdAt, now)) {
    const message = `The plan is dated ${plan.createdAt}, which is still to come by the clock of this machine: how long it holds cannot be told.`;
    return err(appError('PlanExpired', message, { field: 'createdAt', next: 'Set the clocks right, then make a new plan.' }));
  }
  const limits = workspace === null ? plan.limits : stricter(plan.limits, workspace.limits);
  const needs = plan.needs.filter(({ consent }) => consent !== 'staleSnapshot');
  if (isStale(plan.inputs.snapshotAsOf, now, limits)) {
    const words = `The snapshot is of ${plan.inputs.snapshotAsOf}, and it is ${now.toISOString()}; the limit is ${limits.maxSnapshotAgeHours} hours.`;
    needs.push({ consent: 'staleSnapshot', words });
  }
  const missing = needs.find(({ consent }) => !consents.includes(consent));
  if (missing !== undefined) {
    const error = appError(CONSENT_CODE[missing.consent], missing.words, { field: missing.consent });
    return err(missing.consent === 'redFlags' ? { ...error, next: 'If that is what you want, apply with --accept redFlags.' } : error);
  }
  const beyond = beyondLimits(plan, limits);
  if (beyond.length > 0) return err(appError('BlastRadius', `The plan goes further than this workspace allows: ${beyond.join('; ')}.`));
  if (plan.confirmation !== null && !isPhrase(order.confirmation, plan.confirmation)) {
    const message = `The plan deletes. Confirm it by typing: ${plan.confirmation}`;
    return err(appError('ConfirmationMissing', message, { field: 'confirmation' }));
  }
  return approvalsOf(order, limits, now);
}

/** Every approval shown has to hold; one is enough where one is needed. */
function approvalsOf({ plan, approvals, workspace }: ApplyOrder, limits: Limits, now: Date): Result<{ approvals: string[] }> {
  const approved: string[] = [];
  for (const approval of approvals) {
    if (workspace === null) {
      return err(
        appError('ApprovalInvalid', 'Approvals are checked against the approvers of the workspace; name it with --index.', {
          field: 'index',
        }),
      );
    }
    const checked = checkApproval(approval, plan, workspace.approvers, now);
    if (!checked.ok) return checked;
    approved.push(`${checked.value.name} ${checked.value.keyId}`);
  }
  const reasons = [...new Set([...plan.approval.reasons, ...approvalReasons(plan, limits)])];
  if (reasons.length > 0 && approved.length === 0) {
    return err(appError('ApprovalMissing', `A second person has to approve this plan: ${reasons.join('; ')}.`));
  }
  return ok({ approvals: approved });
}

/**
 * Applies a reviewed plan. Everything that speaks against it is told before anything is sent; ConfigurationChanged
 * when the bucket is no longer as the plan read it; VerifyMismatch when it did not keep what was written.
 */
export async function applyPlan(
  order: ApplyOrder,
  remote: Remote,
  context: WriteContext,
  signal?: AbortSignal,
): Promise<Result<ApplyResult>> {
  const { plan } = order;
  const passed = gates(order, context.now());
  if (!passed.ok) return passed;
  const target = targetRemote(plan, remote);
  if (!target.ok) return target;
  const { bucket } = plan.target;
  return exclusively(context.dataDir, () =>
    withConnection(
      target.value,
      bucket,
      signal,
      (connection) => applyTo(connection, order, passed.value.approvals, context, signal),
      context.tuning,
    ),
  );
}

async function applyTo(
  connection: S3Connection,
  order: ApplyOrder,
  approvals: readonly string[],
  context: WriteContext,
  signal?: AbortSignal,
): Promise<Result<ApplyResult>> {
  const { plan } = order;
  const { bucket } = plan.target;
  const journal = readJournal(context.dataDir);
  if (!journal.ok) return journal;
  const open = openOperation(journal.value, connection, bucket);
  if (open !== undefined) {
    return means(open.after, plan.proposed) && means(open.before, plan.current)
      ? takeUp(open, 'finish', connection, context)
      : err(unfinishedError(open));
  }
  const limits = order.workspace === null ? plan.limits : stricter(plan.limits, order.workspace.limits);
  const wait = coolOff(plan, limits, journal.value, context.now());
  if (wait !== null) return err(wait);

  const read = await getLifecycle(connection, bucket, signal);
  if (!read.ok) return read;
  const before = withHash(read.value);
  if (before.hash !== plan.current.hash && !means(plan.proposed, before)) {
    return err(appError('ConfigurationChanged', `The lifecycle configuration of bucket "${bucket}" changed since the plan was made.`));
  }
  const facts = await readBucketFacts(connection, bucket, signal);
  if (!facts.ok) return facts;
  const moved = changedFacts(plan.facts, facts.value);
  if (moved !== null) {
    return err(appError('ConfigurationChanged', `Bucket "${bucket}" changed since the plan was made: ${moved}.`));
  }
  // The last moment at which nothing has happened yet.
  if (signal?.aborted) return err(appError('Cancelled', 'The plan was not applied.'));
  return write(connection, context, {
    action: 'apply',
    bucket,
    planHash: plan.hash,
    before,
    after: plan.proposed,
    notes: [],
    consents: order.consents,
    approvals,
    policyHash: plan.inputs.policyHash,
    stage: plan.stage.name,
    // Who manages the bucket was told by its rules as well when the plan was made.
    facts: { ...facts.value, managers: plan.facts.managers },
  });
}

/** What else than the rules is no longer as the plan read it; what is unknown on either side cannot differ. */
function changedFacts(planned: Plan['facts'], now: Plan['facts']): string | null {
  const pairs = [
    ['versioning', planned.versioning, now.versioning],
    ['MFA Delete', planned.mfaDelete, now.mfaDelete],
    ['Object Lock', planned.objectLock.status, now.objectLock.status],
    ['replication', planned.replication.status, now.replication.status],
  ] as const;
  for (const [what, then, since] of pairs) {
    if (then !== since && then !== 'unknown' && since !== 'unknown') return `${what} was ${then} and is ${since}`;
  }
  if (
    planned.replication.hash !== now.replication.hash &&
    now.replication.status !== 'unknown' &&
    planned.replication.status !== 'unknown'
  ) {
    return 'its replication rules are others';
  }
  return null;
}
