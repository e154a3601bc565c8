type Numbers = { readonly length: number; readonly [index: number]: number };
type Target = { length: number; [index: number]: number };

/**
 * Columns of whole numbers in as few bits as each 256 of them need; src/kernel/pack.ts writes the same bytes.
 * A column: its scale (1 byte: 0 for 1, 1 for 1000), then blocks of 256 entries. A block: one byte with the code of its width
 * (low half) and how many bytes its least entry takes (high half), the least entry (signed, little-endian), then each entry's
 * distance from it. Entries are values / scale. How many there are is kept by whoever stores the column.
 */
const BLOCK = 256;
/** Bits of an entry by the code of its width. */
const BITS = [0, 1, 2, 4, 8, 16, 24, 32, 40, 48, 56] as const;
const MOST_BLOCK_BYTES = 9 + BLOCK * 7;

export function packNumbers(values: Numbers): Uint8Array {
  const count = values.length;
  let isThousands = values instanceof Float64Array && count > 0;
  for (let i = 0; i < count && isThousands; i++) isThousands = (values[i] as number) % 1000 === 0;
  const scale = isThousands ? 1000 : 1;
  const out = new Uint8Array(1 + Math.ceil(count / BLOCK) * MOST_BLOCK_BYTES);
  out[0] = isThousands ? 1 : 0;
  let at = 1;
  for (let from = 0; from < count; from += BLOCK) at = packBlock(values, from, Math.min(BLOCK, count - from), scale, out, at);
  return out.slice(0, at);
}

function packBlock(values: Numbers, from: number, count: number, scale: number, out: Uint8Array, start: number): number {
  let least = (values[from] as number) / scale;
  let most = least;
  for (let i = 1; i < count; i++) {
    const entry = (values[from + i] as number) / scale;
    if (entry < least) least = entry;
    if (entry > most) most = entry;
  }
  const code = codeOf(most - least);
  const length = lengthOf(least);
  let at = start;
  out[at++] = code | (length << 4);
  at = writeWhole(least, length, out, at);
  const bits = BITS[code] as number;
  if (bits >= 8) {
    for (let i = 0; i < count; i++) at = writeWhole((values[from + i] as number) / scale - least, bits / 8, out, at);
    return at;
  }
  for (let i = 0; i < count && bits > 0; i++) {
    const bit = i * bits;
    out[at + (bit >>> 3)] = (out[at + (bit >>> 3)] as number) | (((values[from + i] as number) / scale - least) << (bit & 7));
  }
  return at + Math.ceil((count * bits) / 8);
}

function codeOf(range: number): number {
  let code = 0;
  while (2 ** (BITS[code] as number) <= range) code += 1;
  return code;
}

/** Bytes a signed number takes; 0 for 0. */
function lengthOf(value: number): number {
  let length = value === 0 ? 0 : 1;
  while (length > 0 && (value < -(2 ** (length * 8 - 1)) || value >= 2 ** (length * 8 - 1))) length += 1;
  return length;
}

/** Writes the low bytes of a whole number, in two's complement where it is negative. */
function writeWhole(value: number, length: number, out: Uint8Array, at: number): number {
  const low = value % 0x1_0000_0000;
  const high = Math.floor(value / 0x1_0000_0000);
  for (let k = 0; k < length; k++) out[at + k] = k < 4 ? low >> (8 * k) : high >> (8 * (k - 4));
  return at + length;
}

/** Fills `target` from a packed column, from its entry `from` on. */
export function unpackNumbers<T extends Target>(packed: Uint8Array, target: T, from = 0): T {
  const scale = packed[0] === 1 ? 1000 : 1;
  const total = from + target.length;
  let at = 1;
  for (let first = 0; first < total; first += BLOCK) {
    const head = packed[at] as number;
    const bits = BITS[head & 15] as number;
    const length = head >> 4;
    const least = readSigned(packed, at + 1, length);
    at += 1 + length;
    if (first + BLOCK > from) {
      const begin = Math.max(0, from - first);
      unpackBlock(packed, at, bits, begin, Math.min(BLOCK, total - first), least, scale, target, first - from);
    }
    at += (BLOCK * bits) / 8;
  }
  return target;
}

/** The same for a column of small numbers, which are not thousands: a scan reads millions of them, and one kind of array alone is fast. */
export function unpackShorts(packed: Uint8Array, target: Uint16Array): Uint16Array {
  if (packed[0] !== 0) return unpackNumbers(packed, target);
  let at = 1;
  for (let first = 0; first < target.length; first += BLOCK) {
    const head = packed[at] as number;
    const bits = BITS[head & 15] as number;
    const length = head >> 4;
    const least = readSigned(packed, at + 1, length);
    at += 1 + length;
    const end = Math.min(first + BLOCK, target.length);
    if (bits === 0) target.fill(least, first, end);
    else if (bits === 8) for (let i = first, from = at; i < end; i++) target[i] = least + (packed[from++] as number);
    else if (bits < 8) {
      const mask = (1 << bits) - 1;
      for (let i = first, bit = at * 8; i < end; i++, bit += bits)
        target[i] = least + (((packed[bit >>> 3] as number) >>> (bit & 7)) & mask);
    } else
      for (let i = first, from = at; i < end; i++, from += 2)
        target[i] = least + ((packed[from] as number) | ((packed[from + 1] as number) << 8));
    at += (BLOCK * bits) / 8;
  }
  return target;
}

function unpackBlock(
  packed: Uint8Array,
  at: number,
  bits: number,
  begin: number,
  end: number,
  least: number,
  scale: number,
  target: Target,
  shift: number,
): void {
  const base = least * scale;
  if (bits === 0) {
    for (let i = begin; i < end; i++) target[shift + i] = base;
    return;
  }
  if (bits < 8) {
    const mask = (1 << bits) - 1;
    for (let i = begin; i < end; i++) {
      const bit = i * bits;
      target[shift + i] = base + scale * (((packed[at + (bit >>> 3)] as number) >>> (bit & 7)) & mask);
    }
    return;
  }
  const width = bits / 8;
  let place = at + begin * width;
  for (let i = begin; i < end; i++) {
    let value = packed[place] as number;
    if (width > 1) value |= (packed[place + 1] as number) << 8;
    if (width > 2) value |= (packed[place + 2] as number) << 16;
    if (width > 3) value = (value | ((packed[place + 3] as number) << 24)) >>> 0;
    for (let k = 4, unit = 0x1_0000_0000; k < width; k++, unit *= 256) value += (packed[place + k] as number) * unit;
    target[shift + i] = base + scale * value;
    place += width;
  }
}

function readSigned(packed: Uint8Array, at: number, length: number): number {
  let value = 0;
  let unit = 1;
  for (let k = 0; k < length; k++, unit *= 256) value += (packed[at + k] as number) * unit;
  return length > 0 && (packed[at + length - 1] as number) >= 0x80 ? value - unit : value;
}
