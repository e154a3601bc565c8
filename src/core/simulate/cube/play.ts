import { MINIMUM_DAYS } from '../../price/class-rules.ts';
import type { RunOptions } from '../options.ts';
import {
  CLEANED,
  type CohortEvent,
  HIDDEN,
  KEPT_BY_LOCK,
  KEPT_BY_SIZE,
  NO_PROGRAM,
  REMOVED,
  SUNK,
  type Subject,
  TRANSITION,
  tellCohort,
  tellMarkers,
} from '../timeline/cohort.ts';
import type { Program } from '../timeline/program.ts';
import type { Cohort } from './cohorts.ts';
import { billedBy, type Ledger, type Level } from './ledger.ts';

/** Entries [from, to) of a cohort. */
interface Part {
  readonly cohort: Cohort;
  readonly from: number;
  readonly to: number;
}

const ACTS = new Set([TRANSITION, HIDDEN, REMOVED]);

/** Writes what happens to a cohort into the books: from the as-of day on, or from the day its versions are written. */
export function playCohort(cohort: Cohort, program: Program, options: RunOptions, ledger: Ledger): void {
  const entries = cohort.clockDay.length;
  if (entries === 0) return;
  const { trait } = cohort;
  if (trait.isMarker) playMarkers(cohort, program, options, ledger);
  else {
    const start = ledger.level(trait.storageClass, trait.accessTier, trait.isSmall, trait.isNoncurrent);
    ledger.move(null, start, trait.writtenDay ?? options.asOfDay, cohort.countBefore[entries]!, cohort.bytesBefore[entries]!);
    for (let from = 0; from < entries; ) {
      const clockDay = cohort.clockDay[from]!;
      const subject = subjectOf(cohort, clockDay);
      const story = tellCohort(program, subject, options);
      // What does not replicate is never acted on, and only sinks; the story tells what it is kept from.
      const left = trait.isReplicationBlocked ? tellCohort(NO_PROGRAM, subject, options) : story;
      const to = firstAfter(cohort.clockDay, clockDay + Math.min(story.alikeFor, left.alikeFor), from);
      const player = new PartPlayer({ cohort, from, to }, start, options, ledger);
      if (trait.isReplicationBlocked) player.keepUnreplicated(story.events);
      player.play(left.events);
      from = to;
    }
  }
}

const subjectOf = ({ trait }: Cohort, clockDay: number): Subject => ({ ...trait, clockDay, enteredDay: trait.writtenDay });

/** The first entry whose clock is later than a day, not before `from`. */
function firstAfter(clockDay: Int32Array, day: number, from: number): number {
  if (day === Number.POSITIVE_INFINITY) return clockDay.length;
  let low = from;
  let high = clockDay.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (clockDay[middle]! <= day) low = middle + 1;
    else high = middle;
  }
  return low;
}

function playMarkers(cohort: Cohort, program: Program, options: RunOptions, ledger: Ledger): void {
  const { trait, clockDay, countBefore } = cohort;
  const entries = clockDay.length;
  if ((trait.writtenDay ?? options.asOfDay) >= ledger.fromDay + ledger.days) return;
  ledger.deleteMarkers += countBefore[entries]!;
  // A marker over other versions goes when they are gone, which whole keys tell.
  if (trait.isReplicationBlocked || (trait.isMulti && !trait.isSuperseded)) return;
  const removals = trait.isSuperseded ? program.markerRemovals : program.cleanups;
  for (let from = 0; from < entries; ) {
    const { day, isRelative, alikeFor } = tellMarkers(removals, clockDay[from]!, options);
    const to = firstAfter(clockDay, clockDay[from]! + alikeFor, from);
    if (day !== null && !isRelative) ledger.markers(day, countBefore[from]! - countBefore[to]!);
    if (day !== null && isRelative) {
      for (let at = from; at < to; at += 1) ledger.markers(clockDay[at]! + day, countBefore[at]! - countBefore[at + 1]!);
    }
    from = to;
  }
}

/** Plays the story of one part of a cohort, whose versions share it. */
class PartPlayer {
  private readonly part: Part;
  private readonly options: RunOptions;
  private readonly ledger: Ledger;
  private level: Level;
  /** The event that brought them into the class they are in; null where the report found them there. */
  private entered: CohortEvent | null = null;

  constructor(part: Part, level: Level, options: RunOptions, ledger: Ledger) {
    this.part = part;
    this.level = level;
    this.options = options;
    this.ledger = ledger;
  }

  play(events: readonly CohortEvent[]): void {
    for (const event of events) this.apply(event);
  }

  keepUnreplicated(events: readonly CohortEvent[]): void {
    const first = events.find(({ kind }) => ACTS.has(kind));
    if (first !== undefined) this.each(first, (day, count, bytes) => this.ledger.keep('replication', day, count, bytes));
  }

