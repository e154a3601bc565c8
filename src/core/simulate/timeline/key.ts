import type { RunOptions } from '../options.ts';
import type { ActiveRule } from '../rules.ts';
import { type Descent, descentOf, isAllowed, preferenceOf } from '../transitions.ts';
import type { Program, Removal, Step } from './program.ts';

/** One version or delete marker of a key, as far as lifecycle can tell it. */
export interface KeyVersion {
  readonly isMarker: boolean;
  readonly isCurrent: boolean;
  /** null version id; only a suspended bucket asks. */
  readonly isNull: boolean;
  readonly storageClass: string;
  readonly accessTier: string;
  readonly isSmall: boolean;
  /** The midnight its rules count from, as in `Cube`. */
  readonly clockDay: number;
  readonly lockedUntilDay: number;
  readonly isReplicationBlocked: boolean;
  /** The day it came into its class, where that is known: it was written on the as-of day or later. */
  readonly enteredDay: number | null;
  /** What the rules that match it have in store. */
  readonly program: Program;
}

export type KeyEventKind =
  | 'transition'
  /** A current version becomes noncurrent behind a new delete marker. */
  | 'hidden'
  /** Removed for good, a superseded delete marker too. */
  | 'removed'
  /** A delete marker with nothing behind it is removed. */
  | 'cleaned'
  /** Intelligent-Tiering moves it down, where tiers descend. */
  | 'sunk'
  /** Was due, and something kept it: reported once each. */
  | 'keptByLock'
  | 'keptBySize'
  | 'keptByReplication';

/** What happens to one version at 00:00 UTC of a day. */
export interface KeyEvent {
  readonly day: number;
  readonly kind: KeyEventKind;
  /** Index into the versions given; -1 for the delete marker lifecycle made last. */
  readonly version: number;
  /** For a transition the class, for `sunk` the access tier, it is in from then on. */
  readonly target: string;
  /** The rule that does it; null where no rule does. */
  readonly rule: ActiveRule | null;
}

interface Live {
  readonly version: KeyVersion;
  /** Index into the versions given, -1 for a delete marker of lifecycle's own. */
  readonly index: number;
  storageClass: string;
  accessTier: string;
  clockDay: number;
  isCurrent: boolean;
  isGone: boolean;
  descents: { readonly day: number; readonly tier: string }[];
  readonly reported: Set<KeyEventKind>;
}

/**
 * The dated story of a key under a configuration: everything lifecycle does to each of its versions until (not on) a day, in order.
 * `versions` are newest first; `forMarkers` is the program of delete markers of the key, for those that lifecycle makes itself.
 */
export function tellKey(versions: readonly KeyVersion[], forMarkers: Program, options: RunOptions, untilDay: number): KeyEvent[] {
  return new KeyTeller(versions, forMarkers, options).tell(untilDay);
}

class KeyTeller {
  private readonly forMarkers: Program;
  private readonly options: RunOptions;
  private readonly events: KeyEvent[] = [];
  /** Newest first. */
  private lives: Live[];

  constructor(versions: readonly KeyVersion[], forMarkers: Program, options: RunOptions) {
    this.forMarkers = forMarkers;
    this.options = options;
    this.lives = versions.map((version, index) => this.live(version, index));
  }

  private live(version: KeyVersion, index: number): Live {
    const { storageClass, accessTier, clockDay, isCurrent, enteredDay } = version;
    const live: Live = { version, index, storageClass, accessTier, clockDay, isCurrent, isGone: false, descents: [], reported: new Set() };
    this.sinkFrom(live, enteredDay);
    return live;
  }

  private sinkFrom(live: Live, enteredDay: number | null): void {
    const isTiered = this.options.tiers === 'descend' && live.storageClass === 'INTELLIGENT_TIERING' && !live.version.isSmall;
    const from = enteredDay ?? this.options.asOfDay;
    const descents: readonly Descent[] = isTiered ? descentOf(live.accessTier, enteredDay !== null) : [];
    live.descents = descents.map(({ days, tier }) => ({ day: from + days, tier }));
  }

