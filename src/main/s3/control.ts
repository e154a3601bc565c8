import { Agent } from 'node:http';
import type { CreateJobCommandInput, JobDescriptor, JobListDescriptor, S3ControlClient } from '@aws-sdk/client-s3-control';
import { appError } from '../../contract/errors.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { S3Connection } from './client.ts';
import { attempt, remoteError, serviceCode } from './errors.ts';
import { guardClient, requestHandlerOf, type Tuning, USUAL_TUNING } from './guard.ts';
import type { JobRequest } from './job-shapes.ts';
import { permitWrite } from './permit.ts';
import { createRetryStrategy } from './retry.ts';

const loadSdk = () => import('@aws-sdk/client-s3-control');

/** One configured client of S3 Control for one account. */
export interface ControlConnection {
  readonly client: S3ControlClient;
  readonly sdk: Awaited<ReturnType<typeof loadSdk>>;
  readonly account: string;
  readonly endpoint: string | null;
  close(): void;
}

/** Names below "localhost" are this machine (RFC 6761, 6.3); not every resolver knows that, and S3 Control puts the account before its name. */
const localAgent = (): Agent =>
  new Agent({
    lookup: (_name, options, done) => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)),
  });

const isLocal = (endpoint: string | undefined): boolean => endpoint !== undefined && new URL(endpoint).hostname.endsWith('localhost');

/** Connects to S3 Control; the region has to be named, for there is no bucket to ask. */
async function connectControl(account: string, remote: Remote, tuning: Tuning = USUAL_TUNING): Promise<Result<ControlConnection>> {
  if (remote.region === undefined) {
    return err(
      appError('RegionUnknown', 'Batch jobs belong to a region; it was not named.', {
        next: 'Name the region of the bucket with --region.',
      }),
    );
  }
  const sdk = await loadSdk();
  const client = new sdk.S3ControlClient({
    region: remote.region,
    ...(remote.endpoint === undefined ? {} : { endpoint: remote.endpoint }),
    ...(remote.profile === undefined ? {} : { profile: remote.profile }),
    maxAttempts: tuning.maxAttempts,
    retryStrategy: createRetryStrategy(tuning.maxAttempts, Math.random, tuning.backoffMs),
    requestHandler: { ...requestHandlerOf(tuning), ...(isLocal(remote.endpoint) ? { httpAgent: localAgent() } : {}) },
  });
  guardClient(client, undefined, undefined);
  return ok({ client, sdk, account, endpoint: remote.endpoint ?? null, close: () => client.destroy() });
}

/** Connects, runs, and closes the client whatever happens. */
export async function withControl<T>(
  account: string,
  remote: Remote,
  tuning: Tuning | undefined,
  run: (connection: ControlConnection) => Promise<Result<T>>,
): Promise<Result<T>> {
  const connected = await connectControl(account, remote, tuning);
  if (!connected.ok) return connected;
  try {
    return await run(connected.value);
  } finally {
    connected.value.close();
  }
}

/** Creates a job that waits for confirmation, whatever was asked for. The same token gives the same job again, and no second one. */
export async function createJob({ client, sdk, account, endpoint }: ControlConnection, request: JobRequest): Promise<Result<string>> {
  const input: CreateJobCommandInput = { ...request, AccountId: account, ConfirmationRequired: true };
  const answer = await attempt({ name: 'CreateJob', endpoint }, () => client.send(permitWrite('control', new sdk.CreateJobCommand(input))));
  if (!answer.ok) return answer;
  const id = answer.value.JobId;
  return id === undefined ? err(appError('RemoteFailed', 'S3 created a job and did not say which.')) : ok(id);
}

