/**
 * Decoding tables of DEFLATE (RFC 1951, 3.2). One entry of 4 bytes answers the next few bits of the input:
 *
 * - literals: bit 7 set; bits 0-4 the bits used, 5-6 how many literals (1 or 2), 8-23 the literals
 * - a length or distance: bits 0-4 the bits used in all, 8-12 those of the code alone, 16-31 the least value
 * - a longer code: bit 5 set; bits 8-12 the bits that choose in its table, 16-31 where that begins
 * - end of block: bit 6 set; no code: bits 5 and 6 set
 */
export const LITERAL_BITS: u32 = 10;
export const DISTANCE_BITS: u32 = 8;
export const IS_LITERAL: u32 = 0x80;
export const NOT_VALUE: u32 = 0x60;
export const IS_LINK: u32 = 0x20;
export const IS_END: u32 = 0x40;
const NO_CODE: u32 = 0x60 | 1;
const LONGEST: u32 = 15;

/** Room for the tables and those of longer codes: at most 1,332 entries for 286 symbols at 10 bits, 402 for 30 at 8 (zlib's enough). */
export const LITERALS: usize = memory.data(4 * 2400, 16);
export const DISTANCES: usize = memory.data(4 * 800, 16);

const LENGTH_BASE: usize = memory.data<u16>([3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]);
const LENGTH_EXTRA: usize = memory.data<u8>([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]);
const DISTANCE_BASE: usize = memory.data<u16>([1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577]);
const DISTANCE_EXTRA: usize = memory.data<u8>([0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13]);

const counts: usize = memory.data(16 * 4, 16);
const offsets: usize = memory.data(16 * 4, 16);
const sorted: usize = memory.data(320 * 2, 16);

function literalEntry(symbol: u32, length: u32): u32 {
  if (symbol < 256) return IS_LITERAL | (1 << 5) | length | (symbol << 8);
  if (symbol == 256) return IS_END | length;
  const index = symbol - 257;
  if (index > 28) return NO_CODE;
  return (length + load<u8>(LENGTH_EXTRA + index)) | (length << 8) | (<u32>load<u16>(LENGTH_BASE + (index << 1)) << 16);
}

function distanceEntry(symbol: u32, length: u32): u32 {
  if (symbol > 29) return NO_CODE;
  return (length + load<u8>(DISTANCE_EXTRA + symbol)) | (length << 8) | (<u32>load<u16>(DISTANCE_BASE + (symbol << 1)) << 16);
}

// @ts-ignore: decorator
@inline
function countOf(length: u32): u32 {
  return load<u32>(counts + (length << 2));
}

/** Counts the codes of each length and sorts the symbols by it; how many have a code, or -1 where there are too many codes. */
function sortSymbols(lengths: usize, symbols: u32): i32 {
  memory.fill(counts, 0, 64);
  for (let i: u32 = 0; i < symbols; i++) {
    const slot = counts + (<usize>load<u8>(lengths + i) << 2);
    store<u32>(slot, load<u32>(slot) + 1);
  }
  store<u32>(counts, 0);
  let room: i32 = 1;
  let used: u32 = 0;
  for (let length: u32 = 1; length <= LONGEST; length++) {
    room = (room << 1) - <i32>countOf(length);
    if (room < 0) return -1;
    store<u32>(offsets + (length << 2), used);
    used += countOf(length);
  }
  for (let i: u32 = 0; i < symbols; i++) {
    const length = <usize>load<u8>(lengths + i);
    if (length == 0) continue;
    const at = load<u32>(offsets + (length << 2));
    store<u16>(sorted + (at << 1), <u16>i);
    store<u32>(offsets + (length << 2), at + 1);
  }
  return <i32>used;
}

/** The code that follows, bits reversed as they come; `length` is that of the code just used, which is not the last. */
// @ts-ignore: decorator
@inline
function following(code: u32, length: u32): u32 {
  const bit: u32 = 1 << (31 - clz(code ^ ((1 << length) - 1)));
  return (code & (bit - 1)) | bit;
}

