/**
 * ECMAScript patterns (no flags) in the syntax of Java as Trino and Athena read it
 * (https://trino.io/docs/current/functions/regexp.html), for which a text matches exactly when it matches here.
 *
 * What differs is spelt out: "$" and "^" are the text's ends and not a line's, "." leaves out four line ends, \d, \w and \s
 * are those of ECMAScript, "[" and "&" mean nothing inside a class. ECMAScript counts UTF-16 units where SQL counts
 * characters: texts go through `utf16Text` first, which gives every character beyond U+FFFF two places.
 */
export interface JavaPattern {
  readonly pattern: string;
  /** Names of the groups kept, by their number - 1. */
  readonly groups: readonly string[];
}

/** A construct that is not known to mean the same in both. */
export class UnknownConstruct extends Error {}

const DIGITS = '0-9';
const WORD = 'A-Za-z0-9_';
/** WhiteSpace and LineTerminator of ECMA-262. */
const SPACE = '\t\n\u000b\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
const NOT_LINE_END = '[^\n\r\u2028\u2029]';
const CONTROL: Readonly<Record<string, string>> = { t: '\t', n: '\n', v: '\u000b', f: '\f', r: '\r', 0: '\0' };

/** Throws UnknownConstruct; groups named in `keep` stay groups, all others only group. */
export function javaPattern(source: string, keep: readonly string[] = []): JavaPattern {
  const reader = new Reader(source, keep);
  const pattern = reader.alternatives(false);
  reader.mustEnd();
  return { pattern: reader.isAnchored(source) ? pattern : `\\A(?s:.*?)(?:${pattern})`, groups: reader.groups };
}

class Reader {
  readonly groups: string[] = [];
  private at = 0;
  private depth = 0;
  private hasAlternatives = false;
  private readonly source: string;
  private readonly keep: readonly string[];
  constructor(source: string, keep: readonly string[]) {
    this.source = source;
    this.keep = keep;
  }

  /**
   * Whether every match begins where the text does. One that may begin anywhere is spelt as one that begins there too: searching
   * backwards from the end, the engine misses matches of a few bytes behind a character of more (found by comparing the two).
   */
  isAnchored(source: string): boolean {
    return source.startsWith('^') && !this.hasAlternatives;
  }

  /** `isRepeated`: inside a group that repeats, where the two keep different captures. */
  alternatives(isRepeated: boolean): string {
    let all = '';
    for (;;) {
      while (this.at < this.source.length && this.peek() !== '|' && this.peek() !== ')') all += this.part(isRepeated);
      if (this.peek() !== '|') return all;
      if (this.depth === 0) this.hasAlternatives = true;
      this.at += 1;
      all += '|';
    }
  }

  mustEnd(): void {
    if (this.at < this.source.length) throw new UnknownConstruct(`"${this.peek()}" at ${this.at}`);
  }

  private part(isRepeated: boolean): string {
    const from = this.at;
    const kept = this.groups.length;
    const atom = this.atom(isRepeated);
    const times = this.times();
    if (times === '') return atom;
    if (atom === '\\A' || atom === '\\z') throw new UnknownConstruct(`a repeated anchor at ${from}`);
    if (this.groups.length > kept && times[0] !== '?') throw new UnknownConstruct(`a kept group that repeats at ${from}`);
    return atom + times;
  }

  private atom(isRepeated: boolean): string {
    const char = this.next();
    if (char === '^') return '\\A';
    if (char === '$') return '\\z';
    if (char === '.') return NOT_LINE_END;
    if (char === '[') return this.set();
    if (char === '(') return this.group(isRepeated);
    if (char === '\\') return this.escape();
    if ('*+?{'.includes(char)) throw new UnknownConstruct(`"${char}" at ${this.at - 1}`);
    return literal(char);
  }

  private group(isRepeated: boolean): string {
    let open = '(?:';
    if (this.take('?')) {
      if (this.take('=')) open = '(?=';
      else if (this.take('!')) open = '(?!';
      else if (!this.take(':')) {
        const name = /^<([A-Za-z_$][\w$]*)>/.exec(this.source.slice(this.at));
        if (!name) throw new UnknownConstruct(`"(?${this.peek()}" at ${this.at - 2}`);
        this.at += name[0].length;
        if (this.keep.includes(name[1] as string)) {
          if (isRepeated) throw new UnknownConstruct(`a kept group that repeats: ${name[1]}`);
          this.groups.push(name[1] as string);
          open = '(';
        }
      }
    }
    this.depth += 1;
    const body = this.alternatives(isRepeated);
    this.depth -= 1;
    if (!this.take(')')) throw new UnknownConstruct('a group without an end');
    return `${open}${body})`;
  }

