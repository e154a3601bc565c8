import { appError } from '../../contract/errors.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { Manifest, ManifestPart } from '../../core/inventory/manifest.ts';
import { connect, type S3Connection } from '../s3/client.ts';
import { remoteError, serviceCode } from '../s3/errors.ts';
import { checksumOf } from './find-local.ts';
import type { PartSource, ReportStore } from './report-store.ts';
import { getObject, type ObjectPlace, objectBytes, objectChunks } from './s3-object.ts';
import { NoSuchPart, S3Part } from './s3-part.ts';
import { PieceReader } from './s3-pieces.ts';

/** Where a report in a bucket was found. */
interface Found {
  readonly connection: S3Connection;
  readonly remote: Remote;
  readonly bucket: string;
  readonly manifestKey: string;
}

/** A report in a bucket, by the key of its manifest. */
export function s3Store({ connection, remote, bucket, manifestKey }: Found): ReportStore {
  const address = (key: string, where = bucket): string => `s3://${where}/${key}`;
  const operation = (key: string) => ({ name: 'GetObject', bucket, key, endpoint: connection.endpoint });
  let parts: ReadonlyMap<string, { readonly part: S3Part; readonly index: number }> = new Map();
  let reader: PieceReader | undefined;
  let read = -1;
  let elsewhere: S3Connection | undefined;
  /** Which of the places below had the last file: the next is there too. */
  let lastPlace = 0;

  async function small(key: string, signal: AbortSignal): Promise<Result<Uint8Array>> {
    const place = { connection, bucket, key };
    try {
      return ok(await objectBytes(place, await getObject(place, signal), signal, { from: 0 }));
    } catch (error) {
      if (serviceCode(error) === 'NoSuchKey')
        return err(appError('NoCompleteReport', `${address(key)} is not there: the report is not complete.`, { file: address(key) }));
      return err(remoteError(error, operation(key)));
    }
  }

  /**
   * Where a data file may lie: under its key in the bucket of the manifest, then where a report copied to another prefix has
   * it, then in the bucket the report was written to, if its manifest was copied to another.
   */
  async function* places(key: string, manifest: Manifest, signal: AbortSignal): AsyncGenerator<ObjectPlace> {
    const folder = manifestKey.split('/').slice(0, -1);
    const name = key.split('/').at(-1) ?? key;
    const here = [
      key,
      [...folder.slice(0, -1), 'data', name].join('/'),
      [...folder, 'data', name].join('/'),
      [...folder, name].join('/'),
    ].map((one) => async () => ({ connection, bucket, key: one }));
    const written = async (): Promise<ObjectPlace> => {
      elsewhere ??= await connected(manifest.destinationBucket, signal);
      return { connection: elsewhere, bucket: manifest.destinationBucket, key };
    };
    const all = manifest.destinationBucket === bucket ? here : [...here, written];
    const order = [lastPlace, ...all.keys()].filter((at, i, places) => places.indexOf(at) === i);
    for (const at of order) {
      const place = all[at];
      if (place === undefined) continue;
      lastPlace = at;
      yield await place();
    }
  }

  async function connected(other: string, signal: AbortSignal): Promise<S3Connection> {
    const made = await connect(remote, other, signal);
    if (made.ok) return made.value;
    throw new Unreachable(made.error);
  }

  async function* whole(part: S3Part, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { place } = await part.find(1, signal);
    yield* objectChunks(place, await getObject(place, signal), signal);
  }

  return {
    source: address(manifestKey),
    manifestName: address(manifestKey),
    async readManifest(signal) {
      const manifest = await small(manifestKey, signal);
      if (!manifest.ok) return manifest;
      const checksum = await small(checksumOf(manifestKey), signal);
      return checksum.ok ? ok({ manifest: manifest.value, checksum: Buffer.from(checksum.value).toString('utf8') }) : checksum;
    },
    begin(manifest, signal) {
      const made = (part: ManifestPart, index: number) =>
        [part.key, { index, part: new S3Part(part, () => places(part.key, manifest, signal)) }] as const;
      parts = new Map(manifest.parts.map(made));
      reader?.close();
      reader = undefined;
      read = -1;
    },
    async openPart(key, signal): Promise<Result<PartSource>> {
      const known = parts.get(key);
      if (known === undefined) throw new Error('a data file was asked for that is not in the manifest');
      const { part, index } = known;
      if (reader === undefined || index <= read) {
        reader?.close();
        reader = new PieceReader([...parts.values()].map((one) => one.part));
      }
      read = index;
      try {
        const pieces = reader.read(index, signal);
        const first = part.sizeBytes === 0 ? undefined : await pieces.next();
        const { place } = await part.find(1, signal);
        return ok({ name: address(place.key, place.bucket), chunks: chunks(part, first, pieces, signal) });
      } catch (error) {
        if (error instanceof NoSuchPart)
          return err(appError('PartMissing', `The data file "${key}" of the manifest is not in the bucket.`, { file: address(key) }));
        if (error instanceof Unreachable) return err(error.failure);
        return err(remoteError(error, operation(key)));
      }
    },
    streamFailure: (error, name) => {
      if (serviceCode(error) === 'PreconditionFailed')
        return appError('PartChecksumMismatch', 'The data file was replaced while it was read.', { file: name });
      return remoteError(error, { name: 'GetObject', bucket, key: name.split('/').slice(3).join('/'), endpoint: connection.endpoint });
    },
    close() {
      reader?.close();
      elsewhere?.close();
      connection.close();
    },
  };

  async function* chunks(
    part: S3Part,
    first: IteratorResult<Uint8Array> | undefined,
    pieces: AsyncGenerator<Uint8Array>,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    if (first === undefined) return yield* whole(part, signal);
    if (!first.done) yield first.value;
    yield* pieces;
    yield* part.rest(signal);
  }
}

/** The bucket the report was written to cannot be reached. */
class Unreachable extends Error {
  readonly failure: ReturnType<typeof appError>;

  constructor(failure: ReturnType<typeof appError>) {
    super(failure.message);
    this.failure = failure;
  }
}
