import { Batch, BATCH_ROWS, LONGEST_TEXT, TEXT_BYTES } from './batch';
import { sharedLength } from './bytes';
import { FOLLOWS } from './rows';
import { Tree } from './tree';

/**
 * Finds the directory of every row of a batch. Directories lie all over memory, and waiting for them one after the other
 * would take most of the time; so the hashes of all that are needed are made first, then everything they lead to is asked for
 * at once, and only then are the directories looked up.
 */
export class Directories {
  /** By row of the batch: its directory, and where its name begins in its key. */
  static of: usize = 0;
  static nameAt: usize = 0;
  /** By row: how many directories are to be looked up for it, and how many levels it keeps of the key before; NO_CHANGE in `kept` for none. */
  static wanted: usize = 0;
  static kept: usize = 0;
  /** The directories to be looked up, in order: hash (4), where the name begins and ends in the key (4 each), - (4). */
  static lookUps: usize = 0;
  static lookUpRoom: u32 = 0;
  /** The levels of the last key: the hash, and the directory, behind its k-th "/", and where that stands. */
  static levelHash: usize = 0;
  static levelNode: usize = 0;
  static levelAt: usize = 0;
  static levels: u32 = 0;
  static planned: u32 = 0;
  /** The last key of the batch before. */
  static lastKey: usize = 0;
  static lastLength: u32 = 0;
  static lastDirectory: u32 = 0;
  /** What was loaded only to have it near. */
  static touched: u32 = 0;

  static init(): void {
    Directories.of = heap.alloc(BATCH_ROWS << 2);
    Directories.nameAt = heap.alloc(BATCH_ROWS << 2);
    Directories.wanted = heap.alloc(BATCH_ROWS << 2);
    Directories.kept = heap.alloc(BATCH_ROWS << 2);
    // No batch has more slashes than bytes.
    Directories.lookUps = heap.alloc(TEXT_BYTES << 4);
    const levels = (LONGEST_TEXT + 1) << 2;
    Directories.levelHash = heap.alloc(levels);
    Directories.levelNode = heap.alloc(levels);
    Directories.levelAt = heap.alloc(levels);
    Directories.lastKey = heap.alloc(LONGEST_TEXT + 64);
    Directories.levels = 0;
    Directories.lastLength = 0;
    Directories.lastDirectory = 0;
  }
}

const NO_CHANGE: u32 = 0xffffffff;

/** Tells the directory of every row of the batch, where its name begins, and whether it follows the row before in the index's order. */
export function findDirectories(): void {
  const rows = Batch.rows;
  if (rows == 0) return;
  const lookUps = planLookUps(rows);
  touch(lookUps);
  lookUp(rows);
  const last = rows - 1;
  const start = load<u32>(Batch.keyStart + (last << 2));
  Directories.lastLength = load<u32>(Batch.keyStart + (last << 2), 4) - start;
  memory.copy(Directories.lastKey, Batch.keyBytes + start, Directories.lastLength);
  Directories.lastDirectory = load<u32>(Directories.of + (last << 2));
}

/** Tells where each key's name begins and which directories are new in it, and hashes those; how many there are. */
function planLookUps(rows: u32): u32 {
  let lastKey = Directories.lastKey;
  let lastLength = Directories.lastLength;
  let levels = Directories.levels;
  const slash = i8x16.splat(0x2f);
  let next = Directories.lookUps;
  for (let i: u32 = 0; i < rows; i++) {
    const start = load<u32>(Batch.keyStart + (i << 2));
    const key = Batch.keyBytes + start;
    const length = load<u32>(Batch.keyStart + (i << 2), 4) - start;
    const shared = sharedLength(key, lastKey, min(length, lastLength));
    const before = levels;
    while (levels > 0 && load<u32>(Directories.levelAt + ((levels - 1) << 2)) >= shared) levels -= 1;
    const kept = levels;
    let from: u32 = 0;
    let h: u32 = 0;
    if (levels > 0) {
      from = load<u32>(Directories.levelAt + ((levels - 1) << 2)) + 1;
      h = load<u32>(Directories.levelHash + ((levels - 1) << 2));
    }
    for (let at = shared; at < length; at += 16) {
      let found = i8x16.bitmask(i8x16.eq(v128.load(key + at), slash));
      while (found != 0) {
        const end = at + ctz(found);
        if (end >= length) break;
        found &= found - 1;
        h = Tree.hashBelow(h, key + from, end - from);
        store<u32>(next, h);
        store<u32>(next, from, 4);
        store<u32>(next, end, 8);
        next += 16;
        store<u32>(Directories.levelHash + (levels << 2), h);
        store<u32>(Directories.levelAt + (levels << 2), end);
        levels += 1;
        from = end + 1;
      }
    }
    store<u32>(Directories.nameAt + (i << 2), from);
    store<u32>(Directories.wanted + (i << 2), levels - kept);
    const isChange = levels != kept || kept != before;
    store<u32>(Directories.kept + (i << 2), isChange ? kept : NO_CHANGE);
    store<u8>(Batch.flags + i, load<u8>(Batch.flags + i) | <u8>(!isChange && isAfter(key, lastKey, shared, length, lastLength) ? FOLLOWS : 0));
    lastKey = key;
    lastLength = length;
  }
  Directories.planned = levels;
  return <u32>(next - Directories.lookUps) >> 4;
}

/** Whether a key comes behind another of its directory; equal keys do not. */
// @ts-ignore: decorator
@inline
function isAfter(key: usize, last: usize, shared: u32, length: u32, lastLength: u32): bool {
  if (shared == lastLength) return length > lastLength;
  return shared < length && load<u8>(key + shared) > load<u8>(last + shared);
}

/** Loads what the look-ups will need, many at a time: no load depends on another of its loop. */
function touch(count: u32): void {
  let sum: u32 = 0;
  const end = Directories.lookUps + (count << 4);
  for (let at = Directories.lookUps; at < end; at += 16) sum += Tree.slot(load<u32>(at));
  for (let at = Directories.lookUps; at < end; at += 16) sum += load<u32>(Tree.node(Tree.slot(load<u32>(at))), 8);
  for (let at = Directories.lookUps; at < end; at += 16) sum += <u32>load<u8>(Tree.name(Tree.slot(load<u32>(at))));
  Directories.touched = sum;
}

function lookUp(rows: u32): void {
  let next = Directories.lookUps;
  let directory = Directories.lastDirectory;
  for (let i: u32 = 0; i < rows; i++) {
    let level = load<u32>(Directories.kept + (i << 2));
    if (level != NO_CHANGE) {
      const key = Batch.keyBytes + load<u32>(Batch.keyStart + (i << 2));
      directory = level == 0 ? 0 : load<u32>(Directories.levelNode + ((level - 1) << 2));
      for (let left = load<u32>(Directories.wanted + (i << 2)); left > 0; left--) {
        const from = load<u32>(next, 4);
        directory = Tree.child(directory, key + from, load<u32>(next, 8) - from, load<u32>(next));
        next += 16;
        store<u32>(Directories.levelNode + (level << 2), directory);
        level += 1;
      }
    }
    store<u32>(Directories.of + (i << 2), directory);
  }
  Directories.levels = Directories.planned;
}
