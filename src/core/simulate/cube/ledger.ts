import { SMALL_OBJECT_BYTES } from '../../../contract/units.ts';
import { billingOf } from '../../price/billing.ts';
import { type Block, newTally, type Tally } from '../side.ts';

/** Versions and bytes of one class, tier, size regime and version state, by how much they change at the start of each day. */
export interface Level {
  readonly storageClass: string;
  readonly accessTier: string;
  readonly isSmall: boolean;
  readonly isNoncurrent: boolean;
  /** Parts of uploads: neither current nor noncurrent versions. */
  readonly isUpload: boolean;
  readonly count: Float64Array;
  readonly bytes: Float64Array;
}

/** Bytes x days by day, kept exact in two halves: high x 2^26 + low. */
export interface ByteDays {
  readonly high: Float64Array;
  readonly low: Float64Array;
}
const HALF = 2 ** 26;

/**
 * The books of one configuration over a horizon, in counts and bytes: nothing here knows a price. Days are offsets from the as-of day.
 * Sums are whole numbers below 2^53.
 */
export class Ledger {
  readonly fromDay: number;
  readonly days: number;
  /** Only what happens before it is reported as an effect. */
  readonly reportedDays: number;
  readonly levels: Level[] = [];
  /** Transitions by target and day. */
  readonly transitions = new Map<string, Float64Array>();
  /** Billed bytes x missing days of early deletions by class and day: entered on the as-of day where unknown, or when written. */
  readonly early = new Map<string, ByteDays>();
  readonly earlyAtBest = new Map<string, ByteDays>();
  readonly expired = newTally();
  readonly everExpired = newTally();
  readonly hidden = newTally();
  readonly moved = new Map<string, Tally>();
  readonly uploadsAborted = newTally();
  readonly blocked: Record<Block, Tally> = { smallObject: newTally(), objectLock: newTally(), replication: newTally() };
  markersMade = 0;
  markersRemoved = 0;
  deleteMarkers = 0;
  firstExpirationDay: number | null = null;
  firstTransitionDay: number | null = null;
  /** By storage class and access tier, each with a place for every size regime and state. */
  private readonly byClass = new Map<string, Map<string, (Level | undefined)[]>>();

  constructor(fromDay: number, days: number, reportedDays: number) {
    this.fromDay = fromDay;
    this.days = days;
    this.reportedDays = reportedDays;
  }

  level(storageClass: string, accessTier: string, isSmall: boolean, isNoncurrent: boolean, isUpload = false): Level {
    let byTier = this.byClass.get(storageClass);
    if (byTier === undefined) {
      byTier = new Map();
      this.byClass.set(storageClass, byTier);
    }
    let own = byTier.get(accessTier);
    if (own === undefined) {
      own = [];
      byTier.set(accessTier, own);
    }
    const at = (isUpload ? 4 : isNoncurrent ? 2 : 0) + (isSmall ? 1 : 0);
    const known = own[at];
    if (known !== undefined) return known;
    const level: Level = {
      storageClass,
      accessTier,
      isSmall,
      isNoncurrent,
      isUpload,
      count: new Float64Array(this.days),
      bytes: new Float64Array(this.days),
    };
    own[at] = level;
    this.levels.push(level);
    return level;
  }

  /** Moves so much out of a level and into another (null: from or to nowhere) at the start of a day; later days are not looked at. */
  move(from: Level | null, to: Level | null, day: number, count: number, bytes: number): void {
    const at = day - this.fromDay;
    if (at >= this.days) return;
    if (from !== null) {
      from.count[at]! -= count;
      from.bytes[at]! -= bytes;
    }
    if (to !== null) {
      to.count[at]! += count;
      to.bytes[at]! += bytes;
    }
  }

  transition(target: string, day: number, count: number, bytes: number): void {
    const at = day - this.fromDay;
    if (at >= this.days) return;
    let byDay = this.transitions.get(target);
    if (byDay === undefined) {
      byDay = new Float64Array(this.days);
      this.transitions.set(target, byDay);
    }
    byDay[at]! += count;
    if (at >= this.reportedDays) return;
    const moved = this.moved.get(target) ?? newTally();
    this.moved.set(target, moved);
    addTo(moved, count, bytes);
    this.firstTransitionDay = Math.min(this.firstTransitionDay ?? day, day);
  }

  removed(day: number, count: number, bytes: number): void {
    const at = day - this.fromDay;
    if (at >= this.days) return;
    addTo(this.everExpired, count, bytes);
    if (at >= this.reportedDays) return;
    addTo(this.expired, count, bytes);
    this.firstExpirationDay = Math.min(this.firstExpirationDay ?? day, day);
  }

  hide(day: number, count: number, bytes: number): void {
    if (day - this.fromDay >= this.reportedDays) return;
    addTo(this.hidden, count, bytes);
    this.firstExpirationDay = Math.min(this.firstExpirationDay ?? day, day);
  }

  /** Delete markers come (+) or go (-). */
  markers(day: number, change: number): void {
    const at = day - this.fromDay;
    if (at >= this.days) return;
    this.deleteMarkers += change;
    if (at >= this.reportedDays) return;
    if (change > 0) this.markersMade += change;
    else this.markersRemoved -= change;
  }

  keep(block: Block, day: number, count: number, bytes: number): void {
    if (day - this.fromDay < this.reportedDays) addTo(this.blocked[block], count, bytes);
  }

  /** Days that are paid although the versions have left the class, at `day`, in one of the two books. */
  leftEarly(book: 'early' | 'earlyAtBest', storageClass: string, day: number, billedBytes: number, missingDays: number): void {
    const at = day - this.fromDay;
    if (at >= this.days || missingDays <= 0) return;
    let byDay = this[book].get(storageClass);
    if (byDay === undefined) {
      byDay = { high: new Float64Array(this.days), low: new Float64Array(this.days) };
      this[book].set(storageClass, byDay);
    }
    const high = Math.floor(billedBytes / HALF);
    byDay.high[at]! += high * missingDays;
    byDay.low[at]! += (billedBytes - high * HALF) * missingDays;
  }
}

export const byteDaysOn = ({ high, low }: ByteDays, at: number): bigint => BigInt(high[at] ?? 0) * BigInt(HALF) + BigInt(low[at] ?? 0);

export function addTo(tally: Tally, count: number, bytes: number): void {
  tally.versions += count;
  tally.bytes += bytes;
}

/** What versions of a class are billed as at the class's own price: with its floor or overhead (s3-domain 3.1). */
export function billedBy(storageClass: string, accessTier: string, isSmall: boolean): (count: number, bytes: number) => number {
  const { floorBytes, overheadBytes } = billingOf(storageClass, accessTier, isSmall);
  return floorBytes > 0 && isSmall ? (count) => count * SMALL_OBJECT_BYTES : (count, bytes) => bytes + count * overheadBytes;
}

export const billedBytes = (storageClass: string, accessTier: string, isSmall: boolean, count: number, bytes: number): number =>
  billedBy(storageClass, accessTier, isSmall)(count, bytes);
