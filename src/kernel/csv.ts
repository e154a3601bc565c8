import { Batch } from './batch';
import { copyShort } from './bytes';
import { Groups } from './csv-groups';
import { decodeKey, Key, parseETag, parseInstant, parseSize } from './csv-values';

/** What the reader stops for. */
export const NEEDS_INPUT: i32 = 0;
export const BATCH_FULL: i32 = 1;
/** The groups of a row say something together that has not been met: their meaning has to be told first. */
export const NEEDS_MEANING: i32 = 2;
/** The row is spelled in a way not read here. */
export const ODD_ROW: i32 = 3;

/** Steps of a row: columns with values of their own, and groups of columns that mostly repeat. */
const GROUP: u32 = 0;
const KEY: u32 = 1;
const VERSION_ID: u32 = 2;
const SIZE: u32 = 3;
const LAST_MODIFIED: u32 = 4;
const ETAG: u32 = 5;
const RETAIN_UNTIL: u32 = 6;

const NO_ETAG: u32 = 0xffffffff;
const OTHER_ETAG: u32 = 0xfffffffe;
const IS_DELETE_MARKER: u32 = 2;
const QUOTE: u32 = 0x22;
const COMMA: u32 = 0x2c;
const LF: u32 = 0x0a;
const MOST_STEPS = 512;

/**
 * Reads rows whose every value is in quotes, with a comma or a newline behind it: what S3 writes. Any other row is left to
 * the plain reader, one at a time.
 */
export class Csv {
  static steps: usize = memory.data(MOST_STEPS, 16);
  static stepCount: u32 = 0;
  /** Whether the report has each of these columns. */
  static hasETag: bool = false;
  static hasRetainUntil: bool = false;
  static hasVersionId: bool = false;
  /** Where the next unread row begins. */
  static at: usize = 0;
}

/** The first quote from here on; there is one behind the end of the input. */
// @ts-ignore: decorator
@inline
function nextQuote(from: usize): usize {
  const quotes = i8x16.splat(0x22);
  let at = from;
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), quotes));
    if (found != 0) return at + <usize>ctz(found);
    at += 16;
  }
}

/** Reads rows from `Csv.at` to `end` into the batch. The byte at `end` and 64 behind it are quotes. */
export function readRows(end: usize): i32 {
  const last = Csv.stepCount - 1;
  let start = Csv.at;
  while (start < end) {
    if (Batch.isFull()) return BATCH_FULL;
    const row = Batch.rows;
    let at = start;
    let keyEnd = Batch.keyEnd;
    let idEnd = Batch.versionIdEnd;
    let sizeBytes: f64 = -1;
    let lastModifiedMs: f64 = NaN;
    let retainUntilMs: f64 = NaN;
    let parts = NO_ETAG;
    let group: u32 = 0;
    for (let step: u32 = 0; step <= last; step++) {
      const what = <u32>load<u8>(Csv.steps + step);
      if (what == GROUP) {
        at = Groups.read(group++, at, end, step == last);
        if (at <= 1) return stopAt(start, at == 0 ? NEEDS_INPUT : ODD_ROW);
        continue;
      }
      if (at >= end) return stopAt(start, NEEDS_INPUT);
      if (load<u8>(at) != QUOTE) return stopAt(start, ODD_ROW);
      const from = at + 1;
      if (what == KEY) {
        const length = decodeKey(from, Batch.keyBytes + keyEnd);
        if (length < 0) return stopAt(start, nextQuote(from) >= end ? NEEDS_INPUT : ODD_ROW);
        if (Key.quote + 1 >= end) return stopAt(start, NEEDS_INPUT);
        if (length == 0 || length > 65_535 || !endsValue(Key.quote, step == last)) return stopAt(start, ODD_ROW);
        keyEnd += length;
        at = Key.quote + 2;
        continue;
      }
      const to = nextQuote(from);
      // What follows the quote tells whether the value ends here.
      if (to + 1 >= end) return stopAt(start, NEEDS_INPUT);
      if (!endsValue(to, step == last)) return stopAt(start, ODD_ROW);
      at = to + 2;
      if (what == VERSION_ID) {
        const length = <u32>(to - from);
        if (length > 32_767) return stopAt(start, ODD_ROW);
        if (length != 4 || (load<u32>(from) | 0x20202020) != 0x6c6c756e) {
          copyShort(Batch.versionIdBytes + idEnd, from, length);
          idEnd += length;
        }
      } else if (what == SIZE) {
        if (to != from) {
          sizeBytes = parseSize(from, to);
          if (sizeBytes < 0) return stopAt(start, ODD_ROW);
        }
      } else if (what == LAST_MODIFIED) {
        if (to - from != 24) return stopAt(start, ODD_ROW);
        lastModifiedMs = parseInstant(from);
        if (lastModifiedMs != lastModifiedMs) return stopAt(start, ODD_ROW);
      } else if (what == ETAG) {
        if (to != from) {
          parts = parseETag(from, to, Batch.eTag + (row << 4));
          if (parts == OTHER_ETAG) return stopAt(start, ODD_ROW);
        }
      } else if (what == RETAIN_UNTIL && to != from) {
        if (to - from != 24) return stopAt(start, ODD_ROW);
        retainUntilMs = parseInstant(from);
        if (retainUntilMs != retainUntilMs) return stopAt(start, ODD_ROW);
      }
    }
    const meaning = Groups.meaning();
    if (meaning == 0) return stopAt(start, NEEDS_MEANING);
    const flags = <u32>load<u8>(meaning);
    if ((flags & IS_DELETE_MARKER) != 0) sizeBytes = 0;
    else if (sizeBytes < 0) return stopAt(start, ODD_ROW);
    if (parts == NO_ETAG) v128.store(Batch.eTag + (row << 4), i8x16.splat(0));
    store<u8>(Batch.flags + row, <u8>flags);
    store<u16>(Batch.classId + (row << 1), load<u16>(meaning, 2));
    store<u16>(Batch.detailId + (row << 1), load<u16>(meaning, 4));
    store<f64>(Batch.sizeBytes + (row << 3), sizeBytes);
    store<f64>(Batch.lastModifiedMs + (row << 3), lastModifiedMs);
    store<f64>(Batch.retainUntilMs + (row << 3), retainUntilMs);
    store<u32>(Batch.eTagParts + (row << 2), parts);
    store<u32>(Batch.keyStart + (row << 2), keyEnd, 4);
    store<u32>(Batch.versionIdStart + (row << 2), idEnd, 4);
    Batch.keyEnd = keyEnd;
    Batch.versionIdEnd = idEnd;
    Batch.rows = row + 1;
    start = at;
    Csv.at = at;
  }
  return NEEDS_INPUT;
}

// @ts-ignore: decorator
@inline
function endsValue(quote: usize, isLast: bool): bool {
  return load<u8>(quote, 1) == <u8>(isLast ? LF : COMMA);
}

// @ts-ignore: decorator
@inline
function stopAt(start: usize, why: i32): i32 {
  Csv.at = start;
  return why;
}
