import { KINDS } from '../../contract/vocabulary.ts';
import { grown } from '../cube/growable.ts';
import type { TreeColumns } from '../cube/tree.ts';
import { decodeUtf8 } from '../cube/utf8.ts';
import type { DirectoryClaims } from './claims.ts';
import { type Classifier, NO_RULE } from './classifier.ts';
import { DirectoryForms } from './directory-forms.ts';
import { NameMemo } from './name-memo.ts';
import type { CompiledOverride } from './overrides.ts';

/** Forms of directories whose names are remembered: those that come again. */
const MOST_MEMOS = 4096;
const OTHER = KINDS.indexOf('other');
const SLASH = Uint8Array.of(0x2f);

/**
 * The second pass: the rule of every key, directory by directory in pre-order, under the claims of the first pass.
 * Rules are numbered as in the classifier, overrides after them.
 */
export class DirectoryClassifier {
  readonly classifier: Classifier;
  readonly overrides: readonly CompiledOverride[];
  readonly claims: DirectoryClaims;
  /** Which of the remembered forms the key asked for last has, below SHAPES; -1 for none. `isNewShape`: it took that place just now. */
  shape = -1;
  isNewShape = false;
  private readonly tree: TreeColumns;
  /** What is known of names in the directory entered last. */
  memo = new NameMemo();
  private readonly ownMemo = this.memo;
  private readonly memos: (NameMemo | undefined)[] = [];
  private memoCount = 0;
  private readonly forms: DirectoryForms;
  /** By form: the automaton's state behind it + 1, and the literals found; 0 where no directory of it was entered. */
  private formState = new Int32Array(1024);
  private formFound: Uint32Array;
  private formVisited = new Uint8Array(1024);
  private directory = -1;
  private strong = 0;
  private weak = 0;
  private weakKind = 0;
  private ownOverrides: readonly CompiledOverride[] = [];
  /** Directories on the way to the one entered last, with their paths, automaton states and literals found. */
  private depth = -1;
  private readonly way: number[] = [];
  /** Made when they are asked for: most directories are told by their form. */
  private readonly paths: (string | undefined)[] = [];
  private readonly formsOnWay: number[] = [];
  private readonly states: number[] = [];
  private found: Uint32Array;

  constructor(classifier: Classifier, overrides: readonly CompiledOverride[], tree: TreeColumns, claims: DirectoryClaims) {
    this.classifier = classifier;
    this.overrides = overrides;
    this.tree = tree;
    this.claims = claims;
    this.found = new Uint32Array(64 * classifier.words);
    this.forms = new DirectoryForms(classifier.digitsMatterBehind);
    this.formFound = new Uint32Array(1024 * classifier.words);
  }

  /** The path of the directory entered last. */
  get path(): string {
    return this.pathAt(this.depth);
  }

  /** The form of the folder at a depth on the way to the directory entered last; -1 for none. */
  formAt(depth: number): number {
    return this.formsOnWay[depth] as number;
  }

  /** Index into KINDS of a rule's number; of "other" for none. */
  kindOf(rule: number): number {
    if (rule === NO_RULE) return OTHER;
    const { kindOfRule, rules } = this.classifier;
    return rule < rules.length ? (kindOfRule[rule] as number) : (this.overrides[rule - rules.length] as CompiledOverride).kindIndex;
  }

  /** Turns to a directory; later ones, in pre-order, may follow. */
  enter(directory: number): void {
    if (directory === this.directory) return;
    this.directory = directory;
    this.descend(directory);
    this.memo = this.memoOf(this.formsOnWay[this.depth] as number);
    const { strong, beside, below } = this.claims;
    this.strong = strong[directory] as number;
    this.weak = (beside[directory] as number) || (below[directory] as number);
    this.weakKind = this.weak === 0 ? 0 : 1 << (this.classifier.kindOfRule[this.weak - 1] as number);
    if (this.overrides.length > 0) {
      const { path } = this;
      this.ownOverrides = this.overrides.filter(({ compiled: { prefix } }) =>
        prefix.length <= path.length ? path.startsWith(prefix) : prefix.startsWith(path),
      );
    }
  }

