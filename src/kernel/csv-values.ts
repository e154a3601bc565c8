import { packHex } from './bytes';

const DAY_MS: f64 = 86_400_000;

/** Days from 1970-01-01 to a date of the Gregorian calendar; -1 where there is no such date or it is before 1970. */
function dayOf(year: i32, month: i32, day: i32): i32 {
  if (year < 1970 || month < 1 || month > 12 || day < 1) return -1;
  const isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  const last = month == 2 ? (isLeap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  if (day > last) return -1;
  // Years that begin in March, so that the leap day is the last: https://howardhinnant.github.io/date_algorithms.html
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400;
  const ofEra = y - era * 400;
  const ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468;
}

// @ts-ignore: decorator
@inline
function two(at: usize): i32 {
  return (<i32>load<u8>(at) - 0x30) * 10 + <i32>load<u8>(at, 1) - 0x30;
}

class LastDate {
  static year: u32 = 0;
  static monthDay: u64 = 0;
  static ms: f64 = 0;
}

/** What bytes 0-15 and 8-23 of an instant must be: 0 for a digit, else the character. */
const FORM: usize = memory.data<u8>([0, 0, 0, 0, 45, 0, 0, 45, 0, 0, 84, 0, 0, 58, 0, 0, 0, 0, 84, 0, 0, 58, 0, 0, 58, 0, 0, 46, 0, 0, 0, 90]);

// @ts-ignore: decorator
@inline
function hasForm(text: v128, form: v128): bool {
  const isDigit = i8x16.lt_u(i8x16.sub(text, i8x16.splat(0x30)), i8x16.splat(10));
  const wantsDigit = i8x16.eq(form, i8x16.splat(0));
  return i8x16.all_true(v128.bitselect(isDigit, i8x16.eq(text, form), wantsDigit));
}

/** Milliseconds of the 24 bytes of an instant as S3 writes it (2024-08-21T15:28:26.000Z); NaN for anything else. */
export function parseInstant(at: usize): f64 {
  if (!hasForm(v128.load(at), v128.load(FORM)) || !hasForm(v128.load(at, 8), v128.load(FORM, 16))) return NaN;
  const hour = two(at + 11);
  const minute = two(at + 14);
  const second = two(at + 17);
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  // Neighbours are mostly of one day.
  const year = load<u32>(at);
  const monthDay = load<u64>(at, 4) & 0x0000ffffffffffff;
  if (year != LastDate.year || monthDay != LastDate.monthDay) {
    const day = dayOf(two(at) * 100 + two(at + 2), two(at + 5), two(at + 8));
    if (day < 0) return NaN;
    LastDate.year = year;
    LastDate.monthDay = monthDay;
    LastDate.ms = <f64>day * DAY_MS;
  }
  const milli = (<i32>load<u8>(at, 20) - 0x30) * 100 + two(at + 21);
  return LastDate.ms + <f64>(((hour * 60 + minute) * 60 + second) * 1000 + milli);
}

/** A size in bytes from its digits; -1 where it is none or takes more than 15 digits. Reads 16 bytes before the end. */
export function parseSize(start: usize, end: usize): f64 {
  const length = end - start;
  if (length > 15 || length == 0) return -1;
  // The digits at the end of 16 bytes, zeros before them.
  const mask = v128.load(TAILS + length);
  const digits = v128.and(i8x16.sub(v128.load(end - 16), i8x16.splat(0x30)), mask);
  if (i8x16.bitmask(i8x16.gt_u(digits, i8x16.splat(9))) != 0) return -1;
  // Pairs, fours and eights of digits as numbers.
  const pairs = i16x8.add(i16x8.mul(v128.and(digits, i16x8.splat(0xff)), i16x8.splat(10)), i16x8.shr_u(digits, 8));
  const fours = i32x4.dot_i16x8_s(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
  const high = <u64>(i32x4.extract_lane(fours, 0) * 10_000 + i32x4.extract_lane(fours, 1));
  const low = <u64>(i32x4.extract_lane(fours, 2) * 10_000 + i32x4.extract_lane(fours, 3));
  return <f64>(high * 100_000_000 + low);
}
/** From its n-th byte on, 16 bytes of which the last n are set. */
const TAILS: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
]);

const OTHER_ETAG: u32 = 0xfffffffe;

/** The "-N" behind an ETag's digits: the number, or OTHER_ETAG for another spelling. */
function parts(start: usize, end: usize): u32 {
  const digits = end - start - 1;
  if (digits < 1 || digits > 8 || load<u8>(start) != 0x2d || load<u8>(start, 1) == 0x30) return OTHER_ETAG;
  let value: u32 = 0;
  for (let at = start + 1; at < end; at++) {
    const digit = <u32>load<u8>(at) - 0x30;
    if (digit > 9) return OTHER_ETAG;
    value = value * 10 + digit;
  }
  return value;
}

/** Writes the 16 bytes of an ETag; what is behind its digits as `RowBatch.eTagParts` has it, or OTHER_ETAG where nothing was written. */
export function parseETag(start: usize, end: usize, to: usize): u32 {
  if (end - start < 32 || !packHex(start, to)) return OTHER_ETAG;
  return end - start == 32 ? 0 : parts(start + 32, end);
}

/** Value of a hex digit, either case; more than 15 for anything else. */
// @ts-ignore: decorator
@inline
function hexDigit(byte: u32): u32 {
  const digit = byte - 0x30;
  if (digit <= 9) return digit;
  const letter = (byte | 0x20) - 0x61;
  return letter <= 5 ? letter + 10 : 255;
}

export class Key {
  /** Where the quote behind the key last decoded stands. */
  static quote: usize = 0;
}

/**
 * Decodes a key up to the quote behind it ("+" is a space, then %XX is a byte; s3-domain 1.3): the length of what was
 * written, or -1 for a malformed percent sequence.
 */
export function decodeKey(start: usize, to: usize): i32 {
  let at = start;
  let out = to;
  const quote = i8x16.splat(0x22);
  const plus = i8x16.splat(0x2b);
  const percent = i8x16.splat(0x25);
  while (true) {
    const text = v128.load(at);
    const special = i8x16.bitmask(v128.or(i8x16.eq(text, quote), v128.or(i8x16.eq(text, plus), i8x16.eq(text, percent))));
    v128.store(out, text);
    if (special == 0) {
      at += 16;
      out += 16;
      continue;
    }
    const plain = <usize>ctz(special);
    at += plain;
    out += plain;
    const byte = load<u8>(at);
    if (byte == 0x22) {
      Key.quote = at;
      return <i32>(out - to);
    }
    if (byte == 0x2b) {
      store<u8>(out++, 0x20);
      at += 1;
      continue;
    }
    const high = hexDigit(load<u8>(at, 1));
    const low = hexDigit(load<u8>(at, 2));
    if ((high | low) > 15) return -1;
    store<u8>(out++, <u8>((high << 4) | low));
    at += 3;
  }
}
