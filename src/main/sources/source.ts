import type { Progress } from '../../contract/frames.ts';
import type { Result } from '../../contract/result.ts';
import type { RowBatch } from '../../core/inventory/row-batch.ts';
import type { SourceOutcome } from '../index/snapshot-meta.ts';
import type { Kernel } from '../kernel/kernel.ts';

export interface ReadOptions {
  /** A batch is only valid during the call. */
  readonly onBatch: (batch: RowBatch) => Result<void>;
  /** Where the rows will end up: a source that can reads into it directly. */
  readonly kernel?: Kernel;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
  /** A file of this name may be made while reading, such as a data file fetched whole (verified-file.ts); it goes with the writer's others. */
  readonly scratch: string;
}

/** A source that was found and may be read once, whatever its kind. */
export interface OpenSource {
  readonly bucket: string;
  readonly source: string;
  readonly sourceKind: 'inventory' | 'listing';
  /** Known for good when it was prepared. */
  readonly asOfMs: number;
  readonly manifestMd5: string | null;
  readonly allVersions: boolean;
  readonly region: string | null;
  readonly isSample: boolean;
  /** The columns it tells of, by S3 Inventory's names. */
  readonly fields: readonly string[];
  /** The prefix that is listed; '' for the whole bucket. */
  readonly prefix: string;
  /**
   * For what takes long: keeps what it reads beside this index, so that a read that is broken off can be taken up again.
   * Whoever calls it holds the index's lock.
   */
  prepare?(indexPath: string): Result<void>;
  /** Whether what is read of a report whose manifest is known is still what it was; without reading it again. */
  verify?(options: Pick<ReadOptions, 'progress' | 'signal'>): Promise<Result<void>>;
  /** Reads everything or fails; nothing is left out silently. */
  read(options: ReadOptions): Promise<Result<SourceOutcome>>;
  /** The index has it all: nothing needs to be kept. */
  settled?(): void;
  close(): void;
}
