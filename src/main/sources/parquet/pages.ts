import { Damaged } from '../../../core/inventory/damaged.ts';
import type { ParquetChunk } from '../../../core/inventory/parquet/metadata.ts';
import { type PageHeader, readPageHeader } from '../../../core/inventory/parquet/page-header.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { KernelRoom } from '../columnar/column.ts';
import type { VerifiedFile } from '../verified-file.ts';
import { unpackPage } from './codecs.ts';

/** One column through all row groups of a file. */
export type ColumnChunks = readonly { readonly chunk: ParquetChunk; readonly rows: number }[];

/** Bytes of a column read from the file in one go. */
const WINDOW_BYTES = 1 << 20;

/** The pages of one column, from the first row group to the last. */
export class Pages {
  private readonly kernel: Kernel;
  private readonly file: VerifiedFile;
  private readonly chunks: ColumnChunks;
  private next = 0;
  private codec = 0;
  /** The rest of the chunk at hand: its place in the file, and what of it has been read. */
  private at = 0;
  private end = 0;
  private window: Uint8Array = new Uint8Array(0);
  private windowAt = 0;
  private valuesLeft = 0;
  private readonly packed: KernelRoom;
  private readonly plain: KernelRoom;

  constructor(kernel: Kernel, file: VerifiedFile, chunks: ColumnChunks) {
    this.kernel = kernel;
    this.file = file;
    this.chunks = chunks;
    this.packed = new KernelRoom(kernel);
    this.plain = new KernelRoom(kernel);
  }

  /** The next page with values, unpacked in the kernel's memory; `isFirst`: it begins a row group, and no dictionary holds on. */
  read(): { header: PageHeader; at: number; end: number; isFirst: boolean } {
    for (;;) {
      let isFirst = false;
      if (this.valuesLeft === 0) {
        this.openChunk();
        isFirst = true;
      }
      const header = readPageHeader(this.bytes(Math.min(this.end - this.at, 1 << 16), 0));
      this.at += header.headerBytes;
      if (this.at + header.packedBytes > this.end) throw new Damaged('a page goes beyond the end of its column');
      const packed = this.bytes(header.packedBytes, header.packedBytes);
      this.at += header.packedBytes;
      if (header.kind === 'other') continue;
      if (header.kind === 'data') {
        if (header.values > this.valuesLeft) throw new Damaged('a column has more values than it says');
        this.valuesLeft -= header.values;
      }
      const at = this.unpack(header, packed);
      return { header, at, end: at + header.bytes, isFirst };
    }
  }

  free(): void {
    this.packed.free();
    this.plain.free();
  }

  private openChunk(): void {
    for (;;) {
      const next = this.chunks[this.next++];
      if (next === undefined) throw new Damaged('a column has fewer values than it says');
      const { chunk, rows } = next;
      if (chunk.values !== rows) throw new Damaged('a column has another number of values than its row group has rows');
      if (rows === 0) continue;
      this.codec = chunk.codec;
      this.at = chunk.offset;
      this.end = chunk.offset + chunk.bytes;
      this.valuesLeft = rows;
      this.window = new Uint8Array(0);
      return;
    }
  }

  /** Bytes from the place at hand: at least `needed` of them, at most `most`. */
  private bytes(most: number, needed: number): Uint8Array {
    const from = this.at - this.windowAt;
    const has = from >= 0 ? this.window.length - from : 0;
    if (has >= Math.max(needed, Math.min(most, 256)) && from >= 0) return this.window.subarray(from, from + Math.min(most, has));
    this.windowAt = this.at;
    this.window = this.file.read(this.at, Math.max(needed, Math.min(WINDOW_BYTES, this.end - this.at)));
    if (this.window.length < needed) throw new Damaged('a page ends too early');
    return this.window.subarray(0, Math.min(most, this.window.length));
  }

  private unpack(header: PageHeader, packed: Uint8Array): number {
    const { levels } = header;
    if (levels === undefined) return unpackPage(this.kernel, this.codec, packed, header.bytes, this.packed, this.plain);
    // In the second version levels come first and are never packed.
    const before = levels.definition + levels.repetition;
    const values = packed.subarray(before);
    const codec = levels.isPacked && values.length > 0 ? this.codec : 0;
    const rest = new KernelRoom(this.kernel);
    const at = unpackPage(this.kernel, codec, values, header.bytes - before, this.packed, rest);
    const whole = this.plain.need(header.bytes);
    this.kernel.memory.set(packed.subarray(0, before), whole);
    this.kernel.memory.copyWithin(whole + before, at, at + header.bytes - before);
    rest.free();
    return whole;
  }
}
