import type { S3Client } from '@aws-sdk/client-s3';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { remoteError } from './errors.ts';
import { guardClient, requestHandlerOf, type Tuning, USUAL_TUNING } from './guard.ts';
import { createRetryStrategy } from './retry.ts';

/** The SDK is loaded on first use: it would otherwise double the start-up time of every verb. */
const loadSdk = () => import('@aws-sdk/client-s3');
type S3Sdk = Awaited<ReturnType<typeof loadSdk>>;

/** One configured client and the commands to send with it. */
export interface S3Connection {
  readonly client: S3Client;
  readonly sdk: S3Sdk;
  readonly region: string;
  /** null: AWS itself. */
  readonly endpoint: string | null;
  readonly pathStyle: boolean;
  /** The account every request to the bucket asks S3 to expect; null where it is not known. */
  readonly owner: string | null;
  close(): void;
}

const FALLBACK_REGION = 'us-east-1';

/** GetBucketLocation answers null for us-east-1 and "EU" for buckets of the first European years (s3-domain 5.2). */
export function regionOfLocation(constraint: string | undefined | null): string {
  if (constraint === undefined || constraint === null || constraint === '') return 'us-east-1';
  return constraint === 'EU' ? 'eu-west-1' : constraint;
}

/** Other servers than AWS mostly have no name for each bucket, so path style is theirs unless the person says otherwise. */
const usesPathStyle = (remote: Remote): boolean =>
  remote.pathStyle ?? (remote.endpoint !== undefined && !new URL(remote.endpoint).hostname.endsWith('.amazonaws.com'));

function build(sdk: S3Sdk, remote: Remote, region: string, bucket: string, tuning: Tuning): S3Connection {
  const pathStyle = usesPathStyle(remote);
  const client = new sdk.S3Client({
    region,
    ...(remote.endpoint === undefined ? {} : { endpoint: remote.endpoint }),
    ...(remote.profile === undefined ? {} : { profile: remote.profile }),
    forcePathStyle: pathStyle,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: tuning.maxAttempts,
    retryStrategy: createRetryStrategy(tuning.maxAttempts, Math.random, tuning.backoffMs),
    requestHandler: requestHandlerOf(tuning),
  });
  guardClient(client, bucket, remote.owner);
  return {
    client,
    sdk,
    region,
    endpoint: remote.endpoint ?? null,
    pathStyle,
    owner: remote.owner ?? null,
    close: () => client.destroy(),
  };
}

/** A region from the profile or the environment, if the SDK's own chain knows one. */
async function configuredRegion(sdk: S3Sdk, remote: Remote): Promise<string | undefined> {
  const probe = new sdk.S3Client(remote.profile === undefined ? {} : { profile: remote.profile });
  try {
    return await probe.config.region();
  } catch {
    return undefined;
  } finally {
    probe.destroy();
  }
}

/**
 * Connects for work on one bucket. The region is the one named, else us-east-1 for a custom endpoint,
 * else the bucket's own as GetBucketLocation tells it. Fails with CredentialsMissing, AccessDenied,
 * BucketNotFound or EndpointUnreachable when the region has to be asked for.
 */
export async function connect(
  remote: Remote,
  bucket: string,
  signal?: AbortSignal,
  tuning: Tuning = USUAL_TUNING,
): Promise<Result<S3Connection>> {
  const sdk = await loadSdk();
  if (remote.region !== undefined) return ok(build(sdk, remote, remote.region, bucket, tuning));
  if (remote.endpoint !== undefined) return ok(build(sdk, remote, FALLBACK_REGION, bucket, tuning));

  const home = (await configuredRegion(sdk, remote)) ?? FALLBACK_REGION;
  const asking = build(sdk, remote, home, bucket, tuning);
  const operation = { name: 'GetBucketLocation', bucket };
  try {
    const answer = await asking.client.send(
      new sdk.GetBucketLocationCommand({ Bucket: bucket }),
      signal === undefined ? {} : { abortSignal: signal },
    );
    const region = regionOfLocation(answer.LocationConstraint);
    if (region === home) return ok(asking);
    asking.close();
    return ok(build(sdk, remote, region, bucket, tuning));
  } catch (error) {
    const failure = remoteError(error, operation);
    // Reading a bucket needs no right to ask where it lies: go on with the configured region and let the work itself tell.
    if (failure.code === 'AccessDenied' || failure.code === 'WrongRegion') {
      const named = await regionByHead(asking, bucket, signal);
      if (named !== undefined && named !== home) {
        asking.close();
        return ok(build(sdk, remote, named, bucket, tuning));
      }
      if (failure.code === 'AccessDenied') return ok(asking);
    }
    asking.close();
    return err(failure);
  }
}

/** HeadBucket tells the region in a header, even in most refusals. */
async function regionByHead(connection: S3Connection, bucket: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const { client, sdk } = connection;
  try {
    const answer = await client.send(new sdk.HeadBucketCommand({ Bucket: bucket }), signal === undefined ? {} : { abortSignal: signal });
    return answer.BucketRegion;
  } catch (error) {
    const headers = (error as { $response?: { headers?: Record<string, string> } }).$response?.headers;
    return headers?.['x-amz-bucket-region'];
  }
}

/** Connects, runs, and closes the client whatever happens. */
export async function withConnection<T>(
  remote: Remote,
  bucket: string,
  signal: AbortSignal | undefined,
  run: (connection: S3Connection) => Promise<Result<T>>,
  tuning?: Tuning,
): Promise<Result<T>> {
  const connected = await connect(remote, bucket, signal, tuning);
  if (!connected.ok) return connected;
  try {
    return await run(connected.value);
  } finally {
    connected.value.close();
  }
}
