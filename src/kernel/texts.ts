import { Batch } from './batch';
import { copyShort } from './bytes';
import { parseETag } from './csv-values';

/**
 * Texts that lie one by one: for each, its address and its length, in two lists of 4-byte numbers.
 */

/** Lists texts that lie one after the other, each behind its length (4 bytes); where the list ends, or 0 where one goes beyond `end`. */
export function listTexts(from: usize, end: usize, count: u32, at: usize, lengths: usize): usize {
  let p = from;
  for (let i: u32 = 0; i < count; i++) {
    if (end - p < 4) return 0;
    const length = load<u32>(p);
    p += 4;
    if (length > <u32>(end - p)) return 0;
    store<usize>(at + (i << 2), p);
    store<u32>(lengths + (i << 2), length);
    p += length;
  }
  return p;
}

/** Lists texts that lie one after the other without anything between, by their lengths; false where they go beyond `end`. */
export function placeTexts(from: usize, end: usize, count: u32, at: usize, lengths: usize): bool {
  let p = from;
  for (let i: u32 = 0; i < count; i++) {
    const length = load<u32>(lengths + (i << 2));
    if (length > <u32>(end - p)) return false;
    store<usize>(at + (i << 2), p);
    p += length;
  }
  return true;
}

/** Puts texts one after the other and notes where each begins and the last ends; they must fit. */
export function gatherTexts(at: usize, lengths: usize, count: u32, to: usize, starts: usize): void {
  let p = to;
  store<u32>(starts, 0);
  for (let i: u32 = 0; i < count; i++) {
    const length = load<u32>(lengths + (i << 2));
    const from = load<usize>(at + (i << 2));
    if (length <= 256) copyShort(p, from, length);
    else memory.copy(p, from, length);
    p += length;
    store<u32>(starts + (i << 2), <u32>(p - to), 4);
  }
}

/** Reads ETags into the batch; how many of them are of no known form. Blank ones are none. */
export function readETags(at: usize, lengths: usize, count: u32): u32 {
  let odd: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const length = load<u32>(lengths + (i << 2));
    const start = load<usize>(at + (i << 2));
    const eTag = Batch.eTag + (i << 4);
    let parts: u32 = 0xffffffff;
    if (length > 0) {
      parts = parseETag(start, start + length, eTag);
      if (parts == 0xfffffffe) odd += 1;
    }
    if (parts >= 0xfffffffe) v128.store(eTag, i8x16.splat(0));
    store<u32>(Batch.eTagParts + (i << 2), parts);
  }
  return odd;
}
