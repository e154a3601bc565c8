import { STORAGE_CLASSES, VERSION_STATES } from '../../contract/vocabulary.ts';
import { tierDays } from '../access/temperature.ts';
import { type Cube, LOCKED_FOR_EVER, NOT_LOCKED, REPLICATION_BLOCKED } from '../cube/cube.ts';
import { Sums } from '../cube/group.ts';
import type { Unit } from './unit-builder.ts';

const CURRENT = VERSION_STATES.indexOf('current');
const MARKER = VERSION_STATES.indexOf('marker');
const NEVER_TIERED = 0x7fff;

/** What the cells of a cube tell of its units. Made in one pass. */
export class UnitFacts {
  readonly cube: Cube;
  /** Days without access that the tiers of all current objects prove. */
  private readonly tiers: Int16Array;
  /** A lock keeps at least one version while this is later than the day. */
  private readonly locks: Int32Array;
  private readonly blocked: Uint8Array;

  constructor(cube: Cube, units: number) {
    this.cube = cube;
    this.tiers = new Int16Array(units).fill(NEVER_TIERED);
    this.locks = new Int32Array(units).fill(NOT_LOCKED);
    this.blocked = new Uint8Array(units);
    const daysOfClass = cube.classes.map(({ storageClass, accessTier }) =>
      storageClass === 'INTELLIGENT_TIERING' ? tierDays(accessTier) : 0,
    );
    for (let cell = 0; cell < cube.cellCount; cell++) {
      const unit = cube.unit[cell] as number;
      if (unit < 0 || cube.state[cell] === MARKER) continue;
      const lock = cube.lockedUntilDay[cell] as number;
      if (lock > (this.locks[unit] as number)) this.locks[unit] = lock;
      if (((cube.flags[cell] as number) & REPLICATION_BLOCKED) !== 0) this.blocked[unit] = 1;
      if (cube.state[cell] !== CURRENT) continue;
      // Objects below 128 KiB are never moved down, and tell nothing (s3-domain 2.1).
      const days = cube.isSmall[cell] === 1 ? 0 : (daysOfClass[cube.classId[cell] as number] as number);
      if (days < (this.tiers[unit] as number)) this.tiers[unit] = days;
    }
  }

  tierDays(unit: number): number {
    const days = this.tiers[unit] as number;
    return days === NEVER_TIERED ? 0 : days;
  }

  /** Whether lifecycle may not act on some of it, because it was not replicated yet. */
  isBlocked(unit: number): boolean {
    return this.blocked[unit] === 1;
  }

  /** The first UTC day on which no lock keeps any of its versions; null where none does now, LOCKED_FOR_EVER for holds. */
  lockedUntilDay(unit: number, asOfDay: number): number | null {
    const day = this.locks[unit] as number;
    return day === LOCKED_FOR_EVER || day > asOfDay ? day : null;
  }

  /** The cells a unit's versions are in. */
  *cellsOf({ unit, directory, stem }: Pick<Unit, 'unit' | 'directory' | 'stem'>): Iterable<number> {
    const { cube } = this;
    const end = stem === '' ? (cube.tree.subtreeEnd[directory] as number) : directory + 1;
    const to = cube.cellStart[end] as number;
    for (let cell = cube.cellStart[directory] as number; cell < to; cell++) if (cube.unit[cell] === unit) yield cell;
  }

  /** Versions and bytes of a unit by class and size regime. */
  sumsOf(unit: Pick<Unit, 'unit' | 'directory' | 'stem'>): Sums {
    const { cube } = this;
    const sums = new Sums(cube.classes.length);
    for (const cell of this.cellsOf(unit)) {
      if (cube.state[cell] === MARKER) continue;
      sums.add(cube.classId[cell] as number, cube.isSmall[cell] as number, cube.count[cell] as number, cube.bytes[cell] as number);
    }
    return sums;
  }
}

/** Bytes by storage class, from hot to cold. */
export function bytesByClass(cube: Cube, sums: Sums): [string, number][] {
  const bytes = new Map<string, number>();
  for (const [classId, { storageClass }] of cube.classes.entries()) {
    const own = (sums.bytes[classId * 2] as number) + (sums.bytes[classId * 2 + 1] as number);
    const versions = (sums.count[classId * 2] as number) + (sums.count[classId * 2 + 1] as number);
    if (versions > 0) bytes.set(storageClass, (bytes.get(storageClass) ?? 0) + own);
  }
  const place = (name: string): number => {
    const at = STORAGE_CLASSES.findIndex((known) => known.name === name);
    return at < 0 ? STORAGE_CLASSES.length : at;
  };
  return [...bytes].sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1));
}
