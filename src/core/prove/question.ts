import type { Statement } from '../../contract/prove.ts';
import { type Bound, boundOf } from './context.ts';
import type { DueSet } from './due-sets.ts';
import {
  exactly,
  goneOf,
  goneOutcome,
  keptOutcome,
  limitOf,
  lossOf,
  type Outcome,
  type Span,
  type Subject,
  sooner,
  type Times,
} from './judge.ts';
import type { KeyFate, KeyRow } from './key-fate.ts';

/** One question to the versions of a snapshot. */
export type Question =
  | { readonly kind: 'kept'; readonly bound: Bound; readonly counts: 'removed' | 'hidden'; readonly overwrites: 'possible' | 'none' }
  | { readonly kind: 'gone'; readonly bound: Bound }
  | { readonly kind: 'untouched' }
  | { readonly kind: 'locked'; readonly bound: Bound };

export function questionsOf(statement: Statement): readonly Question[] {
  switch (statement.kind) {
    case 'kept':
      return [{ kind: 'kept', bound: boundOf(statement.until), counts: statement.counts, overwrites: statement.overwrites }];
    case 'gone':
      return [{ kind: 'gone', bound: boundOf(statement.by) }];
    case 'untouched':
      return [{ kind: 'untouched' }];
    case 'locked':
      return [{ kind: 'locked', bound: boundOf(statement.until) }];
    case 'within':
      return [
        { kind: 'kept', bound: { ageDays: statement.minDays, day: null }, counts: 'removed', overwrites: statement.overwrites },
        { kind: 'gone', bound: { ageDays: statement.maxDays, day: null } },
      ];
  }
}

/** What surrounds a judgement: the same for every version of a scope. */
export interface Setting extends Times {
  readonly lockKnown: boolean;
  /** Whether delete markers belong to the scope. */
  readonly hasMarkers: boolean;
  /** Whether the scope asks for tags, which an inventory does not list. */
  readonly asksTags: boolean;
}

export interface Judgement {
  readonly outcome: Outcome;
  /** Least first among what breaks: days, or 0 where one break is like another. */
  readonly measure: number;
  /** The day it would happen; Infinity for never. */
  readonly day: number;
}

const HOLDS: Judgement = { outcome: 'holds', measure: 0, day: Number.POSITIVE_INFINITY };

/**
 * Where rows of one key are judged together: what happens to the key by the rules sure to act, and by all that might; as it
 * stands, and where that matters written over on the as-of day too.
 */
export interface Together {
  readonly row: number;
  readonly certain: readonly KeyFate[];
  readonly all: readonly KeyFate[];
}

function lossTogether(row: number, fate: KeyFate, counts: 'removed' | 'hidden', isCurrent: boolean): Span {
  const removed = fate.removedDay[row] as number;
  return exactly(counts === 'hidden' && isCurrent ? Math.min(removed, fate.hiddenDay) : removed);
}

const goneTogether = (row: number, fate: KeyFate, isCurrent: boolean, hasMarkers: boolean): Span =>
  exactly(isCurrent && hasMarkers ? Math.max(fate.removedDay[row] as number, fate.newMarkerDay) : (fate.removedDay[row] as number));

/** Judges a group of versions, or one. `behind`: when the last other row of a key in their directory goes. */
export function judge(question: Question, subject: Subject, dues: DueSet, behind: Span, setting: Setting, together?: Together): Judgement {
  const judged = judgeKnown(question, subject, dues, behind, setting, together);
  // A version of the prefix may lack the tags the statement asks for.
  return setting.asksTags && judged.outcome !== 'holds' && judged.outcome !== 'rows' ? { ...judged, outcome: 'scope-tags' } : judged;
}

function judgeKnown(question: Question, subject: Subject, dues: DueSet, behind: Span, setting: Setting, together?: Together): Judgement {
  const isMarker = subject.state === 'marker';
  const [certain, all] = isMarker ? [dues.markerCertain, dues.markerAll] : [dues.certain, dues.all];
  const isCurrent = subject.state === 'current';
  switch (question.kind) {
    case 'kept': {
      if (isMarker) return HOLDS;
      const limit = limitOf(question.bound, subject.written);
      const ask = (own: typeof certain, fates: readonly KeyFate[] | undefined): Span =>
        fates === undefined || together === undefined
          ? lossOf(subject, own, question, setting)
          : fates.map((fate) => lossTogether(together.row, fate, question.counts, isCurrent)).reduce(sooner);
      const sure = ask(certain, together?.certain);
      const might = ask(all, together?.all);
      const measure = question.bound.day === null ? sure.from - subject.written.to : sure.from;
      return { outcome: keptOutcome(sure, might, limit, setting.lockKnown), measure, day: sure.from };
    }
    case 'gone': {
      if (isMarker && !setting.hasMarkers) return HOLDS;
      const limit = limitOf(question.bound, subject.written);
      const ask = (own: typeof certain, marker: typeof certain, fates: readonly KeyFate[] | undefined): Span => {
        const [fate] = fates ?? [];
        return fate && together
          ? goneTogether(together.row, fate, isCurrent, setting.hasMarkers)
          : goneOf(subject, own, setting.hasMarkers ? marker : null, behind, setting);
      };
      const sure = ask(certain, dues.markerCertain, together?.certain);
      const might = ask(all, dues.markerAll, together?.all);
      return { outcome: goneOutcome(sure, might, limit), measure: 0, day: sure.to };
    }
    case 'untouched': {
      if (isMarker && !setting.hasMarkers) return HOLDS;
      const touches = (own: typeof certain): boolean => {
        if (subject.state === 'noncurrent' || subject.isSuperseded) {
          if (setting.versioning === 'unversioned') return false;
          return own.movesNoncurrent || Math.min(own.noncurrentDays, own.keepingDays) < Number.POSITIVE_INFINITY;
        }
        const expires = Math.min(own.expirationDays, own.expirationDay) < Number.POSITIVE_INFINITY;
        return isMarker ? own.cleansMarkers || expires : own.movesCurrent || expires;
      };
      if (!touches(all)) return HOLDS;
      return { outcome: touches(certain) ? 'broken' : 'tags', measure: 0, day: Number.POSITIVE_INFINITY };
    }
    case 'locked': {
      if (isMarker) return HOLDS;
      const limit = limitOf(question.bound, subject.written);
      const day = subject.lockedUntilDay;
      const outcome = day >= limit.to ? 'holds' : day < limit.from ? 'broken' : 'rows';
      return { outcome: setting.lockKnown ? outcome : 'lock', measure: 0, day };
    }
  }
}

/** A row of a key as its fate is played. A replication that is pending may end at any time: it keeps nothing. */
export function keyRow(question: Question, subject: Subject, isLatest: boolean, dues: KeyRow['dues']): KeyRow {
  return {
    isMarker: subject.state === 'marker',
    isLatest,
    isNullVersion: subject.isNullVersion === true,
    clockDay: subject.clockDay,
    lockedUntilDay: subject.lockedUntilDay,
    isReplaced: subject.isReplaced === true,
    storageClass: subject.storageClass,
    accessTier: subject.accessTier,
    isBlocked: subject.isBlocked && question.kind === 'gone',
    dues,
  };
}
