/** A stretch of keys that is being listed, as far as it is known. All keys still to come lie in (at, upTo]. */
export interface Stretch {
  /** The last key listed. */
  readonly at: string;
  /** No key to come is greater; null where nothing is known. */
  readonly upTo: string | null;
  /** Keys of the last page, in order, its first and its last among them. */
  readonly page: readonly string[];
}

/** How many characters below the first that differs are looked at: beyond that, a double tells nothing apart. */
const DIGITS = 6;
/** Less than this many pages to come are listed as they are. */
const LEAST_PAGES = 1.5;

/**
 * Keys are text in UTF-8 byte order (s3-domain 5.1), which is the order of code points. A key is read here as a number with a
 * digit for each character, so that a stretch can be measured and cut.
 */
type Points = readonly number[];
const pointsOf = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0) as number);
const textOf = (points: Points): string => String.fromCodePoint(...points);

function sharedLength(a: Points, b: Points): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function comparePoints(a: Points, b: Points): number {
  const shared = sharedLength(a, b);
  return (a[shared] ?? -1) - (b[shared] ?? -1);
}

/** The next code point; surrogates are none. */
const after = (point: number): number => (point === 0xd7ff ? 0xe000 : point + 1);

/** The least text greater than every text that begins so, but for the text itself; undefined where there is none. */
export function pastPrefix(prefix: string): string | undefined {
  const points = pastPoints(pointsOf(prefix));
  return points === undefined ? undefined : textOf(points);
}

function pastPoints(prefix: Points): number[] | undefined {
  for (let length = prefix.length; length > 0; length--) {
    const last = prefix[length - 1] as number;
    if (last < 0x10ffff) return [...prefix.slice(0, length - 1), after(last)];
  }
  return undefined;
}

interface Measured {
  readonly at: Points;
  readonly upTo: Points | null;
  /** The first place where keys to come may differ from `at`. */
  readonly level: number;
  /** The first place where keys of the last page differ from each other. */
  readonly pageLevel: number;
  /** What may stand at that place, and what at the places behind it; both in order. */
  readonly alphabets: readonly [first: Points, behind: Points];
  /** `at` and the end of the stretch as numbers from 0 to 1. */
  readonly from: number;
  readonly to: number;
  /** How many pages like the last one the stretch would hold if keys were spread evenly; Infinity where that cannot be told. */
  readonly pages: number;
}

function measure({ at, upTo, page }: Stretch): Measured {
  const last = pointsOf(at);
  const bound = upTo === null ? null : pointsOf(upTo);
  const keys = page.map(pointsOf);
  const first = keys[0] ?? last;
  const shared = bound === null ? 0 : sharedLength(last, bound);
  // "img-0…" up to "img-1" is all that begins with "img-0".
  const isNext = bound !== null && bound.length === shared + 1 && last.length > shared && bound[shared] === after(last[shared] as number);
  const level = isNext ? shared + 1 : shared;
  const seen = keys.flatMap((key) => key.slice(level));
  const alphabets = [inOrder([...seen, ...siblings(last[level])]), inOrder(seen)] as const;
  const from = numberOf(last, level, alphabets);
  const to = bound === null || isNext ? 1 : numberOf(bound, level, alphabets);
  const begun = sharedLength(first, last) < level ? 0 : numberOf(first, level, alphabets);
  const pages = from > begun ? (to - from) / (from - begun) : Number.POSITIVE_INFINITY;
  return { at: last, upTo: bound, level, pageLevel: sharedLength(first, last), alphabets, from, to, pages };
}

const inOrder = (points: Points): number[] => [...new Set(points)].sort((a, b) => a - b);

/** What else may stand where this character does: other digits, other letters of its case, what follows in its script. */
function siblings(point: number | undefined): number[] {
  if (point === undefined) return [];
  const ends = ENDS.find(([from, to]) => point >= from && point <= to);
  if (ends !== undefined) return between(...ends, 1);
  const isNearSurrogates = point > 0xd700 && point < 0xe000;
  return point < 0x80 || isNearSurrogates ? [] : between(point, Math.min(point + SCRIPT_REACH, 0x10ffff), SCRIPT_STEP);
}
const ENDS = ['09', 'az', 'AZ'].map((ends) => pointsOf(ends) as [number, number]);
const SCRIPT_REACH = 48;
const SCRIPT_STEP = 2;

const between = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

/** A key as a number from 0 to 1, by its characters from `level` on: a greater key has a greater number, or the same. */
function numberOf(key: Points, level: number, alphabets: Measured['alphabets']): number {
  let sum = 0;
  let unit = 1;
  for (let i = 0; i < DIGITS; i++) {
    const alphabet = i === 0 ? alphabets[0] : alphabets[1];
    unit /= alphabet.length + 2;
    const point = key[level + i];
    if (point === undefined) break;
    const place = alphabet.findIndex((known) => known >= point);
    sum += ((place < 0 ? alphabet.length : place) + 1) * unit;
  }
  return sum;
}

/** A guess at how many more pages a stretch holds; Infinity where nothing is known of it. */
export const pagesLeft = (stretch: Stretch): number => measure(stretch).pages;

/**
 * Up to `count` places to cut a stretch at, none of them twice, all in (at, upTo). They are guesses: an answer from there on
 * tells whether keys lie behind. Half of them skip everything that shares a beginning with the last key, for ever longer
 * beginnings, which finds the character where keys differ even behind a long common prefix; the others cut evenly.
 */
export function splitPoints(stretch: Stretch, count: number): string[] {
  const measured = measure(stretch);
  if (measured.pages < LEAST_PAGES) return [];
  const found: number[][] = [];
  const add = (points: number[] | undefined): void => {
    if (points === undefined || comparePoints(points, measured.at) <= 0) return;
    if (measured.upTo !== null && comparePoints(points, measured.upTo) >= 0) return;
    if (!found.some((known) => comparePoints(known, points) === 0)) found.push(points);
  };
  const skips = Number.isFinite(measured.pages) ? Math.floor(count / 2) : Math.ceil(count / 2);
  for (const length of spread(measured.level + 1, measured.pageLevel - 1, skips)) add(pastPoints(measured.at.slice(0, length)));
  // The next page is on its way already: cuts closer than that come too late.
  const even = Math.min(count - found.length, Math.max(2, Math.ceil(measured.pages)));
  for (let i = 1; i <= even; i++) add(pointsAt(measured, measured.from + ((measured.to - measured.from) * i) / (even + 1)));
  return found.map(textOf);
}

/** Up to `count` whole numbers of [from, to], both ends among them, evenly spread. */
function spread(from: number, to: number, count: number): number[] {
  if (to < from || count < 1) return [];
  if (count === 1) return [from];
  const all = Array.from({ length: count }, (_, i) => Math.round(from + ((to - from) * i) / (count - 1)));
  return [...new Set(all)];
}

/** The shortest text of this value that lies behind `at`. */
function pointsAt({ at, level, alphabets }: Measured, value: number): number[] | undefined {
  const points = at.slice(0, level);
  let rest = value;
  for (let i = 0; i < DIGITS; i++) {
    const alphabet = i === 0 ? alphabets[0] : alphabets[1];
    rest *= alphabet.length + 2;
    const digit = Math.floor(rest);
    rest -= digit;
    const point = alphabet[Math.min(digit, alphabet.length) - 1];
    if (point === undefined) return undefined;
    points.push(point);
    if (comparePoints(points, at) > 0) return points;
  }
  return undefined;
}
