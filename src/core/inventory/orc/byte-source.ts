import { Damaged } from '../damaged.ts';

/** Bytes that come in pieces, each read before the next is there. */
export abstract class ByteSource {
  protected piece: Uint8Array = new Uint8Array(0);
  protected at = 0;

  /** The next piece, none of them empty; null behind the last. */
  protected abstract nextPiece(): Uint8Array | null;

  u8(): number {
    if (this.at === this.piece.length) this.turn();
    return this.piece[this.at++] as number;
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

  /** Bytes in one piece, good until more is read. */
  take(count: number): Uint8Array {
    if (this.piece.length - this.at < count) this.join(count);
    this.at += count;
    return this.piece.subarray(this.at - count, this.at);
  }

  /** Hands on so many bytes, piece by piece. */
  copyTo(count: number, put: (bytes: Uint8Array) => void): void {
    let left = count;
    while (left > 0) {
      if (this.at === this.piece.length) this.turn();
      const length = Math.min(left, this.piece.length - this.at);
      put(this.piece.subarray(this.at, this.at + length));
      this.at += length;
      left -= length;
    }
  }

  /** The rest of the piece at hand, or the next; null at the end. */
  rest(): Uint8Array | null {
    if (this.at === this.piece.length) {
      const next = this.nextPiece();
      if (next === null) return null;
      this.piece = next;
      this.at = 0;
    }
    return this.take(this.piece.length - this.at);
  }

  private turn(): void {
    const next = this.nextPiece();
    if (next === null) throw new Damaged('a stream ends too early');
    this.piece = next;
    this.at = 0;
  }

  private join(count: number): void {
    const pieces = [this.piece.subarray(this.at)];
    let has = this.piece.length - this.at;
    while (has < count) {
      const next = this.nextPiece();
      if (next === null) throw new Damaged('a stream ends too early');
      pieces.push(next);
      has += next.length;
    }
    const joined = new Uint8Array(has);
    let to = 0;
    for (const piece of pieces) {
      joined.set(piece, to);
      to += piece.length;
    }
    this.piece = joined;
    this.at = 0;
  }
}
