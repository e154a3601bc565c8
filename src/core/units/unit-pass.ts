import { KINDS } from '../../contract/vocabulary.ts';
import type { DirectoryClassifier } from '../classify/directory-classifier.ts';
import { NOT_KNOWN, NOWHERE, SHAPES, STEM } from '../classify/name-memo.ts';
import type { ClassificationRule } from '../classify/rule-set.ts';
import { grown } from '../cube/growable.ts';
import type { TreeColumns } from '../cube/tree.ts';
import { decodeUtf8 } from '../cube/utf8.ts';
import { encloserOf } from './enclosers.ts';
import { directoryPlace, isSupport, type Place, placeOf } from './place.ts';
import { NO_UNIT } from './unit-table.ts';

/** What the pass finds units for. */
export interface UnitSink {
  /** The unit with this place, made if it is new. `stem`: "" for a whole directory. */
  unit(rule: number, kind: number, directory: number, stem: string): number;
}

const CHECKPOINT = KINDS.indexOf('checkpoint');
const INCOMPLETE = KINDS.indexOf('checkpoint_incomplete');
const isCheckpoint = (kind: number): boolean => kind === CHECKPOINT || kind === INCOMPLETE;

/** Where units of a rule lie in the directory entered last. */
const UNSEEN = -2;
const BY_NAME = -3;

/**
 * The unit of every key, directory by directory in pre-order, as the classifier goes. Ask `unitOf` right after the
 * classifier's `ruleOf` for the same key.
 */
export class UnitPass {
  private readonly classifier: DirectoryClassifier;
  private readonly tree: TreeColumns;
  private readonly sink: UnitSink;
  private readonly encloser: (folder: string) => number;
  private directory = -1;
  /** By rule: the directory unit of the directory entered last, UNSEEN, BY_NAME or NO_UNIT. */
  private readonly byRule = new Int32Array(256);
  private readonly touched: number[] = [];
  /** By form of names: how long the part of the name is that makes the unit; -1 where it is not known. */
  private readonly stemLength = new Int32Array(SHAPES).fill(-1);
  /** The stem unit asked for last, in this directory. */
  private stemBytes = new Uint8Array(256);
  private lastStemLength = -1;
  private lastStemRule = -1;
  private lastStemUnit = NO_UNIT;
  /** By depth: the outermost folder on the way that is one checkpoint, and its rule; -1 for none. */
  private readonly enclosing: number[] = [];
  private readonly enclosingRule: number[] = [];
  private readonly way: number[] = [];
  private wayDepth = -1;
  /** By form of directories: the rule of a folder that encloses what is in it + 2, 1 for none; 0 where nobody asked. */
  private encloserOfForm = new Int32Array(1024);
  /** By rule: whether its keys belong where their form says. */
  private readonly isFormed: readonly boolean[];
  /** Of the key whose place was looked for last, as NameMemo remembers it. */
  private ownPlace = NOT_KNOWN;

  constructor(classifier: DirectoryClassifier, tree: TreeColumns, sink: UnitSink) {
    this.classifier = classifier;
    this.tree = tree;
    this.sink = sink;
    this.encloser = encloserOf(classifier.classifier);
    this.byRule.fill(UNSEEN);
    this.isFormed = classifier.classifier.rules.map(({ kind }) => kind !== 'log');
  }

  /** Turns to a directory; the classifier has entered it. */
  enter(directory: number): void {
    if (directory === this.directory) return;
    this.directory = directory;
    for (const rule of this.touched) this.byRule[rule] = UNSEEN;
    this.touched.length = 0;
    this.lastStemLength = -1;
    this.stemLength.fill(-1);
    this.findEnclosing(directory);
  }

  /** The unit of the key whose name is bytes[start..end) and whose rule was just found; NO_UNIT for none. */
  unitOf(rule: number, bytes: Uint8Array, start: number, end: number): number {
    if (rule < 0) return NO_UNIT;
    const known = this.byRule[rule] as number;
    if (known >= NO_UNIT) return known;
    if (known === BY_NAME) {
      const { shape, isNewShape } = this.classifier;
      if (shape >= 0 && !isNewShape) {
        const length = this.stemLength[shape] as number;
        if (length >= 0) return this.stemUnit(rule, bytes, start, length);
      }
    }
    return this.resolve(rule, bytes, start, end);
  }

