import type Database from 'better-sqlite3';
import type { DirectoryRange } from '../../core/cube/row-block.ts';
import { IS_SAME_KEY } from './row-flags.ts';
import { type Part, Rows, rowsWithin } from './rows.ts';
import { once, Segment } from './segment-rows.ts';

/** Segments kept, with the columns they have unpacked: some megabytes each. */
const MOST_SEGMENTS = 8;

/** A segment that may be opened. */
export interface SegmentPlace {
  readonly number: number;
  readonly rows: number;
  open(): Segment;
  /** How many rows of its last key lie in the segments after it. */
  goesOn(): number;
}

/** The segments of one snapshot. Throws what the database throws. */
export class SegmentReader {
  private readonly database: Database;
  private readonly snapshotId: number;
  private readonly asOfMs: number;
  private readonly kept = new Map<number, Segment>();
  /** The one read last: who asks for many small ranges in their order unpacks each segment once. */
  private last: { readonly number: number; readonly segment: Segment } | undefined;

  private readonly stored: () => readonly Record<string, unknown>[];
  private readonly column: () => { get(...values: unknown[]): Record<string, unknown> | undefined };

  constructor(database: Database, snapshotId: number, asOfMs: number) {
    this.database = database;
    this.snapshotId = snapshotId;
    this.asOfMs = asOfMs;
    this.stored = once(() =>
      database
        .prepare(
          `SELECT segment, row_count, first_directory, last_directory, directory_count, before_ms FROM segment_ranges
           WHERE snapshot_id = ? ORDER BY segment`,
        )
        .all(snapshotId),
    );
    this.column = once(() => database.prepare('SELECT data FROM segments WHERE snapshot_id = ? AND segment = ? AND column_name = ?'));
  }

  /** All rows of some directories together. */
  rowsIn(range: DirectoryRange): Rows {
    return new Rows([...this.parts(range, true)]);
  }

  /** Rows of some directories, a block for each segment. */
  *blocks(range: DirectoryRange): Generator<Rows> {
    for (const part of this.parts(range, false)) yield new Rows([part]);
  }

  /** The same in blocks that hold whole keys. */
  *wholeKeys(range: DirectoryRange): Generator<Rows> {
    let open: Part[] = [];
    for (const part of this.parts(range, false)) {
      const goesOn = ((part.segment.flags()[part.from] as number) & IS_SAME_KEY) !== 0;
      if (!goesOn && open.length > 0) {
        yield new Rows(open);
        open = [];
      }
      open.push(part);
    }
    if (open.length > 0) yield new Rows(open);
  }

  /** Every segment, in order, none of them kept. */
  *all(): Generator<Segment> {
    const places = this.database.prepare('SELECT * FROM segment_ranges WHERE snapshot_id = ? ORDER BY segment').all(this.snapshotId);
    for (const place of places) yield this.segment(place, false);
    this.last = undefined;
  }

  /** Segments with rows of some directories, in order, none of them kept. */
  places(range: DirectoryRange): SegmentPlace[] {
    return this.placesIn(range).map((place) => ({
      number: Number(place.segment),
      rows: Number(place.row_count),
      open: () => this.segment(place, false),
      goesOn: () => this.rowsGoingOn(Number(place.segment)),
    }));
  }

  private rowsGoingOn(after: number): number {
    const later = this.database
      .prepare('SELECT * FROM segment_ranges WHERE snapshot_id = ? AND segment > ? ORDER BY segment')
      .all(this.snapshotId, after);
    let rows = 0;
    for (const place of later) {
      const isSameKey = this.segment(place, false).isSameKey();
      const next = isSameKey.indexOf(0);
      if (next >= 0) return rows + next;
      rows += isSameKey.length;
    }
    return rows;
  }

  /** About so many rows, evenly spread. */
  *sample(count: number): Generator<{ readonly directory: number; readonly name: string }> {
    const places = this.database
      .prepare('SELECT *, sum(row_count) OVER (ORDER BY segment) - row_count AS first_row FROM segment_ranges WHERE snapshot_id = ?')
      .all(this.snapshotId);
    const rows = places.reduce((sum, place) => sum + Number(place.row_count), 0);
    let wanted = 1;
    for (const place of places) {
      const [first, end] = [Number(place.first_row), Number(place.first_row) + Number(place.row_count)];
      if (wanted > count || (wanted * rows) / (count + 1) >= end) continue;
      const block = new Rows([{ segment: this.segment(place, false), from: 0, to: end - first }]);
      for (; wanted <= count && (wanted * rows) / (count + 1) < end; wanted++) {
        const row = Math.max(0, Math.floor((wanted * rows) / (count + 1)) - first);
        yield { directory: block.directory[row] as number, name: block.name(row) };
      }
    }
  }

  private *parts(range: DirectoryRange, keeps: boolean): Generator<Part> {
    for (const place of this.placesIn(range)) {
      const part = rowsWithin(this.segment(place, keeps), range);
      if (part !== null) yield part;
    }
  }

  /** Segments follow one another in the order of their directories: the first that reaches the range, then as many as begin in it. */
  private placesIn(range: DirectoryRange): Record<string, unknown>[] {
    const places = this.stored();
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Number(places[middle]?.last_directory) < range.from) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (end < places.length && Number(places[end]?.first_directory) < range.to) end += 1;
    return places.slice(low, end);
  }

  /** A scan over much would only push out what is asked for again. */
  private segment(place: Record<string, unknown>, keeps: boolean): Segment {
    const number = Number(place.segment);
    const known = this.kept.get(number);
    if (known !== undefined) return known;
    if (this.last?.number === number) return this.last.segment;
    const facts = {
      rows: Number(place.row_count),
      firstDirectory: Number(place.first_directory),
      lastDirectory: Number(place.last_directory),
      directories: Number(place.directory_count),
      beforeMs: Number(place.before_ms),
      asOfMs: this.asOfMs,
    };
    const segment = new Segment(facts, (name) => {
      const data = this.column().get(this.snapshotId, number, name)?.data;
      if (data instanceof Uint8Array) return data;
      throw Object.assign(new Error(`the column ${name} is missing`), { code: 'SQLITE_CORRUPT' });
    });
    this.last = { number, segment };
    if (!keeps) return segment;
    const oldest = this.kept.size >= MOST_SEGMENTS ? this.kept.keys().next().value : undefined;
    if (oldest !== undefined) this.kept.delete(oldest);
    this.kept.set(number, segment);
    return segment;
  }
}
