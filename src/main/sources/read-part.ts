import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createGunzip, type Gunzip } from 'node:zlib';
import { type AppError, appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { CsvScanner } from '../../core/inventory/csv-scanner.ts';
import type { ManifestPart } from '../../core/inventory/manifest.ts';
import { cancelled } from './cancelled.ts';
import type { PartSource, ReportStore } from './report-store.ts';

/** zlib's default of 16 KiB costs 2.6 times the CPU of this. */
const GUNZIP_CHUNK_BYTES = 1 << 20;

/** What was counted of a data file as it lies. */
interface Tally {
  sizeBytes: number;
  md5: string;
}

/**
 * Streams one data file through gunzip into the scanner while its size and MD5 are taken of the compressed
 * bytes. When several things are wrong the cause is named, not the symptom: a file that is not what S3 wrote
 * fails with PartTruncated, PartSizeMismatch or PartChecksumMismatch, and only a sound file with RowField.
 */
export async function readPart(
  store: ReportStore,
  part: ManifestPart,
  scanner: CsvScanner,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Result<void>> {
  const opened = await store.openPart(part.key, signal);
  if (!opened.ok) return opened;
  const source = opened.value;
  scanner.begin(source.name);

  const gunzip = createGunzip({ chunkSize: GUNZIP_CHUNK_BYTES });
  let refused: AppError | undefined;
  let unpackError: unknown;
  // Once a row is refused, gunzip is broken off on purpose and what it says of that is no finding.
  const note = (error: unknown): void => {
    if (refused === undefined) unpackError ??= error;
  };
  gunzip.on('error', note);
  const feeding = feed(source, gunzip, signal, onBytes);
  // The first failure decides; the feeder still hashes to the end so that the cause can be told.
  feeding.catch(() => gunzip.destroy());

  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      if (signal.aborted) break;
      const pushed = scanner.push(chunk);
      if (!pushed.ok) {
        refused = pushed.error;
        break;
      }
    }
    if (refused === undefined && !signal.aborted) {
      const ended = scanner.end();
      if (!ended.ok) refused = ended.error;
    }
  } catch (error) {
    note(error);
  }
  gunzip.destroy();

  let tally: Tally;
  try {
    tally = await feeding;
  } catch (error) {
    return err(signal.aborted ? cancelled() : store.streamFailure(error, source.name));
  }
  if (signal.aborted) return err(cancelled());
  return verdict(part, source.name, tally, unpackError, refused);
}

/** Size and MD5 of a data file without unpacking it: enough to know that it is what S3 wrote. */
export async function checkPart(
  store: ReportStore,
  part: ManifestPart,
  source: PartSource,
  signal: AbortSignal,
  onChunk: (chunk: Uint8Array) => Result<void>,
): Promise<Result<void>> {
  const hash = createHash('md5');
  let sizeBytes = 0;
  try {
    for await (const chunk of source.chunks) {
      if (signal.aborted) return err(cancelled());
      hash.update(chunk);
      sizeBytes += chunk.length;
      const taken = onChunk(chunk);
      if (!taken.ok) return taken;
    }
  } catch (error) {
    return err(signal.aborted ? cancelled() : store.streamFailure(error, source.name));
  }
  if (sizeBytes < part.sizeBytes) return err(truncated(part, source.name, sizeBytes));
  return verdict(part, source.name, { sizeBytes, md5: hash.digest('hex') }, undefined, undefined);
}

async function feed(source: PartSource, gunzip: Gunzip, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<Tally> {
  const hash = createHash('md5');
  let sizeBytes = 0;
  for await (const chunk of source.chunks) {
    if (signal.aborted) break;
    hash.update(chunk);
    sizeBytes += chunk.length;
    onBytes(chunk.length);
    if (gunzip.writable && !gunzip.destroyed && !gunzip.write(chunk)) await drained(gunzip);
  }
  if (!gunzip.destroyed) gunzip.end();
  return { sizeBytes, md5: hash.digest('hex') };
}

/** Waits until more may be written, or until nothing will ever be. */
async function drained(gunzip: Gunzip): Promise<void> {
  const stop = new AbortController();
  const quiet = (event: string) => once(gunzip, event, { signal: stop.signal }).catch(() => undefined);
  await Promise.race([quiet('drain'), quiet('close')]);
  stop.abort();
}

const isCutOff = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'Z_BUF_ERROR' || error.code === 'ERR_STREAM_PREMATURE_CLOSE');

const truncated = (part: ManifestPart, file: string, sizeBytes: number, detail?: string): AppError =>
  appError('PartTruncated', `The data file ends too early, after ${sizeBytes} of ${part.sizeBytes} bytes.`, { file, detail });

function verdict(part: ManifestPart, file: string, tally: Tally, unpackError: unknown, refused: AppError | undefined): Result<void> {
  const detail = unpackError === undefined ? undefined : String(unpackError);
  // A file longer than promised has something behind its end, which unpacks like a cut-off member.
  const isShort = tally.sizeBytes < part.sizeBytes || (tally.sizeBytes === part.sizeBytes && isCutOff(unpackError));
  if (unpackError !== undefined && isShort) return err(truncated(part, file, tally.sizeBytes, detail));
  if (tally.sizeBytes !== part.sizeBytes) {
    return err(
      appError('PartSizeMismatch', `The data file has ${tally.sizeBytes} bytes where the manifest says ${part.sizeBytes}.`, {
        file,
        detail,
      }),
    );
  }
  if (tally.md5 !== part.md5) {
    return err(
      appError('PartChecksumMismatch', `The data file's MD5 is ${tally.md5} where the manifest says ${part.md5}.`, { file, detail }),
    );
  }
  if (unpackError !== undefined)
    return err(appError('PartTruncated', 'The data file is damaged and cannot be unpacked.', { file, detail }));
  return refused === undefined ? ok(undefined) : err(refused);
}
