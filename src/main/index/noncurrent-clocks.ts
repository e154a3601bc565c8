import { grown } from '../../core/cube/growable.ts';
import { compareBytes, hashBytes } from '../../core/cube/utf8.ts';
import { IS_LATEST } from '../../core/inventory/row-batch.ts';
import { CHUNK_ROWS } from './row-chunk.ts';
import type { ScratchRows } from './scratch-rows.ts';

const MOST_CANDIDATES = 2_000_000;
const NONE = 0xffffffff;

/**
 * When each noncurrent version stopped being current: the LastModified of its successor, the next
 * newer version or delete marker of the same key (s3-domain 4.5). Rows come unsorted and in several
 * parts, so the keys that have a noncurrent version are noted by hash while rows arrive, and looked
 * up with their exact bytes when all are there.
 */
export class NoncurrentClocks {
  private hashes = new Uint32Array(1024);
  private size = 0;

  /** Notes the key of a row that is not the latest. Rows are numbered in the order they are noted. */
  note(directory: number, bytes: Uint8Array, nameStart: number, end: number): void {
    this.hashes = grown(this.hashes, this.size + 1);
    this.hashes[this.size] = hashBytes(bytes, nameStart, end, directory);
    this.size += 1;
  }

  /**
   * Clocks in milliseconds by the order rows were noted in. A successor that is not in the report leaves
   * `fallbackMs`: what is not known is not old.
   */
  resolve(
    rows: ScratchRows,
    fallbackMs: number,
    onChunk: () => void,
  ): { readonly clockMs: Float64Array; readonly missing: number; readonly isMulti: Uint8Array } {
    const clockMs = new Float64Array(this.size).fill(fallbackMs);
    const isMulti = new Uint8Array(rows.chunks * CHUNK_ROWS);
    if (this.size === 0) return { clockMs, missing: 0, isMulti };
    const filter = this.filter();
    const rounds = Math.ceil((this.size * 2) / MOST_CANDIDATES);
    let missing = 0;
    for (let round = 0; round < rounds; round++) {
      const candidates = new Candidates();
      let noncurrent = 0;
      for (let index = 0; index < rows.chunks; index++) {
        onChunk();
        const chunk = rows.read(index);
        const { flags, nameStart, directory: directories, lastModifiedMs } = chunk.columns;
        for (let i = 0; i < chunk.rows; i++) {
          const isLatest = ((flags[i] as number) & IS_LATEST) !== 0;
          const ordinal = isLatest ? NONE : noncurrent++;
          const [start, end] = [nameStart[i] as number, nameStart[i + 1] as number];
          const directory = directories[i] as number;
          const hash = hashBytes(chunk.nameBytes, start, end, directory);
          if (!filter.has(hash) || (rounds > 1 && hash % rounds !== round)) continue;
          candidates.add(hash, directory, chunk.nameBytes, start, end, lastModifiedMs[i] as number, ordinal, index * CHUNK_ROWS + i);
        }
      }
      missing += candidates.settle(clockMs, isMulti);
    }
    return { clockMs, missing, isMulti };
  }

  /** Which hashes may have been noted: one bit each, at least eight bits for every one. */
  private filter(): { has(hash: number): boolean } {
    let bits = 1024;
    while (bits < this.size * 8) bits *= 2;
    const words = new Uint32Array(bits / 32);
    const mask = bits - 1;
    for (let i = 0; i < this.size; i++) {
      const bit = (this.hashes[i] as number) & mask;
      words[bit >>> 5] = (words[bit >>> 5] as number) | (1 << (bit & 31));
    }
    return {
      has: (hash) => {
        const bit = hash & mask;
        return ((words[bit >>> 5] as number) & (1 << (bit & 31))) !== 0;
      },
    };
  }
}

/** Rows whose key may have a noncurrent version, chained by key. */
class Candidates {
  private size = 0;
  private hash = new Uint32Array(4096);
  private directory = new Uint32Array(4096);
  private nameStart = new Float64Array(4097);
  private names = new Uint8Array(65_536);
  private lastModifiedMs = new Float64Array(4096);
  /** NONE for the latest. */
  private ordinal = new Uint32Array(4096);
  /** Where the row lies among all rows. */
  private place = new Uint32Array(4096);
  private next = new Uint32Array(4096);
  private table = new Uint32Array(8192).fill(NONE);

  add(
    hash: number,
    directory: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    lastModifiedMs: number,
    ordinal: number,
    place: number,
  ): void {
    const row = this.size;
    this.size += 1;
    if (this.size > this.hash.length) this.grow();
    const at = this.nameStart[row] as number;
    this.names = grown(this.names, at + end - start);
    this.names.set(bytes.subarray(start, end), at);
    this.nameStart[row + 1] = at + end - start;
    this.hash[row] = hash;
    this.directory[row] = directory;
    this.lastModifiedMs[row] = lastModifiedMs;
    this.ordinal[row] = ordinal;
    this.place[row] = place;
    this.chain(row);
  }

  /** Writes the clocks of the noncurrent rows; how many have no successor here. */
  settle(clockMs: Float64Array, isMulti: Uint8Array): number {
    let missing = 0;
    const group: number[] = [];
    for (const head of this.table) {
      if (head === NONE) continue;
      group.length = 0;
      for (let row = head; row !== NONE; row = this.next[row] as number) group.push(row);
      group.sort((a, b) => this.newestFirst(a, b));
      for (const [index, row] of group.entries()) {
        if (group.length > 1) isMulti[this.place[row] as number] = 1;
        const ordinal = this.ordinal[row] as number;
        if (ordinal === NONE) continue;
        if (index === 0) missing += 1;
        else clockMs[ordinal] = Math.max(this.lastModifiedMs[group[index - 1] as number] as number, this.lastModifiedMs[row] as number);
      }
    }
    return missing;
  }

  /**
   * The latest is newest even where its time says otherwise: a multipart upload bears the time it was begun (s3-domain 1.3).
   * Among equal times what came first is newer: S3 lists a key's newest version first.
   */
  private newestFirst(a: number, b: number): number {
    const byLatest = Number(this.ordinal[b] === NONE) - Number(this.ordinal[a] === NONE);
    if (byLatest !== 0) return byLatest;
    return (this.lastModifiedMs[b] as number) - (this.lastModifiedMs[a] as number) || a - b;
  }

  private chain(row: number): void {
    const mask = this.table.length - 1;
    let slot = (this.hash[row] as number) & mask;
    for (;;) {
      const head = this.table[slot] as number;
      if (head === NONE || this.isSameKey(head, row)) {
        this.next[row] = head;
        this.table[slot] = row;
        return;
      }
      slot = (slot + 1) & mask;
    }
  }

  private isSameKey(a: number, b: number): boolean {
    if (this.hash[a] !== this.hash[b] || this.directory[a] !== this.directory[b]) return false;
    const { names, nameStart } = this;
    return (
      compareBytes(names, nameStart[a] as number, nameStart[a + 1] as number, names, nameStart[b] as number, nameStart[b + 1] as number) ===
      0
    );
  }

  private grow(): void {
    this.hash = grown(this.hash, this.size);
    this.directory = grown(this.directory, this.size);
    this.nameStart = grown(this.nameStart, this.hash.length + 1);
    this.lastModifiedMs = grown(this.lastModifiedMs, this.size);
    this.ordinal = grown(this.ordinal, this.size);
    this.place = grown(this.place, this.size);
    this.next = grown(this.next, this.size);
    this.table = new Uint32Array(this.table.length * 2).fill(NONE);
    for (let row = 0; row < this.size - 1; row++) this.chain(row);
  }
}
