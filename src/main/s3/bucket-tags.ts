import { ok, type Result } from '../../contract/result.ts';
import type { S3Connection } from './client.ts';
import { remoteError, serviceCode } from './errors.ts';

/** The tags of a bucket by key (GetBucketTagging); none is a value, not a failure. */
export async function readBucketTags(
  connection: S3Connection,
  bucket: string,
  signal: AbortSignal,
): Promise<Result<Record<string, string>>> {
  const { client, sdk, endpoint } = connection;
  try {
    const answer = await client.send(new sdk.GetBucketTaggingCommand({ Bucket: bucket }), { abortSignal: signal });
    return ok(Object.fromEntries((answer.TagSet ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])));
  } catch (error) {
    if (serviceCode(error) === 'NoSuchTagSet') return ok({});
    return { ok: false, error: remoteError(error, { name: 'GetBucketTagging', bucket, endpoint }) };
  }
}