  private apply(event: CohortEvent): void {
    const { ledger } = this;
    switch (event.kind) {
      case TRANSITION:
        this.leave(event);
        this.each(event, (day, count, bytes) => ledger.transition(event.target, day, count, bytes));
        this.moveTo(event, event.target, '', this.level.isNoncurrent);
        this.entered = event;
        break;
      case SUNK:
        this.moveTo(event, this.level.storageClass, event.target, this.level.isNoncurrent);
        break;
      case HIDDEN:
        this.each(event, (day, count, bytes) => {
          ledger.hide(day, count, bytes);
          ledger.markers(day, count);
        });
        this.moveTo(event, this.level.storageClass, this.level.accessTier, true);
        break;
      case REMOVED: {
        this.leave(event);
        const { level } = this;
        // A suspended bucket puts a null delete marker where a null version was.
        const leavesMarker = !level.isNoncurrent && this.options.versioning === 'suspended';
        this.each(event, (day, count, bytes) => {
          ledger.move(level, null, day, count, bytes);
          ledger.removed(day, count, bytes);
          if (leavesMarker) ledger.markers(day, count);
        });
        break;
      }
      case CLEANED:
        this.each(event, (day, count) => ledger.markers(day, -count));
        break;
      case KEPT_BY_LOCK:
        this.each(event, (day, count, bytes) => ledger.keep('objectLock', day, count, bytes));
        break;
      case KEPT_BY_SIZE:
        this.each(event, (day, count, bytes) => ledger.keep('smallObject', day, count, bytes));
        break;
    }
  }

  /** Once for a fixed day, or once for every clock whose day the books still cover. */
  private each({ isRelative, day }: CohortEvent, note: (day: number, count: number, bytes: number) => void): void {
    const { cohort, from, to } = this.part;
    const { clockDay, countBefore, bytesBefore } = cohort;
    if (!isRelative) {
      note(day, countBefore[to]! - countBefore[from]!, bytesBefore[to]! - bytesBefore[from]!);
      return;
    }
    const end = this.ledger.fromDay + this.ledger.days;
    for (let at = from; at < to; at += 1) {
      const due = clockDay[at]! + day;
      if (due >= end) break;
      note(due, countBefore[at + 1]! - countBefore[at]!, bytesBefore[at + 1]! - bytesBefore[at]!);
    }
  }

  private moveTo(event: CohortEvent, storageClass: string, accessTier: string, isNoncurrent: boolean): void {
    const before = this.level;
    const after = this.ledger.level(storageClass, accessTier, before.isSmall, isNoncurrent);
    this.each(event, (day, count, bytes) => this.ledger.move(before, after, day, count, bytes));
    this.level = after;
  }

  /** What is paid for leaving the class before its minimum days are over (s3-domain 3.5). */
  private leave(event: CohortEvent): void {
    const { storageClass, accessTier, isSmall } = this.level;
    const minimum = MINIMUM_DAYS[storageClass] ?? 0;
    if (minimum === 0) return;
    const { ledger, entered } = this;
    const { cohort, from, to } = this.part;
    const billed = billedBy(storageClass, accessTier, isSmall);
    const known = cohort.trait.writtenDay;
    if (entered !== null && entered.isRelative === event.isRelative) {
      // Both days move with the clock, or neither: they are as far apart for all.
      const missing = minimum - (event.day - entered.day);
      if (missing > 0) this.both(event, (day, count, bytes) => [day, billed(count, bytes), missing]);
      return;
    }
    if (entered !== null || known !== null) {
      const clockOf = (day: number): number => day - event.day;
      const enteredOn = (day: number): number =>
        entered === null ? known! : entered.isRelative ? clockOf(day) + entered.day : entered.day;
      if (event.isRelative || entered === null)
        this.both(event, (day, count, bytes) => [day, billed(count, bytes), minimum - (day - enteredOn(day))]);
      else {
        // All leave on one day, having entered on days of their own.
        for (let at = from; at < to; at += 1) {
          const own = billed(cohort.countBefore[at + 1]! - cohort.countBefore[at]!, cohort.bytesBefore[at + 1]! - cohort.bytesBefore[at]!);
          const missing = minimum - (event.day - (cohort.clockDay[at]! + entered.day));
          ledger.leftEarly('early', storageClass, event.day, own, missing);
          ledger.leftEarly('earlyAtBest', storageClass, event.day, own, missing);
        }
      }
      return;
    }
    this.each(event, (day, count, bytes) =>
      ledger.leftEarly('early', storageClass, day, billed(count, bytes), minimum - (day - this.options.asOfDay)),
    );
    this.leaveRecent(event, storageClass, minimum, billed);
  }

  private both(event: CohortEvent, of: (day: number, count: number, bytes: number) => [number, number, number]): void {
    this.each(event, (day, count, bytes) => {
      const [on, billed, missing] = of(day, count, bytes);
      this.ledger.leftEarly('early', this.level.storageClass, on, billed, missing);
      this.ledger.leftEarly('earlyAtBest', this.level.storageClass, on, billed, missing);
    });
  }

  /** The other book takes versions as entered when they were written: only those written lately still miss days. */
  private leaveRecent(event: CohortEvent, storageClass: string, minimum: number, billed: (count: number, bytes: number) => number): void {
    const { cohort, from, to } = this.part;
    const { recent } = cohort;
    const [first, last] = [cohort.clockDay[from]!, cohort.clockDay[to - 1]!];
    for (let at = firstAfter(recent.clockDay, first - 1, 0); at < recent.clockDay.length && recent.clockDay[at]! <= last; at += 1) {
      const day = event.isRelative ? recent.clockDay[at]! + event.day : event.day;
      const missing = minimum - (day - recent.writtenDay[at]!);
      this.ledger.leftEarly('earlyAtBest', storageClass, day, billed(recent.count[at]!, recent.bytes[at]!), missing);
    }
  }
}
