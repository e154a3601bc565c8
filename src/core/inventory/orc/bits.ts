import type { ByteSource } from './byte-source.ts';

/** Bytes that come in runs of equal ones, or as they are. */
export class ByteRuns {
  private readonly source: ByteSource;
  private left = 0;
  private value = -1;

  constructor(source: ByteSource) {
    this.source = source;
  }

  next(): number {
    if (this.left === 0) {
      const control = this.source.u8();
      this.left = control < 128 ? control + 3 : 256 - control;
      this.value = control < 128 ? this.source.u8() : -1;
    }
    this.left -= 1;
    return this.value >= 0 ? this.value : this.source.u8();
  }
}

/** Bits of such bytes, the highest first. */
export class Bits {
  private readonly bytes: ByteRuns;
  private held = 0;
  private left = 0;

  constructor(source: ByteSource) {
    this.bytes = new ByteRuns(source);
  }

  /** Fills `out` with 0 and 1 from its beginning; how many are 1. */
  read(out: Uint8Array, count: number): number {
    let ones = 0;
    for (let i = 0; i < count; i++) {
      if (this.left === 0) {
        this.held = this.bytes.next();
        this.left = 8;
      }
      this.left -= 1;
      const bit = (this.held >> this.left) & 1;
      out[i] = bit;
      ones += bit;
    }
    return ones;
  }
}
