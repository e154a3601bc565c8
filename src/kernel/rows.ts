/**
 * A row on its way through sorting and merging, one record after the other: fixed fields, then the name, the version id (16 bytes
 * where that is 32 hex digits), and what few rows have (`Extra`). In one piece, because sorting takes rows from all over memory.
 */

/** Where the fields lie. */
export const SIZE_BYTES: usize = 0; // f64
export const LAST_MODIFIED_MS: usize = 8; // f64
export const ETAG: usize = 16; // 16 bytes
export const ETAG_PARTS: usize = 32; // u32
export const DIRECTORY: usize = 36; // u32
export const NAME_LENGTH: usize = 40; // u16
/** Length of the version id times 2, plus 1 where its 16 bytes stand for hex digits. */
export const VERSION_ID: usize = 42; // u16
export const CLASS_ID: usize = 44; // u16
export const DETAIL_ID: usize = 46; // u16
export const FLAGS: usize = 48; // u8
export const NAME: usize = 49;

/** The flags of a batch. */
export const LATEST: u32 = 1;
export const MARKER: u32 = 2;
export const BLOCKED: u32 = 4;
export const HELD: u32 = 8;
/** Above them: the key has several rows; the row is of the same key as the one before; it has a retention date. */
export const MULTI: u32 = 16;
export const SAME_KEY: u32 = 32;
export const RETAINED: u32 = 64;
/** While rows are taken in: the row lies in the directory of the row before, and its name comes behind that one's. */
export const FOLLOWS: u32 = 128;
/** In a record, where SAME_KEY is not told yet: the row has an `Extra`. */
export const HAS_EXTRA: u32 = 32;

/**
 * What few rows have: when retention ends (f64, NaN for none), length of the ETag's text and of the details' (u32 each), then both.
 * A record without one has no byte of it.
 */
export const EXTRA_HEAD: u32 = 16;

// @ts-ignore: decorator
@inline
export function nameLengthOf(record: usize): u32 {
  return <u32>load<u16>(record, NAME_LENGTH);
}

/** Where the version id lies. */
// @ts-ignore: decorator
@inline
export function versionIdAt(record: usize): usize {
  return record + NAME + load<u16>(record, NAME_LENGTH);
}

/** Where the extra lies, if there is one; without one, the end of the record. */
// @ts-ignore: decorator
@inline
export function extraAt(record: usize): usize {
  return versionIdAt(record) + (load<u16>(record, VERSION_ID) >> 1);
}

/** Where the next record begins. */
// @ts-ignore: decorator
@inline
export function nextRecord(record: usize): usize {
  const end = extraAt(record);
  return (load<u8>(record, FLAGS) & <u8>HAS_EXTRA) == 0 ? end : end + EXTRA_HEAD + load<u32>(end, 8) + load<u32>(end, 12);
}
