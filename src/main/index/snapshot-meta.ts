import type { Snapshot } from '../../contract/index-views.ts';
import type { Result } from '../../contract/result.ts';
import type { RowBatch } from '../../core/inventory/row-batch.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { IncompleteUpload } from './uploads.ts';

/** What is known of a snapshot before its first row. */
export interface SnapshotMeta {
  readonly bucket: string;
  readonly source: string;
  readonly sourceKind: 'inventory' | 'listing' | 'table';
  readonly asOfMs: number;
  readonly scannedAtMs: number;
  /** MD5 of manifest.json; null for listings. */
  readonly manifestMd5: string | null;
  readonly allVersions: boolean;
  readonly region: string | null;
  readonly isSample: boolean;
  /** The columns the source tells of, by S3 Inventory's names; what is not named is not known of any row. */
  readonly fields: readonly string[];
  /** The prefix that was listed; '' for the whole bucket. */
  readonly prefix: string;
  /** Whether rows are told apart by what they are; where not, every row is "other". */
  readonly isClassified: boolean;
}

/** What a source has to say when all its rows are in. */
export interface SourceOutcome {
  readonly coverage: number;
  readonly warnings: readonly string[];
  /** Prefixes that could not be listed. */
  readonly refusedPrefixes?: readonly string[];
  /** undefined where nobody can tell, as with inventories. */
  readonly uploads?: readonly IncompleteUpload[];
}

export interface SnapshotBuilder {
  /** Where rows end up. A source that reads into it directly is spared a copy. */
  readonly kernel: Kernel;
  /** Takes rows in any order. DiskFull or FileUnwritable where they cannot be kept. */
  add(batch: RowBatch): Result<void>;
  /** Merges and writes segments, tree and cube. Cancelled where the signal says so. */
  finish(extra: SourceOutcome, signal: AbortSignal): Result<Snapshot>;
}
