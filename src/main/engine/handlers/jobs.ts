import { appError } from '../../../contract/errors.ts';
import type { JOB_METHODS } from '../../../contract/methods/jobs.ts';
import { err } from '../../../contract/result.ts';
import { DEFAULT_LIMITS } from '../../../core/apply/limits.ts';
import { appendEvent } from '../../apply/journal.ts';
import { noteMade, whereMade } from '../../apply/plans-made.ts';
import { openIndex } from '../../index/reader.ts';
import { readWorkspace } from '../../index/workspace.ts';
import { cancelJob, confirmJob, createFromPlan, jobListings, jobStatus } from '../../jobs/job.ts';
import { planJob } from '../../jobs/plan.ts';
import { readJobReport } from '../../jobs/report.ts';
import type { Trail } from '../../jobs/trail.ts';
import { unfinishedJobs } from '../../jobs/unfinished.ts';
import { listKeys } from '../../keys/keys.ts';
import { choosePrices, loadOperationPrices } from '../../prices.ts';
import type { EngineEnvironment, Handlers } from '../handler.ts';

const trailOf = ({ dataDir, now, person = 'unknown' }: EngineEnvironment): Trail => ({ dataDir, now, by: person });

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
    // A region that is merely assumed for its prices is no place to send a job to.
    const home = remote.region ?? snapshot.value.region;
    if (home === null) {
      return err(
        appError('RegionUnknown', 'A batch job runs in the region of its bucket, and the snapshot does not tell that.', {
          next: 'Name the region of the bucket with --region.',
        }),
      );
    }
    const prices = await choosePrices(environment, region, remote.region ?? null, snapshot.value.region);
    if (!prices.ok) return prices;
    const operations = await loadOperationPrices(environment, prices.value.list.region);
    if (!operations.ok) return operations;
    const made = planJob({
      reader: reader.value,
      snapshot: snapshot.value,
      bucket,
      account,
      region: home,
      endpoint: remote.endpoint ?? null,
      owner: remote.owner ?? account,
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
    const { hash, operation, versions } = made.value;
    const noted = appendEvent(environment.dataDir, environment.now(), {
      event: 'planned',
      by: environment.person ?? 'unknown',
      bucket,
      subject: hash,
      details: { job: operation.kind, versions: String(versions) },
    });
    return noted.ok ? made : noted;
  },

  'job.create': async ({ plan, hash, manifestFile, approvals, index, remote }, { environment }) => {
    const at = index ?? whereMade(environment.dataDir, plan.hash)?.index;
    const read = at === undefined ? null : readWorkspace(at);
    if (read !== null && !read.ok && index !== undefined) return read;
    const workspace = read?.ok ? read.value : null;
    return createFromPlan({ plan, hash, manifestFile, approvals, workspace, remote, trail: trailOf(environment) });
  },

  'job.unfinished': ({ remote }, { environment, signal }) =>
    unfinishedJobs(environment.dataDir, environment.now(), remote, undefined, signal),

  'job.status': ({ account, remote, jobId }, { signal }) => jobStatus({ account, remote }, jobId, signal),

  'job.list': ({ account, remote }, { signal }) => jobListings({ account, remote }, signal),

  'job.confirm': ({ plan, hash, jobId, confirmation, remote }, { environment }) =>
    confirmJob(plan, hash, jobId, confirmation, { remote, trail: trailOf(environment) }),

  'job.cancel': ({ account, remote, jobId, reason }, { environment }) =>
    cancelJob({ account, remote }, jobId, reason, trailOf(environment)),

  'job.report': async ({ account, remote, jobId }, { signal }) => {
    const status = await jobStatus({ account, remote }, jobId, signal);
    return status.ok ? readJobReport(status.value, { ...remote, owner: remote.owner ?? account }, undefined) : status;
  },
};
