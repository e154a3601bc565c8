import { MAX_KEY_BYTES } from '../inventory/row-batch.ts';
import type { Needle } from './needle.ts';

/** Names as an index keeps them: how much of a name is that of the name before it, and the rest of each. */
export interface PackedNames {
  readonly shared: Uint16Array;
  readonly length: Uint16Array;
  readonly rests: Uint8Array;
  /** Directories with their first rows; the row count ends the second list. */
  readonly directories: { readonly number: Uint32Array; readonly start: Uint32Array };
}

/** A row whose key holds the needle; its name is `name[0 .. nameLength)` until the next row is read. False ends the scan after it. */
export type OnMatch = (row: number, directory: number, name: Uint8Array, nameLength: number) => boolean;

const NOWHERE = 0xffffffff;

/**
 * Looks for a needle in the keys of a segment. Only the rest of a name is read: what it shares with the name before it has been read there,
 * and the states in between are kept.
 */
export class NameScan {
  /** The row to be read next. */
  row = 0;
  private readonly names: PackedNames;
  private readonly needle: Needle;
  private readonly states: Uint16Array;
  /** The name at hand, and the state after each number of its bytes, up to where the needle ends. */
  private readonly name = new Uint8Array(MAX_KEY_BYTES);
  private readonly after = new Uint16Array(MAX_KEY_BYTES + 1);
  /** How many bytes of the name there are when the needle has been read. */
  private foundAt = NOWHERE;
  private rest = 0;
  private run = -1;

  constructor(names: PackedNames, needle: Needle, states: Uint16Array) {
    this.names = names;
    this.needle = needle;
    this.states = states;
  }

  /** Reads rows up to `until`, or up to the one after which `onMatch` wants no more. */
  read(until: number, onMatch: OnMatch): void {
    const { shared, length, rests, directories } = this.names;
    const { next, end } = this.needle;
    const { name, after } = this;
    let { row, rest, foundAt } = this;
    let wantsMore = true;
    while (wantsMore && row < until) {
      let at = shared[row] as number;
      if (row === directories.start[this.run + 1]) foundAt = this.enter(at);
      const nameLength = at + (length[row] as number);
      if (at < foundAt) {
        foundAt = NOWHERE;
        let state = after[at] as number;
        while (at < nameLength) {
          const byte = rests[rest++] as number;
          name[at++] = byte;
          state = next[state * 256 + byte] as number;
          after[at] = state;
          if (state === end) {
            foundAt = at;
            break;
          }
        }
      }
      while (at < nameLength) name[at++] = rests[rest++] as number;
      if (foundAt !== NOWHERE) wantsMore = onMatch(row, directories.number[this.run] as number, name, nameLength);
      row += 1;
    }
    this.row = row;
    this.rest = rest;
    this.foundAt = foundAt;
  }

  /** Goes on in the next directory: what its first name shares with the last one is read again from its own path on. */
  private enter(shared: number): number {
    const { next, end } = this.needle;
    this.run += 1;
    let state = this.states[this.names.directories.number[this.run] as number] as number;
    this.after[0] = state;
    if (state === end) return 0;
    for (let at = 0; at < shared; at++) {
      state = next[state * 256 + (this.name[at] as number)] as number;
      this.after[at + 1] = state;
      if (state === end) return at + 1;
    }
    return NOWHERE;
  }
}
