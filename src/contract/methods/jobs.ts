import * as v from 'valibot';
import { ApprovalSchema } from '../approval.ts';
import {
  JobListingSchema,
  JobOperationSchema,
  JobPlanSchema,
  JobReportSchema,
  JobSelectionSchema,
  JobStatusSchema,
  PlaceSchema,
  UnfinishedJobSchema,
} from '../batch-job.ts';
import { BucketName, RemoteSchema } from '../remote.ts';
import { Whole } from '../units.ts';
import { At, type Definition, FilePath, Region } from './definition.ts';

const Account = v.pipe(v.string(), v.regex(/^\d{12}$/, 'is not an account of 12 digits'));
/** S3 Control, by account and region. An endpoint of its own is for tests: no other server has this service. */
const Control = { account: Account, remote: v.optional(RemoteSchema, {}) };
const JobId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{5,64}$/, 'is not the id of a job'));

/** Batch jobs over lists from the index. They are created asleep and wake only when they are confirmed. */
export const JOB_METHODS = {
  /** Writes the list beside the plan; sends nothing. */
  'job.plan': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({
      ...At,
      bucket: BucketName,
      ...Control,
      region: Region,
      operation: JobOperationSchema,
      selection: JobSelectionSchema,
      roleArn: v.pipe(v.string(), v.regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, 'is not the ARN of a role')),
      manifestPlace: PlaceSchema,
      reportPlace: PlaceSchema,
      scope: v.optional(v.picklist(['AllTasks', 'FailedTasksOnly']), 'AllTasks'),
      priority: v.optional(Whole, 10),
      expiresInHours: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(24 * 30)), 72),
      /** Where to write the list. */
      manifestFile: FilePath,
    }),
    result: JobPlanSchema,
  },
  /** Lays the list down and creates the job, which then waits. */
  'job.create': {
    effect: 'bucket',
    params: v.strictObject({
      plan: JobPlanSchema,
      hash: v.string(),
      manifestFile: FilePath,
      approvals: v.optional(v.array(ApprovalSchema), []),
      index: v.optional(FilePath),
      remote: v.optional(RemoteSchema, {}),
    }),
    result: v.strictObject({ jobId: v.string(), manifestETag: v.string() }),
  },
  'job.status': { effect: 'read', params: v.strictObject({ ...Control, jobId: JobId }), result: JobStatusSchema },
  'job.list': { effect: 'read', params: v.strictObject({ ...Control }), result: v.array(JobListingSchema) },
  /** Wakes a job, if it is the one of the plan in everything. */
  'job.confirm': {
    effect: 'bucket',
    params: v.strictObject({
      plan: JobPlanSchema,
      hash: v.string(),
      jobId: JobId,
      confirmation: v.optional(v.string()),
      remote: v.optional(RemoteSchema, {}),
    }),
    result: JobStatusSchema,
  },
  'job.cancel': {
    effect: 'bucket',
    params: v.strictObject({ ...Control, jobId: JobId, reason: v.optional(v.string(), '') }),
    result: JobStatusSchema,
  },
  /** Requests about jobs that were cut off, with what S3 shows of them now. Writes nothing. */
  'job.unfinished': {
    effect: 'read',
    params: v.strictObject({ remote: v.optional(RemoteSchema, {}) }),
    result: v.array(UnfinishedJobSchema),
  },
  'job.report': { effect: 'read', params: v.strictObject({ ...Control, jobId: JobId }), result: JobReportSchema },
} as const satisfies Record<string, Definition>;
