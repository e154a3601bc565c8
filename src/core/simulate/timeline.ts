import type { MinimumSize } from '../../contract/lifecycle.ts';
import type { CompiledRule, DueDay } from './compile.ts';
import { isAllowed, preferenceOf } from './transitions.ts';

/** Everything lifecycle can tell of a version. */
export interface Subject {
  readonly storageClass: string;
  readonly accessTier: string;
  readonly isSmall: boolean;
  readonly isNoncurrent: boolean;
  /** As in `Cube`: not deleted before this day. */
  readonly lockedUntilDay: number;
  readonly clockDay: number;
}

export interface Span {
  /** First simulated UTC day, and the first one after the horizon. */
  readonly fromDay: number;
  readonly toDay: number;
  readonly isVersioned: boolean;
  readonly minimumSize: MinimumSize;
}

/** What happens to a version at the start of a day. A transition has its target. */
type Change =
  | { readonly day: number; readonly kind: 'transition'; readonly target: string }
  | { readonly day: number; readonly kind: 'hidden' }
  | { readonly day: number; readonly kind: 'removed' };

export interface Timeline {
  readonly changes: readonly Change[];
  /** A deletion was due that a lock prevents; a transition was due that the minimum size prevents. */
  readonly blockedByLock: boolean;
  readonly blockedBySize: boolean;
}

/** The clock's day is a midnight already (s3-domain 4.5). */
const afterClock = (clockDay: number, days: number): number => clockDay + days;
const dueOn = ({ days, dateDay }: DueDay, clockDay: number): number =>
  dateDay ?? (days === null ? Number.POSITIVE_INFINITY : afterClock(clockDay, days));

const UNBLOCKED_TARGETS = new Set(['GLACIER', 'DEEP_ARCHIVE']);

function isBlockedBySize(rule: CompiledRule, target: string, subject: Subject, minimumSize: MinimumSize): boolean {
  if (!subject.isSmall || rule.hasSizeFilter || minimumSize === null) return false;
  return minimumSize === 'all_storage_classes_128K' || !UNBLOCKED_TARGETS.has(target);
}

const matchesSize = (rule: CompiledRule, isSmall: boolean): boolean => rule.sizes === 'all' || (rule.sizes === 'small') === isSmall;

type Scheduled = { readonly day: number; readonly target: string };
type Phase = { readonly transitions: Scheduled[]; readonly deletionDay: number; readonly blockedFromDay: number };

/** What the rules have in store for a version while it stays current, or noncurrent. */
function phaseOf(
  rules: readonly CompiledRule[],
  subject: Subject,
  isNoncurrent: boolean,
  clockDay: number,
  minimumSize: MinimumSize,
): Phase {
  const transitions: Scheduled[] = [];
  let deletionDay = Number.POSITIVE_INFINITY;
  let blockedFromDay = Number.POSITIVE_INFINITY;
  for (const rule of rules) {
    if (!matchesSize(rule, subject.isSmall)) continue;
    const steps = isNoncurrent
      ? rule.noncurrentTransitions.map(({ days, target }) => ({ day: afterClock(clockDay, days), target }))
      : rule.transitions.map((step) => ({ day: dueOn(step, clockDay), target: step.target }));
    for (const step of steps) {
      if (!isBlockedBySize(rule, step.target, subject, minimumSize)) transitions.push(step);
      else if (isAllowed(subject.storageClass, subject.accessTier, step.target)) blockedFromDay = Math.min(blockedFromDay, step.day);
    }
    if (isNoncurrent) {
      if (rule.noncurrentExpirationDays !== null) deletionDay = Math.min(deletionDay, afterClock(clockDay, rule.noncurrentExpirationDays));
    } else if (rule.expiration !== null) deletionDay = Math.min(deletionDay, dueOn(rule.expiration, clockDay));
  }
  return { transitions, deletionDay, blockedFromDay };
}

/** The transition that wins on a day, or null when none is due or the version is already where it should be. */
function winner(transitions: readonly Scheduled[], day: number, storageClass: string, accessTier: string): string | null {
  let best: string | null = null;
  for (const { day: dueDay, target } of transitions) {
    if (dueDay > day || (target !== storageClass && !isAllowed(storageClass, accessTier, target))) continue;
    if (best === null || preferenceOf(target) > preferenceOf(best)) best = target;
  }
  return best === storageClass ? null : best;
}

/**
 * What lifecycle does to a version, in order: at most one action a day. Removal comes before a transition, a
 * transition before a delete marker (s3-domain 4.5). On a versioned bucket expiration hides a current version, and
 * the rules for noncurrent versions take it from that day on.
 */
export function timelineOf(subject: Subject, rules: readonly CompiledRule[], span: Span): Timeline {
  const changes: Change[] = [];
  let { storageClass, accessTier, isNoncurrent } = subject;
  let phase = phaseOf(rules, subject, isNoncurrent, subject.clockDay, span.minimumSize);
  let blockedByLock = false;
  let blockedBySize = false;
  let day = span.fromDay;
  while (day < span.toDay) {
    blockedBySize ||= phase.blockedFromDay <= day;
    const deletes = phase.deletionDay <= day;
    const removes = deletes && (isNoncurrent || !span.isVersioned);
    if (removes && subject.lockedUntilDay > day) blockedByLock = true;
    else if (removes) {
      changes.push({ day, kind: 'removed' });
      break;
    }
    const target = winner(phase.transitions, day, storageClass, accessTier);
    if (target !== null) {
      changes.push({ day, kind: 'transition', target });
      storageClass = target;
      accessTier = '';
      day += 1;
    } else if (deletes && !removes) {
      changes.push({ day, kind: 'hidden' });
      isNoncurrent = true;
      phase = phaseOf(rules, { ...subject, storageClass, accessTier }, true, day, span.minimumSize);
      day += 1;
    } else {
      let next = Number.POSITIVE_INFINITY;
      for (const step of phase.transitions) if (step.day > day && step.day < next) next = step.day;
      if (phase.deletionDay > day && phase.deletionDay < next) next = phase.deletionDay;
      if (phase.blockedFromDay > day && phase.blockedFromDay < next) next = phase.blockedFromDay;
      if (subject.lockedUntilDay > day && subject.lockedUntilDay < next) next = subject.lockedUntilDay;
      day = next;
    }
  }
  return { changes, blockedByLock, blockedBySize };
}
