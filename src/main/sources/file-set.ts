import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { type AppError, appError } from '../../contract/errors.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { connect, type S3Connection } from '../s3/client.ts';
import { attempt, remoteError } from '../s3/errors.ts';
import { cancelled } from './cancelled.ts';
import { isMissing, readFailure } from './fs-error.ts';
import { isS3Location, parseS3Location, type S3Location } from './s3-location.ts';
import { getObject, objectChunks } from './s3-object.ts';

/** A file of a set. */
export interface FileEntry {
  /** A path below the folder, or a key. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** The files of a folder and everything below it, or the objects below a prefix. */
export interface FileSet {
  readonly source: string;
  /** In order of their names. */
  list(signal: AbortSignal): Promise<Result<readonly FileEntry[]>>;
  /** May throw while it is read: see `failure`. */
  chunks(name: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** What reading a file threw, in our words. */
  failure(error: unknown, name: string): AppError;
  close(): void;
}

/** Opens a folder, one file, or s3://bucket/prefix. Nothing is read yet. SourceNotFound or a remote failure. */
export async function openFiles(location: string, remote: Remote, signal: AbortSignal): Promise<Result<FileSet>> {
  if (!isS3Location(location)) return localFiles(location);
  const place = parseS3Location(location);
  if (!place.ok) return place;
  const connection = await connect(remote, place.value.bucket, signal);
  return connection.ok ? ok(remoteFiles(connection.value, place.value)) : connection;
}

const byName = (a: FileEntry, b: FileEntry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

async function localFiles(location: string): Promise<Result<FileSet>> {
  const root = resolve(location);
  let isFolder: boolean;
  let sizeBytes: number;
  try {
    const facts = await stat(root);
    isFolder = facts.isDirectory();
    sizeBytes = facts.size;
  } catch (error) {
    if (isMissing(error)) return err(appError('SourceNotFound', `There is no file or folder ${location}.`, { file: location }));
    return err(readFailure(error, location));
  }
  const place = (name: string): string => (isFolder ? join(root, ...name.split('/')) : root);
  return ok({
    source: location,
    async list(signal) {
      if (!isFolder) return ok([{ name: root.split(sep).at(-1) ?? root, sizeBytes }]);
      try {
        const found = await readdir(root, { withFileTypes: true, recursive: true });
        const entries: FileEntry[] = [];
        for (const entry of found) {
          if (signal.aborted) return err(cancelled());
          if (!entry.isFile()) continue;
          const path = join(entry.parentPath, entry.name);
          entries.push({
            name: path
              .slice(root.length + 1)
              .split(sep)
              .join('/'),
            sizeBytes: (await stat(path)).size,
          });
        }
        return ok(entries.sort(byName));
      } catch (error) {
        return err(signal.aborted ? cancelled() : readFailure(error, location));
      }
    },
    chunks: (name) => createReadStream(place(name), { highWaterMark: 1 << 18 }),
    failure: (error, name) => readFailure(error, name),
    close: () => undefined,
  });
}

function remoteFiles(connection: S3Connection, { bucket, key: prefix }: S3Location): FileSet {
  return {
    source: `s3://${bucket}/${prefix}`,
    async list(signal) {
      const entries: FileEntry[] = [];
      let token: string | undefined;
      do {
        const page = await attempt({ name: 'ListObjectsV2', bucket, endpoint: connection.endpoint }, () =>
          connection.client.send(new connection.sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }), {
            abortSignal: signal,
          }),
        );
        if (!page.ok) return page;
        for (const { Key = '', Size = 0 } of page.value.Contents ?? []) if (Size > 0) entries.push({ name: Key, sizeBytes: Size });
        token = page.value.IsTruncated === true ? page.value.NextContinuationToken : undefined;
      } while (token !== undefined);
      return ok(entries.sort(byName));
    },
    async *chunks(name, signal) {
      const place = { connection, bucket, key: name };
      yield* objectChunks(place, await getObject(place, signal), signal);
    },
    failure: (error, name) => remoteError(error, { name: 'GetObject', bucket, key: name, endpoint: connection.endpoint }),
    close: () => connection.close(),
  };
}
