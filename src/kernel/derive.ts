import { Cells } from './cells';
import { BLOCKED, HELD, LATEST, MARKER, MULTI, RETAINED, SAME_KEY } from './rows';
import { MOST_ROWS, Segment } from './segment';

const DAY_MS: f64 = 86_400_000;
const NOT_LOCKED: i32 = -0x80000000;
const LOCKED_FOR_EVER: i32 = 0x7fffffff;
/** A row whose details are not in the index's dictionary brings them along. */
const OWN_DETAILS: u32 = 0xffff;
const CURRENT: u32 = 0;
const NONCURRENT: u32 = 1;
const STATE_MARKER: u32 = 2;
const CUBE_BLOCKED: u32 = 1;
const CUBE_MULTI: u32 = 2;
const CUBE_SUPERSEDED: u32 = 4;

/** What follows from a segment's rows in their order. */
export class Derived {
  /** Number of each row's details in the segment's own dictionary, and the index's number of each in it; OWN_DETAILS for those of one row. */
  static detail: usize = 0;
  static dictionary: usize = 0;
  static dictionaryLength: u32 = 0;
  static localOf: usize = 0;

  /** When the report began; what has no known successor is noncurrent only since then. */
  static asOfMs: f64 = 0;
  static missing: f64 = 0;
  static versions: f64 = 0;
  static markers: f64 = 0;
  static bytes: f64 = 0;
  static init(): void {
    Derived.detail = heap.alloc(MOST_ROWS << 2);
    Derived.dictionary = heap.alloc(MOST_ROWS << 2);
    Derived.localOf = heap.alloc(65_536 * 4);
  }
}

/** Derives what is stored of the segment besides its rows, and adds them to the cells. */
export function derive(): void {
  const rows = Segment.rows;
  store<u32>(Segment.runStart + (Segment.runs << 2), rows);
  clearMarkerClasses(rows);
  deriveDetails(rows);
  addCells(rows);
}

/** A delete marker has no class; it is kept under the first one so that its blank never counts as one. */
function clearMarkerClasses(rows: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    if ((load<u8>(Segment.flags + i) & <u8>MARKER) != 0) store<u16>(Segment.classId + (i << 1), 0);
  }
}

/** Makes the segment's own dictionary of details. */
function deriveDetails(rows: u32): void {
  memory.fill(Derived.localOf, 0, 65_536 * 4);
  Derived.dictionaryLength = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const number = <u32>load<u16>(Segment.detailId + (i << 1));
    let local = number == OWN_DETAILS ? 0 : load<u32>(Derived.localOf + (number << 2));
    if (local == 0) {
      store<u32>(Derived.dictionary + (Derived.dictionaryLength << 2), number);
      Derived.dictionaryLength += 1;
      local = Derived.dictionaryLength;
      if (number != OWN_DETAILS) store<u32>(Derived.localOf + (number << 2), local);
    }
    store<u32>(Derived.detail + (i << 2), local - 1);
  }
}

// @ts-ignore: decorator
@inline
function lockOf(flags: u32, retainUntilMs: f64): i32 {
  if ((flags & HELD) != 0) return LOCKED_FOR_EVER;
  return retainUntilMs > Derived.asOfMs ? <i32>min(ceil(retainUntilMs / DAY_MS), <f64>LOCKED_FOR_EVER) : NOT_LOCKED;
}

/** Adds the rows to the cells, each with its lifecycle clock (s3-domain 4.5) and its lock (7.2). */
function addCells(rows: u32): void {
  let successorMs = Segment.beforeMs;
  let retained: u32 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const flags = <u32>load<u8>(Segment.flags + i);
    const ownMs = load<f64>(Segment.lastModifiedMs + (i << 3));
    const sizeBytes = load<f64>(Segment.sizeBytes + (i << 3));
    const isMarker = (flags & MARKER) != 0;
    const isLatest = (flags & LATEST) != 0;
    let clockMs = ownMs;
    if (!isLatest) {
      if ((flags & SAME_KEY) != 0) clockMs = max(ownMs, successorMs);
      else {
        clockMs = Derived.asOfMs;
        Derived.missing += 1;
      }
    }
    let retainUntilMs: f64 = NaN;
    if ((flags & RETAINED) != 0) {
      retainUntilMs = load<f64>(Segment.retainUntilMs + (retained << 3));
      retained += 1;
    }
    let lock = NOT_LOCKED;
    if (isMarker) Derived.markers += 1;
    else {
      lock = lockOf(flags, retainUntilMs);
      Derived.versions += 1;
      Derived.bytes += sizeBytes;
    }
    const state = isMarker ? STATE_MARKER : isLatest ? CURRENT : NONCURRENT;
    const cube =
      ((flags & BLOCKED) != 0 ? CUBE_BLOCKED : 0) | ((flags & MULTI) != 0 ? CUBE_MULTI : 0) | (isMarker && !isLatest ? CUBE_SUPERSEDED : 0);
    const traits = <u32>load<u8>(Segment.kind + i) | (state << 4) | (cube << 7) | (<u32>load<u16>(Segment.classId + (i << 1)) << 10);
    const unit = load<i32>(Segment.unit + (i << 2));
    Cells.add(load<u32>(Segment.rank + (i << 2)), unit, traits, sizeBytes, lock, <i32>floor(ownMs / DAY_MS), <i32>ceil(clockMs / DAY_MS));
    successorMs = ownMs;
  }
}
