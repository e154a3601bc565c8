import { Damaged } from '../damaged.ts';
import type { ByteSource } from './byte-source.ts';

/** A run holds at most so many numbers. */
const MOST_IN_RUN = 512;

/** Numbers that come in runs (https://orc.apache.org/specification/ORCv1/#run-length-encoding). Exact below 2^53. */
export abstract class Integers {
  protected readonly source: ByteSource;
  protected readonly isSigned: boolean;
  protected readonly run = new Float64Array(MOST_IN_RUN);
  private runAt = 0;
  private runEnd = 0;

  constructor(source: ByteSource, isSigned: boolean) {
    this.source = source;
    this.isSigned = isSigned;
  }

  /** Fills `out` from its beginning. */
  read(out: Float64Array, count: number): void {
    for (let at = 0; at < count; ) {
      if (this.runAt === this.runEnd) {
        this.runEnd = this.nextRun();
        this.runAt = 0;
      }
      const length = Math.min(count - at, this.runEnd - this.runAt);
      for (let i = 0; i < length; i++) out[at + i] = this.run[this.runAt + i] as number;
      this.runAt += length;
      at += length;
    }
  }

  /** Fills `run`; how many numbers it has. */
  protected abstract nextRun(): number;

  protected signed(value: number): number {
    if (!this.isSigned) return value;
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** The first version: runs with a step of a byte, or numbers one by one. */
export class IntegersV1 extends Integers {
  protected nextRun(): number {
    const { source, run } = this;
    const control = source.u8();
    if (control < 128) {
      const step = (source.u8() << 24) >> 24;
      let value = this.signed(source.varint());
      for (let i = 0; i < control + 3; i++) {
        run[i] = value;
        value += step;
      }
      return control + 3;
    }
    for (let i = 0; i < 256 - control; i++) run[i] = this.signed(source.varint());
    return 256 - control;
  }
}

const WIDE_WIDTHS = [26, 28, 30, 32, 40, 48, 56, 64];
const widthOf = (code: number): number => (code < 24 ? code + 1 : (WIDE_WIDTHS[code - 24] as number));
/** The narrowest width of those that are used. */
const usedWidth = (bits: number): number => (bits <= 24 ? bits : (WIDE_WIDTHS.find((width) => width >= bits) ?? 64));

/** The second version: four kinds of runs. */
export class IntegersV2 extends Integers {
  protected nextRun(): number {
    const head = this.source.u8();
    switch (head >> 6) {
      case 0:
        return this.repeated(head);
      case 1:
        return this.direct(head);
      case 2:
        return this.patched(head);
      default:
        return this.stepped(head);
    }
  }

  private repeated(head: number): number {
    const count = (head & 7) + 3;
    let value = 0;
    for (let bytes = ((head >> 3) & 7) + 1; bytes > 0; bytes--) value = value * 256 + this.source.u8();
    this.run.fill(this.signed(value), 0, count);
    return count;
  }

  private direct(head: number): number {
    const { run } = this;
    const count = this.countOf(head);
    this.unpack(widthOf((head >> 1) & 31), run, count);
    if (this.isSigned) for (let i = 0; i < count; i++) run[i] = this.signed(run[i] as number);
    return count;
  }

  /** Numbers above a base, few of which have more bits than the others. */
  private patched(head: number): number {
    const { run, source } = this;
    const count = this.countOf(head);
    const width = widthOf((head >> 1) & 31);
    const third = source.u8();
    const fourth = source.u8();
    const patchWidth = widthOf(third & 31);
    const gapWidth = (fourth >> 5) + 1;
    const patches = fourth & 31;
    const base = this.readBase((third >> 5) + 1);
    this.unpack(width, run, count);
    const patchRun = new Float64Array(patches);
    this.unpack(usedWidth(patchWidth + gapWidth), patchRun, patches);
    const unit = 2 ** patchWidth;
    let at = 0;
    for (const patch of patchRun) {
      at += Math.floor(patch / unit);
      if (at >= count) throw new Damaged('a patch lies beyond its run');
      run[at] = (run[at] as number) + (patch % unit) * 2 ** width;
    }
    for (let i = 0; i < count; i++) run[i] = base + (run[i] as number);
    return count;
  }

  /** The highest bit is its sign. */
  private readBase(bytes: number): number {
    const first = this.source.u8();
    let value = first & 127;
    for (let i = 1; i < bytes; i++) value = value * 256 + this.source.u8();
    return first < 128 ? value : -value;
  }

  private stepped(head: number): number {
    const { run, source } = this;
    const code = (head >> 1) & 31;
    const count = this.countOf(head);
    const first = this.signed(source.varint());
    const encoded = source.varint();
    const step = encoded % 2 === 0 ? encoded / 2 : -(encoded + 1) / 2;
    if (code === 0) {
      for (let i = 0; i < count; i++) run[i] = first + i * step;
      return count;
    }
    if (count > 2) this.unpack(widthOf(code), run, count - 2);
    const sign = step < 0 ? -1 : 1;
    let value = first + step;
    for (let i = 0; i < count - 2; i++) {
      const next = value;
      value += sign * (run[i] as number);
      // Two numbers go before those that were unpacked here.
      run[i] = next;
    }
    run.copyWithin(1, 0, Math.max(0, count - 2));
    run[0] = first;
    if (count > 1) run[count - 1] = value;
    return count;
  }

  private countOf(head: number): number {
    return ((head & 1) << 8) + this.source.u8() + 1;
  }

  /** Numbers of `width` bits, the highest bit first; the last byte is filled up. */
  private unpack(width: number, out: Float64Array, count: number): void {
    const packed = this.source.take(Math.ceil((width * count) / 8));
    if (width <= 24) unpackNarrow(packed, width, out, count);
    else if (width % 8 === 0) unpackBytes(packed, width >> 3, out, count);
    else unpackWide(packed, width, out, count);
  }
}

function unpackNarrow(packed: Uint8Array, width: number, out: Float64Array, count: number): void {
  let held = 0;
  let bits = 0;
  let next = 0;
  for (let i = 0; i < count; i++) {
    while (bits < width) {
      held = (held << 8) | (packed[next++] as number);
      bits += 8;
    }
    bits -= width;
    out[i] = held >>> bits;
    held &= (1 << bits) - 1;
  }
}

function unpackBytes(packed: Uint8Array, bytes: number, out: Float64Array, count: number): void {
  let next = 0;
  for (let i = 0; i < count; i++) {
    let value = 0;
    for (let k = 0; k < bytes; k++) value = value * 256 + (packed[next++] as number);
    out[i] = value;
  }
}

/** 26, 28 and 30 bits: what is held has at most 37. */
function unpackWide(packed: Uint8Array, width: number, out: Float64Array, count: number): void {
  let held = 0;
  let bits = 0;
  let next = 0;
  for (let i = 0; i < count; i++) {
    while (bits < width) {
      held = held * 256 + (packed[next++] as number);
      bits += 8;
    }
    bits -= width;
    const unit = 2 ** bits;
    const value = Math.floor(held / unit);
    out[i] = value;
    held -= value * unit;
  }
}
