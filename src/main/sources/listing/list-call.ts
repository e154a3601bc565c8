import type { Result } from '../../../contract/result.ts';
import type { S3Connection } from '../../s3/client.ts';
import { attempt } from '../../s3/errors.ts';

/** What a page of a listing is asked with. */
export interface ListCall {
  readonly bucket: string;
  readonly prefix: string;
  readonly byVersion: boolean;
  readonly delimiter?: string;
  /** The key to go on behind; '' for the start. */
  readonly startAfter: string;
  /** With versions: the version of that key to go on behind. */
  readonly versionId?: string | undefined;
  /** Without versions: the server's own word for where to go on; goes before `startAfter`. */
  readonly token?: string | undefined;
}

const PAGE = 1000;

export const operationOf = (call: { readonly byVersion: boolean }): string => (call.byVersion ? 'ListObjectVersions' : 'ListObjectsV2');

/** Sends one LIST; the body of the answer as it came. The SDK would take fifteen times as long to read it as listings can wait. */
export async function sendList(connection: S3Connection, call: ListCall, signal: AbortSignal): Promise<Result<Uint8Array>> {
  const { client, sdk, endpoint } = connection;
  const { bucket, prefix, delimiter, startAfter, versionId, token } = call;
  const shared = { Bucket: bucket, Prefix: prefix, Delimiter: delimiter, MaxKeys: PAGE, EncodingType: 'url' } as const;
  const from = startAfter === '' ? undefined : startAfter;
  const kept = keepBody();
  return attempt({ name: operationOf(call), bucket, endpoint }, async () => {
    if (call.byVersion) {
      const command = new sdk.ListObjectVersionsCommand({ ...shared, KeyMarker: from, VersionIdMarker: versionId });
      command.middlewareStack.add(kept.middleware, kept.place);
      await client.send(command, { abortSignal: signal });
    } else {
      const start = token === undefined ? { StartAfter: from } : { ContinuationToken: token };
      const command = new sdk.ListObjectsV2Command({ ...shared, ...start });
      command.middlewareStack.add(kept.middleware, kept.place);
      await client.send(command, { abortSignal: signal });
    }
    return kept.body();
  });
}

interface Response {
  readonly statusCode: number;
  body: unknown;
}

/** A middleware that keeps the body of a good answer for us and shows the SDK an empty one; refusals are the SDK's to read. */
function keepBody() {
  let body: Uint8Array | undefined;
  return {
    middleware:
      <Args, Answer extends { response: unknown }>(next: (args: Args) => Promise<Answer>) =>
      async (args: Args): Promise<Answer> => {
        const answer = await next(args);
        const response = answer.response as Response;
        if (response.statusCode < 300) {
          const chunks: Uint8Array[] = [];
          for await (const chunk of response.body as AsyncIterable<Uint8Array>) chunks.push(chunk);
          body = Buffer.concat(chunks);
          response.body = new Uint8Array();
        }
        return answer;
      },
    // Nearest to the wire: within the SDK's own reader and retries.
    place: { step: 'deserialize', priority: 'low', name: 'isothermKeepBody' } as const,
    body(): Uint8Array {
      if (body === undefined) throw new Error('a listing ended without an answer');
      return body;
    },
  };
}
