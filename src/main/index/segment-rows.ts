import { NOT_LOCKED } from '../../core/cube/cube.ts';
import { lockedUntilDay } from '../../core/cube/lock.ts';
import { decodeUtf8 } from '../../core/cube/utf8.ts';
import { eTagText } from '../../core/inventory/e-tag.ts';
import { IS_DELETE_MARKER, IS_HELD, IS_LATEST } from '../../core/inventory/row-batch.ts';
import { unpackNumbers, unpackShorts } from './packed-numbers.ts';
import { cellFlags, IS_RETAINED, IS_SAME_KEY, stateOf } from './row-flags.ts';
import { SEVERAL_UNITS, type SegmentColumn } from './segment-writer.ts';

/** What is known of a segment besides its columns. */
export interface SegmentFacts {
  readonly rows: number;
  readonly firstDirectory: number;
  readonly lastDirectory: number;
  /** How many directories have rows in it. */
  readonly directories: number;
  /** Last modification of the row before the first one. */
  readonly beforeMs: number;
  /** When the snapshot began. */
  readonly asOfMs: number;
}

type Read = (name: SegmentColumn) => Uint8Array;

const HEX_ETAG = 0;
const NO_ETAG = 1;
const TEXT_ETAG = 2;

/** Makes something once, when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** A segment, its columns unpacked as they are asked for. `read` gives a stored column. */
export class Segment {
  readonly facts: SegmentFacts;
  readonly directories: () => { readonly number: Uint32Array; readonly start: Uint32Array };
  /** Of each name what is not that of the name before it; `nameParts` says how much is. */
  readonly nameRests: () => { readonly length: Uint16Array; readonly rests: Uint8Array };
  readonly nameParts: () => { readonly shared: Uint16Array; readonly length: Uint16Array; readonly rests: Uint8Array };
  readonly names: () => { readonly bytes: Uint8Array; readonly start: Uint32Array };
  readonly versionIds: () => { readonly bytes: Uint8Array; readonly length: Uint16Array; readonly start: Uint32Array };
  readonly eTags: () => {
    readonly bytes: Uint8Array;
    readonly code: Uint32Array;
    readonly before: Uint32Array;
    readonly texts: readonly string[];
  };
  readonly details: () => { readonly id: Uint32Array; readonly values: readonly (readonly string[])[] };
  readonly directory: () => Uint32Array;
  readonly flags: () => Uint8Array;
  readonly state: () => Uint8Array;
  readonly cubeFlags: () => Uint8Array;
  readonly isSameKey: () => Uint8Array;
  readonly kind: () => Uint8Array;
  readonly rule: () => Uint16Array;
  readonly unit: () => Int32Array;
  readonly classId: () => Uint16Array;
  readonly sizeBytes: () => Float64Array;
  readonly lastModifiedMs: () => Float64Array;
  readonly clockMs: () => Float64Array;
  readonly retainUntilMs: () => Float64Array;
  readonly lockedUntilDay: () => Int32Array;

  constructor(facts: SegmentFacts, read: Read) {
    this.facts = facts;
    const { rows } = facts;
    this.directories = once(() => readDirectories(facts, read));
    this.nameRests = once(() => ({ length: unpackShorts(read('nameLength'), new Uint16Array(rows)), rests: read('name') }));
    this.nameParts = once(() => ({ shared: unpackShorts(read('nameShared'), new Uint16Array(rows)), ...this.nameRests() }));
    this.names = once(() => readNames(rows, this.nameParts()));
    this.versionIds = once(() => readVersionIds(rows, read));
    this.eTags = once(() => readETags(rows, read));
    this.details = once(() => ({
      id: unpackNumbers(read('detailId'), new Uint32Array(rows)),
      values: json(read('details')) as string[][],
    }));
    this.directory = once(() => {
      const { number, start } = this.directories();
      const all = new Uint32Array(rows);
      for (let run = 0; run < number.length; run++) all.fill(number[run] as number, start[run], start[run + 1]);
      return all;
    });
    this.flags = once(() => unpackNumbers(read('flags'), new Uint8Array(rows)));
    this.state = once(() => this.flags().map(stateOf));
    this.cubeFlags = once(() => this.flags().map(cellFlags));
    this.isSameKey = once(() => this.flags().map((flags) => ((flags & IS_SAME_KEY) !== 0 ? 1 : 0)));
    this.kind = once(() => unpackNumbers(read('kind'), new Uint8Array(rows)));
    this.rule = once(() => unpackNumbers(read('ruleId'), new Uint16Array(rows)));
    this.unit = once(() => readUnits(this.directories(), rows, read));
    this.classId = once(() => unpackNumbers(read('classId'), new Uint16Array(rows)));
    this.sizeBytes = once(() => unpackNumbers(read('sizeBytes'), new Float64Array(rows)));
    this.lastModifiedMs = once(() => unpackNumbers(read('lastModifiedMs'), new Float64Array(rows)));
    this.clockMs = once(() => clocks(facts, this.flags(), this.lastModifiedMs()));
    this.retainUntilMs = once(() => readRetention(this.flags(), read));
    this.lockedUntilDay = once(() => locks(facts, this.flags(), this.retainUntilMs()));
  }

