/**
 * Columns of whole numbers in as few bits as each 256 of them need. A column: its scale (1 byte: 0 for 1, 1 for 1000), then
 * blocks of 256 entries. A block: one byte with the code of its width (low half) and how many bytes its least entry takes
 * (high half), the least entry (signed, little-endian), then each entry's distance from it. Entries are values / scale.
 * The TypeScript twin is src/main/index/packed-numbers.ts.
 */
export const BLOCK: u32 = 256;

/** The codes of the widths: 0, 1, 2, 4 bits, then 1 to 7 bytes. */
function codeOf(range: u64): u32 {
  if (range == 0) return 0;
  if (range < 2) return 1;
  if (range < 4) return 2;
  if (range < 16) return 3;
  return 4 + ((63 - <u32>clz(range)) >> 3);
}

/** Bytes a signed number takes; 0 for 0. */
function lengthOf(value: i64): u32 {
  if (value == 0) return 0;
  const magnitude = <u64>(value < 0 ? ~value : value);
  return magnitude == 0 ? 1 : ((64 - <u32>clz(magnitude)) >> 3) + 1;
}

/** Entries of a block. */
const entries: usize = memory.data(256 * 8, 16);

/** Writes a block's first byte and its least entry; where its entries go. */
// @ts-ignore: decorator
@inline
function writeHead(code: u32, least: i64, to: usize): usize {
  const length = lengthOf(least);
  store<u8>(to, <u8>(code | (length << 4)));
  store<i64>(to, least, 1);
  return to + 1 + length;
}

/** Packs the first `count` of `entries`, which lie between two numbers; where the output goes on. */
function packBlock(count: u32, least: i64, most: i64, to: usize): usize {
  const code = codeOf(<u64>(most - least));
  let at = writeHead(code, least, to);
  if (code == 0) return at;
  if (code < 4) {
    const bits = <u32>1 << (code - 1);
    let held: u32 = 0;
    let filled: u32 = 0;
    for (let i: u32 = 0; i < count; i++) {
      held |= <u32>(load<i64>(entries + (i << 3)) - least) << filled;
      filled += bits;
      if (filled == 8) {
        store<u8>(at++, <u8>held);
        held = 0;
        filled = 0;
      }
    }
    if (filled > 0) store<u8>(at++, <u8>held);
    return at;
  }
  const width = code - 3;
  for (let i: u32 = 0; i < count; i++) {
    store<i64>(at, load<i64>(entries + (i << 3)) - least);
    at += width;
  }
  return at;
}

/** What a column is made of. */
export const U8: u32 = 0;
export const U16: u32 = 1;
export const U32: u32 = 2;
export const I32: u32 = 3;
export const F64: u32 = 4;

// @ts-ignore: decorator
@inline
function packWhole<T>(from: usize, count: u32, to: usize): usize {
  let at = to;
  for (let start: u32 = 0; start < count; start += BLOCK) {
    const own = min(BLOCK, count - start);
    const column = from + start * sizeof<T>();
    const first = load<T>(column);
    let least = first;
    let most = first;
    for (let i: u32 = 1; i < own; i++) {
      const value = load<T>(column + i * sizeof<T>());
      least = min<T>(least, value);
      most = max<T>(most, value);
    }
    if (least == most) {
      at = writeHead(0, <i64>least, at);
      continue;
    }
    for (let i: u32 = 0; i < own; i++) store<i64>(entries + (i << 3), <i64>load<T>(column + i * sizeof<T>()));
    at = packBlock(own, <i64>least, <i64>most, at);
  }
  return at;
}

function packFloats(from: usize, count: u32, isThousands: bool, to: usize): usize {
  let at = to;
  for (let start: u32 = 0; start < count; start += BLOCK) {
    const own = min(BLOCK, count - start);
    let least = i64.MAX_VALUE;
    let most = i64.MIN_VALUE;
    for (let i: u32 = 0; i < own; i++) {
      const value = load<f64>(from + ((start + i) << 3));
      const entry = <i64>(isThousands ? nearest(value * 0.001) : value);
      store<i64>(entries + (i << 3), entry);
      least = min(least, entry);
      most = max(most, entry);
    }
    at = packBlock(own, least, most, at);
  }
  return at;
}

/** Whether all are multiples of 1000: below 2^53 the nearest whole number of thousands is exact where they are. */
function areThousands(from: usize, count: u32): bool {
  for (let i: u32 = 0; i < count; i++) {
    const value = load<f64>(from + (i << 3));
    if (nearest(value * 0.001) * 1000 != value) return false;
  }
  return true;
}

/** Packs a column; the length of what was written. `to` must have room for 8 bytes an entry and 16 a block. */
export function packNumbers(from: usize, count: u32, type: u32, to: usize): u32 {
  const isThousands = type == F64 && count > 0 && areThousands(from, count);
  store<u8>(to, isThousands ? 1 : 0);
  let end = to + 1;
  if (type == U8) end = packWhole<u8>(from, count, end);
  else if (type == U16) end = packWhole<u16>(from, count, end);
  else if (type == U32) end = packWhole<u32>(from, count, end);
  else if (type == I32) end = packWhole<i32>(from, count, end);
  else end = packFloats(from, count, isThousands, end);
  return <u32>(end - to);
}
