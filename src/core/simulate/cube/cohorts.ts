import { VERSION_STATES } from '../../../contract/vocabulary.ts';
import { LOCKED_FOR_EVER, MULTI, NOT_LOCKED, REPLICATION_BLOCKED, SUPERSEDED } from '../../cube/cube.ts';
import type { RefinedCube } from '../../cube/refine.ts';
import { MINIMUM_DAYS } from '../../price/class-rules.ts';
import type { Scopes } from './scopes.ts';

const MARKER = VERSION_STATES.indexOf('marker');
const NONCURRENT = VERSION_STATES.indexOf('noncurrent');
const CURRENT = VERSION_STATES.indexOf('current');
/** Written before the as-of day. */
const WRITTEN = -0x80000000;
const MOST_SLOTS = 16_777_216;
const UNSEEN = -1;

/** What the versions of some cells share, whatever rules say: all but place, clock and day of the write. */
export interface Trait {
  readonly storageClass: string;
  readonly accessTier: string;
  readonly isSmall: boolean;
  /** See `RefinedCube.band`. */
  readonly band: number;
  readonly isMarker: boolean;
  readonly isNoncurrent: boolean;
  /** A delete marker that is not the latest. */
  readonly isSuperseded: boolean;
  readonly isReplicationBlocked: boolean;
  /** Their keys have more than one version or delete marker. */
  readonly isMulti: boolean;
  readonly isNull: boolean;
  /** NOT_LOCKED also where the lock ends by S3's first run. */
  readonly lockedUntilDay: number;
  /** The UTC day of the write where it is the as-of day or later, else null. */
  readonly writtenDay: number | null;
}

/** The traits of a cube's cells; they depend on its refinement and the as-of day, not on the rules. */
export interface Traits {
  readonly all: readonly Trait[];
  readonly ofCell: Uint32Array;
}

export function traitsOf({ cube, band: bandOfCell, isNull }: RefinedCube, asOfDay: number): Traits {
  const all: Trait[] = [];
  const ofCell = new Uint32Array(cube.cellCount);
  const bands = (bandOfCell?.reduce((most, band) => Math.max(most, band), 0) ?? 0) + 1;
  // Almost all cells are told by a small number; a lock to come or a write to come makes a cell one of a few others.
  const plain = new Map<number, number>();
  const small = new Int32Array(Math.min(cube.classes.length * 96 * bands, 1 << 20)).fill(-1);
  const odd = new Map<string, number>();
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    const state = cube.state[cell]!;
    const flags = cube.flags[cell]!;
    const isSuperseded = (flags & SUPERSEDED) !== 0;
    const lock = cube.lockedUntilDay[cell]!;
    const lockedUntilDay = state === MARKER || lock <= asOfDay + 1 ? NOT_LOCKED : lock;
    const written = cube.writtenDay[cell]! >= asOfDay ? cube.writtenDay[cell]! : WRITTEN;
    const form = state === MARKER && isSuperseded ? 3 : state;
    const band = bandOfCell?.[cell] ?? 0;
    const code =
      (((cube.classId[cell]! * bands + band) * 2 + cube.isSmall[cell]!) * 4 + form) * 8 +
      ((flags & REPLICATION_BLOCKED) !== 0 ? 4 : 0) +
      ((flags & MULTI) !== 0 ? 2 : 0) +
      (isNull?.[cell] ?? 0);
    const make = (): number => {
      const billed = cube.classes[cube.classId[cell]!]!;
      return (
        all.push({
          ...billed,
          isSmall: cube.isSmall[cell] === 1,
          band,
          isMarker: state === MARKER,
          isNoncurrent: state === NONCURRENT || isSuperseded,
          isSuperseded: state === MARKER && isSuperseded,
          isReplicationBlocked: (flags & REPLICATION_BLOCKED) !== 0,
          isMulti: (flags & MULTI) !== 0,
          isNull: isNull?.[cell] === 1,
          lockedUntilDay,
          writtenDay: written === WRITTEN ? null : written,
        }) - 1
      );
    };
    let id: number;
    if (lockedUntilDay !== NOT_LOCKED || written !== WRITTEN) {
      const key = `${code}/${lockedUntilDay}/${written}`;
      id = odd.get(key) ?? make();
      odd.set(key, id);
    } else if (code < small.length) {
      id = small[code]! < 0 ? make() : small[code]!;
      small[code] = id;
    } else {
      id = plain.get(code) ?? make();
      plain.set(code, id);
    }
    ofCell[cell] = id;
  }
  return { all, ofCell };
}

