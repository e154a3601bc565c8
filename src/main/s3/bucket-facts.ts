import type { BucketFacts, BucketState } from '../../contract/prove.ts';
import { ok, type Result } from '../../contract/result.ts';
import type { S3Connection } from './client.ts';
import { remoteError, serviceCode } from './errors.ts';
import { getLifecycle, getVersioning } from './lifecycle.ts';

const DAYS_A_YEAR = 365;

/** An answer, or why there is none: the thing does not exist, or one may not ask. */
type Asked<T> = { readonly value: T } | { readonly absent: true } | { readonly denied: string };

async function ask<T>(
  connection: S3Connection,
  bucket: string,
  name: string,
  absentCodes: readonly string[],
  send: () => Promise<T>,
): Promise<Result<Asked<T>>> {
  try {
    return ok({ value: await send() });
  } catch (error) {
    if (absentCodes.includes(serviceCode(error))) return ok({ absent: true });
    const failure = remoteError(error, { name, bucket, endpoint: connection.endpoint });
    // Some servers have no such request at all: what they cannot tell is unknown.
    if (failure.code === 'AccessDenied') return ok({ denied: failure.message });
    if (['NotImplemented', 'MethodNotAllowed'].includes(serviceCode(error))) return ok({ denied: `The endpoint does not answer ${name}.` });
    return { ok: false, error: failure };
  }
}

/** Days of a default retention; S3 counts a year as 365 days (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html). */
const retentionDays = (rule: { Days?: number | undefined; Years?: number | undefined } | undefined): number | null =>
  rule?.Days ?? (rule?.Years === undefined ? null : rule.Years * DAYS_A_YEAR);

/** What a bucket says of itself. What one may not ask stays unknown and is named; anything else that fails is a failure. */
export async function readBucketState(connection: S3Connection, bucket: string, signal: AbortSignal): Promise<Result<BucketState>> {
  const { client, sdk } = connection;
  const lifecycle = await getLifecycle(connection, bucket, signal);
  if (!lifecycle.ok) return lifecycle;
  const versioning = await getVersioning(connection, bucket, signal);
  if (!versioning.ok) return versioning;
  const lock = await ask(connection, bucket, 'GetObjectLockConfiguration', ['ObjectLockConfigurationNotFoundError'], () =>
    client.send(new sdk.GetObjectLockConfigurationCommand({ Bucket: bucket }), { abortSignal: signal }),
  );
  if (!lock.ok) return lock;
  const replication = await ask(connection, bucket, 'GetBucketReplication', ['ReplicationConfigurationNotFoundError'], () =>
    client.send(new sdk.GetBucketReplicationCommand({ Bucket: bucket }), { abortSignal: signal }),
  );
  if (!replication.ok) return replication;

  const unknown: string[] = [];
  if (versioning.value === 'unknown') unknown.push('versioning (s3:GetBucketVersioning)');
  let objectLock: BucketFacts['objectLock'] = 'none';
  if ('denied' in lock.value) {
    objectLock = 'unknown';
    unknown.push('Object Lock (s3:GetBucketObjectLockConfiguration)');
  } else if ('value' in lock.value && lock.value.value.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled') {
    objectLock = { defaultRetentionDays: retentionDays(lock.value.value.ObjectLockConfiguration.Rule?.DefaultRetention) };
  }
  let replicates: BucketFacts['replication'] = 'none';
  if ('denied' in replication.value) {
    replicates = 'unknown';
    unknown.push('replication (s3:GetReplicationConfiguration)');
  } else if ('value' in replication.value) replicates = 'configured';
  // AWS says which minimum size holds; where there are no rules to say it with, its default does (s3-domain 4.2).
  const minimumSize = lifecycle.value.minimumSize ?? (connection.endpoint === null ? 'all_storage_classes_128K' : null);
  return ok({
    bucket,
    configuration: lifecycle.value.configuration,
    facts: { versioning: versioning.value, objectLock, replication: replicates, minimumSize },
    unknown,
  });
}
