import { compareKeys } from '../../core/cube/key-order.ts';
import type { DirectoryRange, RowBlock } from '../../core/cube/row-block.ts';
import { decodeUtf8 } from '../../core/cube/utf8.ts';
import type { Segment } from './segment-rows.ts';

type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** Rows [from, to) of a segment. */
export interface Part {
  readonly segment: Segment;
  readonly from: number;
  readonly to: number;
}

/**
 * Rows of an index that follow each other, of one segment or of several: by directory, then by name (byte order), the latest first,
 * then the newest.
 */
export interface IndexRows extends RowBlock {
  /** As in a batch, and see row-flags.ts. */
  readonly flags: Uint8Array;
  /** Rule + 1 as in the table `rules`; 0 for none. */
  readonly rule: Uint16Array;
  /** NaN where there is no retention date. */
  readonly retainUntilMs: Float64Array;
  /** null where there is none. */
  eTag(row: number): string | null;
  /** Values of the source's further columns, in the order of the snapshot's names for them; none where rows lie elsewhere. */
  details(row: number): readonly string[];
}

/** Rows of the segments of an index. A column is unpacked when it is first asked for. */
export class Rows implements IndexRows {
  readonly rows: number;
  tags?: IndexRows['tags'];
  private readonly parts: readonly Part[];
  private readonly columns = new Map<string, Column>();

  constructor(parts: readonly Part[]) {
    this.parts = parts;
    this.rows = parts.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  get directory(): Uint32Array {
    return this.column('directory', (segment) => segment.directory());
  }
  get kind(): Uint8Array {
    return this.column('kind', (segment) => segment.kind());
  }
  get unit(): Int32Array {
    return this.column('unit', (segment) => segment.unit());
  }
  get classId(): Uint16Array {
    return this.column('classId', (segment) => segment.classId());
  }
  /** As in a batch, and see row-flags.ts. */
  get flags(): Uint8Array {
    return this.column('flags', (segment) => segment.flags());
  }
  get state(): Uint8Array {
    return this.column('state', (segment) => segment.state());
  }
  get cubeFlags(): Uint8Array {
    return this.column('cubeFlags', (segment) => segment.cubeFlags());
  }
  get isSameKey(): Uint8Array {
    return this.column('isSameKey', (segment) => segment.isSameKey());
  }
  /** Rule + 1 as in the table `rules`; 0 for none. */
  get rule(): Uint16Array {
    return this.column('rule', (segment) => segment.rule());
  }
  get sizeBytes(): Float64Array {
    return this.column('sizeBytes', (segment) => segment.sizeBytes());
  }
  get lastModifiedMs(): Float64Array {
    return this.column('lastModifiedMs', (segment) => segment.lastModifiedMs());
  }
  get clockMs(): Float64Array {
    return this.column('clockMs', (segment) => segment.clockMs());
  }
  get lockedUntilDay(): Int32Array {
    return this.column('lockedUntilDay', (segment) => segment.lockedUntilDay());
  }
  /** NaN where there is no retention date. */
  get retainUntilMs(): Float64Array {
    return this.column('retainUntilMs', (segment) => segment.retainUntilMs());
  }

  name(row: number): string {
    const { segment, at } = this.place(row);
    const { bytes, start } = segment.names();
    return decodeUtf8(bytes, start[at] as number, start[at + 1] as number);
  }

  versionId(row: number): string | null {
    const { segment, at } = this.place(row);
    return segment.versionId(at);
  }

  /** null where there is none. */
  eTag(row: number): string | null {
    const { segment, at } = this.place(row);
    return segment.eTag(at);
  }

  /** Values of the source's further columns, in the order of the snapshot's names for them. */
  details(row: number): readonly string[] {
    const { segment, at } = this.place(row);
    const { id, values } = segment.details();
    return values[id[at] as number] ?? [];
  }

  private place(row: number): { readonly segment: Segment; readonly at: number } {
    let left = row;
    for (const { segment, from, to } of this.parts) {
      if (left < to - from) return { segment, at: from + left };
      left -= to - from;
    }
    throw new Error(`there is no row ${row}`);
  }

  /** One part's column is a view; several parts' are put together. */
  private column<T extends Column>(name: string, of: (segment: Segment) => T): T {
    const known = this.columns.get(name);
    if (known !== undefined) return known as T;
    const views = this.parts.map(({ segment, from, to }) => of(segment).subarray(from, to) as T);
    const [only] = views;
    let whole = only as T;
    if (views.length !== 1) {
      const Make = (only?.constructor ?? Uint8Array) as new (length: number) => T;
      whole = new Make(this.rows);
      let at = 0;
      for (const view of views) {
        whole.set(view as never, at);
        at += view.length;
      }
    }
    this.columns.set(name, whole);
    return whole;
  }
}

/** The rows of a segment that lie in some directories; null where there are none. */
export function rowsWithin(segment: Segment, { from, to }: DirectoryRange): Part | null {
  const { number, start } = segment.directories();
  const first = start[firstNotBelow(number, from)] as number;
  const end = start[firstNotBelow(number, to)] as number;
  return first === end ? null : { segment, from: first, to: end };
}

/** The place of the first number that is not less than a value. */
export function firstNotBelow(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first row of a name; -1 where there is none. Rows are in the order of their names. */
export function rowNamed(rows: IndexRows, name: string): number {
  let [low, high] = [0, rows.rows];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(rows.name(middle), name) < 0) low = middle + 1;
    else high = middle;
  }
  return low < rows.rows && rows.name(low) === name ? low : -1;
}
