import { type ByteReader, Damaged } from '../damaged.ts';

/**
 * Numbers of few bits, in runs of equal ones and in packed groups of eight: "RLE/bit-packing hybrid"
 * (https://github.com/apache/parquet-format/blob/master/Encodings.md). Fills `out` from `from` to `to`.
 */
export function readHybrid(reader: ByteReader, bitWidth: number, out: Int32Array, from: number, to: number): void {
  if (bitWidth > 32) throw new Damaged('numbers are wider than 32 bits');
  let at = from;
  while (at < to) {
    const head = reader.varint();
    if (head % 2 === 0) {
      const end = Math.min(to, at + head / 2);
      if (end === at) throw new Damaged('a run has no length');
      let value = 0;
      for (let k = 0; k < Math.ceil(bitWidth / 8); k++) value |= reader.u8() << (8 * k);
      out.fill(value, at, end);
      at = end;
      continue;
    }
    const groups = (head - 1) / 2;
    if (groups === 0) throw new Damaged('a run has no length');
    // The last group may be cut off where nothing of it is needed.
    const packed = reader.take(Math.min(groups * bitWidth, reader.left));
    const end = Math.min(to, at + groups * 8);
    if (packed.length * 8 < (end - at) * bitWidth) throw new Damaged('a packed run ends too early');
    unpackBits(packed, bitWidth, out, at, end);
    at = end;
  }
}

/** Numbers of `bitWidth` bits each, the lowest bit first. */
function unpackBits(packed: Uint8Array, bitWidth: number, out: Int32Array, from: number, to: number): void {
  if (bitWidth === 0) {
    out.fill(0, from, to);
    return;
  }
  if (bitWidth === 8) {
    for (let i = from; i < to; i++) out[i] = packed[i - from] as number;
    return;
  }
  if (bitWidth > 24) {
    unpackWide(packed, bitWidth, out, from, to);
    return;
  }
  const mask = (1 << bitWidth) - 1;
  let held = 0;
  let bits = 0;
  let next = 0;
  for (let i = from; i < to; i++) {
    while (bits < bitWidth) {
      held |= (packed[next++] as number) << bits;
      bits += 8;
    }
    out[i] = held & mask;
    held >>>= bitWidth;
    bits -= bitWidth;
  }
}

function unpackWide(packed: Uint8Array, bitWidth: number, out: Int32Array, from: number, to: number): void {
  let held = 0n;
  let bits = 0;
  let next = 0;
  const width = BigInt(bitWidth);
  for (let i = from; i < to; i++) {
    while (bits < bitWidth) {
      held |= BigInt(packed[next++] as number) << BigInt(bits);
      bits += 8;
    }
    out[i] = Number(BigInt.asIntN(32, held & ((1n << width) - 1n)));
    held >>= width;
    bits -= bitWidth;
  }
}

/** One bit each, the highest bit of a byte first: how the oldest writers packed levels. */
export function readOldLevels(reader: ByteReader, out: Int32Array, count: number): void {
  const packed = reader.take(Math.ceil(count / 8));
  for (let i = 0; i < count; i++) out[i] = ((packed[i >> 3] as number) >> (7 - (i & 7))) & 1;
}
