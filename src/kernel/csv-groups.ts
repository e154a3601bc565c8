import { hash, isEqual } from './bytes';

const MOST_GROUPS: u32 = 64;
/** Texts remembered, over all groups, and combinations of them. Both are powers of two, and hold few for any real report. */
const TEXTS: u32 = 1 << 12;
const MEANINGS: u32 = 1 << 12;
/** A longer text is read anew each time. */
const TEXT_BYTES: u32 = 4096;
const ARENA_BYTES: u32 = 4 << 20;

/** A remembered text: hash (4), group (2), length (2), serial number (4), where its bytes lie (4). Serial 0 is none. */
const TEXT: u32 = 16;
/** What a row says together: flags (1), -, class id (2), detail id (2), -, then the serial numbers of its groups. */
const MEANING: u32 = 8 + MOST_GROUPS * 4;

/**
 * Columns with few values stand side by side and mostly say what a row not long before said, so their bytes are looked at as a
 * whole: a known text needs no reading, and a known combination of texts has a known meaning.
 */
export class Groups {
  static count: u32 = 0;
  /** Columns in each group. */
  static columns: usize = memory.data(64 * 4, 16);
  /** Where the text of each group of the row at hand lies, and its serial number. */
  static start: usize = memory.data(64 * 4, 16);
  static serial: usize = memory.data(64 * 4, 16);
  /** The two texts each group had last. */
  static recent: usize = memory.data(64 * 8, 16);
  static texts: usize = 0;
  static textCount: u32 = 0;
  static arena: usize = 0;
  static arenaEnd: u32 = 0;
  static meanings: usize = 0;
  static meaningCount: u32 = 0;
  static lastMeaning: usize = 0;
  static nextSerial: u32 = 1;

  static init(): void {
    Groups.texts = heap.alloc(TEXTS * TEXT);
    Groups.arena = heap.alloc(ARENA_BYTES + 64);
    Groups.meanings = heap.alloc(MEANINGS * MEANING);
    Groups.forget();
  }

  /** Forgets every text, and so every meaning. */
  static forget(): void {
    memory.fill(Groups.texts, 0, TEXTS * TEXT);
    for (let i: u32 = 0; i < MOST_GROUPS * 2; i++) store<u32>(Groups.recent + (i << 2), <u32>Groups.texts);
    Groups.textCount = 0;
    Groups.arenaEnd = 0;
    Groups.forgetMeanings();
  }

  static forgetMeanings(): void {
    for (let i: u32 = 0; i < MEANINGS; i++) store<u32>(Groups.meanings + i * MEANING, 0, 8);
    Groups.meaningCount = 0;
    Groups.lastMeaning = Groups.meanings;
  }

  /** Passes over a group; where the next value begins, 0 where the input ends before it does, 1 where it is spelled oddly. */
  // @ts-ignore: decorator
  @inline static read(group: u32, at: usize, end: usize, isLast: bool): usize {
    store<usize>(Groups.start + (group << 2), at);
    const recent = Groups.recent + (group << 3);
    for (let i: u32 = 0; i < 8; i += 4) {
      const text = load<usize>(recent + i);
      const length = <u32>load<u16>(text, 6);
      if (length != 0 && at + length <= end && isEqual(at, load<usize>(text, 12), length)) {
        store<u32>(Groups.serial + (group << 2), load<u32>(text, 8));
        return at + length;
      }
    }
    return pass(group, at, end, isLast);
  }

  /** What the texts of the row at hand mean together; 0 where that has not been told. */
  // @ts-ignore: decorator
  @inline static meaning(): usize {
    return isEqual(Groups.lastMeaning + 8, Groups.serial, Groups.count << 2) ? Groups.lastMeaning : findMeaning();
  }

  /** Tells what the texts of the row at hand mean. */
  static tell(flags: u32, classId: u32, detailId: u32): void {
    if (Groups.meaningCount * 2 > MEANINGS) Groups.forgetMeanings();
    const meaning = meaningSlot();
    store<u8>(meaning, <u8>flags);
    store<u16>(meaning, <u16>classId, 2);
    store<u16>(meaning, <u16>detailId, 4);
    memory.copy(meaning + 8, Groups.serial, Groups.count << 2);
    Groups.meaningCount += 1;
    Groups.lastMeaning = meaning;
  }
}

/** Reads a group value by value, and finds or remembers its text. */
function pass(group: u32, at: usize, end: usize, isLast: bool): usize {
  const columns = load<u32>(Groups.columns + (group << 2));
  let p = at;
  for (let column: u32 = 0; column < columns; column++) {
    if (p >= end) return 0;
    if (load<u8>(p) != 0x22) return 1;
    p += 1;
    while (load<u8>(p) != 0x22) p += 1;
    if (p + 1 >= end) return 0;
    if (load<u8>(p, 1) != (isLast && column == columns - 1 ? 0x0a : 0x2c)) return 1;
    p += 2;
  }
  store<u32>(Groups.serial + (group << 2), serialOf(group, at, <u32>(p - at)));
  return p;
}

function serialOf(group: u32, at: usize, length: u32): u32 {
  if (length > TEXT_BYTES) return Groups.nextSerial++;
  const h = hash(at, length, group);
  let slot = h & (TEXTS - 1);
  let text: usize;
  while (true) {
    text = Groups.texts + slot * TEXT;
    if (load<u32>(text, 8) == 0) break;
    if (load<u32>(text) == h && load<u16>(text, 4) == group && load<u16>(text, 6) == length && isEqual(at, load<usize>(text, 12), length)) {
      remember(group, text);
      return load<u32>(text, 8);
    }
    slot = (slot + 1) & (TEXTS - 1);
  }
  const serial = Groups.nextSerial++;
  if (Groups.textCount * 2 > TEXTS || Groups.arenaEnd + length > ARENA_BYTES) {
    // Too many different ones to be worth remembering: begin again. Serial numbers stay unique.
    Groups.forget();
    return serial;
  }
  store<u32>(text, h);
  store<u16>(text, <u16>group, 4);
  store<u16>(text, <u16>length, 6);
  store<u32>(text, serial, 8);
  store<usize>(text, Groups.arena + Groups.arenaEnd, 12);
  memory.copy(Groups.arena + Groups.arenaEnd, at, length);
  Groups.arenaEnd += length;
  Groups.textCount += 1;
  remember(group, text);
  return serial;
}

function remember(group: u32, text: usize): void {
  const recent = Groups.recent + (group << 3);
  store<usize>(recent, load<usize>(recent), 4);
  store<usize>(recent, text);
}

/** The place of the row's combination among the meanings, or the free one it would take. */
function meaningSlot(): usize {
  const bytes = Groups.count << 2;
  let slot = hash(Groups.serial, bytes, 0) & (MEANINGS - 1);
  while (true) {
    const meaning = Groups.meanings + slot * MEANING;
    if (load<u32>(meaning, 8) == 0 || isEqual(meaning + 8, Groups.serial, bytes)) return meaning;
    slot = (slot + 1) & (MEANINGS - 1);
  }
}

function findMeaning(): usize {
  const meaning = meaningSlot();
  if (load<u32>(meaning, 8) == 0) return 0;
  Groups.lastMeaning = meaning;
  return meaning;
}
