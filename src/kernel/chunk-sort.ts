import { compare, copyShort, resized } from './bytes';
import { CHUNK_ROWS, Chunk } from './chunk';
import { Order } from './order';
import { FLAGS, FOLLOWS, LAST_MODIFIED_MS, LATEST, NAME, nameLengthOf, nextRecord } from './rows';
import { sort } from './sort';

/** Rows, and about how many bytes, that are laid aside and read back in one go. */
export const BLOCK_ROWS: u32 = 2048;
const BLOCK_BYTES: u32 = 1 << 18;

/** The rows of the chunk in the order of the index: by directory, by name, the latest first, then the newest. */
export class Sorted {
  /** Row numbers in order. */
  static rows: usize = 0;
  /** Where the rows of each place of the order end. */
  static ends: usize = 0;
  static endRoom: u32 = 0;
  /** The block made last. */
  static block: usize = 0;
  static blockRows: u32 = 0;
  static blockRoom: u32 = 0;
  static next: u32 = 0;
}

/** Sorts the chunk's rows; then `nextBlock` gives them. */
export function sortChunk(): void {
  const directory = Chunk.directory;
  const rows = Chunk.rows;
  if (Sorted.rows == 0) Sorted.rows = heap.alloc(CHUNK_ROWS << 2);
  Order.begin();
  let last: u32 = 0xffffffff;
  for (let row: u32 = 0; row < rows; row++) {
    const d = load<u32>(directory + (row << 2));
    if (d != last) Order.include(d);
    last = d;
  }
  Order.finish();
  distribute(rows);
  let from: u32 = 0;
  for (let place: u32 = 0; place < Order.length; place++) {
    const to = load<u32>(Sorted.ends + (place << 2));
    if (to - from > 1) sort(Sorted.rows + (from << 2), to - from, compareRows);
    from = to;
  }
  Sorted.next = 0;
}

// @ts-ignore: decorator
@inline
function placeOf(row: u32): u32 {
  return load<u32>(Order.rank + (load<u32>(Chunk.directory + (row << 2)) << 2));
}

/** Row numbers by directory; those of one directory stay in order of arrival. */
function distribute(rows: u32): void {
  if (Order.length >= Sorted.endRoom) {
    Sorted.endRoom = Order.length * 2 + 1024;
    Sorted.ends = resized(Sorted.ends, Sorted.endRoom << 2);
  }
  const ends = Sorted.ends;
  memory.fill(ends, 0, (Order.length + 1) << 2);
  for (let row: u32 = 0; row < rows; row++) {
    const slot = ends + (placeOf(row) << 2);
    store<u32>(slot, load<u32>(slot) + 1);
  }
  let sum: u32 = 0;
  for (let place: u32 = 0; place < Order.length; place++) {
    const slot = ends + (place << 2);
    const own = load<u32>(slot);
    store<u32>(slot, sum);
    sum += own;
  }
  for (let row: u32 = 0; row < rows; row++) {
    const slot = ends + (placeOf(row) << 2);
    const at = load<u32>(slot);
    store<u32>(Sorted.rows + (at << 2), row);
    store<u32>(slot, at + 1);
  }
}

/** The order of two rows of one directory; equal ones keep the order they came in. */
function compareRows(a: u32, b: u32): i32 {
  const right = Chunk.record(b);
  if (b == a + 1 && (load<u8>(right, FLAGS) & <u8>FOLLOWS) != 0) return -1;
  return compareRecords(Chunk.record(a), right);
}

/** The order of two rows of one directory: by name, the latest first, then the newest. */
export function compareRecords(left: usize, right: usize): i32 {
  const byName = compare(left + NAME, nameLengthOf(left), right + NAME, nameLengthOf(right));
  if (byName != 0) return byName;
  const byLatest = (<i32>load<u8>(right, FLAGS) & LATEST) - (<i32>load<u8>(left, FLAGS) & LATEST);
  if (byLatest != 0) return byLatest;
  const first = load<f64>(left, LAST_MODIFIED_MS);
  const second = load<f64>(right, LAST_MODIFIED_MS);
  return first == second ? 0 : first > second ? -1 : 1;
}

/** Makes the next block of sorted rows; its length in bytes, 0 where there are no more. */
export function nextBlock(): u32 {
  if (Sorted.blockRoom == 0) {
    Sorted.blockRoom = BLOCK_BYTES * 2;
    Sorted.block = heap.alloc(Sorted.blockRoom + 64);
  }
  let rows: u32 = 0;
  let bytes: u32 = 0;
  while (rows < BLOCK_ROWS && bytes < BLOCK_BYTES && Sorted.next < Chunk.rows) {
    const record = Chunk.record(load<u32>(Sorted.rows + (Sorted.next << 2)));
    const length = <u32>(nextRecord(record) - record);
    if (bytes + length > Sorted.blockRoom) {
      Sorted.blockRoom = (bytes + length) * 2;
      Sorted.block = resized(Sorted.block, Sorted.blockRoom + 64);
    }
    copyShort(Sorted.block + bytes, record, length);
    bytes += length;
    rows += 1;
    Sorted.next += 1;
  }
  Sorted.blockRows = rows;
  return bytes;
}
