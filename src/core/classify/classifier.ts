import { KINDS, type Kind } from '../../contract/vocabulary.ts';
import { encodeUtf8 } from '../cube/utf8.ts';
import { LiteralAutomaton } from './literal-automaton.ts';
import { patternFacts } from './pattern-facts.ts';
import type { ClassificationRule, RuleSet } from './rule-set.ts';

/** What one key is. Unknown is `other`, with no rule. */
export interface Classification {
  readonly kind: Kind;
  readonly ruleId: string | null;
  /** How deep below the root the directory lies that is kept or deleted whole; null where no directory is. */
  readonly unitRootDepth: number | null;
  /** Whether that directory is the root of a live table: everything below it belongs to the table. */
  readonly isLiveTable: boolean;
}

const NO_RULE = -1;

/** The ordered rules, compiled: the first whose pattern matches decides. */
export class Classifier {
  readonly rules: RuleSet;
  /** Index into KINDS by rule. */
  readonly kindOfRule: Uint8Array;
  readonly isLiveTableRule: Uint8Array;
  private readonly patterns: readonly RegExp[];
  private readonly automaton: LiteralAutomaton;
  /** Rules that may match by byte * words: their match can end in this byte. */
  private readonly byLastByte: Uint32Array;
  /** Rules without a literal to look for: tried on every key. */
  private readonly always: Uint32Array;
  private readonly scratch: Uint32Array;

  constructor(rules: RuleSet) {
    this.rules = rules;
    this.patterns = rules.map((rule) => new RegExp(rule.regex));
    this.kindOfRule = Uint8Array.from(rules, (rule) => KINDS.indexOf(rule.kind));
    this.isLiveTableRule = Uint8Array.from(rules, (rule) => (rule.kind === 'dataset_live_table' ? 1 : 0));
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
   * and the literals found, to be kept by the caller and given to `ruleOf`.
   */
  enter(bytes: Uint8Array, start: number, end: number, found: Uint32Array): number {
    return this.automaton.run(0, bytes, start, end, found);
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

  /** Depth of the directory that a rule calls the unit of this key, or -1. */
  unitRootDepth(rule: number, key: string): number {
    const groups = this.patterns[rule]?.exec(key)?.groups;
    const template = (this.rules[rule] as ClassificationRule).unit.split(' ')[0] as string;
    if (!template.endsWith('/')) return -1;
    const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => groups?.[name] ?? '');
    const path = !key.startsWith('/') && filled.startsWith('/') ? filled.slice(1) : filled;
    if (path === '' || !key.startsWith(path)) return -1;
    return path.split('/').length - 1;
  }

  classify(key: string): Classification {
    const bytes = encodeUtf8(key);
    const nameStart = bytes.lastIndexOf(0x2f) + 1;
    const found = new Uint32Array(this.words);
    const state = this.enter(bytes, 0, nameStart, found);
    const rule = this.ruleOf(state, found, 0, bytes, nameStart, bytes.length, () => key);
    if (rule === NO_RULE) return { kind: 'other', ruleId: null, unitRootDepth: null, isLiveTable: false };
    const { kind, id } = this.rules[rule] as ClassificationRule;
    const depth = this.unitRootDepth(rule, key);
    return { kind, ruleId: id, unitRootDepth: depth < 0 ? null : depth, isLiveTable: depth >= 0 && this.isLiveTableRule[rule] === 1 };
  }
}

function setBit(words: Uint32Array, offset: number, bit: number): void {
  const slot = offset + (bit >>> 5);
  words[slot] = (words[slot] as number) | (1 << (bit & 31));
}
