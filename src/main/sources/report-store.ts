import type { AppError } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';

/** The bytes of one data file as they lie in the store, and the name failures give it. */
export interface PartSource {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** One inventory report, wherever it lies. What is read through it is verified by the same code. */
export interface ReportStore {
  /** Where the report was found, as the snapshot names its source. */
  readonly source: string;
  /** What failures call the manifest. */
  readonly manifestName: string;
  readManifest(signal: AbortSignal): Promise<Result<{ readonly manifest: Uint8Array; readonly checksum: string }>>;
  /** Fails with PartMissing where the data file is not there. Breaking off may also throw: see `streamFailure`. */
  openPart(key: string, sizeBytes: number, signal: AbortSignal): Promise<Result<PartSource>>;
  /** What a stream of this store threw, in our words. */
  streamFailure(error: unknown, name: string): AppError;
  close(): void;
}