  tell(untilDay: number): KeyEvent[] {
    let today = Number.NEGATIVE_INFINITY;
    let hasActed = false;
    for (;;) {
      today = hasActed ? today + 1 : this.nextDay(today);
      if (today >= untilDay) return this.events;
      hasActed = this.run(today);
      this.lives = this.lives.filter(({ isGone }) => !isGone);
    }
  }

  private dueDay({ days, dateDay }: { readonly days: number | null; readonly dateDay: number }, clockDay: number): number {
    const eligible = days === null ? Math.max(dateDay, clockDay) : clockDay + days;
    return Math.max(eligible, this.options.asOfDay + 1) + this.options.lagDays;
  }

  private stepsOf({ version, isCurrent }: Live): readonly Step[] {
    if (version.isMarker) return [];
    return isCurrent ? version.program.current.steps : version.program.noncurrent.steps;
  }

  /** What expires it: for good, behind a delete marker, or as a marker left alone. */
  private removalsOf({ version, isCurrent }: Live): readonly Removal[] {
    const { program } = version;
    if (version.isMarker) return isCurrent ? program.cleanups : program.markerRemovals;
    return isCurrent ? program.current.removals : program.noncurrent.removals;
  }

  /** The first day after another on which an action of any version is due that was not before. */
  private nextDay(after: number): number {
    let next = Number.POSITIVE_INFINITY;
    const consider = (day: number): void => {
      if (day > after && day < next) next = day;
    };
    for (const live of this.lives) {
      for (const step of this.stepsOf(live)) consider(this.dueDay(step, live.clockDay));
      for (const removal of this.removalsOf(live)) {
        const due = this.dueDay(removal, live.clockDay);
        consider(due);
        consider(Math.max(due, live.version.lockedUntilDay));
      }
      for (const { day } of live.descents) consider(day);
    }
    return next;
  }

  /** One run of S3: everything is judged on the key as the run finds it (s3-domain 4.5). */
  private run(today: number): boolean {
    const before = this.events.length;
    for (const live of this.lives) this.sink(live, today);
    let hasActed = this.events.length > before;
    let newer = 0;
    const found = this.lives.map((live) => {
      const rank = newer;
      if (!live.isCurrent) newer += 1;
      return { live, removal: this.removalOn(live, today, rank), best: this.winnerOn(live, today, rank) };
    });
    for (const { live, removal, best } of found) {
      // A null delete marker of this run may have taken its place.
      if (!live.isGone && this.act(live, removal, best, today)) hasActed = true;
    }
    return this.clean(today) || hasActed;
  }

  private sink(live: Live, today: number): void {
    while (live.descents[0] !== undefined && live.descents[0].day <= today) {
      const { tier } = live.descents.shift() as (typeof live.descents)[number];
      live.accessTier = tier;
      this.push(today, 'sunk', live, tier, null);
    }
  }

  private push(day: number, kind: KeyEventKind, { index }: Live, target: string, rule: ActiveRule | null): void {
    this.events.push({ day, kind, version: index, target, rule });
  }

  private report(day: number, kind: KeyEventKind, live: Live, rule: ActiveRule | null): void {
    if (!live.reported.has(kind)) this.push(day, kind, live, '', rule);
    live.reported.add(kind);
  }

  /** The removal that is due and whose rank is reached, the longest due first; not for a delete marker that is the latest. */
  private removalOn(live: Live, today: number, rank: number): Removal | null {
    if (live.version.isMarker && live.isCurrent) return null;
    let found: Removal | null = null;
    let since = Number.POSITIVE_INFINITY;
    for (const removal of this.removalsOf(live)) {
      const due = this.dueDay(removal, live.clockDay);
      if (due > today || due >= since || (!live.isCurrent && rank < removal.newer)) continue;
      found = removal;
      since = due;
    }
    return found;
  }

