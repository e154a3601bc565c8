import type { MinimumSize } from '../../contract/lifecycle.ts';
import { VERSION_STATES } from '../../contract/vocabulary.ts';
import { type Cube, REPLICATION_BLOCKED } from '../cube/cube.ts';
import type { RefinedCube } from '../cube/refine.ts';
import type { CompiledRule } from './compile.ts';
import { ruleSetsOf } from './rule-sets.ts';
import { type Span, type Subject, type Timeline, timelineOf } from './timeline.ts';

const MARKER = VERSION_STATES.indexOf('marker');
const NONCURRENT = VERSION_STATES.indexOf('noncurrent');

/** Versions and bytes of one class and size regime: at the start, and by how much they change at the start of each day. */
export interface Level {
  readonly storageClass: string;
  readonly accessTier: string;
  readonly isSmall: boolean;
  readonly count: Float64Array;
  readonly bytes: Float64Array;
}

interface Tally {
  versions: number;
  bytes: number;
}

/** One configuration run over the horizon. Days are offsets from `fromDay`. */
export interface Run {
  readonly levels: readonly Level[];
  /** Transitions by target and day. */
  readonly moves: ReadonlyMap<string, Float64Array>;
  readonly moved: ReadonlyMap<string, Tally>;
  readonly expired: Tally;
  readonly hidden: Tally;
  readonly firstExpirationDay: number | null;
  readonly firstTransitionDay: number | null;
  readonly blocked: { readonly byReplication: Tally; readonly byLock: Tally; readonly bySize: Tally };
}

interface Group {
  readonly subject: Subject;
  readonly isReplicationBlocked: boolean;
  readonly rules: readonly CompiledRule[];
  count: number;
  bytes: number;
}

const newTally = (): Tally => ({ versions: 0, bytes: 0 });
function orNew<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function addTo(tally: Tally, { count, bytes }: { readonly count: number; readonly bytes: number }): void {
  tally.versions += count;
  tally.bytes += bytes;
}

/** Cells that no rule can tell apart, together. Cells no rule reaches are in none. */
function groupsOf(refined: RefinedCube, rules: readonly CompiledRule[]): Iterable<Group> {
  if (rules.length === 0) return [];
  const { cube } = refined;
  const { ofCell, sets } = ruleSetsOf(refined, rules);
  const groups = new Map<string, Group>();
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    const state = cube.state[cell]!;
    const set = ofCell(cell);
    if (set === 0 || state === MARKER) continue;
    const classId = cube.classId[cell]!;
    const clockDay = cube.clockDay[cell]!;
    const flags = cube.flags[cell]! & REPLICATION_BLOCKED;
    const lockedUntilDay = cube.lockedUntilDay[cell]!;
    const small = cube.isSmall[cell]!;
    const key = `${set},${classId},${flags},${small},${state},${clockDay},${lockedUntilDay}`;
    const group = groups.get(key);
    if (group !== undefined) {
      group.count += cube.count[cell]!;
      group.bytes += cube.bytes[cell]!;
      continue;
    }
    const { storageClass, accessTier } = cube.classes[classId]!;
    groups.set(key, {
      subject: {
        storageClass,
        accessTier,
        isSmall: small === 1,
        isNoncurrent: state === NONCURRENT,
        lockedUntilDay,
        clockDay,
      },
      isReplicationBlocked: (flags & REPLICATION_BLOCKED) !== 0,
      rules: sets[set]!,
      count: cube.count[cell]!,
      bytes: cube.bytes[cell]!,
    });
  }
  return groups.values();
}

class Levels {
  readonly all: Level[] = [];
  private readonly byKey = new Map<string, Level>();
  private readonly days: number;
  constructor(days: number) {
    this.days = days;
  }
  of(storageClass: string, accessTier: string, isSmall: boolean): Level {
    const key = `${isSmall ? 's' : 'l'}${accessTier}/${storageClass}`;
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const level = { storageClass, accessTier, isSmall, count: new Float64Array(this.days), bytes: new Float64Array(this.days) };
    this.byKey.set(key, level);
    this.all.push(level);
    return level;
  }
}

function startLevels(cube: Cube, levels: Levels): void {
  const start = cube.classes.map(
    ({ storageClass, accessTier }) => [levels.of(storageClass, accessTier, false), levels.of(storageClass, accessTier, true)] as const,
  );
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    if (cube.state[cell] === MARKER) continue;
    const level = start[cube.classId[cell]!]![cube.isSmall[cell] === 1 ? 1 : 0];
    level.count[0]! += cube.count[cell]!;
    level.bytes[0]! += cube.bytes[cell]!;
  }
}

/** Runs rules over a cube, day by day in effect: today's versions stay as they are but for what the rules do. */
export function runRules(refined: RefinedCube, rules: readonly CompiledRule[], span: Span & { readonly minimumSize: MinimumSize }): Run {
  const days = span.toDay - span.fromDay;
  const levels = new Levels(days);
  startLevels(refined.cube, levels);
  const moves = new Map<string, Float64Array>();
  const moved = new Map<string, Tally>();
  const expired = newTally();
  const hidden = newTally();
  const blocked = { byReplication: newTally(), byLock: newTally(), bySize: newTally() };
  let firstExpirationDay: number | null = null;
  let firstTransitionDay: number | null = null;

  function play(group: Group, { changes }: Timeline): void {
    const { subject, count, bytes } = group;
    let level = levels.of(subject.storageClass, subject.accessTier, subject.isSmall);
    for (const change of changes) {
      const day = change.day - span.fromDay;
      if (change.kind === 'transition') firstTransitionDay = Math.min(firstTransitionDay ?? change.day, change.day);
      else firstExpirationDay = Math.min(firstExpirationDay ?? change.day, change.day);
      if (change.kind === 'hidden') {
        addTo(hidden, group);
        continue;
      }
      level.count[day]! -= count;
      level.bytes[day]! -= bytes;
      if (change.kind === 'removed') {
        addTo(expired, group);
        continue;
      }
      level = levels.of(change.target, '', subject.isSmall);
      level.count[day]! += count;
      level.bytes[day]! += bytes;
      const perDay = orNew(moves, change.target, () => new Float64Array(days));
      perDay[day]! += count;
      addTo(orNew(moved, change.target, newTally), group);
    }
  }

  for (const group of groupsOf(refined, rules)) {
    const timeline = timelineOf(group.subject, group.rules, span);
    if (group.isReplicationBlocked) {
      if (timeline.changes.length > 0) addTo(blocked.byReplication, group);
      continue;
    }
    if (timeline.blockedByLock) addTo(blocked.byLock, group);
    if (timeline.blockedBySize) addTo(blocked.bySize, group);
    play(group, timeline);
  }
  return { levels: levels.all, moves, moved, expired, hidden, firstExpirationDay, firstTransitionDay, blocked };
}
