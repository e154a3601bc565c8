import type { Reach } from '../../contract/connect.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { ACTION_OF, type Request } from '../../core/rights/actions.ts';
import type { S3Connection } from './client.ts';
import { isNotHere, remoteError, serviceCode } from './errors.ts';

interface Probe {
  readonly name: Request;
  readonly what: string;
  readonly ask: (options: { abortSignal?: AbortSignal }) => Promise<unknown>;
}

const DENIED = /^(AccessDenied|AllAccessDisabled|Forbidden|403)$/;
/** "There is none" is an answer. */
const NONE =
  /^(NoSuchLifecycleConfiguration|ObjectLockConfigurationNotFoundError|NoSuchObjectLockConfiguration|ReplicationConfigurationNotFoundError|NoSuchTagSet)$/;

/** Tries each right that reading takes with the least request that needs it. A refusal is an answer; anything else is a failure. */
export async function readReach(connection: S3Connection, bucket: string, signal?: AbortSignal): Promise<Result<Reach>> {
  const { client, sdk, endpoint, region } = connection;
  const input = { Bucket: bucket };
  const probes: readonly Probe[] = [
    {
      name: 'ListObjectVersions',
      what: 'live listings with versions and delete markers',
      ask: (options) => client.send(new sdk.ListObjectVersionsCommand({ ...input, MaxKeys: 1 }), options),
    },
    {
      name: 'ListObjectsV2',
      what: 'live listings of current objects; finding inventory reports',
      ask: (options) => client.send(new sdk.ListObjectsV2Command({ ...input, MaxKeys: 1 }), options),
    },
    {
      name: 'ListMultipartUploads',
      what: 'uploads that were never finished',
      ask: (options) => client.send(new sdk.ListMultipartUploadsCommand({ ...input, MaxUploads: 1 }), options),
    },
    {
      name: 'GetBucketLifecycleConfiguration',
      what: 'the rules there are: plans, drift, proofs',
      ask: (options) => client.send(new sdk.GetBucketLifecycleConfigurationCommand(input), options),
    },
    {
      name: 'GetBucketVersioning',
      what: 'whether the bucket keeps versions',
      ask: (options) => client.send(new sdk.GetBucketVersioningCommand(input), options),
    },
    {
      name: 'GetObjectLockConfiguration',
      what: 'whether Object Lock protects versions',
      ask: (options) => client.send(new sdk.GetObjectLockConfigurationCommand(input), options),
    },
    {
      name: 'GetBucketReplication',
      what: 'whether versions are replicated elsewhere',
      ask: (options) => client.send(new sdk.GetBucketReplicationCommand(input), options),
    },
    {
      name: 'GetBucketTagging',
      what: 'who owns the bucket, and which tool manages it',
      ask: (options) => client.send(new sdk.GetBucketTaggingCommand(input), options),
    },
  ];
  const rights: Reach['rights'] = [];
  for (const { name, what, ask } of probes) {
    let state: Reach['rights'][number]['state'] = 'granted';
    try {
      await ask(signal === undefined ? {} : { abortSignal: signal });
    } catch (cause) {
      const code = serviceCode(cause);
      if (DENIED.test(code)) state = 'denied';
      else if (isNotHere(code)) state = 'notHere';
      else if (!NONE.test(code)) return err(remoteError(cause, { name, bucket, endpoint }));
    }
    rights.push({ action: ACTION_OF[name], what, state });
  }
  return ok({ bucket, region, rights });
}
