import { type Cube, MULTI } from '../../cube/cube.ts';
import { MARKER } from '../../cube/group.ts';
import { bandOf, type RefinedCube } from '../../cube/refine.ts';
import type { DirectoryRange } from '../../cube/row-block.ts';
import { type TagFilter, tagKey, tagVerdict } from '../../cube/tag-groups.ts';
import { hasStoragePrices, hasTransitionPrices } from '../../price/unpriced.ts';
import type { Engine, SideName, Unknowns } from '../engine.ts';
import { type Configured, endOf, type Request, reportedEndOf, runOptions } from '../request.ts';
import { type ActiveRule, activeRules } from '../rules.ts';
import { newTally, type Side, type State, type Tally } from '../side.ts';
import type { KeyVersion } from '../timeline/key.ts';
import type { Program } from '../timeline/program.ts';
import { isAllowed } from '../transitions.ts';
import { chargesOf, stateOf } from './charge.ts';
import { type Cohort, cohortsOf, type Trait, type Traits, traitsOf } from './cohorts.ts';
import { playInflow } from './inflow.ts';
import { addTo, Ledger } from './ledger.ts';
import { playCohort } from './play.ts';
import { Programs } from './programs.ts';
import { refinementOf, type Scopes, scopesOf } from './scopes.ts';
import { eachKey, keyVersion, playStacks, type StackContext, type Stacks, stackContext } from './stacks.ts';
import { type CubeUpload, playUpload } from './uploads.ts';

/** The versions an engine of cohorts runs over. */
export interface CubeInput {
  readonly cube: RefinedCube;
  /** Whole keys with more than one version or delete marker, of some directories. */
  readonly readStacks: (ranges: readonly DirectoryRange[]) => Stacks;
  readonly uploads: readonly CubeUpload[];
  /**
   * Which keys are seen whole: those whose rules ask for ranks, or also those whose delete markers depend on the rest of the key.
   * Money never does.
   */
  readonly wholeKeys: 'ranked' | 'markers';
}

const CERTAIN: Unknowns = { tags: 'none', tiers: 'stay' };

/** What two configurations need of a cube before they can be run over it. */
export const cubeRefinement = (cube: Cube, request: Pick<Request, 'baseline' | 'plan' | 'versioning'>) =>
  refinementOf(cube, [...activeRules(request.baseline.configuration), ...activeRules(request.plan.configuration)], request.versioning);

/** Prepares cohorts once; runs are then cheap, and so are runs of other plans whose rules have the same scopes (`withPlan`). */
export class CubeEngine implements Engine {
  readonly name = 'cube';
  private readonly request: Request;
  private readonly input: CubeInput;
  private readonly prepared: Prepared;
  private readonly rules: readonly ActiveRule[];
  private readonly own: Readonly<Record<SideName, { readonly from: number; readonly to: number }>>;
  private readonly leftOut: ReadonlySet<Cohort>;
  readonly unpriced: ReadonlyMap<string, Tally>;
  readonly dependsOn: { readonly tags: boolean; readonly tiers: boolean };

  constructor(input: CubeInput, request: Request, prepared?: Prepared) {
    this.input = input;
    this.request = request;
    const baseline = activeRules(request.baseline.configuration);
    const plan = activeRules(request.plan.configuration);
    this.rules = [...baseline, ...plan];
    this.own = { baseline: { from: 0, to: baseline.length }, plan: { from: baseline.length, to: this.rules.length } };
    this.prepared = prepared ?? prepare(input, request, this.rules);
    const { cohorts } = this.prepared;
    const unpriced = new Map<string, Tally>();
    this.leftOut = new Set(this.isAllPriced() ? [] : cohorts.filter((cohort) => this.lackOf(cohort.set, cohort.trait) !== null));
    for (const cohort of this.leftOut) {
      const entries = cohort.clockDay.length;
      note(unpriced, this.lackOf(cohort.set, cohort.trait) ?? '', cohort.countBefore[entries]!, cohort.bytesBefore[entries]!);
    }
    if (!this.isAllPriced()) this.noteStacks(unpriced);
    this.unpriced = unpriced;
    const classes = this.prepared.traits.map(({ storageClass }) => storageClass);
    this.dependsOn = {
      tags: this.asksUnknownTags(),
      tiers: [...classes, ...this.targets()].includes('INTELLIGENT_TIERING'),
    };
  }

  /** Whether a rule asks for tags of a version that nobody read. */
  private asksUnknownTags(): boolean {
    const { scopes, bounds, tagFilters, cohorts, stacks, context } = this.prepared;
    const keys = tagFilters.map(tagKey);
    const asked = scopes.sets.map((set) =>
      set.flatMap((rule) => {
        const { tags } = (this.rules[rule] as ActiveRule).scope;
        return tags.length === 0 ? [] : [keys.indexOf(tagKey(tags))];
      }),
    );
    const isUnknown = (set: number, band: number): boolean =>
      (asked[set] ?? []).some((filter) => tagVerdict(Math.floor(band / (bounds.length + 1)), filter) === null);
    if (cohorts.some(({ set, trait }) => !trait.isMarker && isUnknown(set, trait.band))) return true;
    if (asked.every(({ length }) => length === 0)) return false;
    return stacks.some((block) => {
      let found = false;
      eachKey(block, (from, to) => {
        const set = context.setOf(block, from);
        for (let row = from; !found && row < to; row += 1)
          found = block.state[row] !== MARKER && isUnknown(set, bandOf(context.refinement, block, row));
      });
      return found;
    });
  }

