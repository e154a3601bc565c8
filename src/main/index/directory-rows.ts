import type Database from 'better-sqlite3';
import type { RowBlock } from '../../core/cube/row-block.ts';
import { compareBytes, decodeUtf8 } from '../../core/cube/utf8.ts';
import { IS_LATEST } from '../../core/inventory/row-batch.ts';
import { packedLength, unpackNumbers } from './packed-numbers.ts';
import { cellFlags, stateOf } from './row-flags.ts';
import { SEVERAL_UNITS, type SegmentColumn } from './segment-writer.ts';

type Part = {
  readonly rows: number;
  readonly names: Uint8Array;
  readonly nameStart: Uint32Array;
  readonly versionIds: Uint8Array;
  readonly versionIdStart: Uint32Array;
  readonly sizeBytes: Float64Array;
  readonly lastModifiedMs: Float64Array;
  readonly classId: Uint16Array;
  readonly flags: Uint8Array;
  readonly lockedUntilDay: Int32Array;
  readonly kind: Uint8Array;
  readonly unit: Int32Array;
  readonly rule: Uint8Array;
  readonly noncurrentSinceMs: Float64Array;
};

/** The versions and delete markers lying directly in one directory, by name (byte order), newest first within one key. */
export class DirectoryRows implements RowBlock {
  readonly rows: number;
  readonly directory: Uint32Array;
  readonly isSameKey: Uint8Array;
  readonly kind: Uint8Array;
  readonly unit: Int32Array;
  readonly classId: Uint16Array;
  readonly flags: Uint8Array;
  readonly state: Uint8Array;
  readonly cubeFlags: Uint8Array;
  readonly lockedUntilDay: Int32Array;
  /** Rule + 1 as in the table `rules`; 0 for none. */
  readonly rule: Uint8Array;
  readonly sizeBytes: Float64Array;
  readonly lastModifiedMs: Float64Array;
  /** NaN for what is the latest. */
  readonly noncurrentSinceMs: Float64Array;
  readonly clockMs: Float64Array;
  private readonly parts: readonly Part[];
  private readonly partOf: Uint32Array;
  private readonly rowInPart: Uint32Array;

  constructor(directory: number, parts: readonly Part[]) {
    this.parts = parts;
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    this.rows = rows;
    this.partOf = new Uint32Array(rows);
    this.rowInPart = new Uint32Array(rows);
    let at = 0;
    for (const [index, part] of parts.entries()) {
      for (let i = 0; i < part.rows; i++, at++) {
        this.partOf[at] = index;
        this.rowInPart[at] = i;
      }
    }
    this.sort();
    this.directory = new Uint32Array(rows).fill(directory);
    this.isSameKey = new Uint8Array(rows);
    for (let i = 1; i < rows; i++) this.isSameKey[i] = this.compareNames(i - 1, i) === 0 ? 1 : 0;
    this.kind = this.gather(new Uint8Array(rows), (part) => part.kind);
    this.unit = this.gather(new Int32Array(rows), (part) => part.unit);
    this.classId = this.gather(new Uint16Array(rows), (part) => part.classId);
    this.flags = this.gather(new Uint8Array(rows), (part) => part.flags);
    this.lockedUntilDay = this.gather(new Int32Array(rows), (part) => part.lockedUntilDay);
    this.rule = this.gather(new Uint8Array(rows), (part) => part.rule);
    this.sizeBytes = this.gather(new Float64Array(rows), (part) => part.sizeBytes);
    this.lastModifiedMs = this.gather(new Float64Array(rows), (part) => part.lastModifiedMs);
    this.noncurrentSinceMs = this.gather(new Float64Array(rows), (part) => part.noncurrentSinceMs);
    this.clockMs = this.noncurrentSinceMs.map((clock, i) => (Number.isNaN(clock) ? (this.lastModifiedMs[i] as number) : clock));
    this.cubeFlags = this.flags.map(cellFlags);
    this.state = this.flags.map(stateOf);
  }

  name(row: number): string {
    const { part, at } = this.place(row);
    return decodeUtf8(part.names, part.nameStart[at] as number, part.nameStart[at + 1] as number);
  }

  /** null for the null version and where there are no version ids. */
  versionId(row: number): string | null {
    const { part, at } = this.place(row);
    return decodeUtf8(part.versionIds, part.versionIdStart[at] as number, part.versionIdStart[at + 1] as number) || null;
  }

  private place(row: number): { readonly part: Part; readonly at: number } {
    return { part: this.parts[this.partOf[row] as number] as Part, at: this.rowInPart[row] as number };
  }

  private gather<T extends Uint8Array | Uint16Array | Int32Array | Float64Array>(target: T, column: (part: Part) => T): T {
    const columns = this.parts.map(column);
    for (let i = 0; i < this.rows; i++) target[i] = columns[this.partOf[i] as number]?.[this.rowInPart[i] as number] as number;
    return target;
  }

  private compareNames(a: number, b: number): number {
    const left = this.place(a);
    const right = this.place(b);
    return compareBytes(
      left.part.names,
      left.part.nameStart[left.at] as number,
      left.part.nameStart[left.at + 1] as number,
      right.part.names,
      right.part.nameStart[right.at] as number,
      right.part.nameStart[right.at + 1] as number,
    );
  }

  private compare(a: number, b: number): number {
    const byName = this.compareNames(a, b);
    if (byName !== 0) return byName;
    const left = this.place(a);
    const right = this.place(b);
    const byLatest = ((right.part.flags[right.at] as number) & IS_LATEST) - ((left.part.flags[left.at] as number) & IS_LATEST);
    if (byLatest !== 0) return byLatest;
    return (right.part.lastModifiedMs[right.at] as number) - (left.part.lastModifiedMs[left.at] as number) || a - b;
  }

