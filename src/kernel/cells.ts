import { resized } from './bytes';
import { sort } from './sort';

/** Up to so many cells of one directory are looked through one by one. */
const FEW: u32 = 8;
const SMALL_OBJECT_BYTES: f64 = 131_072;

/**
 * The cells of the cube, in the order of their directories and within one in the order of what tells them apart. Those of the
 * directory at hand lie behind `done` and are not in order yet.
 */
export class Cells {
  static count: u32 = 0;
  static done: u32 = 0;
  private static room: u32 = 0;
  static directory: usize = 0;
  static unit: usize = 0;
  /** kind (bits 0-3), state (4-5), below 128 KiB (6), flags (7-9), class (10-). */
  static traits: usize = 0;
  static lockedUntilDay: usize = 0;
  static writtenDay: usize = 0;
  static clockDay: usize = 0;
  static versions: usize = 0;
  static bytes: usize = 0;
  private static last: u32 = 0;
  private static at: u32 = 0xffffffff;
  private static table: usize = 0;
  private static mask: u32 = 0;

  /** Adds one row. A directory's rows must follow each other. */
  static add(directory: u32, unit: i32, traits: u32, sizeBytes: f64, lockedUntilDay: i32, writtenDay: i32, clockDay: i32): void {
    if (directory != Cells.at) {
      Cells.endDirectory();
      Cells.at = directory;
    }
    const all = traits | (sizeBytes < SMALL_OBJECT_BYTES ? 64 : 0);
    let cell = Cells.last;
    if (cell < Cells.done || cell >= Cells.count || !Cells.is(cell, unit, all, lockedUntilDay, writtenDay, clockDay)) {
      cell = Cells.find(unit, all, lockedUntilDay, writtenDay, clockDay);
      Cells.last = cell;
    }
    const count = Cells.versions + (cell << 2);
    store<u32>(count, load<u32>(count) + 1);
    const bytes = Cells.bytes + (cell << 3);
    store<f64>(bytes, load<f64>(bytes) + sizeBytes);
  }

  // @ts-ignore: decorator
  @inline private static is(cell: u32, unit: i32, traits: u32, lockedUntilDay: i32, writtenDay: i32, clockDay: i32): bool {
    const at = cell << 2;
    return (
      load<u32>(Cells.traits + at) == traits &&
      load<i32>(Cells.unit + at) == unit &&
      load<i32>(Cells.writtenDay + at) == writtenDay &&
      load<i32>(Cells.clockDay + at) == clockDay &&
      load<i32>(Cells.lockedUntilDay + at) == lockedUntilDay
    );
  }

  private static find(unit: i32, traits: u32, lockedUntilDay: i32, writtenDay: i32, clockDay: i32): u32 {
    const own = Cells.count - Cells.done;
    if (own <= FEW) {
      for (let cell = Cells.done; cell < Cells.count; cell++) if (Cells.is(cell, unit, traits, lockedUntilDay, writtenDay, clockDay)) return cell;
      return Cells.append(unit, traits, lockedUntilDay, writtenDay, clockDay);
    }
    if (own == FEW + 1 || own * 2 > Cells.mask) Cells.rehash(own);
    let slot = mix(unit, traits, lockedUntilDay, writtenDay, clockDay) & Cells.mask;
    while (true) {
      const known = load<u32>(Cells.table + (slot << 2));
      if (known == 0) break;
      if (Cells.is(known - 1, unit, traits, lockedUntilDay, writtenDay, clockDay)) return known - 1;
      slot = (slot + 1) & Cells.mask;
    }
    const cell = Cells.append(unit, traits, lockedUntilDay, writtenDay, clockDay);
    store<u32>(Cells.table + (slot << 2), cell + 1);
    return cell;
  }

  private static rehash(own: u32): void {
    let room: u32 = 64;
    while (room < own * 4) room <<= 1;
    const bytes = room << 2;
    Cells.table = resized(Cells.table, bytes);
    Cells.mask = room - 1;
    memory.fill(Cells.table, 0, bytes);
    for (let cell = Cells.done; cell < Cells.count; cell++) {
      const at = cell << 2;
      let slot =
        mix(
          load<i32>(Cells.unit + at),
          load<u32>(Cells.traits + at),
          load<i32>(Cells.lockedUntilDay + at),
          load<i32>(Cells.writtenDay + at),
          load<i32>(Cells.clockDay + at),
        ) & Cells.mask;
      while (load<u32>(Cells.table + (slot << 2)) != 0) slot = (slot + 1) & Cells.mask;
      store<u32>(Cells.table + (slot << 2), cell + 1);
    }
  }

  private static append(unit: i32, traits: u32, lockedUntilDay: i32, writtenDay: i32, clockDay: i32): u32 {
    const cell = Cells.count++;
    if (Cells.count > Cells.room) Cells.grow();
    const at = cell << 2;
    store<u32>(Cells.directory + at, Cells.at);
    store<i32>(Cells.unit + at, unit);
    store<u32>(Cells.traits + at, traits);
    store<i32>(Cells.lockedUntilDay + at, lockedUntilDay);
    store<i32>(Cells.writtenDay + at, writtenDay);
    store<i32>(Cells.clockDay + at, clockDay);
    store<u32>(Cells.versions + at, 0);
    store<f64>(Cells.bytes + (cell << 3), 0);
    return cell;
  }

