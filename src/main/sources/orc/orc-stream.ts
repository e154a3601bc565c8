import { inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { Damaged, Unsupported } from '../../../core/inventory/damaged.ts';
import { ByteSource } from '../../../core/inventory/orc/byte-source.ts';
import type { OrcStreamPlace } from '../../../core/inventory/orc/metadata.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { KernelRoom } from '../columnar/column.ts';
import type { VerifiedFile } from '../verified-file.ts';

const NONE = 0;
const ZLIB = 1;
const SNAPPY = 2;
const ZSTD = 5;

/** Bytes of a stream read from the file in one go. */
const WINDOW_BYTES = 1 << 18;
/** Writers make blocks of 64 or 256 KiB. */
const MOST_BLOCK_BYTES = 16 << 20;

/** Unpacks the blocks of one file. */
export class Unpacker {
  readonly codec: number;
  private readonly kernel: Kernel;
  private readonly blockBytes: number;
  private readonly packed: KernelRoom;
  private readonly plain: KernelRoom;

  constructor(kernel: Kernel, codec: number, blockBytes: number) {
    if (![NONE, ZLIB, SNAPPY, ZSTD].includes(codec)) throw new Unsupported(`packing no. ${codec}`);
    if (codec !== NONE && !(blockBytes > 0 && blockBytes <= MOST_BLOCK_BYTES))
      throw new Damaged('blocks are larger than any writer makes them');
    this.kernel = kernel;
    this.codec = codec;
    this.blockBytes = blockBytes;
    this.packed = new KernelRoom(kernel);
    this.plain = new KernelRoom(kernel);
  }

  get isPlain(): boolean {
    return this.codec === NONE;
  }

  /** The most bytes that so many packed ones may become. */
  most(packedBytes: number): number {
    return this.isPlain ? packedBytes : packedBytes * this.blockBytes;
  }

  unpack(block: Uint8Array): Uint8Array {
    if (this.codec === SNAPPY) return this.unsnappy(block);
    const options = { maxOutputLength: this.blockBytes };
    try {
      return this.codec === ZLIB ? inflateRawSync(block, options) : zstdDecompressSync(block, options);
    } catch {
      throw new Damaged('a block cannot be unpacked');
    }
  }

  private unsnappy(block: Uint8Array): Uint8Array {
    const { kernel } = this;
    const from = this.packed.put(block);
    const to = this.plain.need(this.blockBytes);
    const length = kernel.calls.unsnappy(from, block.length, to, this.blockBytes);
    if (length < 0) throw new Damaged('a block cannot be unpacked');
    return kernel.memory.slice(to, to + length);
  }

  free(): void {
    this.packed.free();
    this.plain.free();
  }
}

/** One stream of a stripe, unpacked block by block. */
export class OrcStream extends ByteSource {
  private readonly file: VerifiedFile;
  private readonly unpacker: Unpacker;
  private readonly end: number;
  private fileAt: number;
  private window: Uint8Array = new Uint8Array(0);
  private windowAt = 0;

  constructor(file: VerifiedFile, unpacker: Unpacker, { offset, bytes }: OrcStreamPlace) {
    super();
    this.file = file;
    this.unpacker = unpacker;
    this.fileAt = offset;
    this.end = offset + bytes;
  }

  /** The most bytes that are still to come. */
  get most(): number {
    return this.piece.length - this.at + this.unpacker.most(this.end - this.fileAt);
  }

  protected nextPiece(): Uint8Array | null {
    for (;;) {
      if (this.fileAt === this.end) return null;
      const piece = this.unpacker.isPlain ? this.raw(Math.min(WINDOW_BYTES, this.end - this.fileAt)) : this.nextBlock();
      if (piece.length > 0) return piece;
    }
  }

  private nextBlock(): Uint8Array {
    const [low, middle, high] = this.raw(3) as unknown as [number, number, number];
    const block = this.raw((low >> 1) | (middle << 7) | (high << 15));
    return (low & 1) === 1 ? block : this.unpacker.unpack(block);
  }

  /** Bytes as they lie, good for as long as anyone holds them. */
  private raw(length: number): Uint8Array {
    if (length > this.end - this.fileAt) throw new Damaged('a block goes beyond the end of its stream');
    let from = this.fileAt - this.windowAt;
    if (from + length > this.window.length) {
      this.window = this.file.read(this.fileAt, Math.max(length, Math.min(WINDOW_BYTES, this.end - this.fileAt)));
      this.windowAt = this.fileAt;
      from = 0;
      if (this.window.length < length) throw new Damaged('a block goes beyond the end of its file');
    }
    this.fileAt += length;
    return this.window.subarray(from, from + length);
  }
}

/** All of a stream; it may not become longer than `most`. */
export function readWhole(stream: OrcStream, most: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let piece = stream.rest(); piece !== null; piece = stream.rest()) {
    pieces.push(piece);
    length += piece.length;
    if (length > most) throw new Damaged('a structure is larger than any writer makes it');
  }
  return Buffer.concat(pieces);
}
