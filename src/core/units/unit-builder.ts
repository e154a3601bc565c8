import { type Confidence, KINDS, type Kind } from '../../contract/vocabulary.ts';
import type { DirectoryClassifier } from '../classify/directory-classifier.ts';
import { overrideRuleId } from '../classify/overrides.ts';
import type { TreeColumns } from '../cube/tree.ts';
import { decodeUtf8 } from '../cube/utf8.ts';
import { isPointerName, MOST_POINTER_BYTES } from '../pointers/pointer-file.ts';
import { type Judgement, judge } from './completeness.ts';
import { datasetOf, lastSegment, logOf, parentOf, projectOf, runOf } from './paths.ts';
import { isSupport } from './place.ts';
import { countsOf, judgeSiblings, type Sibling } from './siblings.ts';
import { isTracked, SlotTracker, Tracked } from './slot-tracker.ts';
import type { Slot } from './slots.ts';
import { type Role, roleOf, stepOf } from './step.ts';
import { isPlainText } from './text-names.ts';
import { UnitPass } from './unit-pass.ts';
import { NO_UNIT, UnitTable } from './unit-table.ts';

const DATASET = KINDS.indexOf('dataset');

/** What belongs together above units: the steps of a run, the versions of a dataset, the runs of an experiment, the days of a service. */
export interface Group {
  readonly kind: Kind;
  readonly path: string;
  readonly project: string;
}

/** One unit with all that keys alone tell of it. Times in ms; `step` and `epoch` are numbers, never text. */
export interface Unit {
  readonly unit: number;
  readonly kind: Kind;
  /** The rule, or the override, that found it. */
  readonly ruleId: string;
  readonly confidence: Confidence;
  /** A directory (ends in "/"), or a key's beginning; for names that hold the same number, the directory they lie in. */
  readonly path: string;
  readonly name: string;
  readonly directory: number;
  readonly stem: string;
  /** Index into `groups`. */
  readonly group: number;
  readonly step: number | null;
  readonly epoch: number | null;
  readonly role: Role;
  readonly judgement: Judgement;
  readonly files: number;
  readonly versions: number;
  readonly bytes: number;
  readonly currentBytes: number;
  readonly deleteMarkers: number;
  readonly firstWriteMs: number;
  readonly lastWriteMs: number;
  /** UTC day that its path names, for logs. */
  readonly day: string | null;
  /** Bytes of current keys of a dataset whose names say that they are text as it is; 0 for other kinds. */
  readonly textBytes: number;
}

/** A small file worth reading, by its directory and name. */
export interface PointerFile {
  readonly directory: number;
  readonly name: string;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
}

export interface Units {
  readonly count: number;
  readonly groups: readonly Group[];
  units(): Iterable<Unit>;
}

/** Builds the units of a snapshot while its rows pass by directory, in pre-order. */
export class UnitBuilder {
  readonly table = new UnitTable();
  private readonly classifier: DirectoryClassifier;
  private readonly tree: TreeColumns;
  private readonly pass: UnitPass;
  private readonly tracker: SlotTracker;
  private readonly isTrackedRule: readonly boolean[];
  private readonly byPlace = new Map<number, number>();
  private byStem = new Map<string, number>();
  private directory = -1;
  private readonly tracked = new Map<number, Tracked>();
  private readonly judged = new Map<number, Sibling>();
  /** Small files that say which checkpoint is the last or the best, among current keys. */
  readonly pointers: PointerFile[] = [];
  private readonly isSupportRule: readonly boolean[];
  private folderUnit = NO_UNIT;
  private folder = '';

  constructor(classifier: DirectoryClassifier, tree: TreeColumns) {
    this.classifier = classifier;
    this.tree = tree;
    this.tracker = new SlotTracker(classifier);
    this.isSupportRule = classifier.classifier.rules.map(({ id }) => isSupport(id));
    this.isTrackedRule = classifier.classifier.rules.map(({ id }) => isTracked(id));
    this.pass = new UnitPass(classifier, tree, { unit: (rule, kind, directory, stem) => this.unitAt(rule, kind, directory, stem) });
  }

  enter(directory: number): void {
    if (directory === this.directory) return;
    this.directory = directory;
    this.byStem = new Map();
    this.folderUnit = NO_UNIT;
    this.pass.enter(directory);
    this.tracker.enter();
    for (const [unit, { end }] of this.tracked) if (end <= directory) this.close(unit);
  }

