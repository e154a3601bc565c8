import { encodeUtf8 } from '../cube/utf8.ts';

const AMP = 0x26;
const SEMICOLON = 0x3b;
/** The longest reference is "&#x10FFFF;". */
const LONGEST_REFERENCE = 12;

const NAMED: Readonly<Record<string, number>> = { amp: 0x26, lt: 0x3c, gt: 0x3e, quot: 0x22, apos: 0x27 };

/**
 * Copies the text of an XML element with its references resolved (&amp; &#38; &#x26;) to `out` from `at` on; returns the end
 * of what was written, or -1 for a reference that is none. `out` must have room for end - start.
 */
export function unescapeXml(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at;
  for (let from = start; from < end; from++) {
    const byte = bytes[from]!;
    if (byte !== AMP) {
      out[to++] = byte;
      continue;
    }
    let stop = from + 1;
    while (stop < end && stop - from < LONGEST_REFERENCE && bytes[stop] !== SEMICOLON) stop++;
    if (bytes[stop] !== SEMICOLON || stop >= end) return -1;
    const point = referenced(String.fromCharCode(...bytes.subarray(from + 1, stop)));
    if (point < 0) return -1;
    // A reference is never shorter than what it stands for in UTF-8, so there is room.
    const utf8 = encodeUtf8(String.fromCodePoint(point));
    out.set(utf8, to);
    to += utf8.length;
    from = stop;
  }
  return to;
}

function referenced(name: string): number {
  const known = NAMED[name];
  if (known !== undefined) return known;
  const found = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (found === null) return -1;
  const point = found[1] === undefined ? Number(found[2]) : Number.parseInt(found[1], 16);
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  return point > 0x10ffff || isSurrogate ? -1 : point;
}
