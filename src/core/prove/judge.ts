import type { Statement } from '../../contract/prove.ts';
import { LOCKED_FOR_EVER, NOT_LOCKED } from '../cube/cube.ts';
import type { Bound, KnownVersioning } from './context.ts';
import { type Dues, expiresOn, hidesBetween, NEVER, noncurrentGoesOn } from './dues.ts';
import { markerGoes } from './key-fate.ts';

/** What is not known of existing versions that a statement may hang on. */
export type Gap = 'tags' | 'scope-tags' | 'lock' | 'rows';

/** A day, or the two days it lies between where a group of versions does not tell it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const exactly = (day: number): Span => ({ from: day, to: day });
export const sooner = (a: Span, b: Span): Span => ({ from: Math.min(a.from, b.from), to: Math.min(a.to, b.to) });
const later = (a: Span, b: Span): Span => ({ from: Math.max(a.from, b.from), to: Math.max(a.to, b.to) });
const after = (span: Span, days: number): Span => ({ from: span.from + days, to: span.to + days });
const EVER: Span = exactly(NEVER);

/** Versions that lifecycle cannot tell apart, or one of them. */
export interface Subject {
  readonly state: 'current' | 'noncurrent' | 'marker';
  /** A delete marker that is not the latest. */
  readonly isSuperseded: boolean;
  /** Whether its key has other rows. */
  readonly isMulti: boolean;
  /** Whether it is the null version; null where that is not told. */
  readonly isNullVersion: boolean | null;
  readonly clockDay: number;
  /** The midnight that follows the write. */
  readonly written: Span;
  readonly lockedUntilDay: number;
  readonly isBlocked: boolean;
  /** Taken by a person's write in the history that is played. */
  readonly isReplaced?: true | undefined;
  readonly storageClass: string;
  readonly accessTier: string;
}

/** What all judgements share: the versioning, the first run and the as-of day. */
export interface Times {
  readonly versioning: KnownVersioning;
  readonly asOfDay: number;
  readonly firstRun: number;
}

const lockEnd = (day: number): number => (day === LOCKED_FOR_EVER ? NEVER : day === NOT_LOCKED ? Number.NEGATIVE_INFINITY : day);

type Kept = Pick<Extract<Statement, { kind: 'kept' }>, 'counts' | 'overwrites'>;

/** When lifecycle could take a version away at the soonest (hide it, where that counts). */
export function lossOf(subject: Subject, dues: Dues, statement: Kept, { versioning, asOfDay, firstRun }: Times): Span {
  const lock = exactly(lockEnd(subject.lockedUntilDay));
  if (subject.state === 'marker') return EVER;
  const mayBeWrittenOver = statement.overwrites === 'possible';
  if (subject.state === 'noncurrent') {
    if (versioning === 'unversioned') return EVER;
    const alone = noncurrentGoesOn(dues, subject.clockDay, firstRun);
    const kept = Math.max(firstRun, subject.clockDay + dues.keepingDays);
    // With newer versions still to come, one that is kept today can go tomorrow; else its rank decides.
    const goes = mayBeWrittenOver ? exactly(Math.min(alone, kept)) : { from: Math.min(alone, kept), to: alone };
    return later(goes, lock);
  }
  const removed = later(exactly(expiresOn(dues, subject.clockDay, firstRun)), lock);
  if (versioning === 'unversioned') return removed;
  const hidden = hidesBetween(dues, subject.clockDay, firstRun, subject);
  const soonest = mayBeWrittenOver
    ? exactly(Math.max(firstRun, asOfDay + Math.min(dues.noncurrentDays, dues.keepingDays)))
    : after(hidden, dues.noncurrentDays);
  let loss = later(soonest, lock);
  if (statement.counts === 'hidden') loss = sooner(loss, hidden);
  if (versioning === 'enabled' || subject.isNullVersion === false) return loss;
  const asNull = sooner(loss, removed);
  return subject.isNullVersion === null ? { from: asNull.from, to: loss.to } : asNull;
}

/** When the last of a version is gone, the delete marker that hides it included where `markerDues` are given. */
export function goneOf(subject: Subject, dues: Dues, markerDues: Dues | null, behind: Span, { versioning, firstRun }: Times): Span {
  const { clockDay } = subject;
  if (subject.isBlocked) return EVER;
  const lock = exactly(lockEnd(subject.lockedUntilDay));
  if (subject.state === 'noncurrent' || subject.isSuperseded) {
    if (versioning === 'unversioned') return EVER;
    const alone = noncurrentGoesOn(dues, clockDay, firstRun);
    return later({ from: Math.min(alone, Math.max(firstRun, clockDay + dues.keepingDays)), to: alone }, lock);
  }
  if (subject.state === 'marker') {
    const own = exactly(markerGoes(dues, clockDay, firstRun));
    return subject.isMulti ? later(own, behind) : own;
  }
  const expires = expiresOn(dues, clockDay, firstRun);
  if (versioning === 'unversioned') return later(exactly(expires), lock);
  if (expires === NEVER) return EVER;
  const hidden = hidesBetween(dues, clockDay, firstRun, subject);
  const marker =
    markerDues === null
      ? hidden
      : { from: markerGoes(markerDues, hidden.from, hidden.from), to: markerGoes(markerDues, hidden.to, hidden.to) };
  const afterwards = subject.isMulti && markerDues !== null ? later(marker, behind) : marker;
  const asNoncurrent = later(later(after(hidden, dues.noncurrentDays), lock), afterwards);
  if (versioning === 'enabled' || subject.isNullVersion === false) return asNoncurrent;
  const asNull = later(later(exactly(expires), lock), afterwards);
  return subject.isNullVersion === null ? { from: asNull.from, to: asNoncurrent.to } : asNull;
}

/** The bound as a day, for a version of this age. */
export const limitOf = (bound: Bound, written: Span): Span =>
  bound.day === null ? { from: written.from + (bound.ageDays ?? 0), to: written.to + (bound.ageDays ?? 0) } : exactly(bound.day);

export type Outcome = 'holds' | 'broken' | Gap;

/** What can be said where a version must not be lost before a limit. `certain` are the rules sure to act, `all` those that might. */
export function keptOutcome(certain: Span, all: Span, limit: Span, lockKnown: boolean): Outcome {
  if (all.from >= limit.to) return 'holds';
  const isOpen = all.from < all.to || certain.from < certain.to || limit.from < limit.to;
  if (certain.to < limit.from) return lockKnown ? 'broken' : 'lock';
  if (isOpen) return 'rows';
  return certain.from < limit.from ? (lockKnown ? 'broken' : 'lock') : lockKnown ? 'tags' : 'lock';
}

/** What can be said where everything must be gone by a limit. */
export function goneOutcome(certain: Span, all: Span, limit: Span): Outcome {
  if (certain.to <= limit.from) return 'holds';
  if (all.from > limit.to) return 'broken';
  const isOpen = all.from < all.to || certain.from < certain.to || limit.from < limit.to;
  return isOpen ? 'rows' : all.from > limit.from ? 'broken' : 'tags';
}