  /** The rule of the key in the entered directory whose name is bytes[start..end). */
  ruleOf(bytes: Uint8Array, start: number, end: number): number {
    this.shape = -1;
    if (this.ownOverrides.length > 0) {
      const key = this.path + decodeUtf8(bytes, start, end);
      const override = this.ownOverrides.find(({ compiled }) => compiled.matches(key));
      if (override) return this.classifier.rules.length + this.overrides.indexOf(override);
    }
    if (this.strong !== 0) return this.strong - 1;
    this.shape = this.memo.find(bytes, start, end);
    if (this.shape >= 0) {
      this.isNewShape = false;
      return this.underClaims(this.memo.rules[this.shape] as number);
    }
    const own = this.ownRule(bytes, start, end);
    const { digitsMatterBehind } = this.classifier;
    if (digitsMatterBehind) {
      this.shape = this.memo.learn(bytes, start, end, digitsMatterBehind, own);
      this.isNewShape = this.shape >= 0;
    }
    return this.underClaims(own);
  }

  /** Names in directories of a form are remembered from the second one on. */
  private memoOf(form: number): NameMemo {
    const known = form < 0 ? undefined : this.memos[form];
    if (known) return known;
    if (form >= 0 && this.formVisited[form] === 1 && this.memoCount < MOST_MEMOS) {
      const memo = new NameMemo();
      this.memos[form] = memo;
      this.memoCount += 1;
      return memo;
    }
    if (form >= 0) this.formVisited[form] = 1;
    this.ownMemo.clear();
    return this.ownMemo;
  }

  /** The rule of a key of the entered directory whose own pattern is known to be this rule's. */
  underClaims(own: number): number {
    if (this.strong !== 0) return this.strong - 1;
    const yields = this.weak !== 0 && (own === NO_RULE || ((this.classifier.yieldsTo[own] as number) & this.weakKind) !== 0);
    return yields ? this.weak - 1 : own;
  }

  /** The rule whose pattern the key in the entered directory matches by itself; NO_RULE for none. */
  ownRule(bytes: Uint8Array, start: number, end: number): number {
    const { classifier, depth } = this;
    const text = (): string => this.path + decodeUtf8(bytes, start, end);
    return classifier.ruleOf(this.states[depth] as number, this.found, depth * classifier.words, bytes, start, end, text);
  }

  /** Brings the way up to the directory, taking up where the last one left it. */
  private descend(directory: number): void {
    const { parent, depth: depthOf, nameBytes, nameStart } = this.tree;
    const { words } = this.classifier;
    const to = depthOf[directory] as number;
    if ((to + 1) * words > this.found.length) {
      const larger = new Uint32Array((to + 1) * words * 2);
      larger.set(this.found);
      this.found = larger;
    }
    const missing: number[] = [];
    let at = directory;
    let level = to;
    while (level > this.depth || this.way[level] !== at) {
      missing.push(at);
      if (level === 0) break;
      at = parent[at] as number;
      level -= 1;
    }
    for (let next = missing.pop(); next !== undefined; next = missing.pop()) {
      const own = depthOf[next] as number;
      this.way[own] = next;
      if (own === 0) {
        this.paths[0] = '';
        this.states[0] = 0;
        this.formsOnWay[0] = 0;
        this.found.fill(0, 0, words);
        continue;
      }
      const [from, end] = [nameStart[next] as number, nameStart[next + 1] as number];
      this.paths[own] = undefined;
      const form = this.forms.child(this.formsOnWay[own - 1] as number, nameBytes, from, end);
      this.formsOnWay[own] = form;
      if (form >= 0) this.makeRoom(form);
      if (form >= 0 && this.formState[form] !== 0) {
        this.states[own] = (this.formState[form] as number) - 1;
        for (let w = 0; w < words; w++) this.found[own * words + w] = this.formFound[form * words + w] as number;
        continue;
      }
      const found = this.found.subarray(own * words, own * words + words);
      found.set(this.found.subarray((own - 1) * words, own * words));
      const state = this.classifier.enter(nameBytes, from, end, found, this.states[own - 1] as number);
      this.states[own] = this.classifier.enter(SLASH, 0, 1, found, state);
      if (form < 0) continue;
      this.formState[form] = (this.states[own] as number) + 1;
      this.formFound.set(found, form * words);
    }
    this.depth = to;
  }

  private makeRoom(form: number): void {
    if (form < this.formState.length) return;
    this.formState = grown(this.formState, form + 1);
    this.formVisited = grown(this.formVisited, this.formState.length);
    this.formFound = grown(this.formFound, this.formState.length * this.classifier.words);
  }

  private pathAt(depth: number): string {
    const known = depth < 0 ? '' : this.paths[depth];
    if (known !== undefined) return known;
    const { nameBytes, nameStart } = this.tree;
    const directory = this.way[depth] as number;
    const path = `${this.pathAt(depth - 1)}${decodeUtf8(nameBytes, nameStart[directory] as number, nameStart[directory + 1] as number)}/`;
    this.paths[depth] = path;
    return path;
  }
}