  private targets(): string[] {
    return this.rules.flatMap(({ transitions, noncurrentTransitions }) =>
      [...transitions, ...noncurrentTransitions].map(({ target }) => target),
    );
  }

  /** Whether every class there is, and every one rules move to, has all its prices: then nothing has to be looked at one by one. */
  private isAllPriced(): boolean {
    const { list, already } = this.request;
    const isBanded = already !== undefined;
    return (
      this.prepared.traits.every(
        ({ isMarker, storageClass, accessTier, isSmall }) =>
          isMarker || hasStoragePrices(list, isBanded, storageClass, accessTier, isSmall),
      ) && this.targets().every((target) => hasTransitionPrices(list, isBanded, target, false))
    );
  }

  /** The same versions and baseline under another plan whose rules have the same filters, one by one; null where they do not. */
  withPlan(plan: Configured): CubeEngine | null {
    const rules = activeRules(plan.configuration);
    const own = this.rules.slice(this.own.plan.from);
    const isAlike = rules.length === own.length && rules.every((rule, at) => asksAlike(rule, own[at] as ActiveRule));
    return isAlike ? new CubeEngine(this.input, { ...this.request, plan }, this.prepared) : null;
  }

  private programs(side: SideName, unknowns: Unknowns): Programs {
    const { scopes, bounds, tagFilters } = this.prepared;
    return new Programs(scopes.sets, this.rules, this.own[side], bounds, runOptions(this.request, side, unknowns), tagFilters);
  }

  /** The class without a price that versions are in, or could be moved to by a rule of either side that surely matches them. */
  private lackOf(set: number, trait: Trait): string | null {
    if (trait.isMarker) return null;
    const both = [this.certain('baseline'), this.certain('plan')].map((programs) => programs.of(set, trait.band, trait.isSmall));
    return this.lack(trait, both);
  }

  private readonly certainPrograms = new Map<SideName, Programs>();
  private certain(side: SideName): Programs {
    const known = this.certainPrograms.get(side) ?? this.programs(side, CERTAIN);
    this.certainPrograms.set(side, known);
    return known;
  }

  private lack(
    { storageClass, accessTier, isSmall, isNoncurrent }: Pick<Trait, 'storageClass' | 'accessTier' | 'isSmall' | 'isNoncurrent'>,
    programs: readonly Program[],
  ): string | null {
    const { list, already } = this.request;
    const isBanded = already !== undefined;
    if (!hasStoragePrices(list, isBanded, storageClass, accessTier, isSmall)) return storageClass;
    for (const { current, noncurrent } of programs) {
      for (const { target, isKept } of [...(isNoncurrent ? [] : current.steps), ...noncurrent.steps]) {
        if (!isKept && isAllowed(storageClass, accessTier, target) && !hasTransitionPrices(list, isBanded, target, isSmall)) return target;
      }
    }
    return null;
  }

  private noteStacks(unpriced: Map<string, Tally>): void {
    const { stacks, context } = this.prepared;
    const options = runOptions(this.request, 'plan', CERTAIN);
    const programs = [this.certain('baseline'), this.certain('plan')];
    for (const block of stacks) {
      eachKey(block, (from, to) => {
        const set = context.setOf(block, from);
        if (!context.takes(set)) return;
        for (let row = from; row < to; row += 1) {
          const versions = programs.map((own) => keyVersion(block, row, context, set, own, options));
          const [version] = versions;
          if (version === undefined || version.isMarker) continue;
          const lack = this.lack(
            { ...version, isNoncurrent: !version.isCurrent },
            versions.map(({ program }) => program),
          );
          if (lack !== null) note(unpriced, lack, 1, block.sizeBytes[row]!);
        }
      });
    }
  }

  /** The books of a side until the end of a day before `endDay`. */
  private books(side: SideName, unknowns: Unknowns, endDay: number, leavesOut: boolean): Ledger {
    const { asOfDay } = this.request;
    const options = runOptions(this.request, side, unknowns);
    const programs = this.programs(side, unknowns);
    const ledger = new Ledger(asOfDay, endDay - asOfDay, reportedEndOf(this.request) - asOfDay);
    const { cohorts, stacks, context } = this.prepared;
    for (const cohort of cohorts) {
      if (leavesOut && this.leftOut.has(cohort)) continue;
      const program = programs.of(cohort.set, cohort.trait.band, cohort.trait.isSmall);
      playCohort(cohort, program, options, ledger);
      playInflow(cohort, program, options, ledger, this.request.inflowDays);
    }
    const certain = [this.certain('baseline'), this.certain('plan')];
    const isLeftOut = (set: number, version: KeyVersion, band: number): boolean =>
      leavesOut &&
      this.unpriced.size > 0 &&
      this.lack(
        { ...version, isNoncurrent: !version.isCurrent },
        certain.map((own) => own.of(set, band, version.isSmall)),
      ) !== null;
    playStacks(stacks, context, programs, options, ledger, isLeftOut);
    for (const upload of this.input.uploads) playUpload(upload, this.rules.slice(this.own[side].from, this.own[side].to), options, ledger);
    return ledger;
  }