  /** Length of the stem in bytes of the key asked for last, 0 for directory units. */
  stemOf(unitRule: number): number {
    return this.byRule[unitRule] === BY_NAME ? this.lastStemLength : 0;
  }

  private resolve(rule: number, bytes: Uint8Array, start: number, end: number): number {
    const isByForm = this.isByForm(rule);
    const { shape, memo } = this.classifier;
    const known = isByForm ? (memo.places[shape] as number) : NOT_KNOWN;
    if (known === NOWHERE) return this.settle(rule, NO_UNIT);
    if (known >= STEM) {
      this.settle(rule, BY_NAME);
      this.stemLength[shape] = known - STEM;
      return this.stemUnit(rule, bytes, start, known - STEM);
    }
    if (known >= 0) return this.settle(rule, this.unitAtDepth(rule, known));
    const place = this.place(rule, bytes, start, end);
    if (isByForm) memo.places[shape] = this.ownPlace;
    if (place === null || place.type === 'directory')
      return this.settle(rule, place === null ? NO_UNIT : this.directoryUnit(rule, place.path));
    this.settle(rule, BY_NAME);
    if (place.type === 'numbered') {
      if (shape >= 0) this.stemLength[shape] = -1;
      this.lastStemLength = -1;
      return this.sink.unit(rule, this.classifier.kindOf(rule), this.directory, `#${place.number}`);
    }
    // Bytes that are no text have no length in it: then the whole name is the stem.
    const length = place.stem.includes('\ufffd') ? end - start : utf8Length(place.stem);
    if (shape >= 0) this.stemLength[shape] = length;
    return this.stemUnit(rule, bytes, start, length);
  }

  private settle(rule: number, unit: number): number {
    if (this.byRule[rule] === UNSEEN) this.touched.push(rule);
    this.byRule[rule] = unit;
    return unit;
  }

  /**
   * Whether where a key belongs follows from the form of its path: what a rule finds by its own pattern, outside of anything that
   * encloses or claims it. Days of logs are looked up as days, and numbers are read: there digits do matter.
   */
  private isByForm(rule: number): boolean {
    const { classifier, claims, shape, memo } = this.classifier;
    return (
      shape >= 0 &&
      rule === memo.rules[shape] &&
      this.isFormed[rule] === true &&
      claims.strong[this.directory] !== rule + 1 &&
      rule < classifier.rules.length &&
      !(isCheckpoint(classifier.kindOfRule[rule] as number) && (this.enclosing[this.wayDepth] as number) >= 0)
    );
  }

  private place(rule: number, bytes: Uint8Array, start: number, end: number): Place {
    this.ownPlace = NOT_KNOWN;
    const { classifier, claims, overrides, path } = this.classifier;
    const kind = this.classifier.kindOf(rule);
    if (isCheckpoint(kind) && (this.enclosing[this.wayDepth] as number) >= 0) return { type: 'directory', path: ENCLOSED };
    if (rule >= classifier.rules.length) {
      const override = overrides[rule - classifier.rules.length];
      if (override === undefined || override.kind === 'other' || override.kind === 'system') return null;
      return override.unit === 'file'
        ? { type: 'stem', directory: path, stem: decodeUtf8(bytes, start, end) }
        : { type: 'directory', path };
    }
    const { id, kind: kindName } = classifier.rules[rule] as ClassificationRule;
    if (claims.strong[this.directory] === rule + 1)
      return directoryPlace(kindName, id, this.pathOf(claims.strongRoot[this.directory] as number));
    const key = path + decodeUtf8(bytes, start, end);
    const own = placeOf(classifier, rule, key);
    if (own !== undefined) {
      this.ownPlace = codeOf(own);
      return own;
    }
    const root = claims.beside[this.directory] === rule + 1 ? this.directory : (claims.belowRoot[this.directory] as number);
    return isSupport(id) ? null : directoryPlace(kindName, id, this.pathOf(root));
  }

