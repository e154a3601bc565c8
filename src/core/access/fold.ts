import { DAY_MS } from '../../contract/units.ts';
import type { AccessEvent } from './event.ts';
import { keysMeant } from './log-line.ts';
import { agentOf, type Reader } from './readers.ts';

/** Where a key is counted: the unit it is of, or the directory it lies in where it is of none. */
export interface AccessPlace {
  readonly type: 'unit' | 'directory';
  /** Kind of the unit; '' for a directory. */
  readonly kind: string;
  readonly path: string;
}

export interface Locator {
  /**
   * The place of a key that is in the index; null where it is not. `places` of one that is not there: whatever it would have been
   * part of, so that a read of a deleted shard still counts for what is left.
   */
  find(key: string): AccessPlace | null;
  around(key: string): readonly AccessPlace[];
}

/** What one reader did at one place. Times in ms. */
export interface ReadTotals {
  readonly place: AccessPlace;
  readonly reader: Reader;
  firstReadMs: number;
  lastReadMs: number;
  reads: number;
  /** Reads that sent the whole object. */
  wholeReads: number;
  bytesSent: number;
  /** Bytes by the AWS Region they were read from; '' where the log does not say. */
  readonly bytesByRegion: Map<string, number>;
}

/** Reads by one reader from one Region, added up. Times in ms. */
export interface ReadSums {
  readonly firstReadMs: number;
  readonly lastReadMs: number;
  readonly reads: number;
  readonly wholeReads: number;
  readonly bytesSent: number;
  readonly sourceRegion: string;
}

/** Reads are placed together, in the order of their keys: whoever finds keys in an index then goes through it once. */
const PLACED_TOGETHER = 100_000;

/** Adds requests up by place and reader, as they come. */
export class AccessFold {
  private readonly byDay = new Map<number, number>();
  events = 0;
  reads = 0;
  writes = 0;
  /** Requests for other buckets: a log folder may serve several. */
  otherBuckets = 0;
  /** Reads of keys that the index does not have. */
  notInIndex = 0;
  private readonly bucket: string;
  private readonly locator: Locator;
  private readonly totals = new Map<string, ReadTotals>();
  private pending: { readonly keys: readonly string[]; readonly reader: Reader; readonly sums: ReadSums }[] = [];

  constructor(bucket: string, locator: Locator) {
    this.bucket = bucket;
    this.locator = locator;
  }

  add(event: AccessEvent): void {
    if (event.bucket !== this.bucket) {
      this.otherBuckets += 1;
      return;
    }
    this.events += 1;
    // Any request tells that the bucket was logged that day.
    const day = Math.floor(event.timeMs / DAY_MS);
    this.byDay.set(day, (this.byDay.get(day) ?? 0) + 1);
    if (event.kind === 'write') this.writes += 1;
    if (event.kind !== 'read' || event.key === '') return;
    const { requester, userAgent, timeMs, isWhole, bytesSent, sourceRegion } = event;
    this.addReads(
      keysMeant(event),
      { requester, agent: agentOf(userAgent) },
      { firstReadMs: timeMs, lastReadMs: timeMs, reads: 1, wholeReads: isWhole ? 1 : 0, bytesSent, sourceRegion },
    );
  }

  /** Reads of one key, by all the keys that its spelling may mean. */
  addReads(keys: readonly string[], reader: Reader, sums: ReadSums): void {
    this.reads += sums.reads;
    this.pending.push({ keys, reader, sums });
    if (this.pending.length >= PLACED_TOGETHER) this.place();
  }

  /** Reads whose places are known; `isIn`: of keys that the index has. */
  addPlaced(places: readonly AccessPlace[], isIn: boolean, reader: Reader, sums: ReadSums): void {
    this.reads += sums.reads;
    if (!isIn) this.notInIndex += sums.reads;
    for (const place of places) this.count(place, reader, sums);
  }

  /** Requests of one UTC day that were added up elsewhere; their reads come by themselves. */
  addDay(day: number, { events, writes, otherBuckets }: { events: number; writes: number; otherBuckets: number }): void {
    this.otherBuckets += otherBuckets;
    if (events === 0) return;
    this.events += events;
    this.writes += writes;
    this.byDay.set(day, (this.byDay.get(day) ?? 0) + events);
  }

  /** Requests of the bucket by UTC day, in order. */
  eventsByDay(): [day: number, events: number][] {
    return [...this.byDay].sort(([a], [b]) => a - b);
  }

  result(): readonly ReadTotals[] {
    this.place();
    return [...this.totals.values()];
  }

  private place(): void {
    const first = ({ keys }: { readonly keys: readonly string[] }): string => keys[0] ?? '';
    const sorted = this.pending.sort((a, b) => (first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : 0));
    this.pending = [];
    let before: { readonly spelled: string; readonly places: readonly AccessPlace[]; readonly isIn: boolean } | undefined;
    for (const { keys, reader, sums } of sorted) {
      const spelled = keys.join('\n');
      if (before?.spelled !== spelled) before = { spelled, ...this.placesOf(keys) };
      if (!before.isIn) this.notInIndex += sums.reads;
      for (const place of before.places) this.count(place, reader, sums);
    }
  }

  private placesOf(keys: readonly string[]): { readonly places: readonly AccessPlace[]; readonly isIn: boolean } {
    for (const key of keys) {
      const place = this.locator.find(key);
      if (place) return { places: [place], isIn: true };
    }
    return { places: this.locator.around(keys[0] ?? ''), isIn: false };
  }

  private count(place: AccessPlace, reader: Reader, sums: ReadSums): void {
    const id = `${place.type}\n${place.kind}\n${place.path}\n${reader.requester}\n${reader.agent}`;
    const { firstReadMs, lastReadMs, sourceRegion } = sums;
    let totals = this.totals.get(id);
    if (!totals) {
      totals = { place, reader, firstReadMs, lastReadMs, reads: 0, wholeReads: 0, bytesSent: 0, bytesByRegion: new Map() };
      this.totals.set(id, totals);
    }
    totals.firstReadMs = Math.min(totals.firstReadMs, firstReadMs);
    totals.lastReadMs = Math.max(totals.lastReadMs, lastReadMs);
    totals.reads += sums.reads;
    totals.wholeReads += sums.wholeReads;
    totals.bytesSent += sums.bytesSent;
    totals.bytesByRegion.set(sourceRegion, (totals.bytesByRegion.get(sourceRegion) ?? 0) + sums.bytesSent);
  }
}
