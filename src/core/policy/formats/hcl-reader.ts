/**
 * The part of Terraform's language (https://developer.hashicorp.com/terraform/language/syntax/configuration) that says plain values:
 * blocks, arguments, strings, numbers, lists and objects. Whatever would have to be evaluated (variables, functions, templates)
 * becomes an `Unresolved`, so that files may hold it wherever it is not asked for.
 */
export class Unresolved {
  readonly source: string;
  /** 1-based line; undefined where the source has none. */
  readonly row: number | undefined;
  constructor(source: string, row: number | undefined) {
    this.source = source;
    this.row = row;
  }
}

export type HclValue = string | number | boolean | null | Unresolved | readonly HclValue[] | { readonly [key: string]: HclValue };

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: HclBody;
  readonly row: number;
}

export interface HclBody {
  readonly attributes: ReadonlyMap<string, HclValue>;
  readonly blocks: readonly HclBlock[];
}

export class HclFault extends Error {
  readonly row: number;
  constructor(message: string, row: number) {
    super(message);
    this.row = row;
  }
}

const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
const MOST_DEPTH = 64;

/** Throws HclFault where the text is not of the language at all. */
export function parseHcl(source: string): HclBody {
  return new HclReader(source).file();
}

/** A text outside of quotes as it means: "$${" says "${"; undefined where a template has to be evaluated. */
export function unescaped(text: string): string | undefined {
  let isTemplate = false;
  const plain = text.replaceAll(/([$%])\1\{|[$%]\{/g, (found) => {
    if (found.length === 2) isTemplate = true;
    return found.slice(-2);
  });
  return isTemplate ? undefined : plain;
}

class HclReader {
  private readonly source: string;
  private at = 0;
  private depth = 0;
  constructor(source: string) {
    this.source = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  }

  file(): HclBody {
    const body = this.body();
    if (this.at < this.source.length) throw this.fault(`"${this.source[this.at]}" is not expected here`);
    return body;
  }

  private row(at = this.at): number {
    return this.source.slice(0, at).split('\n').length;
  }

  private fault(message: string): HclFault {
    return new HclFault(message, this.row());
  }

  /** Skips white space and comments; over line ends only where they mean nothing. */
  private skip(overLines: boolean): void {
    for (;;) {
      const next = this.source[this.at];
      if (next === ' ' || next === '\t' || next === '\r' || (overLines && next === '\n')) this.at += 1;
      else if (next === '#' || this.source.startsWith('//', this.at)) {
        const end = this.source.indexOf('\n', this.at);
        this.at = end < 0 ? this.source.length : end;
      } else if (this.source.startsWith('/*', this.at)) {
        const end = this.source.indexOf('*/', this.at + 2);
        if (end < 0) throw this.fault('a comment is not closed');
        this.at = end + 2;
      } else return;
    }
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private body(): HclBody {
    this.depth += 1;
    if (this.depth > MOST_DEPTH) throw this.fault('blocks lie too deep in each other');
    const attributes = new Map<string, HclValue>();
    const blocks: HclBlock[] = [];
    for (;;) {
      this.skip(true);
      if (this.at >= this.source.length || this.source[this.at] === '}') break;
      const row = this.row();
      const name = this.match(IDENTIFIER);
      if (name === undefined) throw this.fault(`"${this.source[this.at]}" is not expected here`);
      this.skip(false);
      if (this.source[this.at] === '=' && this.source[this.at + 1] !== '=') {
        this.at += 1;
        this.skip(false);
        if (attributes.has(name)) throw this.fault(`"${name}" is given twice`);
        attributes.set(name, this.expression());
        this.skip(false);
        if (!['\n', '}', undefined].includes(this.source[this.at])) throw this.fault(`"${name}" does not end with its line`);
      } else blocks.push(this.block(name, row));
    }
    this.depth -= 1;
    return { attributes, blocks };
  }

  private block(type: string, row: number): HclBlock {
    const labels: string[] = [];
    for (;;) {
      this.skip(false);
      if (this.source[this.at] === '{') break;
      const label = this.source[this.at] === '"' ? this.text() : this.match(IDENTIFIER);
      if (typeof label !== 'string') throw this.fault(`"${type}" is neither an argument nor a block`);
      labels.push(label);
    }
    this.at += 1;
    const body = this.body();
    if (this.source[this.at] !== '}') throw this.fault(`the block "${type}" is not closed`);
    this.at += 1;
    return { type, labels, body, row };
  }

  /** A value, or everything up to where it must end. */
  private expression(): HclValue {
    const start = this.at;
    const value = this.literal();
    if (value !== undefined) {
      const end = this.at;
      this.skip(false);
      if (this.isEnd()) return value;
      this.at = end;
    }
    this.at = start;
    this.passOver();
    return new Unresolved(this.source.slice(start, this.at).trim(), this.row(start));
  }

  private isEnd(): boolean {
    const next = this.source[this.at];
    return next === undefined || '\n,]})'.includes(next);
  }

  /** To the end of an expression that is not a plain value: strings and brackets are passed as wholes. */
  private passOver(): void {
    let open = 0;
    while (this.at < this.source.length) {
      const next = this.source[this.at] as string;
      if (open === 0 && '\n,]})'.includes(next)) return;
      if (next === '"') this.text();
      else if (this.source.startsWith('<<', this.at) && /^<<-?[\p{L}_]/u.test(this.source.slice(this.at, this.at + 4))) this.heredoc();
      else if (next === '#' || this.source.startsWith('//', this.at) || this.source.startsWith('/*', this.at)) this.skip(false);
      else {
        if ('([{'.includes(next)) open += 1;
        if (')]}'.includes(next)) open -= 1;
        this.at += 1;
      }
    }
    if (open > 0) throw this.fault('a bracket is not closed');
  }

  private literal(): HclValue | undefined {
    const next = this.source[this.at];
    if (next === '"') return this.text();
    if (next === '[') return this.list();
    if (next === '{') return this.object();
    if (this.source.startsWith('<<', this.at)) return this.heredoc();
    const digits = this.match(NUMBER);
    if (digits !== undefined) return Number(digits);
    const word = this.match(IDENTIFIER);
    return word === 'true' ? true : word === 'false' ? false : word === 'null' ? null : undefined;
  }

  private list(): HclValue {
    this.enter();
    const items: HclValue[] = [];
    for (;;) {
      this.skip(true);
      if (this.source[this.at] === ']') break;
      if (this.isEnd()) throw this.fault('a list is not closed');
      items.push(this.expression());
      this.skip(true);
      if (this.source[this.at] === ',') this.at += 1;
      else if (this.source[this.at] !== ']') throw this.fault('a list is not closed');
    }
    this.leave();
    return items;
  }

  private object(): HclValue | undefined {
    this.enter();
    const members: [string, HclValue][] = [];
    for (;;) {
      this.skip(true);
      if (this.source[this.at] === '}') break;
      const key = this.source[this.at] === '"' ? this.text() : this.match(IDENTIFIER);
      this.skip(false);
      const sign = this.source[this.at];
      // A key that is computed, or a "for" expression: not a plain value.
      if (typeof key !== 'string' || (sign !== '=' && sign !== ':')) {
        this.depth -= 1;
        return undefined;
      }
      this.at += 1;
      this.skip(false);
      members.push([key, this.expression()]);
      this.skip(false);
      if (this.source[this.at] === ',') this.at += 1;
      else if (this.source[this.at] !== '\n' && this.source[this.at] !== '}') throw this.fault('an object is not closed');
    }
    this.leave();
    return Object.fromEntries(members);
  }

  private enter(): void {
    this.at += 1;
    this.depth += 1;
    if (this.depth > MOST_DEPTH) throw this.fault('values lie too deep in each other');
  }

  private leave(): void {
    this.at += 1;
    this.depth -= 1;
  }

  /** A quoted string; one with a template in it is Unresolved. */
  private text(): string | Unresolved {
    const start = this.at;
    this.at += 1;
    let value = '';
    let isTemplate = false;
    for (;;) {
      const next = this.source[this.at];
      if (next === undefined || next === '\n') throw this.fault('a string is not closed');
      this.at += 1;
      if (next === '"') break;
      const after = this.source[this.at];
      if (next === '\\') value += this.escape();
      else if ((next === '$' || next === '%') && after === next && this.source[this.at + 1] === '{') {
        value += `${next}{`;
        this.at += 2;
      } else if ((next === '$' || next === '%') && after === '{') {
        isTemplate = true;
        this.at += 1;
        this.template();
      } else value += next;
    }
    return isTemplate ? new Unresolved(this.source.slice(start, this.at), this.row(start)) : value;
  }

  /** To the brace that ends a template; quoted strings in it are passed as wholes. */
  private template(): void {
    let open = 1;
    while (open > 0) {
      const next = this.source[this.at];
      if (next === undefined) throw this.fault('a template is not closed');
      if (next === '"') this.text();
      else {
        if (next === '{') open += 1;
        if (next === '}') open -= 1;
        this.at += 1;
      }
    }
  }

  private escape(): string {
    const mark = this.source[this.at] ?? '';
    const length = mark === 'u' ? 4 : mark === 'U' ? 8 : 0;
    this.at += 1;
    if (length > 0) {
      const digits = this.source.slice(this.at, this.at + length);
      const point = /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : Number.NaN;
      if (!(point <= 0x10ffff)) throw this.fault('a character is not written as \\uXXXX or \\UXXXXXXXX');
      this.at += length;
      return String.fromCodePoint(point);
    }
    const value = ESCAPES[mark];
    if (value === undefined) throw this.fault(`"\\${mark}" is not an escape`);
    return value;
  }

  /** Text up to a line of its own mark; with <<- the common indent goes. */
  private heredoc(): string | Unresolved {
    const start = this.at;
    const open = /<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t\r]*\n/uy;
    open.lastIndex = start;
    const found = open.exec(this.source);
    if (found === null) throw this.fault('a heredoc has no mark');
    this.at += found[0].length;
    const lines: string[] = [];
    for (;;) {
      if (this.at >= this.source.length) throw this.fault('a heredoc is not closed');
      const end = this.source.indexOf('\n', this.at);
      const line = this.source.slice(this.at, end < 0 ? this.source.length : end).replace(/\r$/, '');
      this.at = end < 0 ? this.source.length : end + 1;
      if (line.trim() === found[2]) {
        // The line end after the mark ends the argument.
        if (end >= 0) this.at = end;
        break;
      }
      lines.push(line);
    }
    const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
    const cut = found[1] === '-' && indents.length > 0 ? Math.min(...indents) : 0;
    const text = lines.map((line) => `${line.slice(cut)}\n`).join('');
    return unescaped(text) ?? new Unresolved(this.source.slice(start, this.at), this.row(start));
  }
}