  private static grow(): void {
    Cells.room = max(4096, Cells.room * 2);
    const bytes = Cells.room << 2;
    Cells.directory = resized(Cells.directory, bytes);
    Cells.unit = resized(Cells.unit, bytes);
    Cells.traits = resized(Cells.traits, bytes);
    Cells.lockedUntilDay = resized(Cells.lockedUntilDay, bytes);
    Cells.writtenDay = resized(Cells.writtenDay, bytes);
    Cells.clockDay = resized(Cells.clockDay, bytes);
    Cells.versions = resized(Cells.versions, bytes);
    Cells.bytes = resized(Cells.bytes, bytes << 1);
  }

  /** Puts the cells of the directory at hand in order: they are done. */
  static endDirectory(): void {
    const own = Cells.count - Cells.done;
    if (own > 1) sortCells(own);
    Cells.done = Cells.count;
    Cells.mask = 0;
  }

  /** Lets go of the cells that are done, which have been read. */
  static forgetDone(): void {
    const own = Cells.count - Cells.done;
    const from = Cells.done << 2;
    const bytes = own << 2;
    memory.copy(Cells.directory, Cells.directory + from, bytes);
    memory.copy(Cells.unit, Cells.unit + from, bytes);
    memory.copy(Cells.traits, Cells.traits + from, bytes);
    memory.copy(Cells.lockedUntilDay, Cells.lockedUntilDay + from, bytes);
    memory.copy(Cells.writtenDay, Cells.writtenDay + from, bytes);
    memory.copy(Cells.clockDay, Cells.clockDay + from, bytes);
    memory.copy(Cells.versions, Cells.versions + from, bytes);
    memory.copy(Cells.bytes, Cells.bytes + (from << 1), bytes << 1);
    Cells.count = own;
    Cells.done = 0;
    Cells.last = 0;
    Cells.mask = 0;
    if (own > FEW) Cells.rehash(own);
  }
}

function mix(unit: i32, traits: u32, lockedUntilDay: i32, writtenDay: i32, clockDay: i32): u32 {
  let h = (<u64>traits << 32) | <u64>(<u32>writtenDay);
  h = (h ^ (<u64>(<u32>clockDay) << 20) ^ (<u64>(<u32>lockedUntilDay) << 7) ^ (<u64>(<u32>unit) << 11)) * 0x9e3779b97f4a7c15;
  return <u32>(h >> 32);
}

function compareCells(a: u32, b: u32): i32 {
  const left = a << 2;
  const right = b << 2;
  const byUnit = load<i32>(Cells.unit + left) - load<i32>(Cells.unit + right);
  if (byUnit != 0) return byUnit;
  const traits = load<u32>(Cells.traits + left);
  const other = load<u32>(Cells.traits + right);
  if (traits != other) return traits < other ? -1 : 1;
  const lock = load<i32>(Cells.lockedUntilDay + left);
  const otherLock = load<i32>(Cells.lockedUntilDay + right);
  if (lock != otherLock) return lock < otherLock ? -1 : 1;
  const byDay = load<i32>(Cells.writtenDay + left) - load<i32>(Cells.writtenDay + right);
  return byDay != 0 ? byDay : load<i32>(Cells.clockDay + left) - load<i32>(Cells.clockDay + right);
}

class Permutation {
  static order: usize = 0;
  static spare: usize = 0;
  static room: u32 = 0;
}

/** Sorts the last `own` cells. */
function sortCells(own: u32): void {
  const first = Cells.count - own;
  if (own > Permutation.room) {
    Permutation.room = own * 2;
    Permutation.order = resized(Permutation.order, Permutation.room << 2);
    Permutation.spare = resized(Permutation.spare, Permutation.room << 3);
  }
  let isSorted = true;
  for (let i: u32 = 0; i < own; i++) {
    store<u32>(Permutation.order + (i << 2), first + i);
    if (i > 0 && isSorted && compareCells(first + i - 1, first + i) > 0) isSorted = false;
  }
  if (isSorted) return;
  sort(Permutation.order, own, compareCells);
  permute(Cells.unit, first, own);
  permute(Cells.traits, first, own);
  permute(Cells.lockedUntilDay, first, own);
  permute(Cells.writtenDay, first, own);
  permute(Cells.clockDay, first, own);
  permute(Cells.versions, first, own);
  for (let i: u32 = 0; i < own; i++) {
    const from = <usize>load<u32>(Permutation.order + (i << 2));
    store<f64>(Permutation.spare + (i << 3), load<f64>(Cells.bytes + (from << 3)));
  }
  memory.copy(Cells.bytes + (first << 3), Permutation.spare, own << 3);
}

function permute(column: usize, first: u32, own: u32): void {
  for (let i: u32 = 0; i < own; i++) {
    const from = <usize>load<u32>(Permutation.order + (i << 2));
    store<u32>(Permutation.spare + (i << 2), load<u32>(column + (from << 2)));
  }
  memory.copy(column + (first << 2), Permutation.spare, own << 2);
}
