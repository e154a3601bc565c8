import type { PackedNames } from './name-scan.ts';
import { type Needle, smallLetter } from './needle.ts';

/** Rows looked back at for what a name shares with those before it. */
const MOST_BACK = 200;

/**
 * Whether any name of a segment may hold a needle: never false where one does. The end of the needle then lies in the rest of a name. Either
 * all of it does, which `holds` tells of all rests together, or the rest begins with an end of it and what the name shares ends in the other part.
 */
export function mayHold(
  names: Pick<PackedNames, 'length' | 'rests'>,
  shared: () => Uint16Array,
  needle: Needle,
  holds: (rests: Uint8Array, bytes: Uint8Array) => boolean,
): boolean {
  const { bytes, end, ignoresCase } = needle;
  if (end === 0) return true;
  const { length } = names;
  const rests = ignoresCase ? names.rests.map(smallLetter) : names.rests;
  if (holds(rests, bytes)) return true;
  const isInner = new Uint8Array(256);
  for (let k = 1; k < end; k++) isInner[bytes[k] as number] = 1;
  let from = 0;
  for (let row = 0; row < length.length; row++) {
    const to = from + (length[row] as number);
    if (to > from && isInner[rests[from] as number] === 1) {
      for (let k = Math.max(1, end - (to - from)); k < end; k++) {
        if (beginsWith(rests, from, bytes, k) && mayEndIn({ shared: shared(), length, rests }, row, from, bytes, k)) return true;
      }
    }
    from = to;
  }
  return false;
}

/** Whether the text at a place is the needle from its byte `k` on. */
function beginsWith(text: Uint8Array, from: number, bytes: Uint8Array, k: number): boolean {
  for (let at = k; at < bytes.length; at++) if (text[from + at - k] !== bytes[at]) return false;
  return true;
}

/** Whether what a name shares ends in the first `k` bytes; true where that is told too far back. */
function mayEndIn(
  { shared, length, rests }: Omit<PackedNames, 'directories'>,
  of: number,
  begin: number,
  bytes: Uint8Array,
  k: number,
): boolean {
  const end = shared[of] as number;
  if (end < k) return false;
  let row = of;
  let from = begin;
  for (let at = end - 1; at >= end - k; at--) {
    // The byte is that of the last row before that did not share it.
    while (row === of || (shared[row] as number) > at) {
      if (of - row === MOST_BACK) return true;
      row -= 1;
      from -= length[row] as number;
    }
    if (rests[from + at - (shared[row] as number)] !== bytes[at - end + k]) return false;
  }
  return true;
}
