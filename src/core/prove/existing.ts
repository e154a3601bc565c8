import type { ProofFacts } from '../../contract/prove.ts';
import { ok, type Result } from '../../contract/result.ts';
import { DAY_MS } from '../../contract/units.ts';
import { CATEGORY_OF_KIND, type Category, KINDS, VERSION_STATES } from '../../contract/vocabulary.ts';
import { type BilledClass, MULTI, REPLICATION_BLOCKED, SUPERSEDED } from '../cube/cube.ts';
import type { PackedCube } from '../cube/group.ts';
import { type PrefixScope, prefixScope } from '../cube/prefix.ts';
import { type Reach, reachOf } from '../cube/reach.ts';
import type { RowBlock } from '../cube/row-block.ts';
import { type Box, isAnySize, isInside, isOutside } from './box.ts';
import type { KnownVersioning, ProofRule } from './context.ts';
import { type DueSet, DuesBySize, dueSetOf, LARGE, SMALL } from './due-sets.ts';
import type { Dues } from './dues.ts';
import { exactly, goneOf, type Span, type Subject } from './judge.ts';
import { keyFate } from './key-fate.ts';
import { type Judgement, judge, keyRow, type Question, type Setting, type Together } from './question.ts';
import { Tally } from './tally.ts';

/** A snapshot as the prover reads it. */
export interface ExistingVersions {
  readonly cube: PackedCube;
  /** Every row lying directly in a directory, whole keys in order. */
  readonly rowsIn: (directory: number) => Result<RowBlock>;
  /** Whether the snapshot tells of retention and holds. */
  readonly lockKnown: boolean;
}

export interface Asked {
  readonly question: Question;
  readonly scope: Box;
  readonly category: Category | undefined;
  readonly rules: readonly ProofRule[];
  readonly facts: ProofFacts;
  readonly versioning: KnownVersioning;
  readonly asOfDay: number;
}

const NO_CLASS: BilledClass = { storageClass: '', accessTier: '' };
const UNKNOWN: Span = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const NOTHING: Span = exactly(Number.NEGATIVE_INFINITY);

/** One row with its judgement. */
export type VisitRow = (block: RowBlock, row: number, judged: Judgement) => void;

/**
 * Asks one question of every version of a snapshot under a scope. Cells answer for all their versions at once; where a
 * filter cuts through a cell, or a key has to be seen whole, the rows of that directory answer.
 */
export class Examiner {
  private readonly asked: Asked;
  private readonly existing: ExistingVersions;
  private readonly setting: Setting;
  private readonly reach: Reach<ProofRule>;
  private readonly place: PrefixScope | null;
  private readonly rules: readonly ProofRule[];
  private readonly kinds: Uint8Array;
  private readonly duesOfSet = new Map<number, DueSet | null>();
  private readonly rowDues = new Map<string, DuesBySize>();
  /** The cells of the directory at hand. */
  private readonly judged: (Judgement | null)[] = [];

  constructor(asked: Asked, existing: ExistingVersions) {
    this.asked = asked;
    this.existing = existing;
    const { scope, category, versioning, asOfDay } = asked;
    // Rules for other sizes count too: they act on other versions of the same keys.
    this.rules = asked.rules.filter(({ box }) => box.prefix.startsWith(scope.prefix) || scope.prefix.startsWith(box.prefix));
    this.reach = reachOf(existing.cube.tree, this.rules, ({ box }) => box.prefix);
    this.place = prefixScope(existing.cube.tree, scope.prefix);
    this.kinds = Uint8Array.from(KINDS, (kind) => (category === undefined || CATEGORY_OF_KIND[kind] === category ? 1 : 0));
    this.setting = {
      versioning,
      asOfDay,
      firstRun: asOfDay + 1,
      lockKnown: existing.lockKnown,
      hasMarkers: versioning !== 'unversioned' && scope.tags.size === 0 && isAnySize(scope),
      asksTags: scope.tags.size > 0,
    };
  }

  run(): Result<Tally> {
    const tally = new Tally();
    if (this.place === null) return ok(tally);
    const { from, to, cut } = this.place;
    const { cellStart } = this.existing.cube;
    for (const [first, end] of cut === null
      ? [[from, to]]
      : [
          [cut.directory, cut.directory + 1],
          [from, to],
        ]) {
      for (let directory = first as number; directory < (end as number); directory += 1) {
        if (cellStart[directory] === cellStart[directory + 1] || this.cells(directory, tally)) continue;
        const read = this.rows(directory, (block, row, judged) => {
          tally.count(judged.outcome, 1, block.sizeBytes[row] as number, directory, judged.measure);
        });
        if (!read.ok) return read;
      }
    }
    return ok(tally);
  }

