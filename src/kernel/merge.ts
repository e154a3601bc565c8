import { resized } from './bytes';
import { compareRecords } from './chunk-sort';
import { Order } from './order';
import { DIRECTORY, nextRecord } from './rows';
import { Segment } from './segment';

/** One sorted chunk being read back block by block. */
@unmanaged
class Cursor {
  memory: usize;
  room: u32;
  /** The record at hand, and where the last one ends. */
  at: usize;
  end: usize;
}

/** What the merge stops for; any number from 0 on is a cursor that needs its next block. */
export const MERGED: i32 = -1;
export const SEGMENT_FULL: i32 = -2;

const NONE: u32 = 0xffffffff;

/** All sorted chunks at once, in the order of the index. */
export class Merge {
  static cursors: usize = 0;
  /** Cursors not at work, those of the least directory first: a heap of (rank, cursor). */
  static waiting: usize = 0;
  static waitingLength: u32 = 0;
  /** Cursors with rows of the directory at hand, those of the first row first: a heap. Only the first is ever at work. */
  static group: usize = 0;
  static groupLength: u32 = 0;
  static rank: u32 = 0;
  /** The cursor whose block ran out. */
  static starved: u32 = NONE;
}

/** Begins with so many cursors; each is to be given its first block before `merge` is called. */
export function beginMerge(count: u32): void {
  Merge.cursors = heap.alloc((count << 2) + 4);
  Merge.waiting = heap.alloc((count << 3) + 8);
  Merge.group = heap.alloc((count << 2) + 4);
  Merge.waitingLength = 0;
  Merge.groupLength = 0;
  Merge.starved = NONE;
  for (let i: u32 = 0; i < count; i++) {
    const cursor = changetype<Cursor>(heap.alloc(offsetof<Cursor>()));
    cursor.memory = 0;
    cursor.room = 0;
    store<usize>(Merge.cursors + (i << 2), changetype<usize>(cursor));
  }
}

// @ts-ignore: decorator
@inline
function cursorOf(index: u32): Cursor {
  return changetype<Cursor>(load<usize>(Merge.cursors + (index << 2)));
}

// @ts-ignore: decorator
@inline
function inGroup(place: u32): u32 {
  return load<u32>(Merge.group + (place << 2));
}

/** Place in the index's order of the directory of the row at hand. */
// @ts-ignore: decorator
@inline
function rankOf(cursor: Cursor): u32 {
  return load<u32>(Order.rank + (load<u32>(cursor.at, DIRECTORY) << 2));
}

/** Where a cursor's next block of so many bytes is to be put. */
export function blockPlace(index: u32, bytes: u32): usize {
  const cursor = cursorOf(index);
  if (cursor.room < bytes) {
    cursor.room = bytes + (bytes >> 2);
    cursor.memory = resized(cursor.memory, cursor.room + 64);
  }
  return cursor.memory;
}

/** A cursor's block is in place. A block of no bytes says that there are no more. */
export function blockLoaded(index: u32, bytes: u32): void {
  const cursor = cursorOf(index);
  cursor.at = cursor.memory;
  cursor.end = cursor.memory + bytes;
  const isFirst = Merge.starved == index;
  Merge.starved = NONE;
  if (bytes > 0) {
    const rank = rankOf(cursor);
    if (isFirst && rank == Merge.rank) return settle();
    wait(index, rank);
  }
  if (isFirst) leaveGroup();
}

/** Takes the first cursor out of the group. */
function leaveGroup(): void {
  const length = --Merge.groupLength;
  store<u32>(Merge.group, inGroup(length));
  settle();
}

/** Puts the first cursor of the group where its row belongs. */
function settle(): void {
  const length = Merge.groupLength;
  if (length < 2) return;
  const index = inGroup(0);
  let at: u32 = 0;
  while (true) {
    let below = at * 2 + 1;
    if (below >= length) break;
    if (below + 1 < length && comesBefore(inGroup(below + 1), inGroup(below))) below += 1;
    if (!comesBefore(inGroup(below), index)) break;
    store<u32>(Merge.group + (at << 2), inGroup(below));
    at = below;
  }
  store<u32>(Merge.group + (at << 2), index);
}

/** Adds the next rows to the segment, until it is full, a block runs out or nothing is left. */
export function merge(): i32 {
  while (true) {
    if (Merge.groupLength == 0 && !nextGroup()) return MERGED;
    const isAlone = Merge.groupLength == 1;
    const index = inGroup(0);
    const cursor = cursorOf(index);
    const end = isAlone ? runEnd(cursor) : nextRecord(cursor.at);
    const from = cursor.at;
    cursor.at = Segment.append(from, end, Merge.rank);
    if (cursor.at == cursor.end) {
      Merge.starved = index;
      return <i32>index;
    }
    if (cursor.at == from) return SEGMENT_FULL;
    // There is room for rows of the last key alone: whether the next one is such is looked at first.
    if (cursor.at != end) continue;
    const rank = rankOf(cursor);
    if (rank == Merge.rank) {
      settle();
      continue;
    }
    leaveGroup();
    wait(index, rank);
  }
}

/** Where the records of the directory at hand end in a cursor's block. */
function runEnd(cursor: Cursor): usize {
  const directory = load<u32>(cursor.at, DIRECTORY);
  let at = nextRecord(cursor.at);
  while (at < cursor.end && load<u32>(at, DIRECTORY) == directory) at = nextRecord(at);
  return at;
}

/** Whether one cursor's row comes before another's; among equal rows the one of the earlier chunk does. */
function comesBefore(a: u32, b: u32): bool {
  const order = compareRecords(cursorOf(a).at, cursorOf(b).at);
  return order < 0 || (order == 0 && a < b);
}

/** Makes a group of all cursors with rows of the least directory; false where none is left. */
function nextGroup(): bool {
  if (Merge.waitingLength == 0) return false;
  Merge.rank = load<u32>(Merge.waiting);
  while (Merge.waitingLength > 0 && load<u32>(Merge.waiting) == Merge.rank) {
    const index = load<u32>(Merge.waiting, 4);
    takeFirst();
    let at = Merge.groupLength++;
    while (at > 0 && comesBefore(index, inGroup((at - 1) >> 1))) {
      store<u32>(Merge.group + (at << 2), inGroup((at - 1) >> 1));
      at = (at - 1) >> 1;
    }
    store<u32>(Merge.group + (at << 2), index);
  }
  return true;
}

// @ts-ignore: decorator
@inline
function slot(at: u32): usize {
  return Merge.waiting + (at << 3);
}

function wait(index: u32, rank: u32): void {
  let at = Merge.waitingLength++;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (load<u32>(slot(above)) <= rank) break;
    store<u64>(slot(at), load<u64>(slot(above)));
    at = above;
  }
  store<u32>(slot(at), rank);
  store<u32>(slot(at), index, 4);
}

function takeFirst(): void {
  const length = --Merge.waitingLength;
  const last = load<u64>(slot(length));
  const rank = <u32>last;
  let at: u32 = 0;
  while (true) {
    let below = at * 2 + 1;
    if (below >= length) break;
    if (below + 1 < length && load<u32>(slot(below + 1)) < load<u32>(slot(below))) below += 1;
    if (load<u32>(slot(below)) >= rank) break;
    store<u64>(slot(at), load<u64>(slot(below)));
    at = below;
  }
  store<u64>(slot(at), last);
}