/** Versions that share their trait and the rules whose prefixes reach them: one entry for every clock, soonest first. */
export interface Cohort {
  readonly trait: Trait;
  /** Index into the sets of the scopes. */
  readonly set: number;
  readonly clockDay: Int32Array;
  /** Length entries + 1: versions and bytes of the entries before each. */
  readonly countBefore: Float64Array;
  readonly bytesBefore: Float64Array;
  /**
   * Of versions in a class with minimum storage days, those written so lately that it matters when: by clock. The rest of them
   * is past any charge for leaving early.
   */
  readonly recent: {
    readonly clockDay: Int32Array;
    readonly writtenDay: Int32Array;
    readonly count: Float64Array;
    readonly bytes: Float64Array;
  };
  /** What is current and was written in the window that inflow repeats, by clock; empty unless asked for. */
  readonly inflow: Cohort['recent'];
}

interface Grouped {
  readonly pair: Uint32Array;
  readonly clockDay: Int32Array;
  readonly count: Float64Array;
  readonly bytes: Float64Array;
}

/**
 * Cells that no rule can tell apart, together. `skips` leaves cells out of the entries by set and trait; `inflowDays` lists what was
 * written in so many days before the as-of day.
 */
export function cohortsOf(
  { cube }: RefinedCube,
  traits: Traits,
  scopes: Scopes,
  asOfDay: number,
  inflowDays: number,
  skips: (set: number, trait: Trait) => boolean,
): Cohort[] {
  const pairs: { readonly set: number; readonly trait: number; readonly isSkipped: boolean }[] = [];
  const pairOfCell = new Int32Array(cube.cellCount);
  const traitCount = traits.all.length;
  // Set and trait are small numbers; a table of all their pairs is small too, but for thousands of both.
  const slots = scopes.sets.length * traitCount;
  const table = slots <= MOST_SLOTS / 4 ? new Int32Array(slots).fill(UNSEEN) : null;
  const known = new Map<number, number>();
  const { ofDirectory, ofNames } = scopes;
  const hasNames = ofNames.size > 0;
  let lastKey = -1;
  let lastPair = -1;
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    const directory = cube.directory[cell]!;
    const set = (hasNames ? ofNames.get(cell) : undefined) ?? ofDirectory[directory]!;
    const key = set * traitCount + traits.ofCell[cell]!;
    if (key !== lastKey) {
      lastKey = key;
      let pair = table === null ? (known.get(key) ?? UNSEEN) : table[key]!;
      if (pair === UNSEEN) {
        const trait = traits.ofCell[cell]!;
        pair = pairs.push({ set, trait, isSkipped: skips(set, traits.all[trait]!) }) - 1;
        if (table === null) known.set(key, pair);
        else table[key] = pair;
      }
      lastPair = pair;
    }
    pairOfCell[cell] = lastPair;
  }
  const isCounted = Uint8Array.from(pairs, ({ isSkipped }) => (isSkipped ? 0 : 1));
  const grouped = group(cube, pairOfCell, isCounted);
  const lists = pairs.map(() => ({ recent: [] as number[], inflow: [] as number[] }));
  const minimum = traits.all.map(({ storageClass, isMarker }) => (isMarker ? 0 : (MINIMUM_DAYS[storageClass] ?? 0)));
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    const pair = pairOfCell[cell]!;
    const written = cube.writtenDay[cell]!;
    if (written >= asOfDay) continue;
    if (isCounted[pair] === 1 && written > asOfDay - minimum[pairs[pair]!.trait]!) lists[pair]!.recent.push(cell);
    if (written >= asOfDay - inflowDays && cube.state[cell] === CURRENT) lists[pair]!.inflow.push(cell);
  }
  const pick = (cells: number[]): Cohort['recent'] => {
    cells.sort((a, b) => cube.clockDay[a]! - cube.clockDay[b]!);
    return {
      clockDay: Int32Array.from(cells, (cell) => cube.clockDay[cell]!),
      writtenDay: Int32Array.from(cells, (cell) => cube.writtenDay[cell]!),
      count: Float64Array.from(cells, (cell) => cube.count[cell]!),
      bytes: Float64Array.from(cells, (cell) => cube.bytes[cell]!),
    };
  };
  return split(grouped, pairs.length).map(({ from, to }, pair): Cohort => {
    const { set, trait } = pairs[pair]!;
    return {
      trait: traits.all[trait]!,
      set,
      clockDay: grouped.clockDay.subarray(from, to),
      countBefore: before(grouped.count, from, to),
      bytesBefore: before(grouped.bytes, from, to),
      recent: pick(lists[pair]!.recent),
      inflow: pick(lists[pair]!.inflow),
    };
  });
}

