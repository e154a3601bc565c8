import { DAY_MS, SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import { type Cube, MULTI } from '../cube/cube.ts';
import { sizeBandOf } from '../cube/refine.ts';
import type { RowBlock } from '../cube/row-block.ts';
import { eachKey } from '../simulate/cube/stacks.ts';
import type { ActiveRule } from '../simulate/rules.ts';
import { NO_UNIT } from '../units/unit-table.ts';
import { differences, isDestroyed } from './compare.ts';
import { ActTally, ChangeTally, CountTally, type SeenWitness } from './tallies.ts';
import { abortingRules, isBilledAsSmall, type OpenUpload, uploadFate } from './uploads.ts';
import { type Compared, type Fates, Worlds } from './worlds.ts';

/** What becomes of a version, as the tallies it counts in. */
interface Outcome {
  readonly acts: readonly ActTally[];
  readonly changes: readonly { readonly tally: ChangeTally; readonly fates: Fates }[];
  readonly destroyed: CountTally | null;
}

const NOTHING: Outcome = { acts: [], changes: [], destroyed: null };

/** Clocks that fit beside the traits of a version into one exact number. */
const MOST_CLOCK_DAY = 65_535;
const STATES = 4;
const FLAGS = 8;

/**
 * Counts what becomes different between two configurations, row by row. Keys of a single version that share everything a rule can
 * tell share their outcome, so it is told once.
 */
export class ImpactCounter {
  readonly acts = new Map<string, ActTally>();
  readonly changes = new Map<string, ChangeTally>();
  readonly destroyed = new CountTally();
  readonly destroyedIfTagged = new CountTally();
  readonly worlds: Worlds;
  readonly compared: Compared;
  private readonly cube: Cube;
  private readonly aborting: { readonly current: readonly ActiveRule[]; readonly proposed: readonly ActiveRule[] };
  private readonly outcomes = new Map<number, Outcome>();

  constructor(cube: Cube, compared: Compared) {
    this.cube = cube;
    this.compared = compared;
    this.worlds = new Worlds(cube, compared);
    this.aborting = { current: abortingRules(compared.current), proposed: abortingRules(compared.proposed) };
  }

  /** Keys of a single version; rows of others are passed over. */
  addSingles(block: RowBlock): void {
    const { directory, cubeFlags, sizeBytes } = block;
    let path = { of: -1, text: '' };
    for (let row = 0; row < block.rows; row += 1) {
      if ((cubeFlags[row]! & MULTI) !== 0) continue;
      const set = this.worlds.context.setOf(block, row);
      if (!this.worlds.reaches(set)) continue;
      const outcome = this.singleOutcome(block, row, set);
      if (outcome === NOTHING) continue;
      const of = directory[row]!;
      if (path.of !== of) path = { of, text: '' };
      this.count(outcome, sizeBytes[row]!, block.unit[row]!, () => {
        path.text ||= this.cube.tree.path(of);
        return seenIn(block, row, path.text);
      });
    }
  }

  /** Whole keys of several versions, newest row first. */
  addStacks(block: RowBlock): void {
    eachKey(block, (from, to) => {
      const set = this.worlds.context.setOf(block, from);
      if (!this.worlds.reaches(set)) return;
      const told = this.worlds.tell(block, from, to, set);
      for (let row = from; row < to; row += 1) {
        const worlds = told.map(({ ifTagged, versions }) => ({ ifTagged, fates: versions[row - from] as Fates }));
        const outcome = this.outcomeOf(worlds, block.sizeBytes[row]! < SMALL_OBJECT_BYTES);
        this.count(outcome, block.sizeBytes[row]!, block.unit[row]!, () => seenIn(block, row, this.cube.tree.path(block.directory[row]!)));
      }
    });
  }

  /** An upload that was never completed; rules that abort ask for no tags. */
  addUpload(upload: OpenUpload): void {
    const fates = {
      current: uploadFate(upload, this.aborting.current, this.compared),
      proposed: uploadFate(upload, this.aborting.proposed, this.compared),
    };
    const outcome = this.outcomeOf([{ ifTagged: false, fates }], isBilledAsSmall(upload));
    const { key, bytes: sizeBytes, initiatedMs: lastModifiedMs } = upload;
    this.count(outcome, sizeBytes, NO_UNIT, () => ({ key, versionId: null, sizeBytes, lastModifiedMs }));
  }

  private singleOutcome(block: RowBlock, row: number, set: number): Outcome {
    const key = this.traitKey(block, row, set);
    const known = key === null ? undefined : this.outcomes.get(key);
    if (known !== undefined) return known;
    const told = this.worlds.tell(block, row, row + 1, set);
    const worlds = told.map(({ ifTagged, versions }) => ({ ifTagged, fates: versions[0] as Fates }));
    const outcome = this.outcomeOf(worlds, block.sizeBytes[row]! < SMALL_OBJECT_BYTES);
    if (key !== null) this.outcomes.set(key, outcome);
    return outcome;
  }

  /** One number for everything a rule can tell of a single version; null where a version is to be told by itself. */
  private traitKey(block: RowBlock, row: number, set: number): number | null {
    const { asOfDay, versioning } = this.compared;
    const clockDay = Math.ceil(block.clockMs[row]! / DAY_MS);
    const isOrdinary =
      clockDay >= 0 &&
      clockDay <= MOST_CLOCK_DAY &&
      block.lockedUntilDay[row]! <= asOfDay &&
      versioning !== 'suspended' &&
      Math.floor(block.lastModifiedMs[row]! / DAY_MS) <= asOfDay;
    if (!isOrdinary) return null;
    const sizeBytes = block.sizeBytes[row]!;
    const band = sizeBandOf(this.worlds.sizeBounds, sizeBytes) * 2 + (sizeBytes < SMALL_OBJECT_BYTES ? 1 : 0);
    const bands = (this.worlds.sizeBounds.length + 1) * 2;
    let key = set * bands + band;
    key = key * STATES + block.state[row]!;
    key = key * FLAGS + (block.cubeFlags[row]! & (FLAGS - 1));
    key = key * this.cube.classes.length + block.classId[row]!;
    key = key * (MOST_CLOCK_DAY + 1) + clockDay;
    return Number.isSafeInteger(key) ? key : null;
  }

  private outcomeOf(worlds: readonly { readonly ifTagged: boolean; readonly fates: Fates }[], isSmall: boolean): Outcome {
    const acts = new Map<string, ActTally>();
    const changes = new Map<string, { tally: ChangeTally; fates: Fates }>();
    let destroyed: CountTally | null = null;
    for (const { ifTagged, fates } of worlds) {
      for (const deed of fates.proposed) {
        const { day, act, to, fromClass, fromTier, missingDays } = deed;
        const same = `${day} ${act} ${to}`;
        if (acts.has(same)) continue;
        const isNew = !fates.current.some((other) => other.day === day && other.act === act && other.to === to);
        acts.set(same, this.actTally({ day, act, to, ifTagged, isNew, fromClass, fromTier, isSmall, missingDays }));
      }
      const found = differences(fates.current, fates.proposed);
      for (const { act, to, change, currentDay, proposedDay } of found) {
        const same = `${act} ${change} ${to}`;
        if (changes.has(same)) continue;
        const tally = this.changeTally(same, act, to, change, ifTagged);
        tally.current.add(currentDay);
        tally.proposed.add(proposedDay);
        changes.set(same, { tally, fates });
      }
      if (destroyed === null && isDestroyed(found)) destroyed = ifTagged ? this.destroyedIfTagged : this.destroyed;
    }
    if (acts.size === 0 && changes.size === 0) return NOTHING;
    return { acts: [...acts.values()], changes: [...changes.values()], destroyed };
  }

  private actTally(of: ConstructorParameters<typeof ActTally>[0]): ActTally {
    const key = Object.values(of).join(' ');
    const known = this.acts.get(key) ?? new ActTally(of);
    this.acts.set(key, known);
    return known;
  }

  private changeTally(same: string, ...[act, to, change, ifTagged]: ConstructorParameters<typeof ChangeTally>): ChangeTally {
    const key = `${same} ${ifTagged}`;
    const known = this.changes.get(key) ?? new ChangeTally(act, to, change, ifTagged);
    this.changes.set(key, known);
    return known;
  }

  private count(outcome: Outcome, sizeBytes: number, unit: number, seen: () => Omit<SeenWitness, 'fates'>): void {
    for (const act of outcome.acts) act.add(sizeBytes, unit);
    outcome.destroyed?.add(sizeBytes, unit);
    for (const { tally, fates } of outcome.changes) {
      tally.add(sizeBytes, unit);
      if (tally.wants(sizeBytes)) tally.witness({ ...seen(), fates });
    }
  }
}

const seenIn = (block: RowBlock, row: number, directoryPath: string): Omit<SeenWitness, 'fates'> => ({
  key: `${directoryPath}${block.name(row)}`,
  versionId: block.versionId(row),
  sizeBytes: block.sizeBytes[row]!,
  lastModifiedMs: block.lastModifiedMs[row]!,
});
