import type Database from 'better-sqlite3';
import { IS_LATEST } from '../../core/inventory/row-batch.ts';
import { packNumbers } from './packed-numbers.ts';
import type { RowChunk } from './row-chunk.ts';

/** Names of the columns of a segment, as stored. */
export const SEGMENT_COLUMNS = [
  'directory',
  'directoryStart',
  'name',
  'nameLength',
  'versionId',
  'versionIdLength',
  'sizeBytes',
  'lastModifiedMs',
  'classId',
  'flags',
  'lockedUntilDay',
  'kind',
  'unit',
  'unitOfRow',
  'ruleId',
  'noncurrentSinceMs',
] as const;
export type SegmentColumn = (typeof SEGMENT_COLUMNS)[number];

/** In the column `unit`, which has one entry for each directory: its rows have their own in `unitOfRow`. */
export const SEVERAL_UNITS = -2;

/** Stores segments of a snapshot: rows sorted by directory, with their kinds (index into KINDS) and units. */
export function segmentWriter(
  database: Database,
  snapshotId: number,
): (segment: number, chunk: RowChunk, kind: Uint8Array, unit: Int32Array) => void {
  const insert = database.prepare('INSERT INTO segments (snapshot_id, segment, column_name, data) VALUES (?, ?, ?, ?)');
  const insertRange = database.prepare(
    'INSERT INTO segment_ranges (snapshot_id, segment, row_count, first_directory, last_directory) VALUES (?, ?, ?, ?, ?)',
  );
  return (segment, { rows, columns, nameBytes, versionIdBytes }, kind, unit) => {
    const directory = columns.directory.subarray(0, rows);
    const flags = columns.flags.subarray(0, rows);
    const runs = directoryRuns(directory);
    const packed: Record<SegmentColumn, Uint8Array> = {
      directory: packNumbers(runs.directory),
      directoryStart: packNumbers(runs.start),
      name: nameBytes.subarray(0, columns.nameStart[rows]),
      nameLength: packNumbers(lengths(columns.nameStart, rows)),
      versionId: versionIdBytes.subarray(0, columns.versionIdStart[rows]),
      versionIdLength: packNumbers(lengths(columns.versionIdStart, rows)),
      sizeBytes: packNumbers(columns.sizeBytes.subarray(0, rows)),
      lastModifiedMs: packNumbers(columns.lastModifiedMs.subarray(0, rows)),
      classId: packNumbers(columns.classId.subarray(0, rows)),
      flags: packNumbers(flags),
      lockedUntilDay: packNumbers(columns.lockedUntilDay.subarray(0, rows)),
      kind: packNumbers(kind),
      ...packedUnits(runs.start, unit),
      ruleId: packNumbers(columns.rule.subarray(0, rows)),
      // Only what is not the latest has one.
      noncurrentSinceMs: packNumbers(columns.clockMs.subarray(0, rows).filter((_, i) => ((flags[i] as number) & IS_LATEST) === 0)),
    };
    for (const name of SEGMENT_COLUMNS) insert.run(snapshotId, segment, name, packed[name]);
    insertRange.run(snapshotId, segment, rows, directory[0] as number, directory[rows - 1] as number);
  };
}

function packedUnits(start: Uint32Array, unit: Int32Array): { readonly unit: Uint8Array; readonly unitOfRow: Uint8Array } {
  const ofRun = new Int32Array(start.length - 1);
  const several: number[] = [];
  for (let run = 0; run < ofRun.length; run++) {
    const [from, to] = [start[run] as number, start[run + 1] as number];
    ofRun[run] = unit[from] as number;
    for (let i = from + 1; i < to && ofRun[run] !== SEVERAL_UNITS; i++) if (unit[i] !== unit[from]) ofRun[run] = SEVERAL_UNITS;
    if (ofRun[run] === SEVERAL_UNITS) for (let i = from; i < to; i++) several.push(unit[i] as number);
  }
  return { unit: packNumbers(ofRun), unitOfRow: packNumbers(several) };
}

function lengths(start: Uint32Array, rows: number): Uint16Array {
  const all = new Uint16Array(rows);
  for (let i = 0; i < rows; i++) all[i] = (start[i + 1] as number) - (start[i] as number);
  return all;
}

/** Rows of one directory follow each other: each directory once, with its first row; the row count ends the list. */
function directoryRuns(directory: Uint32Array): { readonly directory: Uint32Array; readonly start: Uint32Array } {
  const named: number[] = [];
  const start: number[] = [];
  for (let i = 0; i < directory.length; i++) {
    if (i > 0 && directory[i] === directory[i - 1]) continue;
    named.push(directory[i] as number);
    start.push(i);
  }
  start.push(directory.length);
  return { directory: Uint32Array.from(named), start: Uint32Array.from(start) };
}
