const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows no control character inside a text
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;

/** Raised at the first fault; never leaves this file. */
class Fault extends Error {
  readonly at: number;
  constructor(at: number) {
    super();
    this.at = at;
  }
}

/** The 1-based line of a text at which it stops being JSON (RFC 8259), or null where it is JSON. The parser's own message does not always tell. */
export function jsonFaultRow(text: string): number | null {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const skip = (): void => void take(SPACE);
  const must = (isThere: boolean): void => {
    if (!isThere) throw new Fault(at);
  };
  const letter = (wanted: string): boolean => {
    if (text[at] !== wanted) return false;
    at += 1;
    return true;
  };
  const members = (end: string, member: () => void): void => {
    skip();
    if (letter(end)) return;
    do {
      skip();
      member();
      skip();
    } while (letter(','));
    must(letter(end));
  };
  const value = (): void => {
    if (letter('{')) {
      members('}', () => {
        must(take(TEXT));
        skip();
        must(letter(':'));
        skip();
        value();
      });
    } else if (letter('[')) members(']', value);
    else must(take(TEXT) || take(NUMBER) || take(WORD));
  };
  try {
    skip();
    value();
    skip();
    must(at === text.length);
    return null;
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return text.slice(0, fault.at).split('\n').length;
  }
}
