import { closeSync, fstatSync, openSync, readSync, rmSync, type Stats, writeSync } from 'node:fs';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { ManifestPart } from '../../core/inventory/manifest.ts';
import { readFailure, writeFailure } from './fs-error.ts';
import { checkPart } from './read-part.ts';
import type { PartSource, ReportStore } from './report-store.ts';

/** A data file that was found to be what S3 wrote, and can be read anywhere in: what Parquet and ORC need. */
export interface VerifiedFile {
  /** What failures call it. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Bytes [offset, offset + length), fewer behind the end. Throws what the file system throws. */
  read(offset: number, length: number): Uint8Array;
  /** To be asked when all is read: PartChecksumMismatch where the file was changed since it was verified. */
  settled(): Result<void>;
  close(): void;
}

/**
 * Opens one data file for reading anywhere in it, its size and MD5 checked first over the whole. A file of this machine is read
 * where it lies; one in a bucket is fetched once, into `scratch`, which goes when it is closed. `store.begin` comes before.
 */
export async function openVerified(
  store: ReportStore,
  part: ManifestPart,
  scratch: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Result<VerifiedFile>> {
  const source = await store.openPart(part.key, signal);
  if (!source.ok) return source;
  return source.value.file === undefined
    ? spooled(store, part, source.value, scratch, signal, onBytes)
    : inPlace(store, part, source.value, source.value.file, signal, onBytes);
}

async function inPlace(
  store: ReportStore,
  part: ManifestPart,
  source: PartSource,
  path: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Result<VerifiedFile>> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    return err(readFailure(error, path));
  }
  const before = fstatSync(file);
  const checked = await checkPart(store, part, source, signal, (chunk) => {
    onBytes(chunk.length);
    return ok(undefined);
  });
  const opened = verified(source.name, file, before, () => closeSync(file));
  const settled = checked.ok ? opened.settled() : checked;
  if (settled.ok) return ok(opened);
  opened.close();
  return settled;
}

async function spooled(
  store: ReportStore,
  part: ManifestPart,
  source: PartSource,
  scratch: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Result<VerifiedFile>> {
  let file: number;
  try {
    file = openSync(scratch, 'w+');
  } catch (error) {
    return err(writeFailure(error, scratch));
  }
  const close = (): void => {
    closeSync(file);
    rmSync(scratch, { force: true });
  };
  const checked = await checkPart(store, part, source, signal, (chunk) => {
    onBytes(chunk.length);
    try {
      for (let done = 0; done < chunk.length; ) done += writeSync(file, chunk, done);
      return ok(undefined);
    } catch (error) {
      return err(writeFailure(error, scratch));
    }
  });
  if (checked.ok) return ok(verified(source.name, file, fstatSync(file), close));
  close();
  return checked;
}

function verified(name: string, file: number, before: Stats, close: () => void): VerifiedFile {
  return {
    name,
    sizeBytes: before.size,
    read(offset, length) {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, before.size - offset)));
      for (let done = 0; done < bytes.length; ) {
        const got = readSync(file, bytes, done, bytes.length - done, offset + done);
        if (got === 0) throw Object.assign(new Error('the file was cut off while it was read'), { code: 'EIO' });
        done += got;
      }
      return bytes;
    },
    settled() {
      const now = fstatSync(file);
      const isSame = now.size === before.size && now.mtimeMs === before.mtimeMs;
      return isSame ? ok(undefined) : err(appError('PartChecksumMismatch', 'The data file was changed while it was read.', { file: name }));
    },
    close,
  };
}
