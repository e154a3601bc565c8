import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Connection } from '../s3/client.ts';

/** One broken stream is common on a long download; this many in a row without a byte between them is an outage. */
const RESUMES = 5;

interface Opened {
  readonly body: AsyncIterable<Uint8Array>;
  readonly etag: string | undefined;
  /** Of the whole object. */
  readonly sizeBytes: number | undefined;
}

/** GetObject from an offset on; with an ETag, only if the object is still the same one. Throws what the SDK throws. */
export async function getObject(
  connection: S3Connection,
  bucket: string,
  key: string,
  signal: AbortSignal,
  from = 0,
  etag?: string,
): Promise<Opened> {
  const answer = await connection.client.send(
    new connection.sdk.GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
      ...(etag === undefined ? {} : { IfMatch: etag }),
    }),
    { abortSignal: signal },
  );
  if (answer.Body === undefined) throw new Error('GetObject answered without a body');
  return {
    body: answer.Body as unknown as AsyncIterable<Uint8Array>,
    etag: answer.ETag,
    sizeBytes: answer.ContentLength === undefined ? undefined : answer.ContentLength + from,
  };
}

/** The bytes of an object; a stream that breaks off is taken up again where it stopped. */
export async function* objectChunks(
  connection: S3Connection,
  bucket: string,
  key: string,
  first: Opened,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let opened = first;
  let offset = 0;
  let broken = 0;
  for (;;) {
    let failure: unknown;
    try {
      for await (const chunk of opened.body) {
        offset += chunk.length;
        broken = 0;
        yield chunk;
      }
      if (first.sizeBytes === undefined || offset >= first.sizeBytes) return;
    } catch (error) {
      failure = error;
    }
    for (;;) {
      signal.throwIfAborted();
      if (++broken > RESUMES) throw failure ?? new Error(`the stream ended after ${offset} bytes`);
      await sleep(100 * 2 ** broken, undefined, { signal });
      try {
        opened = await getObject(connection, bucket, key, signal, offset, first.etag);
        break;
      } catch (error) {
        failure = error;
      }
    }
  }
}
