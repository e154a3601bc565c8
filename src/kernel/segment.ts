import { copyShort, isEqual, resized, sharedLength } from './bytes';
import {
  BLOCKED,
  CLASS_ID,
  DETAIL_ID,
  ETAG,
  ETAG_PARTS,
  EXTRA_HEAD,
  FLAGS,
  HAS_EXTRA,
  HELD,
  LAST_MODIFIED_MS,
  LATEST,
  MARKER,
  MULTI,
  NAME,
  nameLengthOf,
  nextRecord,
  RETAINED,
  SAME_KEY,
  SIZE_BYTES,
  VERSION_ID,
} from './rows';

/** Flags of a record that are stored as they are. */
const KEPT_FLAGS: u32 = LATEST | MARKER | BLOCKED | HELD | RETAINED;

/** A segment ends behind the key that reaches this many rows, or this many bytes of records. */
const ROWS: u32 = 65_536;
const TEXT_BYTES: u32 = 8 << 20;
/** A key with more versions than fit is cut here. */
export const MOST_ROWS: u32 = 131_072;
const MOST_TEXT_BYTES: u32 = 10 << 20;
/** What one append can bring at most: the text of a block. */
const BLOCK_TEXT_BYTES: u32 = 4 << 20;
const TEXT_ROOM: u32 = MOST_TEXT_BYTES + BLOCK_TEXT_BYTES;

const NO_ETAG: u32 = 0xffffffff;
const TEXT_ETAG: u32 = 0xfffffffe;

/** The segment being made: its rows in the order of the index, in the columns that are stored. */
export class Segment {
  static rows: u32 = 0;
  /** Place in the index's order of each row's directory. */
  static rank: usize = 0;
  static sizeBytes: usize = 0;
  static lastModifiedMs: usize = 0;
  static flags: usize = 0;
  static classId: usize = 0;
  /** Told by the host, before anything is derived: rule + 1, kind, and the unit the row is kept or deleted with, -1 for none. */
  static rule: usize = 0;
  static kind: usize = 0;
  static unit: usize = 0;
  /** As in the index's dictionary. */
  static detailId: usize = 0;
  /** How much of a name is that of the name before it, and the rest: lengths, and all rests one after the other. */
  static nameShared: usize = 0;
  static nameLength: usize = 0;
  static names: usize = 0;
  static namesEnd: u32 = 0;
  /** Lengths as in `Rows.versionId`, and all bytes one after the other. */
  static versionId: usize = 0;
  static versionIds: usize = 0;
  static versionIdsEnd: u32 = 0;
  /** 0 for 32 hex digits, 1 for none, 2 for another spelling, else the number of parts + 2; the bytes of all that are hex digits. */
  static eTagCode: usize = 0;
  static eTags: usize = 0;
  static eTagsEnd: u32 = 0;
  /** When the retention of each RETAINED row ends. */
  static retainUntilMs: usize = 0;
  static retained: u32 = 0;
  /** Directories with their first rows. */
  static runRank: usize = 0;
  static runStart: usize = 0;
  static runs: u32 = 0;
  /** Rows with texts of their own: row (4), where the texts lie (4), length of the ETag's (4), of the details' (4). */
  static extras: usize = 0;
  static extraCount: u32 = 0;
  static extraTexts: usize = 0;
  static extraEnd: u32 = 0;
  /** Bytes of records taken in. */
  static textBytes: u32 = 0;

  /** Whole names one after the other, where they were asked for, and where each begins. */
  static fullNames: usize = 0;
  static fullNamesRoom: u32 = 0;
  static fullNameStart: usize = 0;

  /** The last row, of this segment or of the one before: its name, directory and time. */
  static lastName: usize = 0;
  static lastLength: u32 = 0;
  static lastRank: u32 = 0xffffffff;
  /** Time of the last row of the segment before. */
  static beforeMs: f64 = 0;

