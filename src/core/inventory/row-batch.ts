/** Bits of `RowBatch.flags`. */
export const IS_LATEST = 1;
export const IS_DELETE_MARKER = 2;
/** ReplicationStatus PENDING or FAILED: lifecycle does not act (s3-domain 4.5). */
export const IS_REPLICATION_BLOCKED = 4;
/** Under a legal hold or an event hold: not deleted, with no end in sight (s3-domain 7.2). */
export const IS_HELD = 8;

/** The longest key and version id a batch can hold. S3's own limit is 1,024 bytes for each (s3-domain 1.3). */
export const MAX_KEY_BYTES = 65_535;
export const MAX_VERSION_ID_BYTES = 32_767;

/** `eTagParts` where the ETag is 32 hex digits alone, an MD5; any number above is the "-N" behind them. */
export const PLAIN_ETAG = 0;
/** `eTagParts` where the ETag is spelled any other way: see `eTagTexts`. */
export const TEXT_ETAG = 0xfffffffe;
/** `eTagParts` where there is no ETag: delete markers, and reports without the column. */
export const NO_ETAG = 0xffffffff;

/**
 * Versions on their way into the index, column by column. Every source, whatever its format, ends here.
 * Keys are decoded UTF-8 bytes, bucket-relative, one after the other in `keyBytes`.
 */
export interface RowBatch {
  readonly rows: number;
  readonly keyBytes: Uint8Array;
  /** Length rows + 1; key i is keyBytes[keyStart[i] .. keyStart[i + 1]). */
  readonly keyStart: Uint32Array;
  /** ASCII version ids in the same layout; length 0 for the null version or where there are none. */
  readonly versionIdBytes: Uint8Array;
  readonly versionIdStart: Uint32Array;
  readonly flags: Uint8Array;
  /** 0 for delete markers. */
  readonly sizeBytes: Float64Array;
  readonly lastModifiedMs: Float64Array;
  /** ObjectLockRetainUntilDate, whether past or to come; NaN where there is none. */
  readonly retainUntilMs: Float64Array;
  /** 16 bytes a row: the ETag's hex digits. Zeros where `eTagParts` says there are none. */
  readonly eTag: Uint8Array;
  /** PLAIN_ETAG, the number behind the "-" of a multipart ETag, TEXT_ETAG or NO_ETAG. */
  readonly eTagParts: Uint32Array;
  /** ETags of no known form, by row. */
  readonly eTagTexts: ReadonlyMap<number, string>;
  /** Index into the dictionary below, one per distinct (class, access tier). */
  readonly classId: Uint16Array;
  /** Grows while a source is read; ids stay valid. */
  readonly classes: readonly { readonly storageClass: string; readonly accessTier: string }[];
  /** Index into `details`. */
  readonly detailId: Uint16Array;
  /** What the rows say in the columns `detailNames`, as the source spells it; of this batch alone. */
  readonly details: readonly Details[];
  /** Every column of the source that has no place of its own above, by the names of its schema. The same for all batches of a source. */
  readonly detailNames: readonly string[];
}

/** The values of one row in the columns `detailNames`; '' for blank. */
export type Details = readonly string[];
