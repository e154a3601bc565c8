import type { Cube } from '../cube/cube.ts';
import { NO_REFINEMENT } from '../cube/refine.ts';
import type { RowBlock } from '../cube/row-block.ts';
import { Programs } from '../simulate/cube/programs.ts';
import { scopesOf } from '../simulate/cube/scopes.ts';
import { keyVersion, type StackContext, stackContext } from '../simulate/cube/stacks.ts';
import type { RunOptions, Versioning } from '../simulate/options.ts';
import type { Configured } from '../simulate/request.ts';
import { type ActiveRule, activeRules, sizeBoundsOf } from '../simulate/rules.ts';
import { tellKey } from '../simulate/timeline/key.ts';
import { type Fate, fatesOf } from './fate.ts';

/** Two configurations of a bucket, and how it keeps versions. */
export interface Compared {
  readonly current: Configured;
  readonly proposed: Configured;
  /** The day the proposed configuration is put. */
  readonly asOfDay: number;
  readonly versioning: Versioning;
  /** Nothing from this day on is told. */
  readonly untilDay: number;
}

/** What both configurations do to one version. */
export interface Fates {
  readonly current: Fate;
  readonly proposed: Fate;
}

/** A guess at the tags of versions: none, exactly those one rule asks for, or all that any rule asks for. */
interface World {
  readonly ifTagged: boolean;
  readonly sides: readonly { readonly programs: Programs; readonly options: RunOptions }[];
}

const tagsOf = ({ scope }: ActiveRule): string[] => scope.tags.map((tag) => JSON.stringify(tag)).sort();

/** A rule that asks for tags a world does not have. */
const inert = (rule: ActiveRule): ActiveRule => ({
  ...rule,
  transitions: [],
  expiration: null,
  expiredObjectDeleteMarker: false,
  noncurrentTransitions: [],
  noncurrentExpiration: null,
  abortDays: null,
});

/**
 * Tells keys under two configurations. No snapshot tells tags, so where rules ask for tags a key is told several times: once without
 * any, and once for each set of tags that would make a rule match.
 */
export class Worlds {
  private readonly compared: Compared;
  private readonly rules: readonly ActiveRule[];
  private readonly ownFrom: number;
  private readonly sets: readonly (readonly number[])[];
  private readonly made = new Map<string, World>();
  private readonly ofSet = new Map<number, readonly World[]>();
  readonly context: StackContext;
  readonly sizeBounds: readonly number[];

  constructor(cube: Cube, compared: Compared) {
    const current = activeRules(compared.current.configuration);
    this.compared = compared;
    this.ownFrom = current.length;
    this.rules = [...current, ...activeRules(compared.proposed.configuration)];
    this.sizeBounds = sizeBoundsOf(this.rules);
    const refined = { cube, refinement: { ...NO_REFINEMENT, sizeBounds: this.sizeBounds }, matches: [], band: null, isNull: null };
    const scopes = scopesOf(refined, this.rules);
    this.sets = scopes.sets;
    this.context = stackContext(refined, scopes, () => true);
  }

  get asksForTags(): boolean {
    return this.rules.some(({ scope }) => scope.tags.length > 0);
  }

  /** Whether any rule reaches the keys of a set. */
  reaches(set: number): boolean {
    return (this.sets[set] ?? []).length > 0;
  }

  /** What both configurations do to every version of a key, world by world, the one without tags first. Rows [from, to), newest first. */
  tell(block: RowBlock, from: number, to: number, set: number): { readonly ifTagged: boolean; readonly versions: readonly Fates[] }[] {
    const { asOfDay, untilDay } = this.compared;
    return this.worldsOf(set).map(({ ifTagged, sides }) => {
      const [current = [], proposed = []] = sides.map(({ programs, options }) => {
        const versions = [];
        for (let row = from; row < to; row += 1) versions.push(keyVersion(block, row, this.context, set, programs, options));
        return fatesOf(versions, tellKey(versions, programs.of(set, 0, true), options, untilDay), asOfDay);
      });
      return { ifTagged, versions: current.map((fate, at) => ({ current: fate, proposed: proposed[at] ?? [] })) };
    });
  }

  private worldsOf(set: number): readonly World[] {
    const known = this.ofSet.get(set);
    if (known !== undefined) return known;
    const asked = (this.sets[set] ?? []).map((rule) => tagsOf(this.rules[rule] as ActiveRule)).filter((tags) => tags.length > 0);
    const keys = new Map([[], ...asked, [...new Set(asked.flat())].sort()].map((tags) => [JSON.stringify(tags), tags]));
    const worlds = [...keys].map(([key, tags]) => {
      const world = this.made.get(key) ?? this.world(tags);
      this.made.set(key, world);
      return world;
    });
    this.ofSet.set(set, worlds);
    return worlds;
  }

  private world(tags: readonly string[]): World {
    const { asOfDay, versioning, current, proposed } = this.compared;
    const rules = this.rules.map((rule) => (tagsOf(rule).every((tag) => tags.includes(tag)) ? rule : inert(rule)));
    const side = ({ minimumSize }: Configured, own: { from: number; to: number }) => {
      const options: RunOptions = { asOfDay, lagDays: 0, versioning, minimumSize, tags: 'all', tiers: 'stay' };
      return { programs: new Programs(this.sets, rules, own, this.sizeBounds, options), options };
    };
    const sides = [side(current, { from: 0, to: this.ownFrom }), side(proposed, { from: this.ownFrom, to: rules.length })];
    return { ifTagged: tags.length > 0, sides };
  }
}
