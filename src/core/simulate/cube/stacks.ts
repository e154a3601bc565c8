import { DAY_MS } from '../../../contract/units.ts';
import type { Cube } from '../../cube/cube.ts';
import { bandOf, type RefinedCube, type Refinement } from '../../cube/refine.ts';
import type { RowBlock } from '../../cube/row-block.ts';
import { MINIMUM_DAYS } from '../../price/class-rules.ts';
import { keyVersionOf } from '../key-versions.ts';
import type { RunOptions } from '../options.ts';
import { type KeyEvent, type KeyVersion, tellKey } from '../timeline/key.ts';
import { billedBytes, type Ledger, type Level } from './ledger.ts';
import type { Programs } from './programs.ts';
import type { Scopes } from './scopes.ts';

/** The rows of keys that have to be seen whole, newest first within each key. */
export type Stacks = readonly RowBlock[];

/** How rows of stacks are read: which rules reach a key, and which keys are seen whole. All others are in the cohorts. */
export interface StackContext {
  readonly cube: Pick<Cube, 'classes'>;
  readonly refinement: Pick<Refinement, 'sizeBounds' | 'tagFilters'>;
  readonly takes: (set: number) => boolean;
  /** The set of rules whose prefixes reach the key of a row. */
  readonly setOf: (block: RowBlock, row: number) => number;
}

export function stackContext({ cube, refinement }: RefinedCube, scopes: Scopes, takes: (set: number) => boolean): StackContext {
  const setOf = (block: RowBlock, row: number): number => {
    const directory = block.directory[row]!;
    const set = scopes.ofDirectory[directory]!;
    const cuts = scopes.cuts.get(directory);
    if (cuts === undefined) return set;
    const name = block.name(row);
    const more = cuts.filter(({ namePrefix }) => name.startsWith(namePrefix)).map(({ rule }) => rule);
    return more.length === 0 ? set : scopes.union(set, more);
  };
  return { cube, refinement, takes, setOf };
}

/** One key of a block: rows [from, to). */
export function eachKey(block: RowBlock, visit: (from: number, to: number) => void): void {
  for (let from = 0; from < block.rows; ) {
    let to = from + 1;
    while (to < block.rows && block.isSameKey[to] === 1) to += 1;
    visit(from, to);
    from = to;
  }
}

export const keyVersion = (
  block: RowBlock,
  row: number,
  context: StackContext,
  set: number,
  programs: Programs,
  options: RunOptions,
): KeyVersion =>
  keyVersionOf(block, row, context.cube.classes, options, (_, isSmall) =>
    programs.of(set, bandOf(context.refinement, block, row), isSmall),
  );

/** Plays every key of the stacks that is to be seen whole, and writes it into the books; versions left out count for ranks alone. */
export function playStacks(
  stacks: Stacks,
  context: StackContext,
  programs: Programs,
  options: RunOptions,
  ledger: Ledger,
  isLeftOut: (set: number, version: KeyVersion, band: number) => boolean,
): void {
  const until = ledger.fromDay + ledger.days;
  for (const block of stacks) {
    eachKey(block, (from, to) => {
      const set = context.setOf(block, from);
      if (!context.takes(set)) return;
      const versions: KeyVersion[] = [];
      for (let row = from; row < to; row += 1) versions.push(keyVersion(block, row, context, set, programs, options));
      const events = tellKey(versions, programs.of(set, 0, true), options, until);
      const isOut = (version: KeyVersion, index: number): boolean =>
        isLeftOut(set, version, bandOf(context.refinement, block, from + index));
      new KeyPlayer(block, from, versions, options, ledger, isOut).play(events);
    });
  }
}

class KeyPlayer {
  private readonly block: RowBlock;
  private readonly from: number;
  private readonly versions: readonly KeyVersion[];
  private readonly options: RunOptions;
  private readonly ledger: Ledger;
  private readonly levels: (Level | null)[];
  private readonly hidden = new Set<number>();
  private isMadeLeftOut = false;
  /** The day each came into its class by a transition. */
  private readonly entered: (number | null)[];

