import { decodeUtf8, encodeUtf8 } from '../cube/utf8.ts';
import { type Covered, compareKeys, type Gap, type Position } from './position.ts';
import { pagesLeft, splitPoints } from './split-points.ts';

/** One LIST call: the next page of a range, or a look behind a key that may split one. */
export interface PageRequest {
  readonly startAfter: Uint8Array;
  /** Go on within the versions of that key; null: behind all of them. */
  readonly versionId: string | null;
  /** What the server said to go on from, where this follows one of its pages. */
  readonly cursor: string | undefined;
  readonly range: Range | null;
}

/** The keys of an answer, in order. */
export interface PageKeys {
  readonly rows: number;
  readonly keyBytes: Uint8Array;
  readonly keyStart: Uint32Array;
}

export interface PageFacts {
  readonly keys: PageKeys;
  /** "null" for the null version. Not asked in a listing without versions. */
  readonly versionIdOf: (row: number) => string;
  readonly isTruncated: boolean;
  /** Where the server says to go on, in a spelling of the caller's; undefined where it does not say. */
  readonly cursor: string | undefined;
}

/** What a server does that no listing can be made of. */
export class ListingFault extends Error {
  readonly kind: 'standing still' | 'out of order';

  constructor(kind: 'standing still' | 'out of order') {
    super(kind);
    this.kind = kind;
  }
}

/** Rows [from, to) of the answer are new; `covered` is what they are all of. null: the answer told nothing new. */
export interface Taken {
  readonly from: number;
  readonly to: number;
  readonly covered: Covered;
}

interface Range {
  position: Position;
  upTo: Uint8Array | null;
  cursor: string | undefined;
  /** Keys of the last page, for guesses at what follows. */
  page: readonly string[];
  isBusy: boolean;
  /** A guess at the pages to come, and whether cuts were offered since it was made. */
  pagesLeft: number;
  wasOffered: boolean;
}

/** At most this many guesses at once for one range: the answers to the first make the next ones better. */
const MOST_OFFERS = 12;
const SAMPLES = 12;

/**
 * Which calls list a set of keys, many at a time. Every range is listed page by page; where more calls could be on their way
 * than there are ranges, the longest ones are cut at guessed keys. A guess costs one call: where keys lie behind it, its answer
 * is already the first page of a new range, else the range is known to end there. No key is in two ranges, whatever
 * the guesses, and a key's versions never part.
 */
export class KeyRanges {
  private readonly byVersion: boolean;
  private ranges: Range[];
  private offers: Uint8Array[] = [];
  private canSplit: boolean;

  /** `canSplit` false: the server lists in no order to rely on, so only from the start and one page after another. */
  constructor(gaps: readonly Gap[], options: { readonly byVersion: boolean; readonly canSplit: boolean }) {
    this.byVersion = options.byVersion;
    this.canSplit = options.canSplit;
    this.ranges = gaps.map(({ after, upTo }) => newRange(after, upTo));
  }

  get isDone(): boolean {
    return this.ranges.length === 0;
  }

  /** Calls to send now, at most `most`. Each must come back through `answered` or `failed`. */
  plan(most: number): PageRequest[] {
    const requests: PageRequest[] = [];
    for (const range of this.ranges) {
      if (requests.length >= most) return requests;
      if (range.isBusy) continue;
      range.isBusy = true;
      requests.push({ startAfter: range.position.key, versionId: range.position.versionId, cursor: range.cursor, range });
    }
    if (!this.canSplit || requests.length >= most) return requests;
    const longest = this.ranges.filter((range) => !range.wasOffered && range.page.length > 0);
    longest.sort((a, b) => b.pagesLeft - a.pagesLeft);
    const share = Math.min(MOST_OFFERS, Math.ceil((most - requests.length) / Math.max(1, longest.length)));
    for (const range of longest) {
      const room = most - requests.length;
      if (room <= 0) break;
      range.wasOffered = true;
      for (const key of splitPoints(stretchOf(range), Math.min(room, share))) {
        const startAfter = encodeUtf8(key);
        if (this.offers.some((offer) => compareKeys(offer, startAfter) === 0)) continue;
        this.offers.push(startAfter);
        requests.push({ startAfter, versionId: null, cursor: undefined, range: null });
      }
    }
    return requests;
  }

  /** The call came to nothing and is to be planned again; a guess is forgotten. */
  failed(request: PageRequest): void {
    if (request.range === null) this.forget(request.startAfter);
    else request.range.isBusy = false;
  }

  /** Whether an answer could still tell anything: the listing may have passed a guess before it came. */
  isWanted(request: PageRequest): boolean {
    return request.range !== null || (this.canSplit && this.ranges.some((range) => isInside(range, request.startAfter)));
  }

