import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Connection } from '../s3/client.ts';
import { serviceCode } from '../s3/errors.ts';

/** One broken stream is common on a long download; this many in a row without a byte between them is an outage. */
const RESUMES = 5;

/** An object by its place. */
export interface ObjectPlace {
  readonly connection: S3Connection;
  readonly bucket: string;
  readonly key: string;
}

interface Opened {
  readonly body: AsyncIterable<Uint8Array>;
  readonly etag: string | undefined;
  /** Of the whole object; undefined where the server does not say. */
  readonly sizeBytes: number | undefined;
}

const NOTHING: AsyncIterable<Uint8Array> = {
  async *[Symbol.asyncIterator]() {},
};

/**
 * GetObject of bytes [from, to), to the end for undefined; with an ETag, only if the object is still the same one. Bytes behind
 * the object's end are none. Throws what the SDK throws.
 */
export async function getObject(
  { connection, bucket, key }: ObjectPlace,
  signal: AbortSignal,
  range: { readonly from: number; readonly to?: number | undefined } = { from: 0 },
  etag?: string,
): Promise<Opened> {
  const { from, to } = range;
  const isWhole = from === 0 && to === undefined;
  try {
    const answer = await connection.client.send(
      new connection.sdk.GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(isWhole ? {} : { Range: `bytes=${from}-${to === undefined ? '' : to - 1}` }),
        ...(etag === undefined ? {} : { IfMatch: etag }),
      }),
      { abortSignal: signal },
    );
    if (answer.Body === undefined) throw new Error('GetObject answered without a body');
    const body = answer.Body as unknown as AsyncIterable<Uint8Array>;
    // A server that knows no ranges sends the whole object.
    if (answer.$metadata.httpStatusCode === 200) return { body: behind(body, from), etag: answer.ETag, sizeBytes: answer.ContentLength };
    const whole = /\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1];
    return { body, etag: answer.ETag, sizeBytes: whole === undefined ? undefined : Number(whole) };
  } catch (error) {
    if (serviceCode(error) !== 'InvalidRange') throw error;
    return { body: NOTHING, etag, sizeBytes: undefined };
  }
}

async function* behind(body: AsyncIterable<Uint8Array>, from: number): AsyncGenerator<Uint8Array> {
  let left = from;
  for await (const chunk of body) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/**
 * The bytes of an object from `from` on, up to `to` or its end, behind what was opened there. A stream that breaks off is taken
 * up again at the byte where it stopped.
 */
export async function* objectChunks(
  place: ObjectPlace,
  first: Opened,
  signal: AbortSignal,
  range: { readonly from: number; readonly to?: number | undefined } = { from: 0 },
): AsyncGenerator<Uint8Array> {
  const end = Math.min(range.to ?? Number.POSITIVE_INFINITY, first.sizeBytes ?? Number.POSITIVE_INFINITY);
  let opened = first;
  let offset = range.from;
  let broken = 0;
  for (;;) {
    let failure: unknown;
    try {
      for await (const chunk of opened.body) {
        // A server that knows no ends of ranges sends more.
        const wanted = chunk.length > end - offset ? chunk.subarray(0, end - offset) : chunk;
        offset += wanted.length;
        broken = 0;
        if (wanted.length > 0) yield wanted;
        if (offset >= end) return;
      }
      if (!Number.isFinite(end) || first.sizeBytes === undefined || offset >= end) return;
    } catch (error) {
      failure = error;
    }
    for (;;) {
      signal.throwIfAborted();
      if (++broken > RESUMES) throw failure ?? new Error(`the stream ended after ${offset} bytes`);
      await sleep(100 * 2 ** broken, undefined, { signal });
      try {
        opened = await getObject(place, signal, { from: offset, to: range.to }, first.etag);
        break;
      } catch (error) {
        failure = error;
      }
    }
  }
}

/** Bytes [from, to) of an object as one, or fewer where it ends earlier. */
export async function objectBytes(
  place: ObjectPlace,
  first: Opened,
  signal: AbortSignal,
  range: { readonly from: number; readonly to?: number },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of objectChunks(place, first, signal, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
