import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { Kernel } from '../kernel/kernel.ts';

type Block = { readonly offset: number; readonly bytes: number };

/** Sorted chunks laid aside in a file, block by block, until all are there and can be merged. Throws what the file system throws. */
export class ScratchBlocks {
  private readonly file: number;
  private readonly path: string;
  private readonly chunks: Block[][] = [];
  private readonly next: number[] = [];
  private end = 0;

  constructor(path: string) {
    this.path = path;
    this.file = openSync(path, 'w+');
  }

  /** Sorts the rows of the kernel's chunk and lays them aside. */
  append(kernel: Kernel): void {
    const { calls } = kernel;
    if (calls.chunkRows() === 0) return;
    calls.sortChunk();
    const blocks: Block[] = [];
    for (let bytes = calls.nextBlock(); bytes > 0; bytes = calls.nextBlock()) {
      this.write(kernel.memory, calls.blockAt(), bytes);
      blocks.push({ offset: this.end, bytes });
      this.end += bytes;
    }
    this.chunks.push(blocks);
    this.next.push(0);
    calls.clearChunk();
  }

  /** Begins merging: every chunk with its first block. */
  beginMerge(kernel: Kernel): void {
    kernel.calls.beginMerge(this.chunks.length);
    for (let chunk = 0; chunk < this.chunks.length; chunk++) this.feed(kernel, chunk);
  }

  /** Gives the merge the next block of a chunk. */
  feed(kernel: Kernel, chunk: number): void {
    const at = this.next[chunk] as number;
    const block = this.chunks[chunk]?.[at];
    this.next[chunk] = at + 1;
    if (block === undefined) {
      kernel.calls.blockLoaded(chunk, 0);
      return;
    }
    const place = kernel.calls.blockPlace(chunk, block.bytes);
    this.read(kernel.memory, place, block);
    kernel.calls.blockLoaded(chunk, block.bytes);
  }

  remove(): void {
    closeSync(this.file);
    rmSync(this.path, { force: true });
  }

  private write(memory: Uint8Array, from: number, bytes: number): void {
    for (let done = 0; done < bytes; ) done += writeSync(this.file, memory, from + done, bytes - done, this.end + done);
  }

  private read(memory: Uint8Array, to: number, { offset, bytes }: Block): void {
    for (let done = 0; done < bytes; ) {
      const got = readSync(this.file, memory, to + done, bytes - done, offset + done);
      if (got === 0) throw Object.assign(new Error('the scratch file ended early'), { code: 'EIO' });
      done += got;
    }
  }
}