  /** Counts one row, right after the classifier named its rule; its unit, or NO_UNIT. */
  see(
    rule: number,
    names: Uint8Array,
    start: number,
    end: number,
    row: { readonly isLatest: boolean; readonly isMarker: boolean; readonly sizeBytes: number; readonly lastModifiedMs: number },
  ): number {
    this.tracker.follow();
    const unit = this.pass.unitOf(rule, names, start, end);
    const isCurrent = row.isLatest && !row.isMarker;
    if (unit === NO_UNIT) {
      if (isCurrent && this.isSupportRule[rule]) this.notePointer(names, start, end, row);
      return NO_UNIT;
    }
    this.table.see(unit, isCurrent, row.isMarker, row.sizeBytes, row.lastModifiedMs);
    if (!isCurrent) return unit;
    if (this.table.kind[unit] === DATASET && isPlainText(names, start, end)) this.table.seeText(unit, row.sizeBytes);
    const tracked = this.tracked.get(unit);
    if (!tracked) return unit;
    if (unit !== this.folderUnit) {
      this.folderUnit = unit;
      this.folder = this.folderOf(unit);
    }
    const stemLength = (this.table.stem[unit] as string) === '' ? 0 : Math.max(0, this.pass.stemOf(rule));
    const sign = this.tracker.note(tracked, this.folder, stemLength, names, start, end, row.sizeBytes);
    if (sign === 'trainer_state.json') this.notePointer(names, start, end, row);
    return unit;
  }

  private notePointer(
    names: Uint8Array,
    start: number,
    end: number,
    row: { readonly sizeBytes: number; readonly lastModifiedMs: number },
  ): void {
    const name = decodeUtf8(names, start, end);
    if (!isPointerName(name) || row.sizeBytes > MOST_POINTER_BYTES) return;
    this.pointers.push({ directory: this.directory, name, sizeBytes: row.sizeBytes, lastModifiedMs: row.lastModifiedMs });
  }

  /** The unit of a key whose row is counted elsewhere, right after the classifier named its rule; its unit, or NO_UNIT. */
  unitOf(rule: number, names: Uint8Array, start: number, end: number): number {
    this.tracker.follow();
    return this.pass.unitOf(rule, names, start, end);
  }

  /** Ends the pass. Units come one at a time, in the order of their numbers; there may be very many. */
  finish(): Units {
    for (const unit of [...this.tracked.keys()]) this.close(unit);
    const { table } = this;
    table.settle();
    const groups: Group[] = [];
    const known = new Map<string, number>();
    const groupOf = new Int32Array(table.count);
    for (let unit = 0; unit < table.count; unit++) {
      const group = this.groupOf(unit);
      const key = `${group.kind}\n${group.path}`;
      let at = known.get(key);
      if (at === undefined) {
        at = groups.push(group) - 1;
        known.set(key, at);
      }
      groupOf[unit] = at;
    }
    const verdicts = this.compare(groupOf, groups.length);
    const make = (unit: number): Unit => this.make(unit, groupOf[unit] as number, verdicts.get(unit));
    return {
      count: table.count,
      groups,
      *units() {
        for (let unit = 0; unit < table.count; unit++) yield make(unit);
      },
    };
  }

  /** Units of one group, judged by each other. */
  private compare(groupOf: Int32Array, groups: number): Map<number, Judgement> {
    const members: number[][] = Array.from({ length: groups }, () => []);
    for (const unit of this.judged.keys()) members[groupOf[unit] as number]?.push(unit);
    const verdicts = new Map<number, Judgement>();
    for (const list of members) {
      const judgements = judgeSiblings(list.map((unit) => this.judged.get(unit) as Sibling));
      for (const [at, unit] of list.entries()) verdicts.set(unit, judgements[at] as Judgement);
    }
    return verdicts;
  }

  /** The directories that are units, but for the root of the bucket. */
  *roots(): Iterable<number> {
    const { table } = this;
    for (let unit = 0; unit < table.count; unit++) {
      if (table.stem[unit] === '' && table.directory[unit] !== 0) yield table.directory[unit] as number;
    }
  }

  private unitAt(rule: number, kind: number, directory: number, stem: string): number {
    if (stem === '') {
      const key = directory * 32 + kind;
      const known = this.byPlace.get(key);
      if (known !== undefined) return known;
      const unit = this.table.add(rule, kind, directory, '');
      this.byPlace.set(key, unit);
      this.track(unit, rule, this.tree.subtreeEnd[directory] as number);
      return unit;
    }
    const key = `${kind}/${stem}`;
    const known = this.byStem.get(key);
    if (known !== undefined) return known;
    const unit = this.table.add(rule, kind, directory, stem);
    this.byStem.set(key, unit);
    this.track(unit, rule, directory + 1);
    return unit;
  }

  private track(unit: number, rule: number, end: number): void {
    if (this.isTrackedRule[rule]) this.tracked.set(unit, new Tracked(end));
  }

  private close(unit: number): void {
    const tracked = this.tracked.get(unit) as Tracked;
    this.tracked.delete(unit);
    const { id, kind } = this.ruleOf(unit);
    const judgement = judge(id, kind, tracked);
    this.judged.set(unit, {
      ruleId: id,
      files: tracked.files,
      signature: tracked.signature,
      counts: countsOf(tracked.slots.values()),
      judgement,
    });
  }

