import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import { F64, I32, type Kernel, U8, U16, U32 } from '../kernel/kernel.ts';
import type { ColumnPacker } from './column-packer.ts';
import { type DetailDictionary, OWN_DETAILS } from './detail-dictionary.ts';

/** Names of the columns of a segment, as stored. Those of bytes alone are as they are, the others packed numbers. */
export const SEGMENT_COLUMNS = [
  /** Directories with their first rows; the row count ends the second list. */
  'directory',
  'directoryStart',
  /** How much of a name is that of the name before it; length of the rest; all rests one after the other. */
  'nameShared',
  'nameLength',
  'name',
  /** Length times 2, plus 1 where 16 bytes stand for 32 hex digits; all bytes one after the other. */
  'versionIdLength',
  'versionId',
  'sizeBytes',
  'lastModifiedMs',
  /** See row-flags.ts. */
  'flags',
  'classId',
  'kind',
  'ruleId',
  /** Of each directory, SEVERAL_UNITS where its rows have their own in the second. */
  'unit',
  'unitOfRow',
  /** Of rows that have one alone. */
  'retainUntilMs',
  /** 0 for 32 hex digits, 1 for none, 2 for another spelling, else the number of parts + 2; the 16 bytes of each that is hex digits. */
  'eTagCode',
  'eTag',
  /** JSON: ETags of other spellings, in order. */
  'eTagTexts',
  /** Number in "details", which is JSON: the values of the snapshot's `detail_names`, each combination once. */
  'detailId',
  'details',
] as const;
export type SegmentColumn = (typeof SEGMENT_COLUMNS)[number];

/** In the column `unit`: the rows of the directory have their own in `unitOfRow`. */
export const SEVERAL_UNITS = -2;

/** Where the kernel answers with what; see `segmentLayout` in src/kernel/index.ts. */
const AT = {
  sizeBytes: 0,
  lastModifiedMs: 1,
  versionIdLength: 2,
  classId: 3,
  flags: 4,
  ruleId: 5,
  nameShared: 6,
  nameLength: 7,
  name: 8,
  nameBytes: 9,
  versionId: 10,
  versionIdBytes: 11,
  eTagCode: 12,
  eTag: 13,
  eTagBytes: 14,
  kind: 15,
  retainUntilMs: 16,
  retained: 17,
  directory: 18,
  directoryStart: 19,
  directories: 20,
  detailId: 21,
  extras: 22,
  extraCount: 23,
  dictionary: 24,
  dictionaryLength: 25,
  fullNames: 26,
  fullNameStart: 27,
  unit: 28,
} as const;
type Layout = Readonly<Record<keyof typeof AT, number>>;

export function segmentLayout(kernel: Kernel): Layout {
  const answers = kernel.answers(kernel.calls.segmentLayout, Object.keys(AT).length);
  return Object.fromEntries(Object.entries(AT).map(([name, at]) => [name, answers[at]])) as unknown as Layout;
}

/** Stores the segments of a snapshot, one after the other, as the kernel makes them. */
export class SegmentWriter {
  private readonly kernel: Kernel;
  private readonly packer: ColumnPacker;
  private readonly details: DetailDictionary;
  private readonly store: (segment: number, name: SegmentColumn, data: Uint8Array) => void;
  private readonly storeRange: (...values: number[]) => void;
  private segment = 0;

