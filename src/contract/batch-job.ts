import * as v from 'valibot';
import { LimitsSchema } from './plan.ts';
import { BucketName } from './remote.ts';
import { Instant, NanoUsd, Whole } from './units.ts';

const Account = v.pipe(v.string(), v.regex(/^\d{12}$/, 'is not an account of 12 digits'));
const Tag = v.strictObject({ key: v.pipe(v.string(), v.minLength(1), v.maxLength(128)), value: v.pipe(v.string(), v.maxLength(256)) });

/**
 * What S3 Batch Operations does to every version of a list (s3-domain 5.4). tag replaces all tags of an object; restore knows no
 * expedited speed; retain without bypass can only lengthen. There is no operation that deletes.
 */
export const JobOperationSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('tag'), tags: v.pipe(v.array(Tag), v.minLength(1), v.maxLength(10)) }),
  v.strictObject({ kind: v.literal('untag') }),
  v.strictObject({ kind: v.literal('restore'), days: v.pipe(Whole, v.minValue(1)), speed: v.picklist(['STANDARD', 'BULK']) }),
  v.strictObject({
    kind: v.literal('retain'),
    mode: v.picklist(['GOVERNANCE', 'COMPLIANCE']),
    until: Instant,
    bypassGovernance: v.boolean(),
  }),
  v.strictObject({ kind: v.literal('hold'), status: v.picklist(['ON', 'OFF']) }),
]);
export type JobOperation = v.InferOutput<typeof JobOperationSchema>;

/** Which rows of the index the job is about. */
export const JobSelectionSchema = v.strictObject({
  prefix: v.string(),
  versions: v.picklist(['current', 'noncurrent', 'all']),
  /** Only these storage classes; none named: all that the operation can act on. */
  storageClasses: v.array(v.string()),
});
export type JobSelection = v.InferOutput<typeof JobSelectionSchema>;

/** "bucket" and the key or prefix in it. */
export const PlaceSchema = v.strictObject({ bucket: BucketName, key: v.string() });
export type Place = v.InferOutput<typeof PlaceSchema>;

const Extent = { versions: Whole, bytes: Whole };

/** A reviewable batch job: what it does to which versions, what that costs, and the list itself by its hash. Sealed like a plan. */
export const JobPlanSchema = v.strictObject({
  format: v.literal('isotherm-job/1'),
  createdAt: Instant,
  expiresAt: Instant,
  engineVersion: v.string(),
  author: v.strictObject({ name: v.string(), keyIds: v.array(v.string()) }),
  target: v.strictObject({
    bucket: BucketName,
    account: Account,
    region: v.string(),
    endpoint: v.nullable(v.string()),
    /** The account that the buckets of the list and of the report are expected to belong to. */
    owner: Account,
  }),
  operation: JobOperationSchema,
  selection: JobSelectionSchema,
  inputs: v.strictObject({
    snapshotId: v.string(),
    snapshotBucket: v.string(),
    snapshotAsOf: Instant,
    manifestMd5: v.nullable(v.string()),
    priceRegion: v.string(),
    priceAsOf: v.string(),
    isSample: v.boolean(),
  }),
  manifest: v.strictObject({
    fields: v.array(v.picklist(['Bucket', 'Key', 'VersionId'])),
    rows: Whole,
    sizeBytes: Whole,
    md5: v.string(),
    sha256: v.string(),
    place: PlaceSchema,
  }),
  report: v.strictObject({ place: PlaceSchema, scope: v.picklist(['AllTasks', 'FailedTasksOnly']) }),
  roleArn: v.string(),
  priority: Whole,
  ...Extent,
  byClass: v.array(v.strictObject({ storageClass: v.string(), accessTier: v.string(), ...Extent })),
  /** Every charge the job causes; null where the list has no price for it. */
  cost: v.array(v.strictObject({ what: v.string(), nanoUsd: v.nullable(NanoUsd) })),
  /** null as soon as one charge has no price. */
  totalNanoUsd: v.nullable(NanoUsd),
  /** What is paid every month from then on. */
  monthlyNanoUsd: v.nullable(NanoUsd),
  confirmation: v.string(),
  limits: LimitsSchema,
  approval: v.strictObject({ required: v.boolean(), reasons: v.array(v.string()) }),
  warnings: v.array(v.string()),
  seals: v.record(v.string(), v.string()),
  hash: v.string(),
});
export type JobPlan = v.InferOutput<typeof JobPlanSchema>;

/** States of S3 Batch Operations; Suspended waits for the confirmation. */
export const JOB_STATES = [
  'New',
  'Preparing',
  'Suspended',
  'Ready',
  'Active',
  'Pausing',
  'Paused',
  'Completing',
  'Complete',
  'Cancelling',
  'Cancelled',
  'Failing',
  'Failed',
] as const;

export const JobStatusSchema = v.strictObject({
  jobId: v.string(),
  state: v.picklist(JOB_STATES),
  description: v.string(),
  createdAt: v.nullable(Instant),
  endedAt: v.nullable(Instant),
  total: v.nullable(Whole),
  succeeded: v.nullable(Whole),
  failed: v.nullable(Whole),
  failureReasons: v.array(v.strictObject({ code: v.string(), reason: v.string() })),
  suspendedCause: v.nullable(v.string()),
  /** Where its report goes; null where it writes none. */
  report: v.nullable(PlaceSchema),
  /** What was said when its state was changed last. */
  stateReason: v.string(),
});
export type JobStatus = v.InferOutput<typeof JobStatusSchema>;

export const JobListingSchema = v.strictObject({
  jobId: v.string(),
  state: v.picklist(JOB_STATES),
  description: v.string(),
  operation: v.string(),
  createdAt: v.nullable(Instant),
  total: v.nullable(Whole),
  succeeded: v.nullable(Whole),
  failed: v.nullable(Whole),
});
export type JobListing = v.InferOutput<typeof JobListingSchema>;

/** A request about a job whose answer was never noted, and what S3 shows of it now. */
export const UnfinishedJobSchema = v.strictObject({
  act: v.picklist(['create', 'confirm', 'cancel']),
  at: Instant,
  account: v.string(),
  region: v.string(),
  /** null where a creation got no answer and no job with that list is there. */
  jobId: v.nullable(v.string()),
  /** null where S3 could not be asked, or has no such job. */
  state: v.nullable(v.picklist(JOB_STATES)),
  /** In plain words: what is the case, and what to do. */
  words: v.string(),
  next: v.array(v.string()),
});
export type UnfinishedJob = v.InferOutput<typeof UnfinishedJobSchema>;

/** What came of the tasks of a job, out of its completion report. */
export const JobReportSchema = v.strictObject({
  jobId: v.string(),
  succeeded: Whole,
  failed: Whole,
  byError: v.array(v.strictObject({ code: v.string(), status: v.string(), tasks: Whole })),
  /** The first tasks that failed, at most a hundred. */
  failures: v.array(
    v.strictObject({ key: v.string(), versionId: v.nullable(v.string()), code: v.string(), status: v.string(), message: v.string() }),
  ),
});
export type JobReport = v.InferOutput<typeof JobReportSchema>;