  /** Judges a directory by its cells; false where its rows have to be asked. */
  private cells(directory: number, tally: Tally): boolean {
    const { reach, place, setting } = this;
    const { cube } = this.existing;
    // In a suspended bucket it matters which version is the null version.
    if (place?.cut?.directory === directory || reach.cut.has(directory) || setting.versioning === 'suspended') return false;
    const set = reach.setOf[directory] as number;
    const from = cube.cellStart[directory] as number;
    const to = cube.cellStart[directory + 1] as number;
    const { judged } = this;
    judged.length = 0;
    let behind: Span | undefined;
    for (let cell = from; cell < to; cell += 1) {
      if (this.kinds[cube.kind[cell] as number] === 0) {
        judged.push(null);
        continue;
      }
      const dues = this.cellDues(set, cube.isSmall[cell] === 1);
      if (dues === null) return false;
      if (dues === OUTSIDE) {
        judged.push(null);
        continue;
      }
      const subject = this.subjectOf(cell);
      if (subject.isMulti && this.asked.question.kind === 'gone' && setting.hasMarkers) behind ??= this.behindIn(set, from, to);
      const one = judge(this.asked.question, subject, dues, behind ?? UNKNOWN, setting);
      if (one.outcome === 'rows') return false;
      judged.push(one);
    }
    for (let cell = from; cell < to; cell += 1) {
      const one = judged[cell - from] as Judgement | null;
      if (one === null) continue;
      tally.count(one.outcome, cube.count[cell] as number, cube.bytes[cell] as number, directory, one.measure);
    }
    return true;
  }

  /** What the rules of a set do to small or large versions; null where sizes are cut, OUTSIDE where the scope has none of them. */
  private cellDues(set: number, isSmall: boolean): DueSet | null {
    const id = set * 2 + (isSmall ? 1 : 0);
    const known = this.duesOfSet.get(id);
    if (known !== undefined) return known;
    const range = isSmall ? SMALL : LARGE;
    const { scope, facts } = this.asked;
    const rules = this.reach.sets[set] as readonly ProofRule[];
    const isCut = (box: Box): boolean => !isInside(box, range) && !isOutside(box, range);
    let made: DueSet | null;
    if (isOutside(scope, range)) made = OUTSIDE;
    else if (isCut(scope) || rules.some(({ box }) => isCut(box))) made = null;
    else made = dueSetOf(rules, range, scope, facts.minimumSize);
    this.duesOfSet.set(id, made);
    return made;
  }

  private subjectOf(cell: number): Subject {
    const { cube } = this.existing;
    const flags = cube.flags[cell] as number;
    const state = VERSION_STATES[cube.state[cell] as number] as Subject['state'];
    const clockDay = cube.clockDay[cell] as number;
    const writtenDay = cube.writtenDay[cell] as number;
    const isSuperseded = (flags & SUPERSEDED) !== 0;
    const { storageClass, accessTier } = cube.classes[cube.classId[cell] as number] ?? NO_CLASS;
    return {
      state,
      isSuperseded,
      isMulti: (flags & MULTI) !== 0,
      isNullVersion: null,
      clockDay,
      written: state === 'noncurrent' || isSuperseded ? { from: writtenDay, to: writtenDay + 1 } : exactly(clockDay),
      lockedUntilDay: cube.lockedUntilDay[cell] as number,
      isBlocked: (flags & REPLICATION_BLOCKED) !== 0,
      storageClass,
      accessTier,
    };
  }

  /** When the last noncurrent row of a directory goes at the latest. */
  private behindIn(set: number, from: number, to: number): Span {
    const { cube } = this.existing;
    let last = Number.NEGATIVE_INFINITY;
    for (let cell = from; cell < to; cell += 1) {
      const subject = this.subjectOf(cell);
      if (subject.state === 'current' || (subject.state === 'marker' && !subject.isSuperseded)) continue;
      const dues = this.cellDues(set, cube.isSmall[cell] === 1);
      if (dues === null || dues === OUTSIDE) return UNKNOWN;
      const own = subject.state === 'marker' ? dues.markerCertain : dues.certain;
      last = Math.max(last, goneOf(subject, own, null, NOTHING, this.setting).to);
    }
    return { from: Number.NEGATIVE_INFINITY, to: last };
  }

  /** Judges every row of a directory that belongs to the scope. */
  rows(directory: number, visit: VisitRow): Result<void> {
    const read = this.existing.rowsIn(directory);
    if (!read.ok) return read;
    const block = read.value;
    let from = 0;
    while (from < block.rows) {
      let to = from + 1;
      while (to < block.rows && block.isSameKey[to] === 1) to += 1;
      this.key(directory, block, from, to, visit);
      from = to;
    }
    return ok(undefined);
  }

  private key(directory: number, block: RowBlock, from: number, to: number, visit: VisitRow): void {
    const { question, scope } = this.asked;
    const { setting, place } = this;
    const name = block.name(from);
    if (place?.cut?.directory === directory && !name.startsWith(place.cut.namePrefix)) return;
    const bySize = this.duesFor(directory, name);
    const subjects: Subject[] = [];
    for (let row = from; row < to; row += 1) subjects.push(rowSubject(this.existing.cube, block, row, to - from > 1));
    const dues = subjects.map((_subject, at) => bySize.at(block.sizeBytes[from + at] as number));
    const needsKey =
      question.kind === 'gone' || (question.kind === 'kept' && (question.overwrites === 'none' || setting.versioning === 'suspended'));
    const fates = needsKey ? this.fatesOf(subjects, dues) : null;
    for (const [at, subject] of subjects.entries()) {
      const row = from + at;
      const sizeBytes = block.sizeBytes[row] as number;
      if (this.kinds[block.kind[row] as number] === 0) continue;
      if (subject.state !== 'marker' && (sizeBytes < scope.sizeFrom || sizeBytes > scope.sizeTo)) continue;
      const together: Together | undefined = fates === null ? undefined : { row: at, ...fates };
      const judged = judge(question, subject, dues[at] as DueSet, UNKNOWN, setting, together);
      // A version with other tags may stand among the newer ones.
      const hangsOnTags = setting.asksTags && needsKey && subject.isMulti;
      visit(block, row, hangsOnTags ? { ...judged, outcome: 'scope-tags' } : judged);
    }
  }