/**
 * Builds a table from the lengths of the symbols' codes; false where they are no code. Codes that leave room are taken: what
 * is never assigned answers NO_CODE.
 */
function build(lengths: usize, symbols: u32, table: usize, bits: u32, isLiterals: bool): bool {
  const used = sortSymbols(lengths, symbols);
  if (used < 0) return false;
  const size: u32 = 1 << bits;
  for (let i: u32 = 0; i < size; i++) store<u32>(table + (i << 2), NO_CODE);
  let at: u32 = 0;
  let code: u32 = 0;
  let linked: u32 = 0xffffffff;
  let linkStart: u32 = size;
  let linkEnd: u32 = size;
  for (let length: u32 = 1; length <= LONGEST; length++) {
    for (let left = countOf(length); left > 0; left--) {
      const symbol = <u32>load<u16>(sorted + (<usize>(at++) << 1));
      if (length <= bits) {
        const entry = isLiterals ? literalEntry(symbol, length) : distanceEntry(symbol, length);
        for (let i = code; i < size; i += 1 << length) store<u32>(table + (i << 2), entry);
      } else {
        if ((code & (size - 1)) != linked) {
          linked = code & (size - 1);
          linkStart = linkEnd;
          let linkBits = length - bits;
          let room: i32 = (1 << linkBits) - <i32>left;
          while (room > 0 && bits + linkBits < LONGEST) {
            linkBits += 1;
            room = (room << 1) - <i32>countOf(bits + linkBits);
          }
          linkEnd = linkStart + (1 << linkBits);
          for (let i = linkStart; i < linkEnd; i++) store<u32>(table + (i << 2), NO_CODE);
          store<u32>(table + (linked << 2), IS_LINK | bits | (linkBits << 8) | (linkStart << 16));
        }
        const entry = isLiterals ? literalEntry(symbol, length - bits) : distanceEntry(symbol, length - bits);
        for (let i = linkStart + (code >> bits); i < linkEnd; i += 1 << (length - bits)) store<u32>(table + (i << 2), entry);
      }
      if (code != (1 << length) - 1) code = following(code, length);
    }
  }
  return true;
}

/** Where two literals' codes fit the bits one look-up sees, one entry gives both. */
function pairLiterals(): void {
  // From the end: an entry's second look-up is at a lower place, not yet paired.
  for (let i: u32 = (1 << LITERAL_BITS) - 1; i > 0; i--) {
    const first = load<u32>(LITERALS + (i << 2));
    if ((first & IS_LITERAL) == 0) continue;
    const length = first & 31;
    const second = load<u32>(LITERALS + (<usize>(i >> length) << 2));
    if ((second & 0xe0) != (IS_LITERAL | (1 << 5))) continue;
    const both = length + (second & 31);
    if (both <= LITERAL_BITS) store<u32>(LITERALS + (i << 2), IS_LITERAL | (2 << 5) | both | (first & 0xff00) | ((second & 0xff00) << 8));
  }
}

/** Builds both tables of a block; false where the lengths are no codes. */
export function buildTables(lengths: usize, literals: u32, distances: u32): bool {
  if (!build(lengths + literals, distances, DISTANCES, DISTANCE_BITS, false)) return false;
  if (!build(lengths, literals, LITERALS, LITERAL_BITS, true)) return false;
  pairLiterals();
  return true;
}

/** Builds the small table that code lengths are written with, 7 bits wide: bits 0-4 the bits used, 8- the symbol; 0 for no code. */
export function buildLengthTable(lengths: usize, table: usize): bool {
  memory.fill(table, 0, 128 << 2);
  if (sortSymbols(lengths, 19) < 0) return false;
  let at: u32 = 0;
  let code: u32 = 0;
  for (let length: u32 = 1; length <= 7; length++) {
    for (let left = countOf(length); left > 0; left--) {
      const symbol = <u32>load<u16>(sorted + (<usize>(at++) << 1));
      for (let i = code; i < 128; i += 1 << length) store<u32>(table + (i << 2), length | (symbol << 8));
      if (code != (1 << length) - 1) code = following(code, length);
    }
  }
  return true;
}
