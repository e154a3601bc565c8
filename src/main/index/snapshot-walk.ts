import { compareBytes } from '../../core/cube/utf8.ts';
import type { KeyWalk } from '../../core/snapshots/compare.ts';
import type { Segment } from './segment-rows.ts';

/** What the numbers of one snapshot stand for beside another. */
export interface WalkNumbers {
  /** The shared number of a class, by the snapshot's own. */
  readonly billedClass: ArrayLike<number>;
  /** The group of a version, by its directory and kind. */
  readonly group: (directory: number, kind: number) => number;
}

/** A segment with the columns a walk looks at. */
class Loaded {
  readonly segment: Segment;
  readonly rows: number;
  readonly directory: Uint32Array;
  readonly isSameKey: Uint8Array;
  readonly state: Uint8Array;
  readonly sizeBytes: Float64Array;
  readonly lastModifiedMs: Float64Array;
  readonly names: ReturnType<Segment['names']>;
  readonly versionIds: ReturnType<Segment['versionIds']>;

  constructor(segment: Segment) {
    this.segment = segment;
    this.rows = segment.facts.rows;
    this.directory = segment.directory();
    this.isSameKey = segment.isSameKey();
    this.state = segment.state();
    this.sizeBytes = segment.sizeBytes();
    this.lastModifiedMs = segment.lastModifiedMs();
    this.names = segment.names();
    this.versionIds = segment.versionIds();
  }
}

/** Walks over the segments of a snapshot key by key; one segment is in memory at a time, and what a key's versions need. */
export class SnapshotWalk implements KeyWalk {
  directory = 0;
  count = 0;
  private readonly segments: Iterator<Segment>;
  private readonly numbers: WalkNumbers;
  private now: Loaded | undefined;
  private at = 0;
  /** Where the versions of the key lie. */
  private readonly places: { in: Loaded; row: number }[] = [];

  constructor(segments: Iterator<Segment>, numbers: WalkNumbers) {
    this.segments = segments;
    this.numbers = numbers;
  }

  next(): boolean {
    this.count = 0;
    for (;;) {
      if (this.now === undefined || this.at >= this.now.rows) {
        const next = this.segments.next();
        if (next.done === true) {
          this.now = undefined;
          return this.count > 0;
        }
        this.now = new Loaded(next.value);
        this.at = 0;
        continue;
      }
      if (this.count > 0 && this.now.isSameKey[this.at] === 0) return true;
      if (this.count === 0) this.directory = this.now.directory[this.at] as number;
      const place = this.places[this.count];
      if (place === undefined) this.places.push({ in: this.now, row: this.at });
      else {
        place.in = this.now;
        place.row = this.at;
      }
      this.count++;
      this.at++;
    }
  }

  compareName(other: SnapshotWalk): number {
    const [a, b] = [this.place(0), other.place(0)];
    const [left, right] = [a.in.names, b.in.names];
    return compareBytes(
      left.bytes,
      left.start[a.row] as number,
      left.start[a.row + 1] as number,
      right.bytes,
      right.start[b.row] as number,
      right.start[b.row + 1] as number,
    );
  }

  startsWith(beginning: Uint8Array): boolean {
    const { in: from, row } = this.place(0);
    const start = from.names.start[row] as number;
    const end = Math.min(from.names.start[row + 1] as number, start + beginning.length);
    return compareBytes(from.names.bytes, start, end, beginning, 0, beginning.length) === 0;
  }

  versionId(i: number): string {
    const { in: from, row } = this.place(i);
    return from.segment.versionId(row) ?? '';
  }

  /** Equal ids are stored in the same form. */
  hasSameId(i: number, other: SnapshotWalk, j: number): boolean {
    const [a, b] = [this.place(i), other.place(j)];
    const [left, right] = [a.in.versionIds, b.in.versionIds];
    if (left.length[a.row] !== right.length[b.row]) return false;
    const [from, to] = [left.start[a.row] as number, left.start[a.row + 1] as number];
    return compareBytes(left.bytes, from, to, right.bytes, right.start[b.row] as number, right.start[b.row + 1] as number) === 0;
  }

  hasSameContent(i: number, other: SnapshotWalk, j: number): boolean {
    const [a, b] = [this.place(i), other.place(j)];
    if (a.in.sizeBytes[a.row] !== b.in.sizeBytes[b.row] || a.in.lastModifiedMs[a.row] !== b.in.lastModifiedMs[b.row]) return false;
    const [left, right] = [a.in.segment.eTag(a.row), b.in.segment.eTag(b.row)];
    return left === null || right === null || left === right;
  }

  sizeBytes(i: number): number {
    const { in: from, row } = this.place(i);
    return from.sizeBytes[row] as number;
  }

  state(i: number): number {
    const { in: from, row } = this.place(i);
    return from.state[row] as number;
  }

  billedClass(i: number): number {
    const { in: from, row } = this.place(i);
    return this.numbers.billedClass[from.segment.classId()[row] as number] as number;
  }

  group(i: number): number {
    const { in: from, row } = this.place(i);
    return this.numbers.group(this.directory, from.segment.kind()[row] as number);
  }

  private place(i: number): { readonly in: Loaded; readonly row: number } {
    return this.places[i] as { in: Loaded; row: number };
  }
}
