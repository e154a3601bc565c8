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
import { createJob, describeJob, listJobs, putManifest, updateJob, withControl } from '../s3/control.ts';
import type { Tuning } from '../s3/guard.ts';
import { differenceOf, listingOf, requestOf, statusOf } from '../s3/job-shapes.ts';
import { approvable } from './approvable.ts';

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
  readonly now: Date;
  readonly tuning?: Tuning | undefined;
}

const remoteOf = (plan: JobPlan, remote: Remote): Remote => ({ ...remote, region: remote.region ?? plan.target.region });

/** Lays the list down and creates the job, which waits until it is confirmed. Running it again gives the same job. */
export async function createFromPlan(order: CreateOrder): Promise<Result<{ jobId: string; manifestETag: string }>> {
  const { plan, now, tuning } = order;
  const checked = checkJob(plan, order.hash, now);
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
  const remote = remoteOf(plan, order.remote);
  const { place } = plan.manifest;
  const put = await withConnection(
    { ...remote, pathStyle: remote.pathStyle },
    place.bucket,
    undefined,
    (connection) => putManifest(connection, place, body, plan.manifest.md5),
    tuning,
  );
  if (!put.ok) return put;
  const created = await withControl(plan.target.account, remote, tuning, (control) => createJob(control, requestOf(plan, put.value)));
  return created.ok ? ok({ jobId: created.value, manifestETag: put.value }) : created;
}

function checkApprovals({ plan, approvals, workspace, now }: CreateOrder): Result<void> {
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

/** Wakes a job that waits, if it is the one of the plan in everything and the person typed what it does. */
export async function confirmJob(
  plan: JobPlan,
  hash: string,
  jobId: string,
  confirmation: string | undefined,
  { remote, now, tuning }: { readonly remote: Remote; readonly now: Date; readonly tuning?: Tuning | undefined },
): Promise<Result<JobStatus>> {
  const checked = checkJob(plan, hash, now);
  if (!checked.ok) return checked;
  if (!isPhrase(confirmation, plan.confirmation)) {
    return err(appError('ConfirmationMissing', `Confirm the job by typing: ${plan.confirmation}`, { field: 'confirmation' }));
  }
  return withControl(plan.target.account, remoteOf(plan, remote), tuning, async (control) => {
    const job = await describeJob(control, jobId);
    if (!job.ok) return job;
    const difference = differenceOf(job.value, plan);
    if (difference !== null) {
      return err(appError('JobMismatch', `Job "${jobId}" is not the one that was planned: ${difference}. It was left asleep.`));
    }
    const state = job.value.Status;
    if (state !== 'Suspended') {
      const next = state === 'New' || state === 'Preparing' ? 'Try again in a moment.' : 'Look at its state with "isotherm job status".';
      return err(appError('JobNotWaiting', `Job "${jobId}" does not wait for confirmation: it is ${state}.`, { next }));
    }
    const woken = await updateJob(control, jobId, 'Ready', `plan ${plan.hash}`);
    if (!woken.ok) return woken;
    const after = await describeJob(control, jobId);
    return after.ok ? ok(statusOf(after.value)) : after;
  });
}

/** Ends a job; what its tasks have done stays done. */
export const cancelJob = ({ account, remote, tuning }: JobTarget, jobId: string, reason: string): Promise<Result<JobStatus>> =>
  withControl(account, remote, tuning, async (control) => {
    const cancelled = await updateJob(control, jobId, 'Cancelled', reason);
    if (!cancelled.ok) return cancelled;
    const after = await describeJob(control, jobId);
    return after.ok ? ok(statusOf(after.value)) : after;
  });

/** Where the report of a job begins: "prefix/job-ID/". */
export const reportPlace = (status: JobStatus): Place | null =>
  status.report === null
    ? null
    : { bucket: status.report.bucket, key: `${status.report.key === '' ? '' : `${status.report.key}/`}job-${status.jobId}/` };