  /** Parts are often in order as they are. */
  private sort(): void {
    let isSorted = true;
    for (let i = 1; i < this.rows && isSorted; i++) isSorted = this.compare(i - 1, i) <= 0;
    if (isSorted) return;
    const order = Uint32Array.from({ length: this.rows }, (_, i) => i).sort((a, b) => this.compare(a, b));
    const partOf = this.partOf.slice();
    const rowInPart = this.rowInPart.slice();
    for (let i = 0; i < this.rows; i++) {
      this.partOf[i] = partOf[order[i] as number] as number;
      this.rowInPart[i] = rowInPart[order[i] as number] as number;
    }
  }
}

/** Reads the rows of one directory out of every segment that has any. */
export function readDirectoryRows(database: Database, snapshotId: number, directory: number): DirectoryRows {
  const ranges = database
    .prepare(
      'SELECT segment, row_count FROM segment_ranges WHERE snapshot_id = ? AND first_directory <= ? AND last_directory >= ? ORDER BY segment',
    )
    .all(snapshotId, directory, directory);
  const column = database.prepare('SELECT data FROM segments WHERE snapshot_id = ? AND segment = ? AND column_name = ?');
  const parts: Part[] = [];
  for (const range of ranges) {
    const read = (name: SegmentColumn): Uint8Array => column.get(snapshotId, Number(range.segment), name)?.data as Uint8Array;
    const part = readPart(read, Number(range.row_count), directory);
    if (part) parts.push(part);
  }
  return new DirectoryRows(directory, parts);
}

function readPart(read: (name: SegmentColumn) => Uint8Array, segmentRows: number, directory: number): Part | null {
  const starts = read('directoryStart');
  const runs = (packedLength(starts) ?? 1) - 1;
  const directories = unpackNumbers(read('directory'), new Uint32Array(runs));
  const run = indexOfSorted(directories, directory);
  if (run < 0) return null;
  const start = unpackNumbers(starts, new Uint32Array(runs + 1));
  const from = start[run] as number;
  const rows = (start[run + 1] as number) - from;
  const flagsBefore = unpackNumbers(read('flags'), new Uint8Array(from + rows));
  const flags = flagsBefore.slice(from);
  const names = readTexts(read('name'), read('nameLength'), segmentRows, from, rows);
  const versionIds = readTexts(read('versionId'), read('versionIdLength'), segmentRows, from, rows);
  return {
    rows,
    names: names.bytes,
    nameStart: names.start,
    versionIds: versionIds.bytes,
    versionIdStart: versionIds.start,
    sizeBytes: unpackNumbers(read('sizeBytes'), new Float64Array(rows), from),
    lastModifiedMs: unpackNumbers(read('lastModifiedMs'), new Float64Array(rows), from),
    classId: unpackNumbers(read('classId'), new Uint16Array(rows), from),
    flags,
    lockedUntilDay: unpackNumbers(read('lockedUntilDay'), new Int32Array(rows), from),
    kind: unpackNumbers(read('kind'), new Uint8Array(rows), from),
    unit: readUnits(read, runs, run, rows),
    rule: unpackNumbers(read('ruleId'), new Uint8Array(rows), from),
    noncurrentSinceMs: spread(read('noncurrentSinceMs'), flagsBefore, from),
  };
}

/** Most directories have one unit for all their rows; only the others have one for each. */
function readUnits(read: (name: SegmentColumn) => Uint8Array, runs: number, run: number, rows: number): Int32Array {
  const ofRun = unpackNumbers(read('unit'), new Int32Array(runs));
  const own = ofRun[run] as number;
  if (own !== SEVERAL_UNITS) return new Int32Array(rows).fill(own);
  const start = unpackNumbers(read('directoryStart'), new Uint32Array(runs + 1));
  let before = 0;
  for (let i = 0; i < run; i++) if (ofRun[i] === SEVERAL_UNITS) before += (start[i + 1] as number) - (start[i] as number);
  return unpackNumbers(read('unitOfRow'), new Int32Array(rows), before);
}

function readTexts(
  bytes: Uint8Array,
  lengths: Uint8Array,
  segmentRows: number,
  from: number,
  rows: number,
): { readonly bytes: Uint8Array; readonly start: Uint32Array } {
  const all = unpackNumbers(lengths, new Uint16Array(Math.min(segmentRows, from + rows)));
  const start = new Uint32Array(rows + 1);
  let at = 0;
  for (let i = 0; i < from; i++) at += all[i] as number;
  start[0] = at;
  for (let i = 0; i < rows; i++) start[i + 1] = (start[i] as number) + (all[from + i] as number);
  return { bytes, start };
}

/** One entry is stored for each row that is not the latest; the others get NaN. */
function spread(packed: Uint8Array, flags: Uint8Array, from: number): Float64Array {
  let before = 0;
  for (let i = 0; i < from; i++) if (((flags[i] as number) & IS_LATEST) === 0) before += 1;
  let own = 0;
  for (let i = from; i < flags.length; i++) if (((flags[i] as number) & IS_LATEST) === 0) own += 1;
  const clocks = unpackNumbers(packed, new Float64Array(own), before);
  const all = new Float64Array(flags.length - from).fill(Number.NaN);
  let next = 0;
  for (let i = from; i < flags.length; i++) if (((flags[i] as number) & IS_LATEST) === 0) all[i - from] = clocks[next++] as number;
  return all;
}

function indexOfSorted(values: Uint32Array, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return values[low] === value ? low : -1;
}
