import type { CreateJobCommandInput, JobDescriptor, JobListDescriptor, JobOperation as SdkOperation } from '@aws-sdk/client-s3-control';
import type { JobListing, JobPlan, JobStatus } from '../../contract/batch-job.ts';
import { operationInWords } from '../../core/jobs/words.ts';
import { canonicalJson } from '../apply/hash.ts';

/** A job to be created; whose it is, and that it waits, is not for the asker to say. */
export type JobRequest = Omit<CreateJobCommandInput, 'AccountId' | 'ConfirmationRequired'>;

/** The operation as S3 Control spells it. */
function sdkOperation({ operation }: JobPlan): SdkOperation {
  switch (operation.kind) {
    case 'tag':
      return { S3PutObjectTagging: { TagSet: operation.tags.map(({ key, value }) => ({ Key: key, Value: value })) } };
    case 'untag':
      return { S3DeleteObjectTagging: {} };
    case 'restore':
      return { S3InitiateRestoreObject: { ExpirationInDays: operation.days, GlacierJobTier: operation.speed } };
    case 'retain':
      return {
        S3PutObjectRetention: {
          Retention: { Mode: operation.mode, RetainUntilDate: new Date(operation.until) },
          ...(operation.bypassGovernance ? { BypassGovernanceRetention: true } : {}),
        },
      };
    case 'hold':
      return { S3PutObjectLegalHold: { LegalHold: { Status: operation.status } } };
  }
}

const arnOf = (region: string, path: string): string =>
  `arn:${region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'}:s3:::${path}`;

/** The request a plan comes to; its token is the plan's hash, so that asking twice makes one job. */
export function requestOf(plan: JobPlan, etag: string): JobRequest {
  const { manifest, report, target } = plan;
  return {
    ClientRequestToken: plan.hash,
    Description: `Isotherm: ${operationInWords(plan.operation, plan.versions)}`.slice(0, 256),
    Operation: sdkOperation(plan),
    Manifest: {
      Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: [...manifest.fields] },
      Location: { ObjectArn: listArn(plan), ETag: etag },
    },
    Report: {
      Enabled: true,
      Bucket: arnOf(target.region, report.place.bucket),
      Format: 'Report_CSV_20180820',
      ...(report.place.key === '' ? {} : { Prefix: report.place.key.replace(/\/$/, '') }),
      ReportScope: report.scope,
      ExpectedBucketOwner: target.owner,
    },
    Priority: plan.priority,
    RoleArn: plan.roleArn,
  };
}

const instant = (date: Date | undefined): string | null => date?.toISOString() ?? null;
const whole = (count: number | undefined): number | null => count ?? null;

export function statusOf(job: JobDescriptor): JobStatus {
  const { Report: report, ProgressSummary: progress } = job;
  const bucket = report?.Bucket?.replace(/^arn:[^:]*:s3:::/, '');
  return {
    jobId: job.JobId ?? '',
    state: job.Status ?? 'New',
    description: job.Description ?? '',
    createdAt: instant(job.CreationTime),
    endedAt: instant(job.TerminationDate),
    total: whole(progress?.TotalNumberOfTasks),
    succeeded: whole(progress?.NumberOfTasksSucceeded),
    failed: whole(progress?.NumberOfTasksFailed),
    failureReasons: (job.FailureReasons ?? []).map(({ FailureCode, FailureReason }) => ({
      code: FailureCode ?? '',
      reason: FailureReason ?? '',
    })),
    suspendedCause: job.SuspendedCause ?? null,
    stateReason: job.StatusUpdateReason ?? '',
    report: report?.Enabled === true && bucket !== undefined ? { bucket, key: report.Prefix ?? '' } : null,
  };
}

export const listingOf = (job: JobListDescriptor): JobListing => ({
  jobId: job.JobId ?? '',
  state: job.Status ?? 'New',
  description: job.Description ?? '',
  operation: job.Operation ?? '',
  createdAt: instant(job.CreationTime),
  total: whole(job.ProgressSummary?.TotalNumberOfTasks),
  succeeded: whole(job.ProgressSummary?.NumberOfTasksSucceeded),
  failed: whole(job.ProgressSummary?.NumberOfTasksFailed),
});

/** Where the list of a plan lies, as S3 names it. */
export const listArn = ({ manifest, target }: JobPlan): string => arnOf(target.region, `${manifest.place.bucket}/${manifest.place.key}`);

/** Whether a job works on this very list. */
export const isListOf = ({ Manifest }: JobDescriptor, arn: string, md5: string): boolean =>
  Manifest?.Location?.ObjectArn === arn && Manifest.Location.ETag?.replaceAll('"', '') === md5;

/** Where a job differs from its plan; null where it is the plan's in everything. */
export function differenceOf(job: JobDescriptor, plan: JobPlan): string | null {
  const { manifest } = plan;
  const wanted = requestOf(plan, manifest.md5);
  const found = job.Manifest;
  if (canonicalJson(job.Operation) !== canonicalJson(wanted.Operation)) return 'its operation is another';
  if (found?.Location?.ObjectArn !== wanted.Manifest?.Location?.ObjectArn) return 'its list lies elsewhere';
  if (found?.Location?.ETag?.replaceAll('"', '') !== manifest.md5) return 'its list is another';
  if (job.Report?.Bucket !== wanted.Report?.Bucket || (job.Report?.Prefix ?? '') !== (wanted.Report?.Prefix ?? ''))
    return 'its report goes elsewhere';
  if (job.RoleArn !== plan.roleArn) return 'its role is another';
  const total = job.ProgressSummary?.TotalNumberOfTasks;
  // S3 counts the list while it prepares the job; zero before that.
  if (total !== undefined && total !== 0 && total !== manifest.rows) return `it has ${total} tasks instead of ${manifest.rows}`;
  return null;
}
