import { type Confidence, KINDS, type Kind } from '../../contract/vocabulary.ts';
import { encodeUtf8 } from '../cube/utf8.ts';
import { LiteralAutomaton } from './literal-automaton.ts';
import { lettersBeforeDigits, patternFacts } from './pattern-facts.ts';
import type { ClassificationRule, RuleSet } from './rule-set.ts';

/** What one key is by itself, without its neighbours. Unknown is `other`, with no rule. */
export interface Classification {
  readonly kind: Kind;
  readonly confidence: Confidence | null;
  readonly ruleId: string | null;
}

export interface RuleMatch {
  readonly groups: Readonly<Record<string, string | undefined>>;
  readonly unit: string | null;
}
const NO_GROUPS: RuleMatch['groups'] = {};

export const NO_RULE = -1;

/** The ordered rules, compiled: the first whose pattern matches decides. */
export class Classifier {
  readonly rules: RuleSet;
  /** Index into KINDS by rule. */
  readonly kindOfRule: Uint8Array;
  /** By rule: bits of the kinds (1 << index into KINDS) whose claims are stronger. */
  readonly yieldsTo: Uint32Array;
  /** 1 for every byte behind which digits of a name may matter to a rule; null where that cannot be told. */
  readonly digitsMatterBehind: Uint8Array | null;
  private readonly patterns: readonly RegExp[];
  /** By rule: the text of its unit, cut at its groups: text, group, text, group, text; null for the key alone. */
  private readonly templates: readonly (readonly string[] | null)[];
  private readonly automaton: LiteralAutomaton;
  /** Rules that may match by byte * words: their match can end in this byte. */
  private readonly byLastByte: Uint32Array;
  /** Rules without a literal to look for: tried on every key. */
  private readonly always: Uint32Array;
  private readonly scratch: Uint32Array;

  constructor(rules: RuleSet) {
    this.rules = rules;
    this.patterns = rules.map((rule) => new RegExp(rule.regex));
    this.templates = rules.map(({ unit }) => (unit === 'self' ? null : unit.replace(/\*$/, '').split(/[{}]/)));
    this.kindOfRule = Uint8Array.from(rules, (rule) => KINDS.indexOf(rule.kind));
    this.yieldsTo = Uint32Array.from(rules, (rule) => rule.yieldsTo.reduce((bits, kind) => bits | (1 << KINDS.indexOf(kind)), 0));
    this.digitsMatterBehind = digitsMatterBehind(rules);
    const facts = rules.map((rule) => patternFacts(rule.regex));
    this.automaton = new LiteralAutomaton(facts.map((fact) => fact.literals ?? []));
    const words = this.automaton.words;
    this.scratch = new Uint32Array(words);
    this.always = new Uint32Array(words);
    this.byLastByte = new Uint32Array(256 * words);
    for (const [rule, fact] of facts.entries()) {
      if (!fact.literals) setBit(this.always, 0, rule);
      for (let byte = 0; byte < 256; byte++) if (!fact.lastByte || fact.lastByte[byte]) setBit(this.byLastByte, byte * words, rule);
    }
  }

  /** How many numbers `found` takes for one directory. */
  get words(): number {
    return this.automaton.words;
  }

  /**
   * What the path of a directory, bytes[start..end) with its last "/", says of the keys in it: a state
   * and the literals found, to be kept by the caller and given to `ruleOf`. Goes on from the state of its parent.
   */
  enter(bytes: Uint8Array, start: number, end: number, found: Uint32Array, from = 0): number {
    return this.automaton.run(from, bytes, start, end, found);
  }

  /**
   * The rule of the key whose name is bytes[nameStart..end), in a directory entered before (its `found`
   * begins at `foundAt`); -1 for none. `keyText` gives the whole key, only when a pattern has to be tried.
   */
  ruleOf(
    state: number,
    found: Uint32Array,
    foundAt: number,
    bytes: Uint8Array,
    nameStart: number,
    end: number,
    keyText: () => string,
  ): number {
    const { scratch, always, byLastByte } = this;
    const words = scratch.length;
    for (let w = 0; w < words; w++) scratch[w] = found[foundAt + w] as number;
    this.automaton.run(state, bytes, nameStart, end, scratch);
    const last = end > nameStart ? (bytes[end - 1] as number) : 0x2f;
    let text: string | undefined;
    for (let w = 0; w < words; w++) {
      let candidates = ((scratch[w] as number) | (always[w] as number)) & (byLastByte[last * words + w] as number);
      while (candidates !== 0) {
        const bit = 31 - Math.clz32(candidates & -candidates);
        candidates &= candidates - 1;
        text ??= keyText();
        if (this.patterns[w * 32 + bit]?.test(text)) return w * 32 + bit;
      }
    }
    return NO_RULE;
  }

  /**
   * What a rule's pattern finds in a key: its groups and `unit`, the path that it keeps or deletes whole, from the
   * bucket's root: of a directory where it ends in "/" (the root is ""), else the beginning of a name; null where the
   * rule names the key alone. null where the pattern does not match.
   */
  match(rule: number, key: string): RuleMatch | null {
    const found = this.patterns[rule]?.exec(key);
    if (!found) return null;
    const groups = found.groups ?? NO_GROUPS;
    const template = this.templates[rule] as readonly string[] | null;
    if (template === null) return { groups, unit: null };
    let path = template[0] as string;
    for (let i = 1; i < template.length; i += 2) path += (groups[template[i] as string] ?? '') + template[i + 1];
    // A root that is not there leaves its "/" behind.
    if (path.startsWith('/') && !key.startsWith('/')) path = path.slice(1);
    return { groups, unit: key.startsWith(path) ? path : null };
  }

  classify(key: string): Classification {
    const bytes = encodeUtf8(key);
    const nameStart = bytes.lastIndexOf(0x2f) + 1;
    const found = new Uint32Array(this.words);
    const state = this.enter(bytes, 0, nameStart, found);
    const rule = this.ruleOf(state, found, 0, bytes, nameStart, bytes.length, () => key);
    if (rule === NO_RULE) return { kind: 'other', confidence: null, ruleId: null };
    const { kind, confidence, id } = this.rules[rule] as ClassificationRule;
    return { kind, confidence, ruleId: id };
  }
}

function setBit(words: Uint32Array, offset: number, bit: number): void {
  const slot = offset + (bit >>> 5);
  words[slot] = (words[slot] as number) | (1 << (bit & 31));
}

function digitsMatterBehind(rules: RuleSet): Uint8Array | null {
  const bytes = new Uint8Array(256);
  for (const { regex } of rules) {
    const letters = lettersBeforeDigits(regex);
    if (letters === null) return null;
    for (const letter of letters) bytes[letter] = 1;
  }
  return bytes;
}
