import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { emptyChunk, FIXED_BYTES, LAYOUT, offsetOf, type RowChunk } from './row-chunk.ts';

type Place = { readonly offset: number; readonly rows: number; readonly names: number; readonly versionIds: number };

/** Chunks laid aside in a file until the tree is known and they can be written for good. Throws what the file system throws. */
export class ScratchRows {
  private readonly file: number;
  private readonly path: string;
  private readonly places: Place[] = [];
  private end = 0;

  constructor(path: string) {
    this.path = path;
    this.file = openSync(path, 'w+');
  }

  get chunks(): number {
    return this.places.length;
  }

  rowsOf(index: number): number {
    return this.place(index).rows;
  }

  append(chunk: RowChunk): void {
    const { rows, columns } = chunk;
    const place = {
      offset: this.end,
      rows,
      names: columns.nameStart[rows] as number,
      versionIds: columns.versionIdStart[rows] as number,
    };
    this.places.push(place);
    this.end += FIXED_BYTES + place.names + place.versionIds;
    this.write(place, chunk);
  }

  /** Puts the same rows back in another order. */
  rewrite(index: number, chunk: RowChunk): void {
    this.write(this.place(index), chunk);
  }

  read(index: number): RowChunk {
    const place = this.place(index);
    const fixed = new ArrayBuffer(FIXED_BYTES);
    const chunk = emptyChunk(fixed);
    chunk.rows = place.rows;
    chunk.nameBytes = new Uint8Array(place.names);
    chunk.versionIdBytes = new Uint8Array(place.versionIds);
    this.readInto(new Uint8Array(fixed), place.offset);
    this.readInto(chunk.nameBytes, place.offset + FIXED_BYTES);
    this.readInto(chunk.versionIdBytes, place.offset + FIXED_BYTES + place.names);
    return chunk;
  }

  /** Directories of rows [from, from + target.length) of a chunk. */
  readDirectories(index: number, from: number, target: Uint32Array): void {
    const column = LAYOUT.findIndex(([name]) => name === 'directory');
    this.readInto(bytesOf(target), this.place(index).offset + offsetOf(column) + from * 4);
  }

  /** Rows [from, to) of a chunk, as a chunk of their own whose texts do not begin at 0. */
  readRows(index: number, from: number, to: number): RowChunk {
    const place = this.place(index);
    const chunk = emptyChunk();
    chunk.rows = to - from;
    for (const [column, [name, width]] of LAYOUT.entries()) {
      // One entry more, for the end of the last text.
      const target = chunk.columns[name].subarray(0, to - from + 1);
      this.readInto(bytesOf(target), place.offset + offsetOf(column) + from * width);
    }
    const { nameStart, versionIdStart } = chunk.columns;
    const texts = place.offset + FIXED_BYTES;
    chunk.nameBytes = this.readTexts(nameStart, chunk.rows, texts);
    chunk.versionIdBytes = this.readTexts(versionIdStart, chunk.rows, texts + place.names);
    return chunk;
  }

  remove(): void {
    closeSync(this.file);
    rmSync(this.path, { force: true });
  }

  /** Reads the texts of some rows, and makes their starts count from the first of them. */
  private readTexts(start: Uint32Array, rows: number, base: number): Uint8Array {
    const first = start[0] as number;
    const bytes = new Uint8Array((start[rows] as number) - first);
    this.readInto(bytes, base + first);
    for (let i = 0; i <= rows; i++) start[i] = (start[i] as number) - first;
    return bytes;
  }

  private place(index: number): Place {
    const place = this.places[index];
    if (!place) throw new Error(`no chunk ${index}`);
    return place;
  }

  private write(place: Place, chunk: RowChunk): void {
    this.writeAll(new Uint8Array(chunk.columns.sizeBytes.buffer), place.offset);
    this.writeAll(chunk.nameBytes.subarray(0, place.names), place.offset + FIXED_BYTES);
    this.writeAll(chunk.versionIdBytes.subarray(0, place.versionIds), place.offset + FIXED_BYTES + place.names);
  }

  private writeAll(bytes: Uint8Array, offset: number): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.file, bytes, done, bytes.length - done, offset + done);
  }

  private readInto(bytes: Uint8Array, offset: number): void {
    for (let done = 0; done < bytes.length; ) {
      const got = readSync(this.file, bytes, done, bytes.length - done, offset + done);
      if (got === 0) throw Object.assign(new Error('the scratch file ended early'), { code: 'EIO' });
      done += got;
    }
  }
}

const bytesOf = (column: Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