  constructor(
    block: RowBlock,
    from: number,
    versions: readonly KeyVersion[],
    options: RunOptions,
    ledger: Ledger,
    isLeftOut: (version: KeyVersion, index: number) => boolean,
  ) {
    this.block = block;
    this.from = from;
    this.versions = versions;
    this.options = options;
    this.ledger = ledger;
    this.entered = versions.map(() => null);
    const end = ledger.fromDay + ledger.days;
    this.levels = versions.map((version, index) => {
      if (version.isMarker) {
        if ((version.enteredDay ?? options.asOfDay) < end) ledger.deleteMarkers += 1;
        return null;
      }
      if (isLeftOut(version, index)) return null;
      const level = ledger.level(version.storageClass, version.accessTier, version.isSmall, !version.isCurrent);
      ledger.move(null, level, version.enteredDay ?? options.asOfDay, 1, this.sizeOf(index));
      return level;
    });
  }

  private sizeOf(index: number): number {
    return this.block.sizeBytes[this.from + index]!;
  }

  play(events: readonly KeyEvent[]): void {
    for (const event of events) {
      const version = this.versions[event.version];
      if (version?.isMarker === true || (version === undefined && !this.isMadeLeftOut)) this.playMarker(event);
      else if (version === undefined) continue;
      else this.playVersion(event, version);
    }
  }

  private playMarker({ kind, day }: KeyEvent): void {
    if (kind === 'removed' || kind === 'cleaned') this.ledger.markers(day, -1);
  }

  private playVersion(event: KeyEvent, version: KeyVersion): void {
    const { ledger } = this;
    const { day, kind, target, version: index } = event;
    const bytes = this.sizeOf(index);
    const level = this.levels[index] ?? null;
    const isReplaced = kind === 'removed' && this.options.versioning === 'suspended' && version.isCurrent && !this.hidden.has(index);
    if (kind === 'hidden') this.hidden.add(index);
    if (level === null) {
      // The delete marker it leaves is left out with it.
      this.isMadeLeftOut ||= kind === 'hidden' || isReplaced;
      return;
    }
    if (kind === 'hidden' || isReplaced) ledger.markers(day, 1);
    const moveTo = (after: Level | null): void => {
      ledger.move(level, after, day, 1, bytes);
      this.levels[index] = after;
    };
    switch (kind) {
      case 'transition':
        this.leave(index, level, day);
        ledger.transition(target, day, 1, bytes);
        moveTo(ledger.level(target, '', version.isSmall, level.isNoncurrent));
        this.entered[index] = day;
        break;
      case 'sunk':
        moveTo(ledger.level(level.storageClass, target, version.isSmall, level.isNoncurrent));
        break;
      case 'hidden':
        ledger.hide(day, 1, bytes);
        moveTo(ledger.level(level.storageClass, level.accessTier, version.isSmall, true));
        break;
      case 'removed':
        this.leave(index, level, day);
        ledger.removed(day, 1, bytes);
        moveTo(null);
        break;
      case 'keptByLock':
        ledger.keep('objectLock', day, 1, bytes);
        break;
      case 'keptBySize':
        ledger.keep('smallObject', day, 1, bytes);
        break;
      case 'keptByReplication':
        ledger.keep('replication', day, 1, bytes);
        break;
      case 'cleaned':
        break;
    }
  }

  private leave(index: number, { storageClass, accessTier, isSmall }: Level, day: number): void {
    const minimum = MINIMUM_DAYS[storageClass] ?? 0;
    if (minimum === 0) return;
    const billed = billedBytes(storageClass, accessTier, isSmall, 1, this.sizeOf(index));
    const written = Math.floor(this.block.lastModifiedMs[this.from + index]! / DAY_MS);
    const entered = this.entered[index] ?? null;
    this.ledger.leftEarly('early', storageClass, day, billed, minimum - (day - (entered ?? Math.max(this.options.asOfDay, written))));
    this.ledger.leftEarly('earlyAtBest', storageClass, day, billed, minimum - (day - (entered ?? written)));
  }
}