  constructor(database: Database, snapshotId: number, kernel: Kernel, packer: ColumnPacker, details: DetailDictionary) {
    this.kernel = kernel;
    this.packer = packer;
    this.details = details;
    const insert = database.prepare('INSERT INTO segments (snapshot_id, segment, column_name, crc32, data) VALUES (?, ?, ?, ?, ?)');
    this.store = (segment, name, data) => void insert.run(snapshotId, segment, name, crc32(data), data);
    const insertRange = database.prepare(
      'INSERT INTO segment_ranges (snapshot_id, segment, row_count, first_directory, last_directory, directory_count, before_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.storeRange = (...values) => void insertRange.run(snapshotId, ...values);
  }

  /** Stores the kernel's segment, which has been derived. */
  write(): void {
    const { kernel, packer, segment } = this;
    const layout = segmentLayout(kernel);
    const rows = kernel.calls.segmentRows();
    const bytes = (name: SegmentColumn, from: number, length: number) => this.store(segment, name, kernel.bytes(from, length));
    const numbers = (name: SegmentColumn, from: number, count: number, type: Parameters<ColumnPacker['pack']>[2]) =>
      this.store(segment, name, packer.pack(from, count, type));

    const directories = layout.directories;
    const runs = kernel.u32(layout.directory, directories);
    this.storeRange(segment, rows, runs[0] as number, runs[directories - 1] as number, directories, kernel.calls.beforeMs());
    numbers('directory', layout.directory, directories, U32);
    numbers('directoryStart', layout.directoryStart, directories + 1, U32);
    numbers('nameShared', layout.nameShared, rows, U16);
    numbers('nameLength', layout.nameLength, rows, U16);
    bytes('name', layout.name, layout.nameBytes);
    numbers('versionIdLength', layout.versionIdLength, rows, U16);
    bytes('versionId', layout.versionId, layout.versionIdBytes);
    numbers('sizeBytes', layout.sizeBytes, rows, F64);
    numbers('lastModifiedMs', layout.lastModifiedMs, rows, F64);
    numbers('flags', layout.flags, rows, U8);
    numbers('classId', layout.classId, rows, U16);
    numbers('kind', layout.kind, rows, U8);
    numbers('ruleId', layout.ruleId, rows, U16);
    const units = unitsOf(kernel.u32(layout.directoryStart, directories + 1), kernel.i32(layout.unit, rows));
    this.store(segment, 'unit', packer.packArray(units.ofDirectory, I32));
    this.store(segment, 'unitOfRow', packer.packArray(units.ofRow, I32));
    numbers('retainUntilMs', layout.retainUntilMs, layout.retained, F64);
    numbers('eTagCode', layout.eTagCode, rows, U32);
    bytes('eTag', layout.eTag, layout.eTagBytes);
    numbers('detailId', layout.detailId, rows, U32);
    const { eTags, details } = this.texts(layout);
    this.store(segment, 'eTagTexts', eTags);
    this.store(segment, 'details', details);
    this.segment += 1;
  }

  /** The texts of the segment: ETags of other spellings, and its dictionary of details. */
  private texts(layout: Layout): { eTags: Uint8Array; details: Uint8Array } {
    const { kernel } = this;
    const records = kernel.u32(layout.extras, layout.extraCount * 4);
    const memory = kernel.memory;
    const eTags: string[] = [];
    const own: Uint8Array[] = [];
    for (let i = 0; i < layout.extraCount; i++) {
      const [at, eTagLength, detailLength] = [records[i * 4 + 1] as number, records[i * 4 + 2] as number, records[i * 4 + 3] as number];
      const row = records[i * 4] as number;
      if (kernel.u32(layout.eTagCode + row * 4, 1)[0] === 2) eTags.push(Buffer.from(memory.subarray(at, at + eTagLength)).toString('utf8'));
      if (detailLength > 0) own.push(memory.subarray(at + eTagLength, at + eTagLength + detailLength));
    }
    let nextOwn = 0;
    const dictionary = Array.from(kernel.u32(layout.dictionary, layout.dictionaryLength), (number) =>
      number === OWN_DETAILS ? (own[nextOwn++] as Uint8Array) : (this.details.texts[number] as Uint8Array),
    );
    return { eTags: Buffer.from(JSON.stringify(eTags)), details: jsonArray(dictionary) };
  }
}

/** A JSON array of values that are JSON already. */
function jsonArray(values: readonly Uint8Array[]): Uint8Array {
  const length = values.reduce((sum, value) => sum + value.length + 1, 1);
  const json = new Uint8Array(Math.max(2, length));
  json[0] = 0x5b;
  let at = 1;
  for (const [i, value] of values.entries()) {
    if (i > 0) json[at++] = 0x2c;
    json.set(value, at);
    at += value.length;
  }
  json[at] = 0x5d;
  return json;
}

/** Most directories have one unit for all their rows; only the others have one for each. */
function unitsOf(start: Uint32Array, unit: Int32Array): { readonly ofDirectory: Int32Array; readonly ofRow: Int32Array } {
  const ofDirectory = new Int32Array(start.length - 1);
  const ofRow = new Int32Array(unit.length);
  let several = 0;
  for (let run = 0; run < ofDirectory.length; run++) {
    const [from, to] = [start[run] as number, start[run + 1] as number];
    const first = unit[from] as number;
    let at = from + 1;
    while (at < to && unit[at] === first) at += 1;
    ofDirectory[run] = at === to ? first : SEVERAL_UNITS;
    if (at === to) continue;
    ofRow.set(unit.subarray(from, to), several);
    several += to - from;
  }
  return { ofDirectory, ofRow: ofRow.subarray(0, several) };
}