  private escape(): string {
    const set = this.classEscape();
    if (set) return `[${set.isNegated ? '^' : ''}${set.text}]`;
    return literal(this.character());
  }

  /** \d, \w, \s and their opposites, after the backslash. */
  private classEscape(): { readonly text: string; readonly isNegated: boolean } | null {
    const text = { d: DIGITS, w: WORD, s: SPACE }[this.peek().toLowerCase()];
    if (text === undefined) return null;
    const char = this.next();
    return { text, isNegated: char !== char.toLowerCase() };
  }

  /** The character an escape stands for, after the backslash. */
  private character(): string {
    const char = this.next();
    if (char === 'x' || char === 'u') {
      const digits = new RegExp(char === 'x' ? '^[0-9a-fA-F]{2}' : '^[0-9a-fA-F]{4}').exec(this.source.slice(this.at));
      if (!digits) throw new UnknownConstruct(`"\\${char}" at ${this.at}`);
      this.at += digits[0].length;
      return String.fromCharCode(Number.parseInt(digits[0], 16));
    }
    if (char === '0' && /[0-9]/.test(this.peek())) throw new UnknownConstruct('an octal escape');
    const control = CONTROL[char];
    if (control !== undefined) return control;
    if (char === '' || /[A-Za-z0-9]/.test(char)) throw new UnknownConstruct(`"\\${char}" at ${this.at}`);
    return char;
  }

  private set(): string {
    let text = this.take('^') ? '[^' : '[';
    if (this.peek() === ']') throw new UnknownConstruct('an empty class');
    while (this.peek() !== ']') {
      if (this.at >= this.source.length) throw new UnknownConstruct('a class without an end');
      if (this.take('\\')) {
        const set = this.classEscape();
        if (set) {
          if (set.isNegated) throw new UnknownConstruct('a negated escape in a class');
          text += set.text;
          if (this.peek() === '-' && this.source[this.at + 1] !== ']') throw new UnknownConstruct('a class escape as the end of a range');
          continue;
        }
        this.at -= 1;
      }
      const from = this.setCharacter();
      text += inClass(from);
      if (this.peek() !== '-' || this.source[this.at + 1] === ']') continue;
      this.at += 1;
      if (this.peek() === '\\' && /[dwsDWS]/.test(this.source[this.at + 1] ?? '')) throw new UnknownConstruct('a class escape in a range');
      const to = this.setCharacter();
      // A range across the surrogates would mean halves of characters.
      if (from < '\ud800' && to > '\udfff') throw new UnknownConstruct('a range across the surrogates');
      text += `-${inClass(to)}`;
    }
    this.at += 1;
    return `${text}]`;
  }

  private setCharacter(): string {
    const char = this.take('\\') ? this.character() : this.next();
    if (isSurrogate(char)) throw new UnknownConstruct('a character beyond U+FFFF in a class');
    return char;
  }

  private times(): string {
    let times = '';
    let isFixed = false;
    if (this.take('*')) times = '*';
    else if (this.take('+')) times = '+';
    else if (this.take('?')) times = '?';
    else if (this.peek() === '{') {
      const braces = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.source.slice(this.at));
      if (!braces) throw new UnknownConstruct(`"{" at ${this.at}`);
      this.at += braces[0].length;
      times = braces[0];
      isFixed = braces[2] === undefined;
    } else return '';
    // "{n}?" is no less than "{n}" here, but something else there.
    return this.take('?') && !isFixed ? `${times}?` : times;
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

const isSurrogate = (char: string): boolean => char >= '\ud800' && char <= '\udfff';

function literal(char: string): string {
  if (isSurrogate(char)) throw new UnknownConstruct('a character beyond U+FFFF');
  return /[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/.test(char) && char !== '/' && char !== '_' ? `\\${char}` : char;
}

/** Inside a class every mark is written with a backslash: Java gives meaning to "[" and "&&" there. */
function inClass(char: string): string {
  return /[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/.test(char) ? `\\${char}` : char;
}
