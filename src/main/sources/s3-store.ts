import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { S3Connection } from '../s3/client.ts';
import { remoteError, serviceCode } from '../s3/errors.ts';
import { checksumOf } from './find-local.ts';
import type { PartSource, ReportStore } from './report-store.ts';
import { getObject, objectChunks } from './s3-object.ts';

const isNoSuchKey = (error: unknown): boolean => serviceCode(error) === 'NoSuchKey';

/** A report in a bucket, by the key of its manifest. */
export function s3Store(connection: S3Connection, bucket: string, manifestKey: string): ReportStore {
  const address = (key: string): string => `s3://${bucket}/${key}`;
  const operation = (key: string) => ({ name: 'GetObject', bucket, key, endpoint: connection.endpoint });

  async function bytesOf(key: string, signal: AbortSignal): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    const first = await getObject(connection, bucket, key, signal);
    for await (const chunk of objectChunks(connection, bucket, key, first, signal)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async function small(key: string, signal: AbortSignal): Promise<Result<Uint8Array>> {
    try {
      return ok(await bytesOf(key, signal));
    } catch (error) {
      if (isNoSuchKey(error))
        return err(appError('NoCompleteReport', `${address(key)} is not there: the report is not complete.`, { file: address(key) }));
      return err(remoteError(error, operation(key)));
    }
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
    async openPart(key, _sizeBytes, signal): Promise<Result<PartSource>> {
      const folder = manifestKey.split('/').slice(0, -1);
      const name = key.split('/').at(-1) ?? key;
      // The key itself, then where a report copied to another prefix has it.
      const places = [
        key,
        [...folder.slice(0, -1), 'data', name].join('/'),
        [...folder, 'data', name].join('/'),
        [...folder, name].join('/'),
      ];
      for (const place of new Set(places)) {
        try {
          const first = await getObject(connection, bucket, place, signal);
          return ok({ name: address(place), chunks: objectChunks(connection, bucket, place, first, signal) });
        } catch (error) {
          if (!isNoSuchKey(error)) return err(remoteError(error, operation(place)));
        }
      }
      return err(appError('PartMissing', `The data file "${key}" of the manifest is not in the bucket.`, { file: address(key) }));
    },
    streamFailure: (error, name) =>
      remoteError(error, { name: 'GetObject', bucket, key: name.slice(address('').length), endpoint: connection.endpoint }),
    close: () => connection.close(),
  };
}
