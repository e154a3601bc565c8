/** Bits of `RowBatch.flags`. */
export const IS_LATEST = 1;
export const IS_DELETE_MARKER = 2;
export const IS_REPLICATION_BLOCKED = 4;
export const IS_LOCKED = 8;

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
  /** Index into the dictionary below, one per distinct (class, access tier). */
  readonly classId: Uint16Array;
  /** Grows while a source is read; ids stay valid. */
  readonly classes: readonly { readonly storageClass: string; readonly accessTier: string }[];
}
