import type { TreeColumns } from '../cube/tree.ts';
import type { Needle } from './needle.ts';

const SLASH = 0x2f;

/** The state of a needle after the path of every directory: a name goes on from there, since a text may go over a "/". */
export function directoryStates({ parent, nameBytes, nameStart }: TreeColumns, { next }: Needle): Uint16Array {
  const states = new Uint16Array(parent.length);
  for (let d = 1; d < states.length; d++) {
    let state = states[parent[d] as number] as number;
    const end = nameStart[d + 1] as number;
    for (let at = nameStart[d] as number; at < end; at++) state = next[state * 256 + (nameBytes[at] as number)] as number;
    states[d] = next[state * 256 + SLASH] as number;
  }
  return states;
}

/**
 * Directories whose path holds the needle, or ends in all of it that comes before the last segment: names elsewhere fit only where they hold the
 * needle themselves.
 */
export function opening(states: Uint16Array, { end, bytes }: Needle): Uint32Array {
  const afterSlash = bytes.lastIndexOf(SLASH) + 1;
  const found: number[] = [];
  for (let d = 0; d < states.length; d++) if (states[d] === end || (afterSlash > 0 && states[d] === afterSlash)) found.push(d);
  return Uint32Array.from(found);
}
