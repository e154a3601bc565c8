import type { RunOptions } from '../options.ts';
import { descentOf, isAllowed, preferenceOf } from '../transitions.ts';
import type { Program, Removal, Step } from './program.ts';

/** What happens to versions that share everything but their clock. */
export const TRANSITION = 0;
export const HIDDEN = 1;
export const REMOVED = 2;
/** The delete marker made by hiding is removed. */
export const CLEANED = 3;
/** Reported only: a deletion was due that a lock prevents, a transition that the minimum size prevents. */
export const KEPT_BY_LOCK = 4;
export const KEPT_BY_SIZE = 5;
/** Intelligent-Tiering moves it down (only where tiers descend). */
export const SUNK = 6;

/** One event at 00:00 UTC of a day: a fixed day, or one so many days after the cohort's clock. */
export interface CohortEvent {
  readonly kind: number;
  readonly isRelative: boolean;
  /** The UTC day, or the days after the clock. */
  readonly day: number;
  /** The class, or for SUNK the access tier, it is in from then on. */
  readonly target: string;
}

export interface CohortStory {
  readonly events: readonly CohortEvent[];
  /** Versions with a clock up to so many days later have the same story. */
  readonly alikeFor: number;
}

/** Everything lifecycle can tell of a version that is the only one of its key, or whose fate does not depend on the others. */
export interface Subject {
  readonly storageClass: string;
  readonly accessTier: string;
  readonly isSmall: boolean;
  readonly isNoncurrent: boolean;
  readonly lockedUntilDay: number;
  readonly clockDay: number;
  /** Null version of a suspended bucket: expiration removes it for good. */
  readonly isNull: boolean;
  /** The day it came into its class, where that is known: it was written on the as-of day or later. */
  readonly enteredDay: number | null;
}

/** A day that is fixed, or moves with the clock of the cohort. */
interface Day {
  readonly at: number;
  readonly isRelative: boolean;
}

interface Agenda {
  readonly due: readonly { readonly step: Step; readonly day: Day }[];
  readonly removal: Day | null;
  /** Expiration removes it for good rather than hiding it. */
  readonly removes: boolean;
}

/**
 * Tells what happens to a version and, at the same time, for how much later a clock the story stays the same: every comparison of a
 * fixed day with one that moves with the clock limits it. So a cohort of any number of clocks is told in as many steps as it has
 * different stories. Versions are told as the only ones of their keys: rules that keep newer noncurrent versions see rank 0.
 */
export function tellCohort(program: Program, subject: Subject, options: RunOptions): CohortStory {
  return new CohortTeller(program, subject, options).tell();
}

class CohortTeller {
  private readonly program: Program;
  private readonly subject: Subject;
  private readonly options: RunOptions;
  private readonly firstRun: Day;
  private readonly lock: Day;
  private readonly events: CohortEvent[] = [];
  private slack = Number.POSITIVE_INFINITY;
  private storageClass: string;
  private accessTier: string;
  /** Descents of the access tier still to come, soonest first. */
  private descents: { readonly day: Day; readonly tier: string }[] = [];
  private isNoncurrent: boolean;
  private hiddenOn: Day | null = null;
  private clock: Day;

  constructor(program: Program, subject: Subject, options: RunOptions) {
    this.program = program;
    this.subject = subject;
    this.options = options;
    this.firstRun = { at: options.asOfDay + 1, isRelative: false };
    this.lock = { at: subject.lockedUntilDay, isRelative: false };
    this.storageClass = subject.storageClass;
    this.accessTier = subject.accessTier;
    this.isNoncurrent = subject.isNoncurrent;
    this.clock = { at: subject.clockDay, isRelative: true };
    const { enteredDay } = subject;
    this.sinkFrom(enteredDay === null ? null : { at: enteredDay, isRelative: false });
  }

  /** Whether a day is not later than another, for every clock in reach. */
  private isNotLater(a: Day, b: Day): boolean {
    const holds = a.at <= b.at;
    if (a.isRelative && !b.isRelative && holds) this.slack = Math.min(this.slack, b.at - a.at);
    if (!a.isRelative && b.isRelative && !holds) this.slack = Math.min(this.slack, a.at - b.at - 1);
    return holds;
  }

  private later(a: Day, b: Day): Day {
    return this.isNotLater(a, b) ? b : a;
  }

  private sooner(a: Day | null, b: Day): Day {
    return a === null || !this.isNotLater(a, b) ? b : a;
  }

  /** Eligible on the clock and so many days, or from its date on; never before S3's first run; late by the lag. */
  private dueDay({ days, dateDay }: Step | Removal): Day {
    const eligible =
      days === null ? this.later({ at: dateDay, isRelative: false }, this.clock) : { ...this.clock, at: this.clock.at + days };
    const day = this.later(eligible, this.firstRun);
    return { ...day, at: day.at + this.options.lagDays };
  }

  /** Where Intelligent-Tiering would take it unread, from the day it came in; null where only the report's tier is known. */
  private sinkFrom(entered: Day | null): void {
    this.descents = [];
    if (this.options.tiers === 'stay' || this.storageClass !== 'INTELLIGENT_TIERING' || this.subject.isSmall) return;
    this.descents = descentOf(this.accessTier, entered !== null).map(({ days, tier }) => ({
      day: entered === null ? { at: this.options.asOfDay + days, isRelative: false } : { ...entered, at: entered.at + days },
      tier,
    }));
  }

  private push(kind: number, { at, isRelative }: Day, target = ''): void {
    this.events.push({ kind, isRelative, day: isRelative ? at - this.subject.clockDay : at, target });
  }

