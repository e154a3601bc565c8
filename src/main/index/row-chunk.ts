import { grown } from '../../core/cube/growable.ts';

/** Up to 64 K rows, column by column. */
export interface RowChunk {
  rows: number;
  readonly columns: FixedColumns;
  nameBytes: Uint8Array;
  versionIdBytes: Uint8Array;
}

export interface FixedColumns {
  readonly sizeBytes: Float64Array;
  readonly lastModifiedMs: Float64Array;
  /** The last write of what is the latest, else when its successor was created; filled in when all rows are there. */
  readonly clockMs: Float64Array;
  /** In order of arrival while rows arrive, pre-order afterwards. */
  readonly directory: Uint32Array;
  /** NOT_LOCKED, LOCKED_FOR_EVER or a UTC day; see Cube. */
  readonly lockedUntilDay: Int32Array;
  /** Where a row's name begins in `nameBytes`; it ends where the next begins. One entry more than rows. */
  readonly nameStart: Uint32Array;
  readonly versionIdStart: Uint32Array;
  readonly classId: Uint16Array;
  readonly flags: Uint8Array;
  /** Rule + 1; 0 for none. */
  readonly rule: Uint8Array;
}

export const CHUNK_ROWS = 65_536;
/** The starts need a place more than there are rows; two keep the columns after them aligned. */
const PLACES = CHUNK_ROWS + 2;

/** Where each column lies in a chunk's memory: widest first, so that every one is aligned. */
export const LAYOUT = [
  ['sizeBytes', 8],
  ['lastModifiedMs', 8],
  ['clockMs', 8],
  ['directory', 4],
  ['lockedUntilDay', 4],
  ['nameStart', 4],
  ['versionIdStart', 4],
  ['classId', 2],
  ['flags', 1],
  ['rule', 1],
] as const satisfies readonly (readonly [keyof FixedColumns, number])[];

export const offsetOf = (column: number): number => LAYOUT.slice(0, column).reduce((sum, [, width]) => sum + width * PLACES, 0);
export const FIXED_BYTES = offsetOf(LAYOUT.length);

export function emptyChunk(fixed = new ArrayBuffer(FIXED_BYTES)): RowChunk {
  const columns: FixedColumns = {
    sizeBytes: new Float64Array(fixed, offsetOf(0), PLACES),
    lastModifiedMs: new Float64Array(fixed, offsetOf(1), PLACES),
    clockMs: new Float64Array(fixed, offsetOf(2), PLACES),
    directory: new Uint32Array(fixed, offsetOf(3), PLACES),
    lockedUntilDay: new Int32Array(fixed, offsetOf(4), PLACES),
    nameStart: new Uint32Array(fixed, offsetOf(5), PLACES),
    versionIdStart: new Uint32Array(fixed, offsetOf(6), PLACES),
    classId: new Uint16Array(fixed, offsetOf(7), PLACES),
    flags: new Uint8Array(fixed, offsetOf(8), PLACES),
    rule: new Uint8Array(fixed, offsetOf(9), PLACES),
  };
  return { rows: 0, columns, nameBytes: new Uint8Array(0), versionIdBytes: new Uint8Array(0) };
}

/** Copies text bytes to the end of a row of `starts`, and notes where the next row's begin; the bytes, grown where needed. */
export function appendText(into: Uint8Array, starts: Uint32Array, row: number, from: Uint8Array, start: number, end: number): Uint8Array {
  const at = starts[row] as number;
  const bytes = grown(into, at + end - start);
  for (let k = start; k < end; k++) bytes[at + k - start] = from[k] as number;
  starts[row + 1] = at + end - start;
  return bytes;
}

/** The chunk in the order of directories; rows of one directory keep their order. The chunk itself where it is so already. */
export function sortedByDirectory(chunk: RowChunk): RowChunk {
  const { rows, columns } = chunk;
  const keys = new Float64Array(rows);
  let isSorted = true;
  for (let i = 0; i < rows; i++) {
    keys[i] = (columns.directory[i] as number) * CHUNK_ROWS + i;
    if (i > 0 && (columns.directory[i] as number) < (columns.directory[i - 1] as number)) isSorted = false;
  }
  if (isSorted) return chunk;
  keys.sort();
  const sorted = emptyChunk();
  sorted.rows = rows;
  sorted.nameBytes = new Uint8Array(columns.nameStart[rows] as number);
  sorted.versionIdBytes = new Uint8Array(columns.versionIdStart[rows] as number);
  const to = sorted.columns;
  for (let i = 0; i < rows; i++) {
    const from = (keys[i] as number) % CHUNK_ROWS;
    to.sizeBytes[i] = columns.sizeBytes[from] as number;
    to.lastModifiedMs[i] = columns.lastModifiedMs[from] as number;
    to.clockMs[i] = columns.clockMs[from] as number;
    to.directory[i] = columns.directory[from] as number;
    to.lockedUntilDay[i] = columns.lockedUntilDay[from] as number;
    to.classId[i] = columns.classId[from] as number;
    to.flags[i] = columns.flags[from] as number;
    to.rule[i] = columns.rule[from] as number;
    const [nameFrom, nameTo] = [columns.nameStart[from] as number, columns.nameStart[from + 1] as number];
    appendText(sorted.nameBytes, to.nameStart, i, chunk.nameBytes, nameFrom, nameTo);
    const [idFrom, idTo] = [columns.versionIdStart[from] as number, columns.versionIdStart[from + 1] as number];
    appendText(sorted.versionIdBytes, to.versionIdStart, i, chunk.versionIdBytes, idFrom, idTo);
  }
  return sorted;
}

/** Adds the rows of one chunk to the end of another. */
export function appendChunk(to: RowChunk, from: RowChunk): void {
  const base = to.rows;
  for (const [name] of LAYOUT) {
    if (name !== 'nameStart' && name !== 'versionIdStart') to.columns[name].set(from.columns[name].subarray(0, from.rows), base);
  }
  to.nameBytes = appendTexts(to.nameBytes, to.columns.nameStart, base, from.nameBytes, from.columns.nameStart, from.rows);
  to.versionIdBytes = appendTexts(
    to.versionIdBytes,
    to.columns.versionIdStart,
    base,
    from.versionIdBytes,
    from.columns.versionIdStart,
    from.rows,
  );
  to.rows += from.rows;
}

function appendTexts(
  into: Uint8Array,
  starts: Uint32Array,
  base: number,
  from: Uint8Array,
  fromStarts: Uint32Array,
  rows: number,
): Uint8Array {
  const at = starts[base] as number;
  const first = fromStarts[0] as number;
  const end = fromStarts[rows] as number;
  const bytes = grown(into, at + end - first);
  bytes.set(from.subarray(first, end), at);
  for (let i = 1; i <= rows; i++) starts[base + i] = at + (fromStarts[i] as number) - first;
  return bytes;
}
