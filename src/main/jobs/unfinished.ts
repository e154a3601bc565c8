import type { JobStatus, UnfinishedJob } from '../../contract/batch-job.ts';
import type { AuditEvent } from '../../contract/journal.ts';
import type { Remote } from '../../contract/remote.ts';
import { ok, type Result } from '../../contract/result.ts';
import { readAudit } from '../apply/journal.ts';
import { describeJob, listJobs, withControl } from '../s3/control.ts';
import type { Tuning } from '../s3/guard.ts';
import { isListOf, statusOf } from '../s3/job-shapes.ts';
import { JOB_ACTS, openRequests } from './trail.ts';

/** Clocks of two machines may differ by so much; what asked for nothing for longer than an hour will not come any more. */
const SKEW_MS = 10 * 60_000;
const LATEST_MS = 3_600_000;

const HERE: Readonly<Record<UnfinishedJob['act'], string>> = {
  create: 'The job was created; its answer was not noted.',
  confirm: 'The answer to its confirmation was not noted.',
  cancel: 'The answer to its cancellation was not noted.',
};

/** Every request about a job that was cut off, with what S3 shows now. Writes nothing. */
export async function unfinishedJobs(
  dataDir: string,
  now: Date,
  remote: Remote,
  tuning?: Tuning,
  signal?: AbortSignal,
): Promise<Result<UnfinishedJob[]>> {
  const lines = readAudit(dataDir);
  if (!lines.ok) return lines;
  const found: UnfinishedJob[] = [];
  for (const request of openRequests(lines.value)) {
    const told = await look(request, remote, tuning, signal);
    const isPast = told.ok && told.value === null && now.getTime() - Date.parse(request.at) > LATEST_MS;
    if (!isPast) found.push(inWords(request, told));
  }
  return ok(found);
}

/** The job of a request, as S3 shows it; null where there is none. */
function look(request: AuditEvent, remote: Remote, tuning?: Tuning, signal?: AbortSignal): Promise<Result<JobStatus | null>> {
  const { account = '', region = '', endpoint, list = '', md5 = '' } = request.details;
  const target: Remote = { ...remote, region, ...(endpoint === undefined ? {} : { endpoint }) };
  return withControl(account, target, tuning, async (control) => {
    if (request.details.act !== 'create') {
      const job = await describeJob(control, request.subject, signal);
      if (job.ok) return ok(statusOf(job.value));
      return job.error.code === 'JobNotFound' ? ok(null) : job;
    }
    const jobs = await listJobs(control, signal);
    if (!jobs.ok) return jobs;
    const since = Date.parse(request.at) - SKEW_MS;
    for (const { JobId, CreationTime } of jobs.value) {
      if (JobId === undefined || (CreationTime !== undefined && CreationTime.getTime() < since)) continue;
      const job = await describeJob(control, JobId, signal);
      if (!job.ok) return job;
      if (isListOf(job.value, list, md5)) return ok(statusOf(job.value));
    }
    return ok(null);
  });
}

function inWords(request: AuditEvent, told: Result<JobStatus | null>): UnfinishedJob {
  const { details, subject, at } = request;
  const act = JOB_ACTS.find((known) => known === details.act) ?? 'create';
  const { account = '', region = '' } = details;
  const status = told.ok ? told.value : null;
  const jobId = status?.jobId ?? (act === 'create' ? null : subject);
  const where = `--account ${account} --region ${region}`;
  const again =
    act === 'create'
      ? `Run "isotherm job create" again with the same plan, ${details.plan}: it gives the same job, and no second one.`
      : `Run "isotherm job ${act}" again: what was done already is not done twice.`;
  const words = !told.ok
    ? `S3 could not be asked, so what became of it is not known: ${told.error.message}`
    : status === null
      ? 'S3 shows no such job; nothing runs.'
      : `${HERE[act]} It is ${status.state} now${status.state === 'Suspended' ? ' and does nothing until it is confirmed' : ''}.`;
  const next = [again, ...(jobId === null ? [] : [`End it with: isotherm job cancel --job ${jobId} ${where}`])];
  return { act, at, account, region, jobId, state: status?.state ?? null, words, next };
}