  tell(): CohortStory {
    let today = null as Day | null;
    let hasActed = false;
    let agenda = this.agenda();
    for (;;) {
      const next: Day | null = hasActed && today !== null ? { ...today, at: today.at + 1 } : this.nextDay(agenda, today);
      if (next === null) break;
      today = next;
      this.sink(today);
      const isExpired: boolean = agenda.removal !== null && this.isNotLater(agenda.removal, today);
      if (isExpired && agenda.removes) {
        if (this.isNotLater(this.lock, today)) {
          this.remove(today);
          break;
        }
        this.report(KEPT_BY_LOCK, today);
      }
      const target = this.winner(agenda, today);
      hasActed = target !== null || (isExpired && !agenda.removes);
      if (target !== null) {
        this.push(TRANSITION, today, target);
        this.storageClass = target;
        this.accessTier = '';
        this.sinkFrom(today);
      } else if (isExpired && !agenda.removes) {
        this.push(HIDDEN, today);
        this.isNoncurrent = true;
        this.clock = today;
        this.hiddenOn = today;
        agenda = this.agenda();
      }
    }
    return { events: this.events, alikeFor: this.slack };
  }

  /** The first day on which one of the removals is due, those that keep newer versions left out. */
  soonest(removals: readonly Removal[]): MarkerStory {
    let due: Day | null = null;
    for (const one of removals) if (one.newer === 0) due = this.sooner(due, this.dueDay(one));
    if (due === null) return { day: null, isRelative: false, alikeFor: Number.POSITIVE_INFINITY };
    const { at, isRelative }: Day = due;
    return { day: isRelative ? at - this.subject.clockDay : at, isRelative, alikeFor: this.slack };
  }

  /** When everything is due that can happen to it while it stays current, or noncurrent. */
  private agenda(): Agenda {
    const { versioning } = this.options;
    const { steps, removals } = this.isNoncurrent ? this.program.noncurrent : this.program.current;
    let removal: Day | null = null;
    for (const one of removals) if (one.newer === 0) removal = this.sooner(removal, this.dueDay(one));
    return {
      due: steps.filter(({ newer }) => newer === 0).map((step) => ({ step, day: this.dueDay(step) })),
      removal,
      removes: this.isNoncurrent || versioning === 'unversioned' || (versioning === 'suspended' && this.subject.isNull),
    };
  }

  /** The first day after `after` on which something is due that was not before. */
  private nextDay({ due, removal, removes }: Agenda, after: Day | null): Day | null {
    let next: Day | null = null;
    const consider = (day: Day): void => {
      if (after === null || !this.isNotLater(day, after)) next = this.sooner(next, day);
    };
    for (const { day } of due) consider(day);
    for (const { day } of this.descents) consider(day);
    if (removal !== null) consider(removal);
    if (removal !== null && removes && this.lock.at > this.firstRun.at) consider(this.later(removal, this.lock));
    return next;
  }

  private sink(today: Day): void {
    for (let [first] = this.descents; first !== undefined && this.isNotLater(first.day, today); [first] = this.descents) {
      this.descents.shift();
      this.accessTier = first.tier;
      this.push(SUNK, first.day, first.tier);
    }
  }

  /** The class that wins on a day, or null when none is due or it is already where it should be. */
  private winner({ due }: Agenda, today: Day): string | null {
    let best: string | null = null;
    for (const { step, day } of due) {
      const { target, isKept } = step;
      const isHere = target === this.storageClass;
      if (!this.isNotLater(day, today) || !(isHere || isAllowed(this.storageClass, this.accessTier, target))) continue;
      if (!isKept && (best === null || preferenceOf(target) > preferenceOf(best))) best = target;
      if (isKept && !isHere) this.report(KEPT_BY_SIZE, today);
    }
    return best === this.storageClass ? null : best;
  }

  private report(kind: number, today: Day): void {
    if (!this.events.some((event) => event.kind === kind)) this.push(kind, today);
  }

  /** It goes for good; a delete marker that stood before it is then alone, and so is one a suspended bucket puts in its place. */
  private remove(today: Day): void {
    this.push(REMOVED, today);
    const made = this.hiddenOn ?? (!this.isNoncurrent && this.options.versioning === 'suspended' ? today : null);
    if (made === null) return;
    this.clock = made;
    let due: Day | null = null;
    for (const one of this.program.cleanups) due = this.sooner(due, this.dueDay(one));
    if (due !== null) this.push(CLEANED, this.later(due, today));
  }
}

/** When delete markers go that the given removals are about; null: never. */
export function tellMarkers(removals: readonly Removal[], clockDay: number, options: RunOptions): MarkerStory {
  return new CohortTeller(NO_PROGRAM, { ...MARKER, clockDay }, options).soonest(removals);
}

export interface MarkerStory {
  /** The UTC day, or the days after the clock. */
  readonly day: number | null;
  readonly isRelative: boolean;
  readonly alikeFor: number;
}

/** No rule at all. */
export const NO_PROGRAM: Program = {
  current: { steps: [], removals: [] },
  noncurrent: { steps: [], removals: [] },
  cleanups: [],
  markerRemovals: [],
  isRanked: false,
};
const MARKER: Omit<Subject, 'clockDay'> = {
  storageClass: '',
  accessTier: '',
  isSmall: true,
  isNoncurrent: false,
  lockedUntilDay: Number.NEGATIVE_INFINITY,
  isNull: false,
  enteredDay: null,
};
