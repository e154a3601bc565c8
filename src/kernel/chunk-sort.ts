import { compare, copyShort, resized } from './bytes';
import { CHUNK_ROWS, Chunk } from './chunk';
import { Order } from './order';
import { FIXED_BYTES, FOLLOWS, LATEST, Rows } from './rows';
import { sort } from './sort';

/** Rows, and about how many bytes of text, that are laid aside and read back in one go. */
export const BLOCK_ROWS: u32 = 2048;
const BLOCK_TEXT: u32 = 1 << 17;

/** The rows of the chunk in the order of the index: by directory, by name, the latest first, then the newest. */
export class Sorted {
  /** Row numbers in order. */
  static rows: usize = 0;
  static columns: Rows = changetype<Rows>(0);
  /** Where the rows of each place of the order end. */
  static ends: usize = 0;
  static endRoom: u32 = 0;
  /** The block made last. */
  static block: usize = 0;
  static blockRows: u32 = 0;
  static blockRoom: usize = 0;
  static next: u32 = 0;
}

/** Sorts the chunk's rows; then `nextBlock` gives them. */
export function sortChunk(): void {
  const directory = Chunk.columns.directory;
  const rows = Chunk.rows;
  if (Sorted.rows == 0) {
    Sorted.rows = heap.alloc(<usize>CHUNK_ROWS << 2);
    Sorted.columns = changetype<Rows>(heap.alloc(offsetof<Rows>()));
  }
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

/** Row numbers by directory; those of one directory stay in order of arrival. */
function distribute(rows: u32): void {
  if (Order.length >= Sorted.endRoom) {
    Sorted.endRoom = Order.length * 2 + 1024;
    Sorted.ends = resized(Sorted.ends, Sorted.endRoom << 2);
  }
  const ends = Sorted.ends;
  memory.fill(ends, 0, (<usize>Order.length + 1) << 2);
  const directory = Chunk.columns.directory;
  for (let row: u32 = 0; row < rows; row++) {
    const slot = ends + (<usize>load<u32>(Order.rank + (<usize>load<u32>(directory + (row << 2)) << 2)) << 2);
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
    const slot = ends + (<usize>load<u32>(Order.rank + (<usize>load<u32>(directory + (row << 2)) << 2)) << 2);
    const at = load<u32>(slot);
    store<u32>(Sorted.rows + (at << 2), row);
    store<u32>(slot, at + 1);
  }
}

/** The order of two rows of one directory; equal ones keep the order they came in. */
function compareRows(a: u32, b: u32): i32 {
  const rows = Chunk.columns;
  if (b == a + 1 && (load<u8>(rows.flags + b) & <u8>FOLLOWS) != 0) return -1;
  const byName = compare(
    rows.text + rows.textStart(a),
    load<u16>(rows.nameLength + (a << 1)),
    rows.text + rows.textStart(b),
    load<u16>(rows.nameLength + (b << 1)),
  );
  if (byName != 0) return byName;
  const byLatest = <i32>(load<u8>(rows.flags + b) & LATEST) - <i32>(load<u8>(rows.flags + a) & LATEST);
  if (byLatest != 0) return byLatest;
  const left = load<f64>(rows.lastModifiedMs + (a << 3));
  const right = load<f64>(rows.lastModifiedMs + (b << 3));
  return left == right ? 0 : left > right ? -1 : 1;
}

/** Makes the next block of sorted rows; its length in bytes, 0 where there are no more. */
export function nextBlock(): u32 {
  const from = Sorted.next;
  const chunk = Chunk.columns;
  let rows: u32 = 0;
  let text: u32 = 0;
  while (rows < BLOCK_ROWS && text < BLOCK_TEXT && from + rows < Chunk.rows) {
    const row = load<u32>(Sorted.rows + ((<usize>from + rows) << 2));
    text += load<u32>(chunk.textEnd + (row << 2)) - chunk.textStart(row);
    rows += 1;
  }
  Sorted.next = from + rows;
  Sorted.blockRows = rows;
  if (rows == 0) return 0;
  const bytes = FIXED_BYTES * rows + text;
  if (bytes + 64 > Sorted.blockRoom) {
    Sorted.blockRoom = bytes * 2;
    Sorted.block = resized(Sorted.block, Sorted.blockRoom + 64);
  }
  gather(from, rows);
  return <u32>bytes;
}

function gather(from: u32, rows: u32): void {
  const chunk = Chunk.columns;
  const block = Sorted.columns;
  block.place(Sorted.block, rows, 0);
  let text: u32 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const row = <usize>load<u32>(Sorted.rows + ((<usize>from + i) << 2));
    store<u64>(block.sizeBytes + (i << 3), load<u64>(chunk.sizeBytes + (row << 3)));
    store<u64>(block.lastModifiedMs + (i << 3), load<u64>(chunk.lastModifiedMs + (row << 3)));
    v128.store(block.eTag + (i << 4), v128.load(chunk.eTag + (row << 4)));
    store<u32>(block.eTagParts + (i << 2), load<u32>(chunk.eTagParts + (row << 2)));
    store<u32>(block.directory + (i << 2), load<u32>(chunk.directory + (row << 2)));
    store<u32>(block.extraLength + (i << 2), load<u32>(chunk.extraLength + (row << 2)));
    store<u16>(block.nameLength + (i << 1), load<u16>(chunk.nameLength + (row << 1)));
    store<u16>(block.versionId + (i << 1), load<u16>(chunk.versionId + (row << 1)));
    store<u16>(block.classId + (i << 1), load<u16>(chunk.classId + (row << 1)));
    store<u16>(block.detailId + (i << 1), load<u16>(chunk.detailId + (row << 1)));
    store<u8>(block.flags + i, load<u8>(chunk.flags + row) & <u8>~FOLLOWS);
    const start = chunk.textStart(<u32>row);
    const length = load<u32>(chunk.textEnd + (row << 2)) - start;
    copyShort(block.text + text, chunk.text + start, length);
    text += length;
    store<u32>(block.textEnd + (i << 2), text);
  }
}
