/**
 * How rows lie in memory and in the scratch file: columns of fixed width one after the other, then the rows' texts.
 * A row's text is its name, its version id (16 bytes where that is 32 hex digits), and what few rows have (`Extra`).
 */
export const LATEST: u32 = 1;
export const MARKER: u32 = 2;
export const BLOCKED: u32 = 4;
export const HELD: u32 = 8;
/** Above the flags of a batch: the key has several rows; the row is of the same key as the one before; it has a retention date. */
export const MULTI: u32 = 16;
export const SAME_KEY: u32 = 32;
export const RETAINED: u32 = 64;
/** While rows are taken in: the row lies in the directory of the row before, and its name comes behind that one's. */
export const FOLLOWS: u32 = 128;

/** Bytes of all fixed columns of one row. */
export const FIXED_BYTES: usize = 8 + 8 + 16 + 4 + 4 + 4 + 4 + 2 + 2 + 2 + 2 + 1;

/** The columns of some rows. `room` rows fit; the columns of width 8 and 16 come first, so that all are aligned. */
@unmanaged
export class Rows {
  sizeBytes: usize;
  lastModifiedMs: usize;
  eTag: usize;
  eTagParts: usize;
  directory: usize;
  /** Where a row's text ends, counted from `text`; it begins where the one before ends. */
  textEnd: usize;
  /** Length of `Extra`; 0 for nearly all. */
  extraLength: usize;
  nameLength: usize;
  /** Length of the version id times 2, plus 1 where its 16 bytes stand for hex digits. */
  versionId: usize;
  classId: usize;
  detailId: usize;
  flags: usize;
  text: usize;

  /** Lays the columns out for so many rows from `base` on, `gap` bytes between them: copying a short string may write so far behind it. */
  place(base: usize, room: usize, gap: usize): void {
    this.sizeBytes = base;
    this.lastModifiedMs = this.sizeBytes + (room << 3) + gap;
    this.eTag = this.lastModifiedMs + (room << 3) + gap;
    this.eTagParts = this.eTag + (room << 4) + gap;
    this.directory = this.eTagParts + (room << 2) + gap;
    this.textEnd = this.directory + (room << 2) + gap;
    this.extraLength = this.textEnd + (room << 2) + gap;
    this.nameLength = this.extraLength + (room << 2) + gap;
    this.versionId = this.nameLength + (room << 1) + gap;
    this.classId = this.versionId + (room << 1) + gap;
    this.detailId = this.classId + (room << 1) + gap;
    this.flags = this.detailId + (room << 1) + gap;
    this.text = this.flags + room + gap;
  }

  // @ts-ignore: decorator
  @inline textStart(row: u32): u32 {
    return row == 0 ? 0 : load<u32>(this.textEnd + ((<usize>row - 1) << 2));
  }
}
