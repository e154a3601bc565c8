import { resized } from './bytes';

class Spare {
  static at: usize = 0;
  static bytes: usize = 0;
}

/** Runs this short are sorted by moving each entry to its place. */
const RUN: u32 = 8;

// @ts-ignore: decorator
@inline
function entry(list: usize, at: u32): u32 {
  return load<u32>(list + (at << 2));
}

// @ts-ignore: decorator
@inline
function put(list: usize, at: u32, value: u32): void {
  store<u32>(list + (at << 2), value);
}

/** Sorts a list of numbers; equal ones keep their order. What is sorted already costs one comparison an entry. */
export function sort(list: usize, length: u32, compare: (a: u32, b: u32) => i32): void {
  for (let from: u32 = 0; from < length; from += RUN) {
    const to = min(from + RUN, length);
    for (let i = from + 1; i < to; i++) {
      const value = entry(list, i);
      let at = i;
      while (at > from && compare(entry(list, at - 1), value) > 0) {
        put(list, at, entry(list, at - 1));
        at -= 1;
      }
      put(list, at, value);
    }
  }
  if (length <= RUN) return;
  if (<usize>length << 2 > Spare.bytes) {
    Spare.bytes = length << 3;
    Spare.at = resized(Spare.at, Spare.bytes);
  }
  for (let width = RUN; width < length; width <<= 1) {
    for (let from: u32 = 0; from + width < length; from += width << 1) {
      const middle = from + width;
      if (compare(entry(list, middle - 1), entry(list, middle)) > 0) mergeRuns(list, from, middle, min(middle + width, length), compare);
    }
  }
}

function mergeRuns(list: usize, from: u32, middle: u32, end: u32, compare: (a: u32, b: u32) => i32): void {
  const spare = Spare.at;
  const width = middle - from;
  memory.copy(spare, list + (from << 2), width << 2);
  let a: u32 = 0;
  let b = middle;
  let to = from;
  while (a < width) {
    const left = entry(spare, a);
    if (b < end && compare(left, entry(list, b)) > 0) put(list, to, entry(list, b++));
    else {
      put(list, to, left);
      a += 1;
    }
    to += 1;
  }
}
