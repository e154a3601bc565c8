import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Approval, Approver } from '../../contract/approval.ts';
import type { JobListing, JobPlan, JobStatus, Place } from '../../contract/batch-job.ts';
import { appError } from '../../contract/errors.ts';
import type { Limits } from '../../contract/plan.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { isPhrase } from '../../core/apply/confirmation.ts';
import { checkApproval } from '../apply/approval.ts';
import { checkSeals } from '../apply/seal.ts';
import { withConnection } from '../s3/client.ts';
import { type ControlConnection, createJob, describeJob, listJobs, putManifest, updateJob, withControl } from '../s3/control.ts';
import type { Tuning } from '../s3/guard.ts';
import { differenceOf, listArn, listingOf, requestOf, statusOf } from '../s3/job-shapes.ts';
import { approvable } from './approvable.ts';
import { type JobAct, type JobRequested, type Trail, traced } from './trail.ts';

function checkJob(plan: JobPlan, hash: string, now: Date): Result<void> {
  const sealed = checkSeals(plan, 'PlanHashMismatch', 'job plan');
  if (!sealed.ok) return sealed;
  if (hash !== plan.hash)
    return err(appError('PlanHashMismatch', `The job plan has the hash ${plan.hash}, not ${hash}.`, { field: 'hash' }));
  if (Date.parse(plan.expiresAt) <= now.getTime()) {
    return err(appError('PlanExpired', `The job plan expired at ${plan.expiresAt}.`, { field: 'expiresAt' }));
  }
  return ok(undefined);
}

export interface CreateOrder {
  readonly plan: JobPlan;
  readonly hash: string;
  readonly manifestFile: string;
  readonly approvals: readonly Approval[];
  readonly workspace: { readonly approvers: readonly Approver[]; readonly limits: Limits } | null;
  readonly remote: Remote;
  readonly trail: Trail;
  readonly tuning?: Tuning | undefined;
}

const trimmed = (endpoint: string | null | undefined): string | null => endpoint?.replace(/\/+$/, '') ?? null;

/** Endpoint, region and owner of the plan, with the profile of the caller; what the caller names must be the plan's. */
function targetRemote({ target }: JobPlan, remote: Remote): Result<Remote> {
  const differs = (field: string, planned: string, given: string) =>
    err(appError('PlanTargetMismatch', `The job was planned for ${field} ${planned}, not ${given}.`, { field }));
  if (remote.endpoint !== undefined && trimmed(remote.endpoint) !== trimmed(target.endpoint))
    return differs('endpoint', target.endpoint ?? 'of AWS', remote.endpoint);
  if (remote.region !== undefined && remote.region !== target.region) return differs('region', target.region, remote.region);
  if (remote.owner !== undefined && remote.owner !== target.owner) return differs('owner', target.owner, remote.owner);
  return ok({ ...remote, region: target.region, owner: target.owner, ...(target.endpoint === null ? {} : { endpoint: target.endpoint }) });
}

/** What the trail keeps of a request, so that its job is found again. */
const requested = (plan: JobPlan, act: JobAct, subject: string): JobRequested => ({
  act,
  bucket: plan.target.bucket,
  subject,
  details: {
    plan: plan.hash,
    account: plan.target.account,
    region: plan.target.region,
    ...(plan.target.endpoint === null ? {} : { endpoint: plan.target.endpoint }),
    list: listArn(plan),
    md5: plan.manifest.md5,
  },
});

/** Lays the list down and creates the job, which waits until it is confirmed. Running it again gives the same job. */
export async function createFromPlan(order: CreateOrder): Promise<Result<{ jobId: string; manifestETag: string }>> {
  const { plan, trail, tuning } = order;
  const checked = checkJob(plan, order.hash, trail.now());
  if (!checked.ok) return checked;
  if (plan.inputs.isSample || plan.inputs.snapshotBucket !== plan.target.bucket) {
    return err(
      appError('SnapshotForeign', 'The list was made from other data than this bucket; its keys are not there.', {
        next: 'Scan this bucket and plan the job again.',
      }),
    );
  }
  const approved = checkApprovals(order);
  if (!approved.ok) return approved;
  let body: Buffer;
  try {
    body = await readFile(order.manifestFile);
  } catch (cause) {
    return err(appError('FileUnreadable', 'The list of the job cannot be read.', { file: order.manifestFile, detail: String(cause) }));
  }
  if (createHash('sha256').update(body).digest('hex') !== plan.manifest.sha256) {
    return err(
      appError('PlanHashMismatch', 'The list is not the one the job was planned with.', {
        file: order.manifestFile,
        field: 'manifest.sha256',
      }),
    );
  }
  const remote = targetRemote(plan, order.remote);
  if (!remote.ok) return remote;
  const { place, md5 } = plan.manifest;
  let isAsked = false;
  const send = async (): Promise<Result<{ jobId: string; manifestETag: string }>> => {
    const put = await withConnection(
      remote.value,
      place.bucket,
      undefined,
      (connection) => putManifest(connection, place, body, md5),
      tuning,
    );
    if (!put.ok) return put;
    isAsked = true;
    const created = await withControl(plan.target.account, remote.value, tuning, (control) =>
      createJob(control, requestOf(plan, put.value)),
    );
    return created.ok ? ok({ jobId: created.value, manifestETag: put.value }) : created;
  };
  // Nothing is read back here, so that once it was asked for only an id is certain.
  return traced(
    trail,
    requested(plan, 'create', plan.hash),
    send,
    ({ jobId }) => jobId,
    () => !isAsked,
  );
}

