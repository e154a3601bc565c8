import type { AuditEvent } from '../../../contract/journal.ts';
import type { JOB_METHODS } from '../../../contract/methods/jobs.ts';
import type { Result } from '../../../contract/result.ts';
import { DEFAULT_LIMITS } from '../../../core/apply/limits.ts';
import { appendEvent } from '../../apply/journal.ts';
import { noteMade, whereMade } from '../../apply/plans-made.ts';
import { openIndex } from '../../index/reader.ts';
import { readWorkspace } from '../../index/workspace.ts';
import { cancelJob, confirmJob, createFromPlan, jobListings, jobStatus } from '../../jobs/job.ts';
import { planJob } from '../../jobs/plan.ts';
import { readJobReport } from '../../jobs/report.ts';
import { listKeys } from '../../keys/keys.ts';
import { choosePrices, loadOperationPrices } from '../../prices.ts';
import type { EngineEnvironment, Handlers } from '../handler.ts';

/** What was done to a job goes into the audit trail. */
function noted<T>(
  result: Result<T>,
  { dataDir, now, person = 'unknown' }: EngineEnvironment,
  event: (value: T) => Pick<AuditEvent, 'event' | 'bucket' | 'subject' | 'details'>,
): Result<T> {
  if (!result.ok) return result;
  const line = appendEvent(dataDir, now(), { ...event(result.value), by: person });
  return line.ok ? result : line;
}

export const jobHandlers: Pick<Handlers, keyof typeof JOB_METHODS> = {
  'job.plan': async (params, { environment, signal }) => {
    const { index, snapshotId, bucket, account, remote, region } = params;
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const workspace = readWorkspace(index);
    const keys = listKeys(environment.dataDir);
    if (!keys.ok) return keys;
    const prices = await choosePrices(environment, region, remote.region ?? null, snapshot.value.region);
    if (!prices.ok) return prices;
    const operations = await loadOperationPrices(environment, prices.value.list.region);
    if (!operations.ok) return operations;
    const made = planJob({
      reader: reader.value,
      snapshot: snapshot.value,
      bucket,
      account,
      region: remote.region ?? prices.value.list.region,
      endpoint: remote.endpoint ?? null,
      operation: params.operation,
      selection: params.selection,
      roleArn: params.roleArn,
      manifestPlace: params.manifestPlace,
      reportPlace: params.reportPlace,
      scope: params.scope,
      priority: params.priority,
      expiresInHours: params.expiresInHours,
      manifestFile: params.manifestFile,
      author: { name: environment.person ?? 'unknown', keyIds: keys.value.map(({ keyId }) => keyId) },
      limits: workspace.ok ? workspace.value.limits : DEFAULT_LIMITS,
      engineVersion: environment.version,
      now: environment.now(),
      operations: operations.value,
      list: prices.value.list,
      signal,
    });
    if (!made.ok) return made;
    noteMade(environment.dataDir, made.value.hash, { index, snapshotId: snapshot.value.snapshotId });
    return noted(made, environment, (plan) => ({
      event: 'planned',
      bucket,
      subject: plan.hash,
      details: { job: plan.operation.kind, versions: String(plan.versions) },
    }));
  },

  'job.create': async ({ plan, hash, manifestFile, approvals, index, remote }, { environment }) => {
    const at = index ?? whereMade(environment.dataDir, plan.hash)?.index;
    const read = at === undefined ? null : readWorkspace(at);
    if (read !== null && !read.ok && index !== undefined) return read;
    const workspace = read?.ok ? read.value : null;
    const created = await createFromPlan({ plan, hash, manifestFile, approvals, workspace, remote, now: environment.now() });
    return noted(created, environment, ({ jobId }) => ({
      event: 'jobCreated',
      bucket: plan.target.bucket,
      subject: jobId,
      details: { plan: plan.hash, account: plan.target.account },
    }));
  },

  'job.status': ({ account, remote, jobId }, { signal }) => jobStatus({ account, remote }, jobId, signal),

  'job.list': ({ account, remote }, { signal }) => jobListings({ account, remote }, signal),

  'job.confirm': async ({ plan, hash, jobId, confirmation, remote }, { environment }) =>
    noted(await confirmJob(plan, hash, jobId, confirmation, { remote, now: environment.now() }), environment, () => ({
      event: 'jobConfirmed',
      bucket: plan.target.bucket,
      subject: jobId,
      details: { plan: plan.hash, account: plan.target.account },
    })),

  'job.cancel': async ({ account, remote, jobId, reason }, { environment }) =>
    noted(await cancelJob({ account, remote }, jobId, reason), environment, () => ({
      event: 'jobCancelled',
      bucket: null,
      subject: jobId,
      details: { account, reason },
    })),

  'job.report': async ({ account, remote, jobId }, { signal }) => {
    const status = await jobStatus({ account, remote }, jobId, signal);
    return status.ok ? readJobReport(status.value, remote, undefined) : status;
  },
};
