import type { BucketState } from '../../contract/prove.ts';
import { ok, type Result } from '../../contract/result.ts';
import { readBucketFacts } from './bucket-facts.ts';
import type { S3Connection } from './client.ts';
import { getLifecycle } from './lifecycle.ts';

/** What a bucket says of itself, as the prover takes it. What one may not ask stays unknown and is named; anything else that fails is a failure. */
export async function readBucketState(connection: S3Connection, bucket: string, signal: AbortSignal): Promise<Result<BucketState>> {
  const lifecycle = await getLifecycle(connection, bucket, signal);
  if (!lifecycle.ok) return lifecycle;
  const facts = await readBucketFacts(connection, bucket, signal);
  if (!facts.ok) return facts;
  const { versioning, objectLock, replication, unknown } = facts.value;
  // AWS says which minimum size holds; where there are no rules to say it with, its default does (s3-domain 4.2).
  const minimumSize = lifecycle.value.minimumSize ?? (connection.endpoint === null ? 'all_storage_classes_128K' : null);
  return ok({
    bucket,
    configuration: lifecycle.value.configuration,
    facts: {
      versioning,
      objectLock:
        objectLock.status === 'enabled'
          ? { defaultRetentionDays: objectLock.defaultRetentionDays }
          : objectLock.status === 'disabled'
            ? 'none'
            : 'unknown',
      replication: replication.status === 'enabled' ? 'configured' : replication.status === 'disabled' ? 'none' : 'unknown',
      minimumSize,
    },
    unknown: unknown.map(({ what, action }) => `${what} (${action})`),
  });
}