  private ruleOf(unit: number): { readonly id: string; readonly kind: Kind; readonly confidence: Confidence } {
    const { classifier, overrides } = this.classifier;
    const rule = this.table.rule[unit] as number;
    const own = classifier.rules[rule];
    if (own) return own;
    const override = overrides[rule - classifier.rules.length];
    return { id: overrideRuleId(override?.id ?? ''), kind: KINDS[this.table.kind[unit] as number] ?? 'other', confidence: 'high' };
  }

  private groupOf(unit: number): Group {
    const folder = this.path(this.table.directory[unit] as number);
    const stem = this.table.stem[unit] as string;
    return groupFor(this.ruleOf(unit).kind, stem === '' ? parentOf(folder) : folder, stem === '' ? folder : folder + stem);
  }

  private make(unit: number, group: number, verdict: Judgement | undefined): Unit {
    const { table } = this;
    const { id, kind, confidence } = this.ruleOf(unit);
    const directory = table.directory[unit] as number;
    const stem = table.stem[unit] as string;
    const folder = this.path(directory);
    const isNumbered = stem.startsWith('#');
    const name = unitName(folder, stem);
    const isCheckpoint = kind === 'checkpoint' || kind === 'checkpoint_incomplete';
    const { step, epoch } = isNumbered ? { step: Number(name), epoch: null } : isCheckpoint ? stepOf(stepName(name, folder)) : NO_STEP;
    const files = table.files[unit] as number;
    const judgement = verdict ?? judge(id, kind, { files, signs: NO_SIGNS, slots: NO_SLOTS, hasIndex: false });
    return {
      unit,
      kind,
      ruleId: id,
      confidence,
      path: stem === '' || isNumbered ? folder : folder + stem,
      name,
      directory,
      stem,
      group,
      step,
      epoch,
      role: isCheckpoint && !isNumbered ? roleOf(name) : 'none',
      judgement: files === 0 ? { state: 'gone', missing: [] } : judgement,
      files,
      versions: table.versions[unit] as number,
      bytes: table.bytes[unit] as number,
      currentBytes: table.currentBytes[unit] as number,
      deleteMarkers: table.deleteMarkers[unit] as number,
      firstWriteMs: table.firstWriteMs[unit] as number,
      lastWriteMs: table.lastWriteMs[unit] as number,
      day: kind === 'log' ? dayOf(stem === '' ? folder : stem) : null,
      textBytes: table.textBytes[unit] as number,
    };
  }

  /** The path of the directory entered last, from the unit's root. */
  private folderOf(unit: number): string {
    const depth = this.tree.depth[this.table.directory[unit] as number] as number;
    const { path } = this.classifier;
    let at = 0;
    for (let level = 0; level < depth; level++) at = path.indexOf('/', at) + 1;
    return path.slice(at);
  }

  private path(directory: number): string {
    const { parent, nameBytes, nameStart } = this.tree;
    let path = '';
    for (let d = directory; d > 0; d = parent[d] as number) {
      path = `${decodeUtf8(nameBytes, nameStart[d] as number, nameStart[d + 1] as number)}/${path}`;
    }
    return path;
  }
}

/** What a unit is called within what holds it. */
export function unitName(path: string, stem: string): string {
  if (stem.startsWith('#')) return stem.slice(1);
  return stem === '' ? lastSegment(path) : stem;
}

const NO_STEP = { step: null, epoch: null };
const NO_SIGNS: ReadonlySet<never> = new Set();
const NO_SLOTS: ReadonlyMap<string, Slot> = new Map();

/** Folders such as "actor" hold a part of the step their parent names. */
function stepName(name: string, folder: string): string {
  return /\d/.test(name) || roleOf(name) !== 'none' ? name : lastSegment(parentOf(folder));
}

function dayOf(place: string): string | null {
  if (place.endsWith('/')) return logOf(place).day;
  return /(\d{4}-\d{2}-\d{2})$/.exec(place)?.[1] ?? null;
}

function groupFor(kind: Kind, parent: string, path: string): Group {
  if (kind === 'checkpoint' || kind === 'checkpoint_incomplete') {
    const run = runOf(parent);
    return { kind: 'checkpoint', path: run, project: projectOf(run) };
  }
  if (kind === 'dataset') {
    const { dataset } = datasetOf(path.endsWith('/') ? path : parent);
    return { kind, path: dataset, project: parentOf(dataset) };
  }
  if (kind === 'log') {
    const service = path.endsWith('/') ? logOf(path).service : parent;
    return { kind, path: service, project: parentOf(service) };
  }
  if (kind === 'experiment') {
    const experiment = lastSegment(parent) === 'wandb' ? parentOf(parent) : parent;
    return { kind, path: experiment, project: parentOf(experiment) };
  }
  return { kind, path: parent, project: parentOf(parent) };
}