  /** Takes an answer. Throws a ListingFault for a server whose answers cannot be put together. */
  answered(request: PageRequest, page: PageFacts): Taken | null {
    if (request.range !== null) {
      request.range.isBusy = false;
      return this.take(request.range, page);
    }
    this.forget(request.startAfter);
    const at = request.startAfter;
    const range = this.ranges.find((known) => isInside(known, at));
    if (range === undefined || !this.canSplit) return null;
    const { keys } = page;
    if (keys.rows > 0 && compareKeys(keyAt(keys, 0), at) <= 0) {
      // The server does not know where to start: ranges already made stay right, since rows before their start are dropped.
      this.canSplit = false;
      return null;
    }
    const to = rowsUpTo(keys, range.upTo);
    if (to === 0) {
      if (keys.rows === 0 && page.isTruncated) return null;
      const covered: Covered = { after: { key: at, versionId: null }, to: null, upTo: range.upTo };
      range.upTo = at;
      this.changed(range);
      return { from: 0, to: 0, covered };
    }
    const half = newRange({ key: at, versionId: null }, range.upTo);
    range.upTo = at;
    this.changed(range);
    this.ranges.push(half);
    return this.take(half, page);
  }

  private take(range: Range, page: PageFacts): Taken | null {
    const { keys } = page;
    const before = range.position;
    if (range.page.length > 0 && keys.rows > 0 && compareKeys(keyAt(keys, 0), before.key) < 0) throw new ListingFault('out of order');
    const from = this.firstNew(before, page);
    const to = Math.max(from, rowsUpTo(keys, range.upTo));
    const isLast = !page.isTruncated || to < keys.rows;
    if (isLast) {
      this.ranges = this.ranges.filter((other) => other !== range);
      return { from, to, covered: { after: before, to: null, upTo: range.upTo } };
    }
    if (to === from) {
      if (page.cursor === undefined || page.cursor === range.cursor) throw new ListingFault('standing still');
      range.cursor = page.cursor;
      return null;
    }
    const last = to - 1;
    range.position = { key: keyAt(keys, last).slice(), versionId: this.byVersion ? page.versionIdOf(last) : null };
    range.cursor = page.cursor;
    range.page = samples(keys, from, to);
    this.changed(range);
    return { from, to, covered: { after: before, to: range.position, upTo: range.upTo } };
  }

  /** The first row behind a position; servers that repeat what was listed are believed on the rest. */
  private firstNew({ key, versionId }: Position, page: PageFacts): number {
    const { keys } = page;
    const ofKey = rowsUpTo(keys, key);
    if (versionId === null) return ofKey;
    for (let row = ofKey - 1; row >= 0 && compareKeys(keyAt(keys, row), key) === 0; row--)
      if (page.versionIdOf(row) === versionId) return row + 1;
    return rowsBefore(keys, key);
  }

  private changed(range: Range): void {
    range.wasOffered = false;
    range.pagesLeft = range.page.length === 0 ? Number.POSITIVE_INFINITY : pagesLeft(stretchOf(range));
  }

  private forget(offer: Uint8Array): void {
    this.offers = this.offers.filter((other) => other !== offer);
  }
}

const newRange = (position: Position, upTo: Uint8Array | null): Range => ({
  position,
  upTo,
  cursor: undefined,
  page: [],
  isBusy: false,
  pagesLeft: Number.POSITIVE_INFINITY,
  wasOffered: false,
});

/** Whether a cut at this key would leave something on both sides. */
function isInside({ position, upTo }: Range, key: Uint8Array): boolean {
  const distance = compareKeys(position.key, key);
  return (distance < 0 || (distance === 0 && position.versionId !== null)) && (upTo === null || compareKeys(key, upTo) < 0);
}

const stretchOf = ({ position, upTo, page }: Range) => ({
  at: textOf(position.key),
  upTo: upTo === null ? null : textOf(upTo),
  page,
});

const textOf = (bytes: Uint8Array): string => decodeUtf8(bytes, 0, bytes.length);

const keyAt = ({ keyBytes, keyStart }: PageKeys, row: number): Uint8Array => keyBytes.subarray(keyStart[row], keyStart[row + 1]);

/** How many rows have a key up to this one; all for null. */
const rowsUpTo = (keys: PageKeys, key: Uint8Array | null): number =>
  key === null ? keys.rows : countWhile(keys, (one) => compareKeys(one, key) <= 0);

const rowsBefore = (keys: PageKeys, key: Uint8Array): number => countWhile(keys, (one) => compareKeys(one, key) < 0);

/** Keys are in order: how many from the first on are of one kind. */
function countWhile(keys: PageKeys, isLow: (key: Uint8Array) => boolean): number {
  let low = 0;
  let high = keys.rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isLow(keyAt(keys, middle))) low = middle + 1;
    else high = middle;
  }
  return low;
}

function samples(keys: PageKeys, from: number, to: number): string[] {
  const count = Math.min(SAMPLES, to - from);
  return Array.from({ length: count }, (_, i) => textOf(keyAt(keys, from + Math.round(((to - 1 - from) * i) / Math.max(1, count - 1)))));
}