function checkApprovals({ plan, approvals, workspace, trail }: CreateOrder): Result<void> {
  const now = trail.now();
  for (const approval of approvals) {
    if (workspace === null) {
      return err(
        appError('ApprovalInvalid', 'Approvals are checked against the approvers of the workspace; name it with --index.', {
          field: 'index',
        }),
      );
    }
    const checked = checkApproval(approval, approvable(plan), workspace.approvers, now);
    if (!checked.ok) return checked;
  }
  const limit = workspace?.limits.approveAboveNanoUsd ?? null;
  const isAbove = limit !== null && (plan.totalNanoUsd === null || BigInt(plan.totalNanoUsd) > BigInt(limit));
  if ((plan.approval.required || isAbove) && approvals.length === 0) {
    const why = plan.approval.reasons.join('; ') || 'it costs more than the workspace lets one person spend';
    return err(appError('ApprovalMissing', `A second person has to approve this job: ${why}.`));
  }
  return ok(undefined);
}

export interface JobTarget {
  readonly account: string;
  readonly remote: Remote;
  readonly tuning?: Tuning | undefined;
}

export const jobStatus = ({ account, remote, tuning }: JobTarget, jobId: string, signal?: AbortSignal): Promise<Result<JobStatus>> =>
  withControl(account, remote, tuning, async (control) => {
    const job = await describeJob(control, jobId, signal);
    return job.ok ? ok(statusOf(job.value)) : job;
  });

export const jobListings = ({ account, remote, tuning }: JobTarget, signal?: AbortSignal): Promise<Result<JobListing[]>> =>
  withControl(account, remote, tuning, async (control) => {
    const jobs = await listJobs(control, signal);
    return jobs.ok ? ok(jobs.value.map(listingOf)) : jobs;
  });

/** States of a job that was woken. */
const AWAKE: readonly string[] = ['Ready', 'Active', 'Completing', 'Complete'];
const ENDED: readonly string[] = ['Cancelling', 'Cancelled'];

/** Wakes a job that waits, if it is the one of the plan in everything and the person typed what it does. Woken already by this plan: done. */
export async function confirmJob(
  plan: JobPlan,
  hash: string,
  jobId: string,
  confirmation: string | undefined,
  { remote, trail, tuning }: { readonly remote: Remote; readonly trail: Trail; readonly tuning?: Tuning | undefined },
): Promise<Result<JobStatus>> {
  const checked = checkJob(plan, hash, trail.now());
  if (!checked.ok) return checked;
  if (!isPhrase(confirmation, plan.confirmation)) {
    return err(appError('ConfirmationMissing', `Confirm the job by typing: ${plan.confirmation}`, { field: 'confirmation' }));
  }
  const target = targetRemote(plan, remote);
  if (!target.ok) return target;
  const reason = `plan ${plan.hash}`;
  return withControl(plan.target.account, target.value, tuning, async (control) => {
    const job = await describeJob(control, jobId);
    if (!job.ok) return job;
    const difference = differenceOf(job.value, plan);
    if (difference !== null) {
      return err(appError('JobMismatch', `Job "${jobId}" is not the one that was planned: ${difference}. It was left as it is.`));
    }
    const state = job.value.Status ?? 'New';
    const isDone = (status: JobStatus): boolean => AWAKE.includes(status.state) && status.stateReason === reason;
    const before = statusOf(job.value);
    if (state !== 'Suspended' && !isDone(before)) {
      const next = state === 'New' || state === 'Preparing' ? 'Try again in a moment.' : 'Look at its state with "isotherm job status".';
      return err(appError('JobNotWaiting', `Job "${jobId}" does not wait for confirmation: it is ${state}.`, { next }));
    }
    return traced(
      trail,
      requested(plan, 'confirm', jobId),
      async () => (isDone(before) ? ok(before) : settle(control, jobId, 'Ready', reason, isDone)),
      (status) => status.jobId,
    );
  });
}

/** Asks for a state, and looks: an answer that was lost, or came to a second asking, says less than the job does. */
async function settle(
  control: ControlConnection,
  jobId: string,
  wanted: 'Ready' | 'Cancelled',
  reason: string,
  isDone: (status: JobStatus) => boolean,
): Promise<Result<JobStatus>> {
  const asked = await updateJob(control, jobId, wanted, reason);
  const after = await describeJob(control, jobId);
  if (after.ok && (asked.ok || isDone(statusOf(after.value)))) return ok(statusOf(after.value));
  if (!asked.ok) return asked;
  // S3 has said yes, so it is so, whatever keeps us from looking.
  return ok(statusOf({ JobId: jobId, Status: wanted === 'Ready' ? 'Ready' : 'Cancelling', StatusUpdateReason: reason }));
}

/** Ends a job; what its tasks have done stays done. */
export const cancelJob = (
  { account, remote, tuning }: JobTarget,
  jobId: string,
  reason: string,
  trail: Trail,
): Promise<Result<JobStatus>> =>
  withControl(account, remote, tuning, (control) => {
    const { region = '', endpoint } = remote;
    const details = { account, region, reason, ...(endpoint === undefined ? {} : { endpoint }) };
    return traced(
      trail,
      { act: 'cancel', bucket: null, subject: jobId, details },
      () => settle(control, jobId, 'Cancelled', reason, ({ state }) => ENDED.includes(state)),
      (status) => status.jobId,
    );
  });

/** Where the report of a job begins: "prefix/job-ID/". */
export const reportPlace = (status: JobStatus): Place | null =>
  status.report === null
    ? null
    : { bucket: status.report.bucket, key: `${status.report.key === '' ? '' : `${status.report.key}/`}job-${status.jobId}/` };