  /**
   * What happens to a key by the rules sure to act, and by all that might. Where ranks matter, one rule that might act
   * can also save a version by taking newer ones: then the last and the soonest that ranks allow stand for the two.
   */
  private fatesOf(subjects: readonly Subject[], dues: readonly DueSet[]): Omit<Together, 'row'> {
    const { versioning, firstRun } = this.setting;
    const isUnsure = subjects.some((subject, at) => {
      const { certain, all, markerCertain, markerAll } = dues[at] as DueSet;
      if (subject.state === 'marker') return subject.isSuperseded && markerCertain !== markerAll;
      return certain !== all;
    });
    const play = (which: 'certain' | 'all', some: readonly Subject[]) => {
      const marker = which === 'certain' ? 'markerCertain' : 'markerAll';
      const of = (set: DueSet, isMarker: boolean, newerRows: number): Dues => {
        const own = set[isMarker ? marker : which];
        if (!isUnsure) return own;
        // A version can have no more newer noncurrent ones than rows above it.
        const ranked = which === 'certain' ? [] : own.keeping.filter(({ newer }) => newer <= newerRows).map(({ days }) => days);
        return { ...own, noncurrentDays: Math.min(own.noncurrentDays, ...ranked), keeping: [], keepingDays: Number.POSITIVE_INFINITY };
      };
      const rows = some.map((subject, at) => {
        const isLatest = subject.state === 'current' || (subject.state === 'marker' && !subject.isSuperseded);
        return keyRow(this.asked.question, subject, isLatest, of(dues[at] as DueSet, subject.state === 'marker', at));
      });
      return keyFate(rows, of(dues[0] as DueSet, true, 0), versioning, firstRun);
    };
    const histories = [subjects, ...this.writtenOver(subjects)];
    return { certain: histories.map((some) => play('certain', some)), all: histories.map((some) => play('all', some)) };
  }

  /** The key with its latest row written over on the as-of day: the null version is replaced, any other becomes noncurrent. */
  private writtenOver(subjects: readonly Subject[]): Subject[][] {
    const { question } = this.asked;
    const [latest, ...others] = subjects;
    const isLatest = latest?.state === 'current' || (latest?.state === 'marker' && !latest.isSuperseded);
    if (question.kind !== 'kept' || question.overwrites === 'none' || latest === undefined || !isLatest || latest.isNullVersion !== false)
      return [];
    const state = latest.state === 'marker' ? ('marker' as const) : ('noncurrent' as const);
    const replaced = others.map((subject) => (subject.isNullVersion ? { ...subject, isReplaced: true as const } : subject));
    return [[{ ...latest, state, isSuperseded: state === 'marker', clockDay: this.setting.asOfDay }, ...replaced]];
  }

  private duesFor(directory: number, name: string): DuesBySize {
    const { reach, rowDues, asked } = this;
    const set = reach.setOf[directory] as number;
    const cut = (reach.cut.get(directory) ?? []).filter(({ box }) => name.startsWith(box.prefix.slice(box.prefix.lastIndexOf('/') + 1)));
    const key = `${set}/${cut.map((rule) => this.rules.indexOf(rule)).join(',')}`;
    const known = rowDues.get(key);
    if (known !== undefined) return known;
    const made = new DuesBySize([...(reach.sets[set] as readonly ProofRule[]), ...cut], asked.scope, asked.facts.minimumSize);
    rowDues.set(key, made);
    return made;
  }
}

/** Stands for "no version of this size belongs to the scope". */
const OUTSIDE = dueSetOf([], LARGE, { prefix: '', tags: new Map(), ...LARGE }, null);

function rowSubject(cube: PackedCube, block: RowBlock, row: number, isMulti: boolean): Subject {
  const flags = block.cubeFlags[row] as number;
  return {
    state: VERSION_STATES[block.state[row] as number] as Subject['state'],
    isSuperseded: (flags & SUPERSEDED) !== 0,
    isMulti,
    isNullVersion: block.versionId(row) === null,
    clockDay: Math.ceil((block.clockMs[row] as number) / DAY_MS),
    written: exactly(Math.ceil((block.lastModifiedMs[row] as number) / DAY_MS)),
    lockedUntilDay: block.lockedUntilDay[row] as number,
    isBlocked: (flags & REPLICATION_BLOCKED) !== 0,
    ...(cube.classes[block.classId[row] as number] ?? NO_CLASS),
  };
}