  /** The transition that wins among those due, and the one the minimum size prevents. */
  private winnerOn(live: Live, today: number, rank: number): { readonly step: Step | null; readonly kept: Step | null } {
    let best: Step | null = null;
    let since = Number.POSITIVE_INFINITY;
    let kept: Step | null = null;
    for (const step of this.stepsOf(live)) {
      const { target, newer, isKept } = step;
      const due = this.dueDay(step, live.clockDay);
      const isHere = target === live.storageClass;
      if (due > today || rank < newer || !(isHere || isAllowed(live.storageClass, live.accessTier, target))) continue;
      if (isKept) {
        if (!isHere) kept ??= step;
        continue;
      }
      const gain = best === null ? 1 : preferenceOf(target) - preferenceOf(best.target);
      if (gain < 0 || (gain === 0 && due >= since)) continue;
      best = step;
      since = due;
    }
    return { step: best === null || best.target === live.storageClass ? null : best, kept };
  }

  /** Permanent deletion before a transition, a transition before a delete marker. */
  private act(live: Live, removal: Removal | null, { step, kept }: ReturnType<KeyTeller['winnerOn']>, today: number): boolean {
    const { versioning } = this.options;
    const { version } = live;
    const isForGood = !live.isCurrent || versioning === 'unversioned' || (versioning === 'suspended' && version.isNull);
    const isLocked = removal !== null && isForGood && today < version.lockedUntilDay;
    if (version.isReplicationBlocked) {
      const acts = (removal !== null && !isLocked) || step !== null;
      if (acts) this.report(today, 'keptByReplication', live, removal?.rule ?? step?.rule ?? null);
      return false;
    }
    if (removal !== null && isForGood && !isLocked) {
      live.isGone = true;
      this.push(today, 'removed', live, '', removal.rule);
      if (live.isCurrent && versioning === 'suspended') this.putMarker(today);
      return true;
    }
    if (isLocked) this.report(today, 'keptByLock', live, removal.rule);
    if (kept !== null) this.report(today, 'keptBySize', live, kept.rule);
    if (step !== null) {
      this.push(today, 'transition', live, step.target, step.rule);
      live.storageClass = step.target;
      live.accessTier = '';
      this.sinkFrom(live, today);
      return true;
    }
    if (removal === null || isForGood) return false;
    this.push(today, 'hidden', live, '', removal.rule);
    live.isCurrent = false;
    live.clockDay = today;
    if (versioning === 'suspended') this.replaceNull(live, removal, today);
    this.putMarker(today);
    return true;
  }

  /** A suspended bucket holds one null version at most: a new null delete marker takes the place of an older one. */
  private replaceNull(hidden: Live, { rule }: Removal, today: number): void {
    for (const live of this.lives) {
      if (live === hidden || live.isGone || live.index < 0 || !live.version.isNull) continue;
      live.isGone = true;
      this.push(today, live.version.isMarker ? 'cleaned' : 'removed', live, '', rule);
    }
  }

  private putMarker(today: number): void {
    const version: KeyVersion = {
      isMarker: true,
      isCurrent: true,
      isNull: this.options.versioning === 'suspended',
      storageClass: '',
      accessTier: '',
      isSmall: true,
      clockDay: today,
      lockedUntilDay: Number.NEGATIVE_INFINITY,
      isReplicationBlocked: false,
      enteredDay: null,
      program: this.forMarkers,
    };
    this.lives = [this.live(version, -1), ...this.lives];
  }

  /** A delete marker with nothing behind it goes in the same pass that left it alone. */
  private clean(today: number): boolean {
    const left = this.lives.filter(({ isGone }) => !isGone);
    const [live] = left;
    if (live === undefined || left.length > 1 || !live.version.isMarker || !live.isCurrent || live.version.isReplicationBlocked)
      return false;
    const cleanup = live.version.program.cleanups.find((one) => this.dueDay(one, live.clockDay) <= today);
    if (cleanup === undefined) return false;
    live.isGone = true;
    this.push(today, 'cleaned', live, '', cleanup.rule);
    return true;
  }
}
