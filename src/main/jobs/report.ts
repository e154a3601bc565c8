import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { JobReport, JobStatus, Place } from '../../contract/batch-job.ts';
import { appError } from '../../contract/errors.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { decodeManifestKey } from '../../core/jobs/manifest-line.ts';
import { csvLines } from '../../core/report/csv-lines.ts';
import { type S3Connection, withConnection } from '../s3/client.ts';
import { attempt, serviceCode } from '../s3/errors.ts';
import type { Tuning } from '../s3/guard.ts';
import { reportPlace } from './job.ts';

const MOST_FAILURES = 100;
/** The reference names the one, the guide the other (https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_JobReport.html). */
const NAMES = ['report.json', 'manifest.json'];

const ReportSchema = v.object({
  Format: v.literal('Report_CSV_20180820'),
  ReportSchema: v.string(),
  Results: v.array(
    v.object({ TaskExecutionStatus: v.picklist(['succeeded', 'failed']), Bucket: v.string(), MD5Checksum: v.string(), Key: v.string() }),
  ),
});

async function read(connection: S3Connection, { bucket, key }: Place): Promise<Result<Buffer | null>> {
  const { client, sdk, endpoint } = connection;
  try {
    const answer = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }));
    return ok(Buffer.from((await answer.Body?.transformToByteArray()) ?? []));
  } catch (cause) {
    if (serviceCode(cause) === 'NoSuchKey') return ok(null);
    return attempt({ name: 'GetObject', bucket, key, endpoint }, () => Promise.reject(cause));
  }
}

/** Reads what came of every task, its checksums verified. ReportMissing while S3 has not written it. */
export async function readJobReport(status: JobStatus, remote: Remote, tuning: Tuning | undefined): Promise<Result<JobReport>> {
  const place = reportPlace(status);
  const missing = (why: string) => err(appError('ReportMissing', `Job "${status.jobId}" has no report: ${why}.`));
  if (place === null) return missing('none was asked for');
  return withConnection(
    remote,
    place.bucket,
    undefined,
    async (connection) => {
      for (const name of NAMES) {
        const head = await read(connection, { bucket: place.bucket, key: `${place.key}${name}` });
        if (!head.ok) return head;
        if (head.value !== null) return readResults(connection, status.jobId, head.value);
      }
      return missing(`S3 has written none to s3://${place.bucket}/${place.key} yet (the job is ${status.state})`);
    },
    tuning,
  );
}

async function readResults(connection: S3Connection, jobId: string, head: Buffer): Promise<Result<JobReport>> {
  const damaged = (why: string, detail?: string) =>
    err(appError('ReportDamaged', `The report of job "${jobId}" is damaged: ${why}.`, { detail }));
  let json: unknown;
  try {
    json = JSON.parse(head.toString('utf8'));
  } catch (cause) {
    return damaged('it is not JSON', String(cause));
  }
  const parsed = v.safeParse(ReportSchema, json);
  if (!parsed.success) return damaged('it is not a report as S3 writes them', parsed.issues[0].message);
  const columns = parsed.output.ReportSchema.split(',').map((name) => name.trim());
  const at = (name: string): number => columns.indexOf(name);
  if (at('Key') < 0 || at('TaskStatus') < 0) return damaged('it does not say what its columns are');

  const report: JobReport = { jobId, succeeded: 0, failed: 0, byError: [], failures: [] };
  const byError = new Map<string, JobReport['byError'][number]>();
  for (const { Bucket: bucket, Key: key, MD5Checksum: md5 } of parsed.output.Results) {
    const part = await read(connection, { bucket, key });
    if (!part.ok) return part;
    if (part.value === null) return damaged(`${key} is missing`);
    if (createHash('md5').update(part.value).digest('hex') !== md5.toLowerCase())
      return damaged(`${key} does not have the checksum it should`);
    for (const fields of csvLines(part.value.toString('utf8'))) {
      const field = (name: string): string => fields[at(name)] ?? '';
      if (field('TaskStatus').toLowerCase() === 'succeeded') {
        report.succeeded += 1;
        continue;
      }
      report.failed += 1;
      const code = field('ErrorCode');
      const status = field('HTTPStatusCode');
      const known = byError.get(`${code} ${status}`) ?? { code, status, tasks: 0 };
      byError.set(`${code} ${status}`, { ...known, tasks: known.tasks + 1 });
      if (report.failures.length < MOST_FAILURES) {
        const message = field('ResultMessage');
        report.failures.push({ key: decodeManifestKey(field('Key')), versionId: field('VersionId') || null, code, status, message });
      }
    }
  }
  return ok({ ...report, byError: [...byError.values()].sort((a, b) => b.tasks - a.tasks) });
}
