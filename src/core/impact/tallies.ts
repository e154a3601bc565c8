import type { Act, ImpactChangeKind } from '../../contract/impact.ts';
import { NO_UNIT } from '../units/unit-table.ts';
import type { Fates } from './worlds.ts';

const MOST_WITNESSES = 5;

/** Distinct units, counted without a set for each: rows of a unit mostly follow each other. */
class UnitTally {
  private numbers = new Int32Array(4);
  private length = 0;
  private last = NO_UNIT;

  add(unit: number): void {
    if (unit === this.last || unit === NO_UNIT) return;
    this.last = unit;
    if (this.length === this.numbers.length) {
      const more = new Int32Array(this.numbers.length * 2);
      more.set(this.numbers);
      this.numbers = more;
    }
    this.numbers[this.length] = unit;
    this.length += 1;
  }

  static count(tallies: readonly UnitTally[]): number {
    const all = new Int32Array(tallies.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const { numbers, length } of tallies) {
      all.set(numbers.subarray(0, length), at);
      at += length;
    }
    all.sort();
    let units = 0;
    for (let index = 0; index < all.length; index += 1) if (index === 0 || all[index] !== all[index - 1]) units += 1;
    return units;
  }
}

/** Versions, bytes and units. */
export class CountTally {
  versions = 0;
  bytes = 0;
  private readonly units = new UnitTally();

  add(sizeBytes: number, unit: number): void {
    this.versions += 1;
    this.bytes += sizeBytes;
    this.units.add(unit);
  }

  static unitsOf(tallies: readonly CountTally[]): number {
    return UnitTally.count(tallies.map(({ units }) => units));
  }
}

/** Acts of one day that cost and save alike. */
export class ActTally extends CountTally {
  readonly day: number;
  readonly act: Act;
  readonly to: string;
  readonly ifTagged: boolean;
  readonly isNew: boolean;
  readonly fromClass: string;
  readonly fromTier: string;
  readonly isSmall: boolean;
  readonly missingDays: number;

  constructor(of: Omit<ActTally, 'versions' | 'bytes' | 'add'>) {
    super();
    this.day = of.day;
    this.act = of.act;
    this.to = of.to;
    this.ifTagged = of.ifTagged;
    this.isNew = of.isNew;
    this.fromClass = of.fromClass;
    this.fromTier = of.fromTier;
    this.isSmall = of.isSmall;
    this.missingDays = of.missingDays;
  }
}

export interface SeenWitness {
  readonly key: string;
  readonly versionId: string | null;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
  readonly fates: Fates;
}

/** One kind of change. */
export class ChangeTally extends CountTally {
  readonly act: Act;
  readonly to: string;
  readonly change: ImpactChangeKind;
  readonly ifTagged: boolean;
  readonly current = new DayRange();
  readonly proposed = new DayRange();
  /** The largest first; of those alike, the first in the order of the index. */
  witnesses: readonly SeenWitness[] = [];
  private leastBytes = -1;

  constructor(act: Act, to: string, change: ImpactChangeKind, ifTagged: boolean) {
    super();
    this.act = act;
    this.to = to;
    this.change = change;
    this.ifTagged = ifTagged;
  }

  /** Whether a version of this size would be among the witnesses. */
  wants(sizeBytes: number): boolean {
    return sizeBytes > this.leastBytes;
  }

  /** One version to a key. */
  witness(seen: SeenWitness): void {
    if (this.witnesses.some(({ key, sizeBytes }) => key === seen.key && sizeBytes >= seen.sizeBytes)) return;
    this.witnesses = [...this.witnesses.filter(({ key }) => key !== seen.key), seen]
      .sort((a, b) => b.sizeBytes - a.sizeBytes)
      .slice(0, MOST_WITNESSES);
    if (this.witnesses.length === MOST_WITNESSES) this.leastBytes = this.witnesses[MOST_WITNESSES - 1]?.sizeBytes ?? -1;
  }
}

class DayRange {
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;

  add(day: number | null): void {
    if (day === null) return;
    this.first = Math.min(this.first, day);
    this.last = Math.max(this.last, day);
  }
}

export type { DayRange };