  versionId(row: number): string | null {
    const { bytes, length, start } = this.versionIds();
    const from = start[row] as number;
    if (((length[row] as number) & 1) === 1) return eTagText(bytes, from, 0);
    return decodeUtf8(bytes, from, start[row + 1] as number) || null;
  }

  eTag(row: number): string | null {
    const { bytes, code, before, texts } = this.eTags();
    const own = code[row] as number;
    const at = before[row] as number;
    if (own === NO_ETAG) return null;
    if (own === TEXT_ETAG) return texts[at] as string;
    return eTagText(bytes, at * 16, own === HEX_ETAG ? 0 : own - 2);
  }
}

const json = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));

function readDirectories({ directories }: SegmentFacts, read: Read) {
  return {
    number: unpackNumbers(read('directory'), new Uint32Array(directories)),
    start: unpackNumbers(read('directoryStart'), new Uint32Array(directories + 1)),
  };
}

function readUnits({ number, start }: { readonly number: Uint32Array; readonly start: Uint32Array }, rows: number, read: Read): Int32Array {
  const ofDirectory = unpackNumbers(read('unit'), new Int32Array(number.length));
  const all = new Int32Array(rows);
  let several = 0;
  for (let run = 0; run < number.length; run++) {
    const [from, to] = [start[run] as number, start[run + 1] as number];
    if (ofDirectory[run] === SEVERAL_UNITS) several += to - from;
    else all.fill(ofDirectory[run] as number, from, to);
  }
  if (several === 0) return all;
  const ofRow = unpackNumbers(read('unitOfRow'), new Int32Array(several));
  let next = 0;
  for (let run = 0; run < number.length; run++) {
    if (ofDirectory[run] !== SEVERAL_UNITS) continue;
    for (let i = start[run] as number; i < (start[run + 1] as number); i++) all[i] = ofRow[next++] as number;
  }
  return all;
}

function readNames(rows: number, { shared, length: rest, rests }: ReturnType<Segment['nameParts']>) {
  const start = new Uint32Array(rows + 1);
  for (let i = 0; i < rows; i++) start[i + 1] = (start[i] as number) + (shared[i] as number) + (rest[i] as number);
  const bytes = new Uint8Array(start[rows] as number);
  let from = 0;
  for (let i = 0; i < rows; i++) {
    let to = start[i] as number;
    const kept = to + (shared[i] as number);
    for (let last = i > 0 ? (start[i - 1] as number) : 0; to < kept; ) bytes[to++] = bytes[last++] as number;
    for (const end = start[i + 1] as number; to < end; ) bytes[to++] = rests[from++] as number;
  }
  return { bytes, start };
}

function readVersionIds(rows: number, read: Read) {
  const length = unpackNumbers(read('versionIdLength'), new Uint16Array(rows));
  const start = new Uint32Array(rows + 1);
  for (let i = 0; i < rows; i++) start[i + 1] = (start[i] as number) + ((length[i] as number) >>> 1);
  return { bytes: read('versionId'), length, start };
}

/** `before`: how many ETags of the same form (hex digits, or another spelling) come before a row's. */
function readETags(rows: number, read: Read) {
  const code = unpackNumbers(read('eTagCode'), new Uint32Array(rows));
  const before = new Uint32Array(rows);
  let packed = 0;
  let spelled = 0;
  for (let i = 0; i < rows; i++) {
    if (code[i] === TEXT_ETAG) before[i] = spelled++;
    else if (code[i] !== NO_ETAG) before[i] = packed++;
  }
  return { bytes: read('eTag'), code, before, texts: json(read('eTagTexts')) as string[] };
}

/** A row that is not the latest counts from when the row before it, of the same key, was written (s3-domain 4.5). */
function clocks({ rows, beforeMs, asOfMs }: SegmentFacts, flags: Uint8Array, lastModifiedMs: Float64Array): Float64Array {
  const all = lastModifiedMs.slice();
  for (let i = 0; i < rows; i++) {
    const own = flags[i] as number;
    if ((own & IS_LATEST) !== 0) continue;
    const successorMs = i === 0 ? beforeMs : (lastModifiedMs[i - 1] as number);
    all[i] = (own & IS_SAME_KEY) !== 0 ? Math.max(successorMs, all[i] as number) : asOfMs;
  }
  return all;
}

function readRetention(flags: Uint8Array, read: Read): Float64Array {
  let count = 0;
  for (const own of flags) if ((own & IS_RETAINED) !== 0) count += 1;
  const all = new Float64Array(flags.length).fill(Number.NaN);
  if (count === 0) return all;
  const until = unpackNumbers(read('retainUntilMs'), new Float64Array(count));
  for (let i = 0, next = 0; i < flags.length; i++) if (((flags[i] as number) & IS_RETAINED) !== 0) all[i] = until[next++] as number;
  return all;
}

function locks({ rows, asOfMs }: SegmentFacts, flags: Uint8Array, retainUntilMs: Float64Array): Int32Array {
  const all = new Int32Array(rows).fill(NOT_LOCKED);
  for (let i = 0; i < rows; i++) {
    const own = flags[i] as number;
    // Delete markers are not under lock (s3-domain 4.5).
    if ((own & IS_DELETE_MARKER) !== 0 || (own & (IS_HELD | IS_RETAINED)) === 0) continue;
    all[i] = lockedUntilDay(retainUntilMs[i] as number, (own & IS_HELD) !== 0, asOfMs);
  }
  return all;
}
