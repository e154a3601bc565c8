import { decodeUtf8 } from '../cube/utf8.ts';
import type { BatchBuilder } from './batch-builder.ts';

/**
 * Finds the id of what a row says in some columns, held as bytes. Neighbouring rows mostly say the same,
 * so the last row is compared first and no text is made for it.
 */
export function createDetailReader(builder: BatchBuilder, columns: readonly number[], start: Int32Array, end: Int32Array) {
  let lastId = -1;
  let lastClears = -1;
  let last = new Uint8Array(256);
  const lastLength = new Int32Array(columns.length);

  function isSame(bytes: Uint8Array): boolean {
    let at = 0;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const from = start[column]!;
      const length = end[column]! - from;
      if (length !== lastLength[i]) return false;
      for (let k = 0; k < length; k++) if (bytes[from + k] !== last[at + k]) return false;
      at += length;
    }
    return true;
  }

  function remember(bytes: Uint8Array): void {
    let at = 0;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const from = start[column]!;
      const length = end[column]! - from;
      if (at + length > last.length) {
        const larger = new Uint8Array((at + length) * 2);
        larger.set(last);
        last = larger;
      }
      last.set(bytes.subarray(from, from + length), at);
      lastLength[i] = length;
      at += length;
    }
  }

  return (bytes: Uint8Array): number => {
    if (builder.clears === lastClears && isSame(bytes)) return lastId;
    lastId = builder.detailIdOf(columns.map((column) => decodeUtf8(bytes, start[column]!, end[column]!)));
    lastClears = builder.clears;
    remember(bytes);
    return lastId;
  };
}
