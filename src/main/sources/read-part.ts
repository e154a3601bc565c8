import { createHash } from 'node:crypto';
import { type AppError, appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { ManifestPart } from '../../core/inventory/manifest.ts';
import { cancelled } from './cancelled.ts';
import type { CsvReader, ReadFault } from './csv-reader.ts';
import type { PartSource, ReportStore } from './report-store.ts';

/** What was counted of a data file as it lies. */
interface Tally {
  sizeBytes: number;
  md5: string;
}

/**
 * Streams one data file through the reader while its size and MD5 are taken of the compressed bytes. When several
 * things are wrong the cause is named, not the symptom: a file that is not what S3 wrote fails with PartTruncated,
 * PartSizeMismatch or PartChecksumMismatch, and only a sound file with RowField.
 */
export async function readPart(
  store: ReportStore,
  part: ManifestPart,
  reader: CsvReader,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Result<void>> {
  const opened = await store.openPart(part.key, signal);
  if (!opened.ok) return opened;
  const source = opened.value;
  reader.begin(source.name);
  const hash = createHash('md5');
  let sizeBytes = 0;
  // After the first fault the rest is only counted, so that the cause can be told.
  let fault: ReadFault | null = null;
  try {
    for await (const chunk of source.chunks) {
      if (signal.aborted) break;
      hash.update(chunk);
      sizeBytes += chunk.length;
      onBytes(chunk.length);
      fault ??= reader.push(chunk);
    }
  } catch (error) {
    return err(signal.aborted ? cancelled() : store.streamFailure(error, source.name));
  }
  if (signal.aborted) return err(cancelled());
  fault ??= reader.end();
  return verdict(part, source.name, { sizeBytes, md5: hash.digest('hex') }, fault);
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
  return verdict(part, source.name, { sizeBytes, md5: hash.digest('hex') }, null);
}

const truncated = (part: ManifestPart, file: string, sizeBytes: number, detail?: string): AppError =>
  appError('PartTruncated', `The data file ends too early, after ${sizeBytes} of ${part.sizeBytes} bytes.`, { file, detail });

function verdict(part: ManifestPart, file: string, tally: Tally, fault: ReadFault | null): Result<void> {
  const unpack = fault !== null && 'unpack' in fault ? fault.unpack : null;
  const detail = unpack?.words;
  // A file longer than promised has something behind its end, which unpacks like a cut-off member.
  const isShort = tally.sizeBytes < part.sizeBytes || (tally.sizeBytes === part.sizeBytes && unpack?.isCutOff === true);
  if (unpack !== null && isShort) return err(truncated(part, file, tally.sizeBytes, detail));
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
  if (unpack !== null) return err(appError('PartTruncated', 'The data file is damaged and cannot be unpacked.', { file, detail }));
  return fault !== null && 'refused' in fault ? err(fault.refused) : ok(undefined);
}
