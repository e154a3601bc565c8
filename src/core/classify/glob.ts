import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';

/** A glob over whole keys, compiled. */
export interface Glob {
  /** What every key it matches begins with. */
  readonly prefix: string;
  /** The longest text known to be in every key it matches. */
  readonly literal: string;
  matches(key: string): boolean;
}

const PLAIN = /[\\^$.|?*+(){}[\]]/g;
const quoted = (text: string): string => text.replace(PLAIN, '\\$&');

/**
 * Compiles a glob: `*` is any text within a segment, `**` any text at all, `?` one character but "/", `[a-z]` and `[!a-z]`
 * one character of a set, `{a,b}` one of several texts, `\` the next character itself. A glob that ends in "/" means
 * everything below. Usage where it is empty or not closed.
 */
export function compileGlob(glob: string): Result<Glob> {
  const bad = (why: string) => err(appError('Usage', `The pattern "${glob}" ${why}.`, { field: 'glob' }));
  if (glob === '') return bad('is empty');
  let pattern = '';
  let braces = 0;
  const literals = [''];
  const literal = (character: string): void => {
    pattern += quoted(character);
    if (braces === 0) literals[literals.length - 1] += character;
  };
  const characters = [...(glob.endsWith('/') ? `${glob}**` : glob)];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] as string;
    if (character === '\\') {
      const next = characters[++at];
      if (next === undefined) return bad('ends in a lone "\\"');
      literal(next);
      continue;
    }
    if ('*?[{'.includes(character)) literals.push('');
    if (character === '*') {
      const isDouble = characters[at + 1] === '*';
      if (isDouble) at += 1;
      // "a/**/b" also means "a/b".
      if (isDouble && characters[at + 1] === '/' && (at === 1 || characters[at - 2] === '/')) {
        at += 1;
        pattern += '(?:[^]*/)?';
      } else pattern += isDouble ? '[^]*' : '[^/]*';
    } else if (character === '?') pattern += '[^/]';
    else if (character === '[') {
      const end = characters.indexOf(']', at + 2);
      if (end < 0) return bad('has a "[" without its "]"');
      const isNegated = characters[at + 1] === '!' || characters[at + 1] === '^';
      const set = characters.slice(at + (isNegated ? 2 : 1), end).map((one) => (one === '-' ? '-' : one.replace(/[\\\]^]/g, '\\$&')));
      pattern += `(?!/)[${isNegated ? '^' : ''}${set.join('')}]`;
      at = end;
    } else if (character === '{') {
      braces += 1;
      pattern += '(?:';
    } else if (character === '}' && braces > 0) {
      braces -= 1;
      pattern += ')';
    } else if (character === ',' && braces > 0) pattern += '|';
    else literal(character);
  }
  if (braces > 0) return bad('has a "{" without its "}"');
  let expression: RegExp;
  try {
    expression = new RegExp(`^${pattern}$`, 'u');
  } catch {
    return bad('has a set that cannot be read');
  }
  const longest = literals.reduce((best, text) => (text.length > best.length ? text : best));
  return ok({ prefix: fixedPrefix(glob), literal: longest, matches: (key) => expression.test(key) });
}

/** The text before the first character that stands for others. */
function fixedPrefix(glob: string): string {
  let prefix = '';
  for (let at = 0; at < glob.length && !'*?[{'.includes(glob[at] as string); at++) {
    if (glob[at] === '\\') at += 1;
    prefix += glob[at] ?? '';
  }
  return prefix;
}