  static init(): void {
    Segment.rank = heap.alloc(MOST_ROWS << 2);
    Segment.sizeBytes = heap.alloc(MOST_ROWS << 3);
    Segment.lastModifiedMs = heap.alloc(MOST_ROWS << 3);
    Segment.flags = heap.alloc(MOST_ROWS);
    Segment.classId = heap.alloc(MOST_ROWS << 1);
    Segment.rule = heap.alloc(MOST_ROWS << 1);
    Segment.kind = heap.alloc(MOST_ROWS);
    Segment.unit = heap.alloc(MOST_ROWS << 2);
    Segment.detailId = heap.alloc(MOST_ROWS << 1);
    Segment.nameShared = heap.alloc(MOST_ROWS << 1);
    Segment.nameLength = heap.alloc(MOST_ROWS << 1);
    Segment.names = heap.alloc(TEXT_ROOM + 64);
    Segment.versionId = heap.alloc(MOST_ROWS << 1);
    Segment.versionIds = heap.alloc(TEXT_ROOM + 64);
    Segment.eTagCode = heap.alloc(MOST_ROWS << 2);
    Segment.eTags = heap.alloc(MOST_ROWS << 4);
    Segment.retainUntilMs = heap.alloc(MOST_ROWS << 3);
    Segment.runRank = heap.alloc(MOST_ROWS << 2);
    Segment.runStart = heap.alloc((MOST_ROWS + 1) << 2);
    Segment.extras = heap.alloc(MOST_ROWS << 4);
    Segment.extraTexts = heap.alloc(TEXT_ROOM + 64);
    Segment.lastName = heap.alloc(65_536 + 64);
    Segment.fullNameStart = heap.alloc((MOST_ROWS + 1) << 2);
    Segment.clear();
  }

  static clear(): void {
    if (Segment.rows > 0) Segment.beforeMs = load<f64>(Segment.lastModifiedMs + ((Segment.rows - 1) << 3));
    Segment.rows = 0;
    Segment.namesEnd = 0;
    Segment.versionIdsEnd = 0;
    Segment.eTagsEnd = 0;
    Segment.retained = 0;
    Segment.runs = 0;
    Segment.extraCount = 0;
    Segment.extraEnd = 0;
    Segment.textBytes = 0;
  }

  /** Adds the records from one place to another, all of one directory; where the first one lies that there was no room for. */
  static append(from: usize, to: usize, rank: u32): usize {
    let last = to;
    let most = ROWS;
    if (Segment.rows >= ROWS || Segment.textBytes >= TEXT_BYTES) {
      if (Segment.rows >= MOST_ROWS || Segment.textBytes >= MOST_TEXT_BYTES || !isOfLastKey(from, rank)) return from;
      last = nextRecord(from);
      most = MOST_ROWS;
    }
    if (Segment.rows == 0 || rank != Segment.lastRank) {
      store<u32>(Segment.runRank + (Segment.runs << 2), rank);
      store<u32>(Segment.runStart + (Segment.runs << 2), Segment.rows);
      Segment.runs += 1;
    }
    let lastName = Segment.lastName;
    let lastLength = Segment.lastLength;
    let canBeSame = rank == Segment.lastRank;
    let names = Segment.names + Segment.namesEnd;
    let ids = Segment.versionIds + Segment.versionIdsEnd;
    let eTags = Segment.eTags + Segment.eTagsEnd;
    let row = Segment.rows;
    let record = from;
    while (record < last && row < most) {
      const inRecord = <u32>load<u8>(record, FLAGS);
      let flags = inRecord & KEPT_FLAGS;
      const name = record + NAME;
      const length = nameLengthOf(record);
      let shared = sharedLength(name, lastName, min(length, lastLength));
      if (canBeSame && shared == length && shared == lastLength) {
        // A key has several rows where one of them is of the key of the row before.
        flags |= SAME_KEY | MULTI;
        if (row > 0) store<u8>(Segment.flags + row - 1, load<u8>(Segment.flags + row - 1) | <u8>MULTI);
      }
      // A segment is read without the one before it.
      if (row == 0) shared = 0;
      lastName = name;
      lastLength = length;
      canBeSame = true;
      store<u16>(Segment.nameShared + (row << 1), <u16>shared);
      store<u16>(Segment.nameLength + (row << 1), <u16>(length - shared));
      copyShort(names, name + shared, length - shared);
      names += length - shared;

      const versionId = <u32>load<u16>(record, VERSION_ID);
      store<u16>(Segment.versionId + (row << 1), <u16>versionId);
      copyShort(ids, name + length, versionId >> 1);
      ids += versionId >> 1;

      const parts = load<u32>(record, ETAG_PARTS);
      if (parts >= TEXT_ETAG) store<u32>(Segment.eTagCode + (row << 2), parts == NO_ETAG ? 1 : 2);
      else {
        store<u32>(Segment.eTagCode + (row << 2), parts == 0 ? 0 : parts + 2);
        v128.store(eTags, v128.load(record, ETAG));
        eTags += 16;
      }
      store<u8>(Segment.flags + row, <u8>flags);
      store<u32>(Segment.rank + (row << 2), rank);
      store<u64>(Segment.sizeBytes + (row << 3), load<u64>(record, SIZE_BYTES));
      store<u64>(Segment.lastModifiedMs + (row << 3), load<u64>(record, LAST_MODIFIED_MS));
      store<u16>(Segment.classId + (row << 1), load<u16>(record, CLASS_ID));
      store<u16>(Segment.detailId + (row << 1), load<u16>(record, DETAIL_ID));
      const end = name + length + (versionId >> 1);
      record = (inRecord & HAS_EXTRA) == 0 ? end : takeExtra(row, flags, end);
      row += 1;
    }
    if (lastName != Segment.lastName) copyShort(Segment.lastName, lastName, lastLength);
    Segment.lastLength = lastLength;
    Segment.lastRank = rank;
    Segment.namesEnd = <u32>(names - Segment.names);
    Segment.versionIdsEnd = <u32>(ids - Segment.versionIds);
    Segment.eTagsEnd = <u32>(eTags - Segment.eTags);
    Segment.textBytes += <u32>(record - from);
    Segment.rows = row;
    return record;
  }
}