  private directoryUnit(rule: number, path: string): number {
    if (path === ENCLOSED) {
      const outer = this.enclosingRule[this.wayDepth] as number;
      return this.sink.unit(outer, this.classifier.kindOf(outer), this.enclosing[this.wayDepth] as number, '');
    }
    return this.unitAtDepth(rule, depthOf(path));
  }

  private unitAtDepth(rule: number, depth: number): number {
    let root = this.directory;
    for (let level = this.tree.depth[root] as number; level > depth; level--) root = this.tree.parent[root] as number;
    return this.sink.unit(rule, this.classifier.kindOf(rule), root, '');
  }

  private stemUnit(rule: number, bytes: Uint8Array, start: number, length: number): number {
    if (length === this.lastStemLength && rule === this.lastStemRule && this.isLastStem(bytes, start, length)) return this.lastStemUnit;
    if (length > this.stemBytes.length) this.stemBytes = new Uint8Array(length * 2);
    for (let i = 0; i < length; i++) this.stemBytes[i] = bytes[start + i] as number;
    this.lastStemLength = length;
    this.lastStemRule = rule;
    this.lastStemUnit = this.sink.unit(rule, this.classifier.kindOf(rule), this.directory, decodeUtf8(bytes, start, start + length));
    return this.lastStemUnit;
  }

  private isLastStem(bytes: Uint8Array, start: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.stemBytes[i] !== bytes[start + i]) return false;
    return true;
  }

  private pathOf(directory: number): string {
    const depth = this.tree.depth[directory] as number;
    let at = 0;
    for (let level = 0; level < depth; level++) at = this.classifier.path.indexOf('/', at) + 1;
    return this.classifier.path.slice(0, at);
  }

  private findEnclosing(directory: number): void {
    const { parent, depth, nameBytes, nameStart } = this.tree;
    const to = depth[directory] as number;
    const missing: number[] = [];
    let at = directory;
    for (let level = to; level > this.wayDepth || this.way[level] !== at; level--) {
      missing.push(at);
      if (level === 0) break;
      at = parent[at] as number;
    }
    for (let next = missing.pop(); next !== undefined; next = missing.pop()) {
      const own = depth[next] as number;
      this.way[own] = next;
      const outer = own === 0 ? -1 : (this.enclosing[own - 1] as number);
      if (outer >= 0 || own === 0) {
        this.enclosing[own] = outer;
        this.enclosingRule[own] = own === 0 ? -1 : (this.enclosingRule[own - 1] as number);
        continue;
      }
      const form = this.classifier.formAt(own);
      if (form >= this.encloserOfForm.length) this.encloserOfForm = grown(this.encloserOfForm, form + 1);
      let rule = form < 0 ? 0 : (this.encloserOfForm[form] as number);
      if (rule === 0) {
        rule = this.encloser(decodeUtf8(nameBytes, nameStart[next] as number, nameStart[next + 1] as number)) + 2;
        if (form >= 0) this.encloserOfForm[form] = rule;
      }
      rule -= 2;
      this.enclosing[own] = rule < 0 ? -1 : next;
      this.enclosingRule[own] = rule;
    }
    this.wayDepth = to;
  }
}

/** Stands for the folder that encloses the directory; no path begins so. */
const ENCLOSED = '\u0000/';

function depthOf(path: string): number {
  let depth = 0;
  for (let i = 0; i < path.length; i++) if (path.charCodeAt(i) === 0x2f) depth += 1;
  return depth;
}

function codeOf(place: Place): number {
  if (place === null) return NOWHERE;
  if (place.type === 'directory') return depthOf(place.path);
  // Bytes that are no text have no length in it.
  return place.type === 'numbered' || place.stem.includes('\ufffd') ? NOT_KNOWN : STEM + utf8Length(place.stem);
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}
