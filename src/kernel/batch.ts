/** A batch takes this many rows. */
export const BATCH_ROWS: u32 = 8192;
/** Room for the texts of a batch; a batch also ends when it is nearly used up. */
export const TEXT_BYTES: u32 = 1 << 20;
/** The reader is never given more input than this at a time. */
export const LONGEST_INPUT: u32 = 4 << 20;
/** The longest key, and the longest version id, a row may have. */
export const LONGEST_TEXT: u32 = 65_535;

/**
 * The rows at the kernel's door, column by column, as `RowBatch` has them. The CSV reader writes them here; rows of
 * other sources are copied in. The intake takes them on.
 */
export class Batch {
  static rows: u32 = 0;
  static keyBytes: usize = 0;
  static keyStart: usize = 0;
  static keyEnd: u32 = 0;
  static versionIdBytes: usize = 0;
  static versionIdStart: usize = 0;
  static versionIdEnd: u32 = 0;
  static flags: usize = 0;
  static sizeBytes: usize = 0;
  static lastModifiedMs: usize = 0;
  static retainUntilMs: usize = 0;
  static eTag: usize = 0;
  static eTagParts: usize = 0;
  static classId: usize = 0;
  static detailId: usize = 0;

  static init(): void {
    // A quote that is never closed is only noticed at the end of the input.
    Batch.keyBytes = heap.alloc(TEXT_BYTES + LONGEST_INPUT);
    Batch.versionIdBytes = heap.alloc(TEXT_BYTES + 64);
    Batch.keyStart = heap.alloc((BATCH_ROWS + 1) * 4);
    Batch.versionIdStart = heap.alloc((BATCH_ROWS + 1) * 4);
    Batch.flags = heap.alloc(BATCH_ROWS);
    Batch.sizeBytes = heap.alloc(BATCH_ROWS * 8);
    Batch.lastModifiedMs = heap.alloc(BATCH_ROWS * 8);
    Batch.retainUntilMs = heap.alloc(BATCH_ROWS * 8);
    Batch.eTag = heap.alloc(BATCH_ROWS * 16);
    Batch.eTagParts = heap.alloc(BATCH_ROWS * 4);
    Batch.classId = heap.alloc(BATCH_ROWS * 2);
    Batch.detailId = heap.alloc(BATCH_ROWS * 2);
    Batch.clear();
  }

  static clear(): void {
    Batch.rows = 0;
    Batch.keyEnd = 0;
    Batch.versionIdEnd = 0;
    store<u32>(Batch.keyStart, 0);
    store<u32>(Batch.versionIdStart, 0);
  }

  /** Whether there may be no room for one more row. */
  static isFull(): bool {
    return (
      Batch.rows == BATCH_ROWS ||
      Batch.keyEnd > TEXT_BYTES - LONGEST_TEXT ||
      Batch.versionIdEnd > TEXT_BYTES - LONGEST_TEXT
    );
  }
}