/** Takes what few rows have; where the record ends. */
function takeExtra(row: u32, flags: u32, extra: usize): usize {
  if ((flags & RETAINED) != 0) {
    store<f64>(Segment.retainUntilMs + (Segment.retained << 3), load<f64>(extra));
    Segment.retained += 1;
  }
  const eTagLength = load<u32>(extra, 8);
  const detailLength = load<u32>(extra, 12);
  const length = eTagLength + detailLength;
  if (length == 0) return extra + EXTRA_HEAD;
  const list = Segment.extras + (Segment.extraCount << 4);
  const texts = Segment.extraTexts + Segment.extraEnd;
  memory.copy(texts, extra + EXTRA_HEAD, length);
  store<u32>(list, row);
  store<usize>(list, texts, 4);
  store<u32>(list, eTagLength, 8);
  store<u32>(list, detailLength, 12);
  Segment.extraCount += 1;
  Segment.extraEnd += length;
  return extra + EXTRA_HEAD + length;
}

/** Whether a record is of the key of the last row. */
function isOfLastKey(record: usize, rank: u32): bool {
  if (Segment.lastRank != rank || nameLengthOf(record) != Segment.lastLength) return false;
  return isEqual(Segment.lastName, record + NAME, Segment.lastLength);
}

/** Makes the whole names of the segment's rows. */
export function expandNames(): void {
  const rows = Segment.rows;
  let room: u32 = 64;
  for (let row: u32 = 0; row < rows; row++) room += <u32>load<u16>(Segment.nameShared + (row << 1)) + <u32>load<u16>(Segment.nameLength + (row << 1));
  if (room > Segment.fullNamesRoom) {
    Segment.fullNamesRoom = room * 2;
    Segment.fullNames = resized(Segment.fullNames, Segment.fullNamesRoom);
  }
  let last = Segment.fullNames;
  let to = Segment.fullNames;
  let rest = Segment.names;
  for (let row: u32 = 0; row < rows; row++) {
    const shared = <u32>load<u16>(Segment.nameShared + (row << 1));
    const length = <u32>load<u16>(Segment.nameLength + (row << 1));
    store<u32>(Segment.fullNameStart + (row << 2), <u32>(to - Segment.fullNames));
    const name = to;
    copyShort(to, last, shared);
    to += shared;
    copyShort(to, rest, length);
    to += length;
    rest += length;
    last = name;
  }
  store<u32>(Segment.fullNameStart + (rows << 2), <u32>(to - Segment.fullNames));
}
