import type { LifecycleConfiguration, MinimumSize } from '../../contract/lifecycle.ts';
import type { Simulation } from '../../contract/simulation.ts';
import type { Cube } from '../cube/cube.ts';
import type { NamePrefix, RefinedCube } from '../cube/refine.ts';
import type { PriceList } from '../price/price-book.ts';
import { formatDay } from '../report/format.ts';
import { monthsFrom } from './calendar.ts';
import { compile } from './compile.ts';
import { type Costed, costOf } from './cost.ts';
import { namePrefixesOf } from './rule-sets.ts';
import { type Run, runRules } from './run.ts';
import { assumptionsOf, notCoveredOf } from './words.ts';

/** One side of the comparison: a configuration and the bucket's setting for small objects under it. */
export interface Configured {
  readonly configuration: LifecycleConfiguration | null;
  readonly minimumSize: MinimumSize;
}

export interface SimulationInput {
  readonly cube: Cube;
  /** The cube split at rule prefixes that cut inside names (`refinementsOf`); absent when there are none. */
  readonly refined?: RefinedCube | undefined;
  readonly baseline: Configured;
  readonly plan: Configured;
  /** Calendar months from the day after the snapshot, the first one partial. */
  readonly months: number;
  readonly list: PriceList;
  /** The region was not known and this list was taken. */
  readonly assumedRegion: boolean;
  /** Absent: as the snapshot suggests. */
  readonly versioning?: 'unversioned' | 'enabled' | 'suspended' | 'unknown' | undefined;
}

/** Where the cube has to be refined for two configurations. */
export function refinementsOf(cube: Cube, ...configurations: readonly (LifecycleConfiguration | null)[]): NamePrefix[] {
  return namePrefixesOf(
    cube,
    configurations.flatMap((configuration) => compile(configuration).rules),
  );
}

/**
 * What a configuration would cost against another, month by month, over today's versions: exact for what it covers,
 * and `notCovered` names the rest. Money is rounded once per month and figure.
 */
export function simulate(input: SimulationInput): Simulation {
  const { list, plan, baseline } = input;
  const refined = input.refined ?? { cube: input.cube, namePrefixes: [], matches: [] };
  const { cube } = refined;
  const months = monthsFrom(cube.asOfMs, input.months);
  const fromDay = months[0]?.fromDay ?? 0;
  const toDay = months.at(-1)?.toDay ?? fromDay;
  const isVersioned =
    input.versioning === undefined || input.versioning === 'unknown' ? cube.allVersions : input.versioning !== 'unversioned';
  const before = compile(baseline.configuration);
  const after = compile(plan.configuration);
  const span = { fromDay, toDay, isVersioned };
  const baselineRun = runRules(refined, before.rules, { ...span, minimumSize: baseline.minimumSize });
  const planRun = runRules(refined, after.rules, { ...span, minimumSize: plan.minimumSize });
  const baselineCost = costOf(baselineRun, months, list);
  const planCost = costOf(planRun, months, list);
  const unrefined = namePrefixesOf(cube, [...before.rules, ...after.rules]).filter(
    ({ directory, namePrefix }) => !refined.namePrefixes.some((other) => other.directory === directory && other.namePrefix === namePrefix),
  );
  return {
    asOf: new Date(cube.asOfMs).toISOString(),
    prices: { region: list.region, asOf: list.asOf, assumed: input.assumedRegion },
    months: months.map(({ name, days }, at) => ({
      month: name,
      days,
      baseline: baselineCost.months[at]!.side,
      plan: planCost.months[at]!.side,
    })),
    totals: totalsOf(baselineCost, planCost),
    effects: effectsOf(planRun),
    assumptions: assumptionsOf({
      firstMonth: months[0],
      hasBaselineRules: before.rules.length > 0,
      isVersioned,
      versioning: input.versioning ?? 'unknown',
      minimumSize: plan.minimumSize,
      tierAssumed: baselineCost.tierAssumed || planCost.tierAssumed,
    }),
    notCovered: notCoveredOf({
      rules: [...new Set([...after.notCovered, ...before.notCovered.map((words) => `Today's configuration: ${words}`)])],
      unpriced: [...new Set([...baselineCost.unpriced, ...planCost.unpriced])],
      allVersions: cube.allVersions,
      unrefined: unrefined.map(({ directory, namePrefix }) => `${cube.tree.path(directory)}${namePrefix}`),
    }),
    blocked: blockedOf(planRun),
  };
}

function totalsOf(baseline: Costed, plan: Costed): Simulation['totals'] {
  let baselineTotal = 0n;
  let planTotal = 0n;
  let fees = 0n;
  let paybackMonth: number | null = null;
  let storageSaving = 0n;
  let extraFees = 0n;
  for (const [at, month] of plan.months.entries()) {
    const before = baseline.months[at]!;
    baselineTotal += before.storageNanoUsd + before.transitionNanoUsd;
    planTotal += month.storageNanoUsd + month.transitionNanoUsd;
    fees += month.transitionNanoUsd;
    storageSaving += before.storageNanoUsd - month.storageNanoUsd;
    extraFees += month.transitionNanoUsd - before.transitionNanoUsd;
    if (paybackMonth === null && storageSaving > 0n && storageSaving >= extraFees) paybackMonth = at + 1;
  }
  return {
    baselineNanoUsd: baselineTotal.toString(),
    planNanoUsd: planTotal.toString(),
    transitionNanoUsd: fees.toString(),
    savingNanoUsd: (baselineTotal - planTotal).toString(),
    paybackMonth,
  };
}

const dayOrNull = (day: number | null): string | null => (day === null ? null : formatDay(day));

function effectsOf(run: Run): Simulation['effects'] {
  return {
    expired: run.expired,
    hidden: run.hidden,
    transitions: [...run.moved]
      .map(([storageClass, tally]) => ({ storageClass, ...tally }))
      .sort((a, b) => (a.storageClass < b.storageClass ? -1 : 1)),
    firstExpiration: dayOrNull(run.firstExpirationDay),
    firstTransition: dayOrNull(run.firstTransitionDay),
  };
}

function blockedOf({ blocked }: Run): Simulation['blocked'] {
  const entries = [
    { ...blocked.bySize, reason: 'below 128 KiB: the bucket does not move small objects' },
    { ...blocked.byLock, reason: 'under retention or a hold when they are due: not deleted before it ends' },
    { ...blocked.byReplication, reason: 'replication pending or failed: lifecycle does not act on them' },
  ];
  return entries.filter(({ versions }) => versions > 0);
}
