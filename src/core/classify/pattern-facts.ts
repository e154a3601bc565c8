/**
 * What must hold of every text a pattern matches, read off the pattern itself: cheap tests that
 * come before the pattern and never refuse a text the pattern accepts.
 */
export interface PatternFacts {
  /** Every match contains at least one of these; null where nothing is known. */
  readonly literals: readonly string[] | null;
  /** 1 for every byte a match may end in (of its UTF-8 form); null where nothing is known. */
  readonly lastByte: Uint8Array | null;
}

type Item =
  | { readonly type: 'char'; readonly code: number }
  | { readonly type: 'class'; readonly allows: Uint8Array }
  | { readonly type: 'end' }
  | { readonly type: 'empty' }
  | { readonly type: 'group'; readonly alternatives: readonly Sequence[] };
type Sequence = readonly { readonly item: Item; readonly min: number; readonly max: number }[];

const MAX_LITERALS = 48;
const NOTHING: PatternFacts = { literals: null, lastByte: null };

/** Facts of a pattern without flags; a construct not known here gives no facts rather than wrong ones. */
export function patternFacts(source: string): PatternFacts {
  const reader = new Reader(source);
  const alternatives = reader.alternatives();
  if (alternatives === null || !reader.atEnd()) return NOTHING;
  const isAnchored = alternatives.every((sequence) => sequence.at(-1)?.item.type === 'end');
  const bodies = alternatives.map((sequence) => sequence.filter(({ item }) => item.type !== 'end'));
  const hasInnerAnchor = bodies.length > 0 && JSON.stringify(bodies).includes('"type":"end"');
  return {
    literals: requiredOf({ type: 'group', alternatives: bodies }),
    lastByte: isAnchored && !hasInnerAnchor ? lastBytes({ type: 'group', alternatives: bodies }).allows : null,
  };
}

class Reader {
  private at = 0;
  private readonly source: string;
  constructor(source: string) {
    this.source = source;
  }

  atEnd(): boolean {
    return this.at === this.source.length;
  }

  alternatives(): Sequence[] | null {
    const all: Sequence[] = [];
    do {
      const sequence = this.sequence();
      if (sequence === null) return null;
      all.push(sequence);
    } while (this.take('|'));
    return all;
  }

  private sequence(): Sequence | null {
    const parts: { item: Item; min: number; max: number }[] = [];
    while (!this.atEnd() && this.peek() !== '|' && this.peek() !== ')') {
      const item = this.item();
      const times = item && this.times();
      if (!item || !times) return null;
      parts.push({ item, ...times });
    }
    return parts;
  }

  private item(): Item | null {
    const char = this.next();
    if (char === '^') return { type: 'empty' };
    if (char === '$') return { type: 'end' };
    if (char === '.') return { type: 'class', allows: new Uint8Array(256).fill(1) };
    if (char === '[') return this.set();
    if (char === '(') return this.group();
    if (char === '\\') return this.escape();
    return '*+?{}'.includes(char) ? null : { type: 'char', code: char.charCodeAt(0) };
  }

  private group(): Item | null {
    if (this.take('?') && !this.take(':')) {
      const name = /^<[A-Za-z_]\w*>/.exec(this.source.slice(this.at));
      if (!name) return null;
      this.at += name[0].length;
    }
    const alternatives = this.alternatives();
    return alternatives !== null && this.take(')') ? { type: 'group', alternatives } : null;
  }

  private escape(): Item | null {
    const char = this.next();
    if (char === 'd') return { type: 'class', allows: range(0x30, 0x39) };
    return /[A-Za-z0-9]/.test(char) || char === '' ? null : { type: 'char', code: char.charCodeAt(0) };
  }

  private set(): Item | null {
    const isNegated = this.take('^');
    const allows = new Uint8Array(256);
    while (!this.atEnd() && this.peek() !== ']') {
      let char = this.next();
      if (char === '\\') {
        char = this.next();
        if (char === 'd') {
          allows.fill(1, 0x30, 0x3a);
          continue;
        }
        if (/[A-Za-z0-9]/.test(char)) return null;
      }
      let upper = char;
      if (this.peek() === '-' && this.source[this.at + 1] !== ']') {
        this.at += 1;
        upper = this.next();
      }
      const [from, to] = [char.charCodeAt(0), upper.charCodeAt(0)];
      if (upper === '\\' || from > 0x7f || to > 0x7f) return null;
      allows.fill(1, from, to + 1);
    }
    if (!this.take(']')) return null;
    if (isNegated) for (let code = 0; code < 256; code++) allows[code] = code > 0x7f ? 1 : 1 - (allows[code] as number);
    return { type: 'class', allows };
  }

  private times(): { min: number; max: number } | null {
    let times = { min: 1, max: 1 };
    if (this.take('*')) times = { min: 0, max: Number.POSITIVE_INFINITY };
    else if (this.take('+')) times = { min: 1, max: Number.POSITIVE_INFINITY };
    else if (this.take('?')) times = { min: 0, max: 1 };
    else if (this.peek() === '{') {
      const braces = /^\{(\d+)(,(\d*))?\}/.exec(this.source.slice(this.at));
      if (!braces) return null;
      this.at += braces[0].length;
      const min = Number(braces[1]);
      times = { min, max: braces[2] === undefined ? min : braces[3] ? Number(braces[3]) : Number.POSITIVE_INFINITY };
    } else return times;
    this.take('?');
    return times;
  }