function before(values: Float64Array, from: number, to: number): Float64Array {
  const sums = new Float64Array(to - from + 1);
  for (let at = from; at < to; at += 1) sums[at - from + 1] = sums[at - from]! + values[at]!;
  return sums;
}

function split({ pair }: Grouped, pairs: number): { readonly from: number; readonly to: number }[] {
  const starts = new Uint32Array(pairs + 1);
  for (const one of pair) starts[one + 1]! += 1;
  for (let at = 0; at < pairs; at += 1) starts[at + 1]! += starts[at]!;
  return Array.from({ length: pairs }, (_, at) => ({ from: starts[at]!, to: starts[at + 1]! }));
}

/** Sums cells by (pair, clock), ordered by both: in a table where it is not too large, else by sorting. */
function group(cube: RefinedCube['cube'], pairOfCell: Int32Array, isCounted: Uint8Array): Grouped {
  let first = LOCKED_FOR_EVER;
  let last = -LOCKED_FOR_EVER;
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    const day = cube.clockDay[cell]!;
    if (day < first) first = day;
    if (day > last) last = day;
  }
  const width = Math.max(0, last - first + 1);
  return isCounted.length * width <= MOST_SLOTS
    ? groupInTable(cube, pairOfCell, isCounted, first, width)
    : groupBySorting(cube, pairOfCell, isCounted);
}

function groupInTable(cube: RefinedCube['cube'], pairOfCell: Int32Array, isCounted: Uint8Array, first: number, width: number): Grouped {
  const pairs = isCounted.length;
  const count = new Float64Array(pairs * width);
  const bytes = new Float64Array(pairs * width);
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    const pair = pairOfCell[cell]!;
    if (isCounted[pair] === 0) continue;
    const slot = pair * width + cube.clockDay[cell]! - first;
    count[slot]! += cube.count[cell]!;
    bytes[slot]! += cube.bytes[cell]!;
  }
  let entries = 0;
  for (let slot = 0; slot < count.length; slot += 1) if (count[slot]! > 0) entries += 1;
  const grouped = {
    pair: new Uint32Array(entries),
    clockDay: new Int32Array(entries),
    count: new Float64Array(entries),
    bytes: new Float64Array(entries),
  };
  let at = 0;
  for (let pair = 0, slot = 0; pair < pairs; pair += 1) {
    for (let day = 0; day < width; day += 1, slot += 1) {
      if (count[slot] === 0) continue;
      grouped.pair[at] = pair;
      grouped.clockDay[at] = first + day;
      grouped.count[at] = count[slot]!;
      grouped.bytes[at] = bytes[slot]!;
      at += 1;
    }
  }
  return grouped;
}

function groupBySorting(cube: RefinedCube['cube'], pairOfCell: Int32Array, isCounted: Uint8Array): Grouped {
  const cells = Uint32Array.from({ length: cube.cellCount }, (_, cell) => cell).filter((cell) => isCounted[pairOfCell[cell]!] === 1);
  cells.sort((a, b) => pairOfCell[a]! - pairOfCell[b]! || cube.clockDay[a]! - cube.clockDay[b]!);
  const grouped = {
    pair: new Uint32Array(cells.length),
    clockDay: new Int32Array(cells.length),
    count: new Float64Array(cells.length),
    bytes: new Float64Array(cells.length),
  };
  let at = -1;
  for (const cell of cells) {
    const pair = pairOfCell[cell]!;
    const day = cube.clockDay[cell]!;
    if (at < 0 || grouped.pair[at] !== pair || grouped.clockDay[at] !== day) {
      at += 1;
      grouped.pair[at] = pair;
      grouped.clockDay[at] = day;
    }
    grouped.count[at]! += cube.count[cell]!;
    grouped.bytes[at]! += cube.bytes[cell]!;
  }
  const entries = at + 1;
  return {
    pair: grouped.pair.slice(0, entries),
    clockDay: grouped.clockDay.slice(0, entries),
    count: grouped.count.slice(0, entries),
    bytes: grouped.bytes.slice(0, entries),
  };
}
