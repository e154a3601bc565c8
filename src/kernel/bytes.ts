/**
 * Byte strings in the kernel's memory. All of these read up to 15 bytes behind a string, which is always memory of ours;
 * what lies there never shows.
 */

/** How many bytes two strings of at least `most` bytes share at their beginnings. */
export function sharedLength(a: usize, b: usize, most: u32): u32 {
  let i: u32 = 0;
  while (i < most) {
    const different = i8x16.bitmask(i8x16.ne(v128.load(a + i), v128.load(b + i)));
    if (different != 0) {
      i += ctz(different);
      return i < most ? i : most;
    }
    i += 16;
  }
  return most;
}

// @ts-ignore: decorator
@inline
export function isEqual(a: usize, b: usize, length: u32): bool {
  return sharedLength(a, b, length) == length;
}

/** Byte order, the order S3 lists keys in. Negative, 0 or positive. */
export function compare(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  const most = min(aLength, bLength);
  const shared = sharedLength(a, b, most);
  if (shared < most) return <i32>load<u8>(a + shared) - <i32>load<u8>(b + shared);
  return <i32>aLength - <i32>bLength;
}

const K: u64 = 0x9e3779b97f4a7c15;

/** A hash of a string and a number, for tables that compare the strings afterwards. */
export function hash(start: usize, length: u32, seed: u32): u32 {
  let h: u64 = (<u64>seed + 1) * K ^ <u64>length;
  let at = start;
  let left = length;
  while (left >= 8) {
    h = (h ^ load<u64>(at)) * K;
    h ^= h >> 32;
    at += 8;
    left -= 8;
  }
  if (left > 0) {
    h = (h ^ (load<u64>(at) & ((<u64>1 << (left << 3)) - 1))) * K;
    h ^= h >> 32;
  }
  h *= K;
  return <u32>(h >> 32);
}

/** The first eight bytes as a number that orders as they do; behind the end are zeros. */
export function prefixOf(start: usize, length: u32): u64 {
  if (length == 0) return 0;
  const first = bswap(load<u64>(start));
  return length >= 8 ? first : first & ~((~(<u64>0)) >> (length << 3));
}

/** Writes the 16 bytes that 32 lower-case hex digits stand for; false, and nothing of use written, where they are not. */
export function packHex(from: usize, to: usize): bool {
  const first = v128.load(from);
  const second = v128.load(from, 16);
  const zero = i8x16.splat(0x30);
  const ten = i8x16.splat(10);
  const a = i8x16.splat(0x61);
  const six = i8x16.splat(6);
  const digit1 = i8x16.sub(first, zero);
  const digit2 = i8x16.sub(second, zero);
  const letter1 = i8x16.sub(first, a);
  const letter2 = i8x16.sub(second, a);
  const isDigit1 = i8x16.lt_u(digit1, ten);
  const isDigit2 = i8x16.lt_u(digit2, ten);
  const isHex = v128.and(v128.or(isDigit1, i8x16.lt_u(letter1, six)), v128.or(isDigit2, i8x16.lt_u(letter2, six)));
  if (!i8x16.all_true(isHex)) return false;
  const half1 = v128.bitselect(digit1, i8x16.add(letter1, ten), isDigit1);
  const half2 = v128.bitselect(digit2, i8x16.add(letter2, ten), isDigit2);
  const high = i16x8.splat(0xf0);
  const pair1 = v128.or(v128.and(i16x8.shl(half1, 4), high), i16x8.shr_u(half1, 8));
  const pair2 = v128.or(v128.and(i16x8.shl(half2, 4), high), i16x8.shr_u(half2, 8));
  v128.store(to, i8x16.narrow_i16x8_u(pair1, pair2));
  return true;
}

/** Copies a short string; up to 15 bytes behind the copy are written over. A call of memory.copy costs more than this does. */
// @ts-ignore: decorator
@inline
export function copyShort(to: usize, from: usize, length: u32): void {
  const end = to + length;
  let at = to;
  let source = from;
  while (at < end) {
    v128.store(at, v128.load(source));
    at += 16;
    source += 16;
  }
}

/** The same piece of memory in another size, its beginning kept; 0 is no piece yet. */
export function resized(piece: usize, bytes: usize): usize {
  return piece == 0 ? heap.alloc(bytes) : heap.realloc(piece, bytes);
}
