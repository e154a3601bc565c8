import { encodeUtf8 } from '../cube/utf8.ts';

/** Text that is looked for, as a machine that reads bytes one after the other and keeps in its state how much of it they end in. */
export interface Needle {
  /** The state once the text has been read; it stays. 0 for the empty text. */
  readonly end: number;
  /** The next state, by `state * 256 + byte`. */
  readonly next: Uint16Array;
  /** The text's bytes; in small letters where it ignores case. */
  readonly bytes: Uint8Array;
  readonly ignoresCase: boolean;
}

/** A to Z as a to z. */
export const smallLetter = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte);

/** `ignoresCase`: the letters A to Z alone; all others are as they are written. */
export function makeNeedle(text: string, ignoresCase: boolean): Needle {
  const folded = (byte: number): number => (ignoresCase ? smallLetter(byte) : byte);
  const bytes = encodeUtf8(text).map(folded);
  const end = bytes.length;
  const next = new Uint16Array((end + 1) * 256);
  // Where the machine would be without the first byte: what it goes back to on a byte that does not fit.
  let back = 0;
  for (let state = 0; state < end; state++) {
    next.copyWithin(state * 256, back * 256, (back + 1) * 256);
    const own = bytes[state] as number;
    for (let byte = 0; byte < 256; byte++) if (folded(byte) === own) next[state * 256 + byte] = state + 1;
    if (state > 0) back = next[back * 256 + own] as number;
  }
  next.fill(end, end * 256);
  return { end, next, bytes, ignoresCase };
}
