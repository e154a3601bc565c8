type Numbers = { readonly length: number; readonly [index: number]: number };
type Target = { length: number; [index: number]: number };

const HEADER_BYTES = 24;

/**
 * Whole numbers, less than 2^53 apart, in as few bytes as their range needs: value = base + scale * n, n little-endian in
 * `width` bytes. Header: width (float64), base (float64), scale (float64); entries follow.
 * A column of equal numbers takes no bytes at all, so its length is kept by whoever stores it.
 */
export function packNumbers(values: Numbers): Uint8Array {
  const count = values.length;
  let least = count > 0 ? (values[0] as number) : 0;
  let most = least;
  let isWholeSeconds = true;
  for (let i = 0; i < count; i++) {
    const value = values[i] as number;
    if (value < least) least = value;
    if (value > most) most = value;
    if (isWholeSeconds && value % 1000 !== 0) isWholeSeconds = false;
  }
  const scale = isWholeSeconds && most > least ? 1000 : 1;
  const width = widthOf((most - least) / scale);
  const packed = new Uint8Array(HEADER_BYTES + count * width);
  new Float64Array(packed.buffer, 0, 3).set([width, least, scale]);
  let at = HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    let rest = ((values[i] as number) - least) / scale;
    if (width > 4) {
      const high = Math.floor(rest / 0x1_0000_0000);
      for (let k = 4; k < width; k++) packed[at + k] = high >>> ((k - 4) * 8);
      rest -= high * 0x1_0000_0000;
    }
    for (let k = 0; k < width && k < 4; k++) packed[at + k] = rest >>> (k * 8);
    at += width;
  }
  return packed;
}

function widthOf(range: number): number {
  let width = 0;
  for (let reach = 1; reach <= range; reach *= 256) width += 1;
  return width;
}

/** Fills `target` from a packed column, from its entry `from` on. */
export function unpackNumbers<T extends Target>(packed: Uint8Array, target: T, from = 0): T {
  const header = float64s(packed, 3);
  const [width, base, scale] = [header[0] as number, header[1] as number, header[2] as number];
  let at = HEADER_BYTES + from * width;
  for (let i = 0; i < target.length; i++) {
    let value = 0;
    if (width > 0) value = packed[at] as number;
    if (width > 1) value |= (packed[at + 1] as number) << 8;
    if (width > 2) value |= (packed[at + 2] as number) << 16;
    if (width > 3) value = (value | ((packed[at + 3] as number) << 24)) >>> 0;
    for (let k = 4, unit = 0x1_0000_0000; k < width; k++, unit *= 256) value += (packed[at + k] as number) * unit;
    target[i] = base + scale * value;
    at += width;
  }
  return target;
}

/** Number of entries of a packed column, where they are not all equal. */
export function packedLength(packed: Uint8Array): number | null {
  const width = float64s(packed, 1)[0] as number;
  return width === 0 ? null : (packed.length - HEADER_BYTES) / width;
}

/** The first numbers of a blob, copied: blobs come at any offset, and a Buffer's slice is no copy. */
export function float64s(bytes: Uint8Array, count: number): Float64Array {
  const copy = new Float64Array(count);
  new Uint8Array(copy.buffer).set(bytes.subarray(0, count * 8));
  return copy;
}