export async function describeJob(
  { client, sdk, account, endpoint }: ControlConnection,
  jobId: string,
  signal?: AbortSignal,
): Promise<Result<JobDescriptor>> {
  const options = signal === undefined ? {} : { abortSignal: signal };
  const notFound = err(appError('JobNotFound', `There is no job "${jobId}" in account ${account}.`));
  try {
    const answer = await client.send(new sdk.DescribeJobCommand({ AccountId: account, JobId: jobId }), options);
    return answer.Job === undefined ? notFound : ok(answer.Job);
  } catch (cause) {
    return /^(NotFoundException|NoSuchJob)$/.test(serviceCode(cause))
      ? notFound
      : err(remoteError(cause, { name: 'DescribeJob', endpoint }));
  }
}

/** Every job of the last 90 days, as long as S3 keeps them, page by page. */
export async function listJobs(
  { client, sdk, account, endpoint }: ControlConnection,
  signal?: AbortSignal,
): Promise<Result<JobListDescriptor[]>> {
  const jobs: JobListDescriptor[] = [];
  let token: string | undefined;
  do {
    const input = { AccountId: account, MaxResults: 1000, ...(token === undefined ? {} : { NextToken: token }) };
    const page = await attempt({ name: 'ListJobs', endpoint }, () =>
      client.send(new sdk.ListJobsCommand(input), signal === undefined ? {} : { abortSignal: signal }),
    );
    if (!page.ok) return page;
    jobs.push(...(page.value.Jobs ?? []));
    token = page.value.NextToken;
  } while (token !== undefined);
  return ok(jobs);
}

/** Ready wakes a job that waits; Cancelled ends one. */
export async function updateJob(
  { client, sdk, account, endpoint }: ControlConnection,
  jobId: string,
  status: 'Ready' | 'Cancelled',
  reason: string,
): Promise<Result<void>> {
  const input = {
    AccountId: account,
    JobId: jobId,
    RequestedJobStatus: status,
    ...(reason === '' ? {} : { StatusUpdateReason: reason.slice(0, 256) }),
  };
  const answer = await attempt({ name: 'UpdateJobStatus', endpoint }, () =>
    client.send(permitWrite('control', new sdk.UpdateJobStatusCommand(input))),
  );
  if (!answer.ok) return answer;
  if (answer.value.Status !== undefined) return ok(undefined);
  return err(appError('RemoteFailed', 'The answer to UpdateJobStatus was cut short or is not what S3 answers.'));
}

/** What the name of every list ends in; nothing else is ever laid down. */
export const MANIFEST_SUFFIX = '.manifest.csv';

/**
 * Lays down the list of a job and gives its ETag. Never over something that is there: a list of the same content serves again, anything else
 * is a failure.
 */
export async function putManifest(
  { client, sdk, endpoint }: S3Connection,
  place: { readonly bucket: string; readonly key: string },
  body: Uint8Array,
  md5Hex: string,
): Promise<Result<string>> {
  if (!place.key.endsWith(MANIFEST_SUFFIX)) throw new Error('not the name of a list');
  const at = { Bucket: place.bucket, Key: place.key };
  const operation = { name: 'PutObject', bucket: place.bucket, key: place.key, endpoint };
  const put = await attempt(operation, () =>
    client.send(permitWrite('control', new sdk.PutObjectCommand({ ...at, Body: body, ContentType: 'text/csv', IfNoneMatch: '*' }))),
  );
  const isThere = !put.ok && /PreconditionFailed|ConditionalRequestConflict/.test(put.error.detail ?? '');
  if (!put.ok && !isThere) return put;
  const head = await attempt({ ...operation, name: 'HeadObject' }, () => client.send(new sdk.HeadObjectCommand(at)));
  if (!head.ok) return head;
  const etag = head.value.ETag?.replaceAll('"', '') ?? '';
  // A list must not be encrypted with KMS (s3-domain 5.4), so its ETag is its MD5.
  if (head.value.ContentLength === body.length && etag === md5Hex) return ok(etag);
  const message = isThere
    ? `There is another object at s3://${place.bucket}/${place.key}; it was left as it is.`
    : `The list at s3://${place.bucket}/${place.key} is not what was sent, or it is encrypted with KMS.`;
  return err(appError('ManifestRefused', message));
}
