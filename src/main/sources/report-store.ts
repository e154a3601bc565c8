import type { AppError } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';
import type { Manifest } from '../../core/inventory/manifest.ts';

/** The bytes of one data file as they lie in the store, and the name failures give it. */
export interface PartSource {
  readonly name: string;
  /** Each is good until the next is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Where it lies on this machine, if it does. */
  readonly file?: string;
}

/** One inventory report, wherever it lies. What is read through it is verified by the same code. */
export interface ReportStore {
  /** Where the report was found, as the snapshot names its source. */
  readonly source: string;
  /** What failures call the manifest. */
  readonly manifestName: string;
  readManifest(signal: AbortSignal): Promise<Result<{ readonly manifest: Uint8Array; readonly checksum: string }>>;
  /** Before the data files of a report are read; a store may fetch ahead of whoever reads them in their order. */
  begin(manifest: Manifest, signal: AbortSignal): void;
  /** Fails with PartMissing where the data file is not there. Breaking off may also throw: see `streamFailure`. */
  openPart(key: string, signal: AbortSignal): Promise<Result<PartSource>>;
  /** What a stream of this store threw, in our words. */
  streamFailure(error: unknown, name: string): AppError;
  close(): void;
}