  run(side: SideName, unknowns: Unknowns): Side {
    return chargesOf(this.books(side, unknowns, endOf(this.request), true), this.request);
  }

  state(side: SideName): State {
    return stateOf(this.books(side, CERTAIN, endOf(this.request), false));
  }
}

/** Whether two rules need the same of a prepared cube, whatever their thresholds. */
const asksAlike = (a: ActiveRule, b: ActiveRule): boolean => needOf(a) === needOf(b);
const needOf = (rule: ActiveRule): string =>
  JSON.stringify([
    rule.scope,
    isRanked(rule),
    rule.expiration === null,
    rule.expiredObjectDeleteMarker,
    rule.noncurrentExpiration === null,
  ]);

const isRanked = ({ noncurrentExpiration, noncurrentTransitions }: ActiveRule): boolean =>
  (noncurrentExpiration?.newer ?? 0) > 0 || noncurrentTransitions.some(({ newer }) => newer > 0);

function note(unpriced: Map<string, Tally>, storageClass: string, count: number, bytes: number): void {
  const tally = unpriced.get(storageClass) ?? newTally();
  unpriced.set(storageClass, tally);
  addTo(tally, count, bytes);
}

/** What depends on the scopes of rules and on versions, not on thresholds and prices. */
interface Prepared {
  readonly scopes: Scopes;
  readonly bounds: readonly number[];
  readonly tagFilters: readonly TagFilter[];
  readonly traits: readonly Trait[];
  readonly cohorts: readonly Cohort[];
  readonly stacks: Stacks;
  readonly context: StackContext;
}

function prepare(
  { cube, readStacks, wholeKeys }: CubeInput,
  { asOfDay, versioning, inflowDays }: Request,
  rules: readonly ActiveRule[],
): Prepared {
  const scopes = scopesOf(cube, rules);
  const traits = rememberedTraits(cube, asOfDay);
  const asksWhole = (rule: ActiveRule): boolean => {
    if (isRanked(rule) || (versioning === 'suspended' && rule.expiration !== null)) return true;
    return wholeKeys === 'markers' && (rule.expiration !== null || rule.expiredObjectDeleteMarker || rule.noncurrentExpiration !== null);
  };
  const taken = new Map<number, boolean>();
  const takes = (set: number): boolean => {
    const known =
      taken.get(set) ?? (versioning !== 'unversioned' && scopes.sets[set]!.some((rule) => asksWhole(rules[rule] as ActiveRule)));
    taken.set(set, known);
    return known;
  };
  const cohorts = cohortsOf(cube, traits, scopes, asOfDay, inflowDays, (set, trait) => trait.isMulti && takes(set));
  const context: StackContext = stackContext(cube, scopes, takes);
  const stacks = traits.all.some(({ isMulti }) => isMulti) ? readStacks(rangesTaken(cube.cube, scopes, takes)) : [];
  return {
    scopes,
    bounds: cube.refinement.sizeBounds,
    tagFilters: cube.refinement.tagFilters,
    traits: traits.all,
    cohorts,
    stacks,
    context,
  };
}

/** Traits last made of a cube, refined or not: rules of other scopes often need the same refinement. */
const traitsMade = new WeakMap<Cube, { readonly asOfDay: number; readonly traits: Traits }>();

function rememberedTraits(cube: RefinedCube, asOfDay: number): Traits {
  const known = traitsMade.get(cube.cube);
  if (known?.asOfDay === asOfDay) return known.traits;
  const traits = traitsOf(cube, asOfDay);
  traitsMade.set(cube.cube, { asOfDay, traits });
  return traits;
}

/** Directories with keys that have to be seen whole, as ranges. */
function rangesTaken(cube: Cube, { ofDirectory, cuts, union }: Scopes, takes: (set: number) => boolean): DirectoryRange[] {
  const ranges: { from: number; to: number }[] = [];
  const isMulti = new Uint8Array(cube.tree.count);
  for (let cell = 0; cell < cube.cellCount; cell += 1) if ((cube.flags[cell]! & MULTI) !== 0) isMulti[cube.directory[cell]!] = 1;
  for (let directory = 0; directory < cube.tree.count; directory += 1) {
    if (isMulti[directory] === 0) continue;
    const set = ofDirectory[directory]!;
    const more = (cuts.get(directory) ?? []).map(({ rule }) => rule);
    if (!takes(more.length === 0 ? set : union(set, more))) continue;
    const last = ranges.at(-1);
    if (last?.to === directory) last.to = directory + 1;
    else ranges.push({ from: directory, to: directory + 1 });
  }
  return ranges;
}
