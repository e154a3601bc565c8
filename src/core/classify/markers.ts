import { grown } from '../cube/growable.ts';
import { decodeUtf8 } from '../cube/utf8.ts';
import type { Classifier } from './classifier.ts';
import { LiteralAutomaton } from './literal-automaton.ts';
import { NameShape } from './name-shape.ts';
import type { Claim } from './rule-set.ts';

const SLASH = Uint8Array.of(0x2f);
const ASCII = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

interface ClaimRule {
  readonly rule: number;
  readonly claim: Claim;
  readonly suffixes: readonly Uint8Array[];
}

/** What the finder asks of the tree that keys are put into. */
interface Ancestry {
  depthOf(directory: number): number;
  ancestor(directory: number, ownDepth: number, depth: number): number;
}

/**
 * The first pass: finds the keys that mark a place (the log of a table, the index of a checkpoint), whatever order keys
 * come in, and the directory each of them speaks for. Built to say no fast: it sees every row.
 */
export class MarkerFinder {
  /** Bit i of a directory: the claim of `claimRules[i]` holds from here on down. Numbers are those of the tree builder. */
  roots = new Uint32Array(1024);
  readonly claimRules: readonly ClaimRule[];
  private readonly classifier: Classifier;
  private readonly tree: Ancestry;
  private readonly segments: LiteralAutomaton;
  /** Bits of the claims whose suffixes end in these four bytes, by their hash; 0 for most. */
  private readonly bySuffix = new Uint32Array(4096);
  /** By directory: claims for which its path has one of their segments; all bits set: not looked at yet. */
  private below = new Uint32Array(1024).fill(NOT_SEEN);
  /** By directory: claims that have been settled, or tried often enough without a match. */
  private settled = new Uint32Array(1024);
  private readonly scratch = new Uint32Array(1);
  /** The form of the name that was looked at last without a match, where, and for which claims. */
  private readonly failed = new NameShape();
  private failedIn = -1;
  private failedOf = 0;
  private readonly fixedBehind: Uint8Array | null;

  constructor(classifier: Classifier, tree: Ancestry) {
    this.classifier = classifier;
    this.tree = tree;
    // Suffixes with digits in them would have to be told from others of their form.
    const hasDigits = classifier.rules.some(({ claims }) => claims?.suffixes.some((suffix) => /\d/.test(suffix)) === true);
    this.fixedBehind = hasDigits ? null : classifier.digitsMatterBehind;
    this.claimRules = classifier.rules.flatMap(({ claims }, rule) =>
      claims === undefined ? [] : [{ rule, claim: claims, suffixes: claims.suffixes.map(ASCII) }],
    );
    if (this.claimRules.length > 31) throw new Error('there are more claims than bits');
    this.segments = new LiteralAutomaton(this.claimRules.map(({ claim }) => claim.segments.map((segment) => `/${segment}/`)));
    for (const [bit, { suffixes }] of this.claimRules.entries()) {
      for (const suffix of suffixes) {
        const slot = lastFour(suffix, suffix.length);
        this.bySuffix[slot] = (this.bySuffix[slot] as number) | (1 << bit);
      }
    }
  }

  /** Looks at one key, bytes[start..end), whose name begins at `nameAt`, in a directory of the tree. */
  see(directory: number, bytes: Uint8Array, start: number, nameAt: number, end: number): void {
    let below = directory < this.below.length ? (this.below[directory] as number) : NOT_SEEN;
    if (below === NOT_SEEN) below = this.enter(directory, bytes, start, nameAt);
    if (end - start >= 4) below |= this.bySuffix[lastFour(bytes, end)] as number;
    if (below !== 0) this.consider(below, directory, bytes, start, nameAt, end);
  }

  private enter(directory: number, bytes: Uint8Array, start: number, nameAt: number): number {
    if (directory >= this.below.length) {
      const known = this.below.length;
      this.below = grown(this.below, directory + 1);
      this.below.fill(NOT_SEEN, known);
      this.settled = grown(this.settled, this.below.length);
      this.roots = grown(this.roots, this.below.length);
    }
    this.scratch[0] = 0;
    const first = this.segments.run(0, SLASH, 0, 1, this.scratch);
    this.segments.run(first, bytes, start, nameAt, this.scratch);
    this.below[directory] = this.scratch[0] as number;
    return this.below[directory] as number;
  }

  private consider(bits: number, directory: number, bytes: Uint8Array, start: number, nameAt: number, end: number): void {
    let open = bits & ~(this.settled[directory] as number);
    if (open === 0) return;
    const asked = open;
    // What no pattern matched a moment ago none matches now, where only digits are different.
    if (directory === this.failedIn && asked === this.failedOf && this.failed.fits(bytes, nameAt, end)) return;
    let key: string | undefined;
    let hasFound = false;
    while (open !== 0) {
      const bit = 31 - Math.clz32(open & -open);
      open &= open - 1;
      const { rule, suffixes } = this.claimRules[bit] as ClaimRule;
      const isBelow = (((this.below[directory] as number) >>> bit) & 1) === 1;
      if (!isBelow && !suffixes.some((suffix) => endsWith(bytes, start, end, suffix))) continue;
      key ??= decodeUtf8(bytes, start, nameAt) + decodeUtf8(bytes, nameAt, end);
      const path = this.classifier.match(rule, key)?.unit ?? null;
      if (path === null) continue;
      hasFound = true;
      this.settled[directory] = (this.settled[directory] as number) | (1 << bit);
      const folder = path.lastIndexOf('/') + 1;
      let depth = 0;
      for (let i = 0; i < folder; i++) if (path.charCodeAt(i) === 0x2f) depth += 1;
      const root = this.tree.ancestor(directory, this.tree.depthOf(directory), depth);
      this.roots = grown(this.roots, root + 1);
      this.roots[root] = (this.roots[root] as number) | (1 << bit);
    }
    if (hasFound || key === undefined || this.fixedBehind === null) return;
    this.failed.take(bytes, nameAt, end, this.fixedBehind);
    this.failedIn = directory;
    this.failedOf = asked;
  }
}

const NOT_SEEN = 0xffffffff;

const lastFour = (bytes: Uint8Array, end: number): number =>
  (((bytes[end - 1] as number) * 31 + (bytes[end - 2] as number)) * 31 + (bytes[end - 3] as number) * 7 + (bytes[end - 4] as number)) &
  4095;

function endsWith(bytes: Uint8Array, start: number, end: number, suffix: Uint8Array): boolean {
  const from = end - suffix.length;
  if (from < start) return false;
  for (let i = 0; i < suffix.length; i++) if (bytes[from + i] !== suffix[i]) return false;
  return true;
}
