import { IS_LATEST } from '../../core/inventory/row-batch.ts';
import { appendChunk, CHUNK_ROWS, emptyChunk, type RowChunk, sortedByDirectory } from './row-chunk.ts';
import { IS_MULTI } from './row-flags.ts';
import type { ScratchRows } from './scratch-rows.ts';

/** How many directories of a chunk are looked at in one go. */
const WINDOW = 4096;

/**
 * Gives every row its pre-order directory and its clock and sorts each chunk by directory; how many rows
 * lie directly in every directory. Clocks come in the order of the rows that are not the latest.
 */
export function sortChunks(
  scratch: ScratchRows,
  rank: Uint32Array,
  { clockMs, isMulti }: { readonly clockMs: Float64Array; readonly isMulti: Uint8Array },
  check: () => void,
): Uint32Array {
  const rowsIn = new Uint32Array(rank.length);
  let noted = 0;
  for (let index = 0; index < scratch.chunks; index++) {
    check();
    const chunk = scratch.read(index);
    const { directory, flags, clockMs: clock, lastModifiedMs } = chunk.columns;
    for (let i = 0; i < chunk.rows; i++) {
      const place = rank[directory[i] as number] as number;
      directory[i] = place;
      rowsIn[place] = (rowsIn[place] as number) + 1;
      if (((flags[i] as number) & IS_LATEST) !== 0) clock[i] = lastModifiedMs[i] as number;
      else clock[i] = clockMs[noted++] as number;
      if (isMulti[index * CHUNK_ROWS + i] === 1) flags[i] = (flags[i] as number) | IS_MULTI;
    }
    scratch.rewrite(index, sortedByDirectory(chunk));
  }
  return rowsIn;
}

export interface Segment {
  readonly chunk: RowChunk;
  /** True where no later segment has a row of this one's directories. */
  readonly endsDirectory: boolean;
}

/**
 * All rows by directory, in segments: as many whole directories as fit into one, and as many segments as
 * it takes for a directory that does not fit. A directory is then read from one place, however the parts
 * of the report were ordered.
 */
export function* sortedSegments(scratch: ScratchRows, rowsIn: Uint32Array): Generator<Segment> {
  const cursors = Array.from({ length: scratch.chunks }, (_, index) => new Cursor(scratch, index));
  for (let from = 0; from < rowsIn.length; ) {
    let to = from;
    let rows = 0;
    while (to < rowsIn.length && (to === from || rows + (rowsIn[to] as number) <= CHUNK_ROWS)) rows += rowsIn[to++] as number;
    from = to;
    if (rows === 0) continue;
    let chunk = emptyChunk();
    for (const cursor of cursors) {
      for (let slice = cursor.take(to, CHUNK_ROWS - chunk.rows); slice; slice = cursor.take(to, CHUNK_ROWS - chunk.rows)) {
        appendChunk(chunk, slice);
        rows -= slice.rows;
        if (chunk.rows < CHUNK_ROWS || rows === 0) continue;
        yield { chunk, endsDirectory: false };
        chunk = emptyChunk();
      }
    }
    if (rows !== 0) throw new Error('the rows of the scratch file do not add up');
    yield { chunk: sortedByDirectory(chunk), endsDirectory: true };
  }
}

/** Walks over one sorted chunk. */
class Cursor {
  private readonly scratch: ScratchRows;
  private readonly index: number;
  private readonly rows: number;
  private at = 0;
  private window = new Uint32Array(0);
  private windowFrom = 0;

  constructor(scratch: ScratchRows, index: number) {
    this.scratch = scratch;
    this.index = index;
    this.rows = scratch.rowsOf(index);
  }

  /** The next rows, at most `most`, of directories below `end`; undefined where there are none. */
  take(end: number, most: number): RowChunk | undefined {
    let to = this.at;
    while (to < this.rows && to - this.at < most && this.directory(to) < end) to += 1;
    if (to === this.at) return undefined;
    const slice = this.scratch.readRows(this.index, this.at, to);
    this.at = to;
    return slice;
  }

  private directory(row: number): number {
    if (row < this.windowFrom || row >= this.windowFrom + this.window.length) {
      this.windowFrom = row;
      this.window = new Uint32Array(Math.min(WINDOW, this.rows - row));
      this.scratch.readDirectories(this.index, row, this.window);
    }
    return this.window[row - this.windowFrom] as number;
  }
}
