import { type ByteReader, Damaged } from '../damaged.ts';

/** Sums of numbers below this are exact in floating point. */
const EXACT = 2n ** 51n;
const EXACT_BITS = 51;

/**
 * DELTA_BINARY_PACKED (https://github.com/apache/parquet-format/blob/master/Encodings.md): the first number, then blocks of distances in
 * miniblocks of a width each. What it yields is divided by `unit`, rounded down.
 */
export function readDeltas(reader: ByteReader, count: number, unit = 1n): Float64Array {
  const blockSize = reader.varint();
  const miniblocks = reader.varint();
  const total = reader.varint();
  const first = reader.wideZigzag();
  if (miniblocks === 0 || miniblocks > 4096 || blockSize % miniblocks !== 0 || blockSize > 1 << 20)
    throw new Damaged('distances are packed in no known way');
  if (total !== count) throw new Damaged('a page has another number of values than it says');
  const perMiniblock = blockSize / miniblocks;
  if (perMiniblock % 8 !== 0) throw new Damaged('distances are packed in no known way');
  const out = new Float64Array(count);
  const sum = new Sum(first, unit);
  if (count > 0) out[0] = sum.value();
  let at = 1;
  while (at < count) {
    const least = reader.wideZigzag();
    const widths = reader.take(miniblocks);
    for (let m = 0; m < miniblocks && at < count; m++) {
      const width = widths[m] as number;
      if (width > 64) throw new Damaged('distances are wider than 64 bits');
      const packed = reader.take(Math.min((perMiniblock * width) / 8, reader.left));
      const end = Math.min(count, at + perMiniblock);
      if (packed.length * 8 < (end - at) * width) throw new Damaged('a block of distances ends too early');
      sum.run(least, packed, width, out, at, end);
      at = end;
    }
  }
  return out;
}

/** The number that distances have led to so far; all are of 64 bits, and go around. */
class Sum {
  private wide: bigint;
  private readonly unit: bigint;

  constructor(first: bigint, unit: bigint) {
    this.wide = BigInt.asIntN(64, first);
    this.unit = unit;
  }

  value(): number {
    if (this.unit === 1n) return Number(this.wide);
    const rest = ((this.wide % this.unit) + this.unit) % this.unit;
    return Number((this.wide - rest) / this.unit);
  }

  run(least: bigint, packed: Uint8Array, width: number, out: Float64Array, from: number, to: number): void {
    const isExact = this.unit === 1n && width <= EXACT_BITS && isSmall(least) && isSmall(this.wide);
    if (isExact && this.runExact(Number(least), packed, width, out, from, to)) return;
    for (let at = from, bit = 0; at < to; at++, bit += width) {
      const low = bitsAt(packed, bit, Math.min(width, 32));
      const high = width > 32 ? bitsAt(packed, bit + 32, width - 32) : 0;
      this.wide = BigInt.asIntN(64, this.wide + least + (BigInt(high) << 32n) + BigInt(low));
      out[at] = this.value();
    }
  }

  /** False, with nothing changed but `out`, where the numbers grew too large on the way. */
  private runExact(least: number, packed: Uint8Array, width: number, out: Float64Array, from: number, to: number): boolean {
    let value = Number(this.wide);
    for (let at = from, bit = 0; at < to; at++, bit += width) {
      value += least + bitsAt(packed, bit, width);
      if (!Number.isSafeInteger(value)) return false;
      out[at] = value;
    }
    this.wide = BigInt(value);
    return true;
  }
}

const isSmall = (value: bigint): boolean => value < EXACT && value > -EXACT;

/** `width` bits from a place on, the lowest first; as a number of up to 53 bits. */
function bitsAt(packed: Uint8Array, from: number, width: number): number {
  let value = 0;
  let unit = 1;
  let left = width;
  let at = from;
  while (left > 0) {
    const taken = Math.min(8 - (at & 7), left);
    value += (((packed[at >> 3] as number) >> (at & 7)) & ((1 << taken) - 1)) * unit;
    unit *= 2 ** taken;
    left -= taken;
    at += taken;
  }
  return value;
}