  private peek(): string {
    return this.source[this.at] ?? '';
  }
  private next(): string {
    const char = this.peek();
    this.at += 1;
    return char;
  }
  private take(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at += 1;
    return true;
  }
}

function range(from: number, to: number): Uint8Array {
  return new Uint8Array(256).fill(1, from, to + 1);
}

/** The finite set of texts an item stands for, where it is finite and small. */
function exactOf(item: Item): readonly string[] | null {
  if (item.type === 'char') return item.code < 0x80 ? [String.fromCharCode(item.code)] : null;
  if (item.type === 'empty') return [''];
  if (item.type !== 'group') return null;
  const all: string[] = [];
  for (const sequence of item.alternatives) {
    let texts: readonly string[] | null = [''];
    for (const part of sequence) {
      texts = texts && joined(texts, part);
      if (!texts) return null;
    }
    all.push(...texts);
    if (all.length > MAX_LITERALS) return null;
  }
  return all;
}

function joined(texts: readonly string[], part: Sequence[number]): readonly string[] | null {
  const own = exactOf(part.item);
  if (!own || part.max > 1) return null;
  const choices = part.min === 0 ? ['', ...own] : own;
  return texts.length * choices.length > MAX_LITERALS ? null : texts.flatMap((text) => choices.map((choice) => text + choice));
}

/** The best set of literals, one of which every match of the item holds. */
function requiredOf(item: Item): readonly string[] | null {
  if (item.type !== 'group') return null;
  const all = new Set<string>();
  for (const sequence of item.alternatives) {
    const best = requiredOfSequence(sequence);
    if (!best) return null;
    for (const text of best) all.add(text);
  }
  return all.size > 0 && all.size <= MAX_LITERALS ? [...all] : null;
}

function requiredOfSequence(sequence: Sequence): readonly string[] | null {
  let best: readonly string[] | null = null;
  let run: readonly string[] = [''];
  const offer = (candidate: readonly string[] | null): void => {
    if (candidate && worth(candidate) > (best ? worth(best) : 0)) best = candidate;
  };
  for (const part of sequence) {
    const longer = joined(run, part);
    if (longer) {
      run = longer;
      continue;
    }
    offer(run);
    if (part.min > 0) offer(requiredOf(part.item));
    // A fixed item that made the set too large starts a run of its own.
    run = (part.min > 0 && joined([''], part)) || [''];
  }
  offer(run);
  return best;
}

/** A set is worth its shortest text; of two alike, the one with fewer texts. */
function worth(texts: readonly string[]): number {
  const shortest = Math.min(...texts.map((text) => text.length));
  return shortest === 0 ? 0 : shortest - texts.length / (MAX_LITERALS + 1);
}

function lastBytes(item: Item): { readonly allows: Uint8Array; readonly canBeEmpty: boolean } {
  if (item.type === 'char') {
    return { allows: item.code < 0x80 ? range(item.code, item.code) : range(0x80, 0xff), canBeEmpty: false };
  }
  if (item.type === 'class') return { allows: item.allows, canBeEmpty: false };
  if (item.type !== 'group') return { allows: new Uint8Array(256), canBeEmpty: true };
  const allows = new Uint8Array(256);
  let canBeEmpty = false;
  for (const sequence of item.alternatives) {
    let reachesStart = true;
    for (let k = sequence.length - 1; k >= 0 && reachesStart; k--) {
      const part = sequence[k] as Sequence[number];
      const own = lastBytes(part.item);
      for (let code = 0; code < 256; code++) if (own.allows[code]) allows[code] = 1;
      reachesStart = own.canBeEmpty || part.min === 0;
    }
    if (reachesStart) canBeEmpty = true;
  }
  return { allows, canBeEmpty };
}

/**
 * The letters behind which some digits are spelled out in a pattern ("h" of "h5"), as bytes. Behind anything else the
 * pattern takes every digit alike. null where that cannot be told of it.
 */
export function lettersBeforeDigits(source: string): ReadonlySet<number> | null {
  const reader = new Reader(source);
  const alternatives = reader.alternatives();
  if (alternatives === null || !reader.atEnd()) return null;
  const letters = new Set<number>();
  return alternatives.every((sequence) => digitsOf(sequence, letters)) ? letters : null;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

function digitsOf(sequence: Sequence, letters: Set<number>): boolean {
  let before = -1;
  for (const { item, min, max } of sequence) {
    if (item.type === 'class') {
      const digits = item.allows.subarray(0x30, 0x3a);
      if (digits.includes(0) && digits.includes(1)) return false;
    }
    if (item.type === 'group' && !item.alternatives.every((alternative) => digitsOf(alternative, letters))) return false;
    if (item.type === 'char' && isDigit(item.code)) {
      // Only behind a fixed letter, or behind digits that stand behind one.
      if (min !== 1 || max !== 1 || before < 0) return false;
      letters.add(before);
      continue;
    }
    before = item.type === 'char' && isLetter(item.code) && min === 1 && max === 1 ? item.code : -1;
  }
  return true;
}
