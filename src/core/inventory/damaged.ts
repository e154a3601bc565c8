/** A data file does not hold what its format promises. Raised while one is read, and made a failure by whoever reads it; it goes no further. */
export class Damaged extends Error {}

/** Something that a data file may hold and this version does not read. */
export class Unsupported extends Error {}

/** The bytes of a structure, read one after the other; going beyond the end is Damaged. */
export class ByteReader {
  readonly bytes: Uint8Array;
  private readonly view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    if (this.at >= this.bytes.length) throw new Damaged('a structure ends too early');
    return this.bytes[this.at++] as number;
  }

  u32(): number {
    return this.fixed(4, (at) => this.view.getUint32(at, true));
  }

  f64(): number {
    return this.fixed(8, (at) => this.view.getFloat64(at, true));
  }

  /** A number in groups of 7 bits, exact below 2^53. */
  varint(): number {
    let value = 0;
    let unit = 1;
    for (let k = 0; k < 10; k++) {
      const byte = this.u8();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
      unit *= 128;
    }
    throw new Damaged('a number has no end');
  }

  /** The same with its sign in the lowest bit. */
  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A number of 64 bits with its sign in the lowest bit, exact whatever it is. */
  wideZigzag(): bigint {
    const value = BigInt.asUintN(64, this.wideVarint());
    return (value & 1n) === 0n ? value >> 1n : -(value >> 1n) - 1n;
  }

  private wideVarint(): bigint {
    const from = this.at;
    const value = this.varint();
    if (Number.isSafeInteger(value)) return BigInt(value);
    let wide = 0n;
    for (let at = this.at - 1; at >= from; at--) wide = (wide << 7n) | BigInt((this.bytes[at] as number) & 127);
    return wide;
  }

  take(length: number): Uint8Array {
    if (!(length >= 0 && length <= this.left)) throw new Damaged('a structure ends too early');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private fixed(length: number, read: (at: number) => number): number {
    if (this.left < length) throw new Damaged('a structure ends too early');
    this.at += length;
    return read(this.at - length);
  }
}
