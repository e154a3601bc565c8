import { type AppError, appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { SimulatedState, Simulation } from '../../contract/simulation.ts';
import { errorsOf } from '../policy/validate/validate.ts';
import { formatCount, formatDay } from '../report/format.ts';
import { monthsCovering, monthsFrom } from './calendar.ts';
import { Comparison, sumOf } from './comparison.ts';
import type { Engine, Unknowns } from './engine.ts';
import { toNanoUsd } from './quanta.ts';
import type { Asked } from './request.ts';
import type { Effects, Side, State } from './side.ts';
import { assumptionsOf, blockReasons, redFlagsOf } from './words.ts';

export const YEAR_DAYS = 365;

/** The months to simulate so that so many calendar months from the as-of day on can be reported, and the first year told. */
export const simulatedMonths = (asOfDay: number, reported: number) =>
  monthsCovering(asOfDay, Math.max(monthsFrom(asOfDay, reported).at(-1)?.toDay ?? 0, asOfDay + YEAR_DAYS));

/** The range holds everything from no reads to a fifth of the bytes a month. */
const READ_RANGE_PPM = [0, 200_000];

const byName = (unpriced: Engine['unpriced']) => [...unpriced].sort(([a], [b]) => (a < b ? -1 : 1));

/** PriceMissing where versions are in, or could move to, a class without a price; null where none are, or they are to be left out. */
export function unpricedFailure(engine: Engine, { request: { list }, excludeUnpriced }: Asked): AppError | null {
  const unpriced = byName(engine.unpriced);
  if (unpriced.length === 0 || excludeUnpriced) return null;
  const what = unpriced.map(
    ([storageClass, { versions, bytes }]) => `${storageClass} (${formatCount(versions)} versions, ${formatCount(bytes)} bytes)`,
  );
  return appError('PriceMissing', `There is no price in ${list.region} for all that these versions need: ${what.join(', ')}.`, {
    next: 'Leave them out of both sides with --exclude-unpriced, or import a price list that has them.',
    field: unpriced[0]?.[0],
  });
}

const compare = (engine: Engine, unknowns: Unknowns): Comparison =>
  new Comparison(engine.run('baseline', unknowns), engine.run('plan', unknowns));

/**
 * What a configuration would cost and do against another, month by month: every figure is the exact sum, rounded once. PriceMissing
 * where versions are in, or could move to, a class without a price, unless those are to be left out.
 */
export function simulate(engine: Engine, asked: Asked): Result<Simulation> {
  const { request, readsPpm } = asked;
  const { list, asOfDay, months, reported } = request;
  const lacking = unpricedFailure(engine, asked);
  if (lacking !== null) return err(lacking);
  const unpriced = byName(engine.unpriced);
  const certain = compare(engine, { tags: 'none', tiers: 'stay' });
  const end = months.slice(0, reported).reduce((sum, { days }) => sum + days, 0);
  const { effects } = certain.plan;
  const { range, withTags } = rangeOf(engine, certain, readsPpm, end);
  const payback = certain.paybackAt(readsPpm, end);
  const { baseline, plan } = certain;
  return ok({
    asOf: formatDay(asOfDay),
    region: list.region,
    priceAsOf: list.asOf,
    regionAssumed: asked.regionAssumed,
    engine: engine.name,
    versioning: request.versioning,
    months: months.slice(0, reported).map(({ name, days, fromDay, toDay }, index) => {
      const [from, to] = [fromDay - asOfDay, toDay - asOfDay];
      return {
        month: name,
        days,
        baselineNanoUsd: toNanoUsd(sumOf(baseline.storage, from, to)),
        planNanoUsd: toNanoUsd(sumOf(plan.storage, from, to)),
        baselineByClass: byClass(baseline, index),
        planByClass: byClass(plan, index),
        feesNanoUsd: toNanoUsd(certain.extraFees(readsPpm, from, to)),
        planFeesNanoUsd: toNanoUsd(certain.feesOf(plan, readsPpm, from, to)),
        baselineFeesNanoUsd: toNanoUsd(certain.feesOf(baseline, readsPpm, from, to)),
        planBytesByClass: Object.fromEntries(
          inOrder([...plan.bytesByClass].map(([name, bytes]) => [name, bytes[index] ?? 0] as const)).filter(([, bytes]) => bytes > 0),
        ),
      };
    }),
    totals: {
      baselineNanoUsd: toNanoUsd(sumOf(baseline.storage, 0, end)),
      planNanoUsd: toNanoUsd(sumOf(plan.storage, 0, end)),
      oneTimeNanoUsd: toNanoUsd(certain.extraFees(readsPpm, 0, end)),
      savingNanoUsd: toNanoUsd(certain.saving(readsPpm, 0, end)),
      paybackDay: payback === null ? null : formatDay(asOfDay + payback),
      firstYearNanoUsd: toNanoUsd(certain.saving(readsPpm, 0, YEAR_DAYS)),
      transitionNanoUsd: toNanoUsd(sumOf(plan.transitions, 0, end) - sumOf(baseline.transitions, 0, end)),
      earlyDeletionNanoUsd: toNanoUsd(sumOf(plan.early, 0, end) - sumOf(baseline.early, 0, end)),
      retrievalNanoUsd: toNanoUsd(certain.readsOf(plan, readsPpm, 0, end) - certain.readsOf(baseline, readsPpm, 0, end)),
      planFeesNanoUsd: toNanoUsd(certain.feesOf(plan, readsPpm, 0, end)),
      baselineFeesNanoUsd: toNanoUsd(certain.feesOf(baseline, readsPpm, 0, end)),
    },
    effects: effectsOf(effects),
    blocked: [
      ...blockReasons(request.plan.minimumSize).flatMap(({ code, reason }) => {
        const tally = effects.blocked[code];
        return tally.versions > 0 ? [{ code, reason, ...tally }] : [];
      }),
      ...unpriced.map(([storageClass, tally]) => ({
        code: 'unpriced' as const,
        reason: `no price for ${storageClass} in ${list.region}: in no figure of either side`,
        ...tally,
      })),
    ],
    range,
    redFlags: redFlagsOf(request, effects, withTags?.effects ?? null),
    assumptions: assumptionsOf(asked, engine.dependsOn),
    issues: errorsOf(request.plan.configuration ?? { Rules: [] }).filter(({ code }) => code !== 'no-rules'),
  });
}

/** The least and the most the plan could save over everything that is not known, each taken at both ends for all versions alike. */
function rangeOf(engine: Engine, certain: Comparison, readsPpm: number, end: number) {
  const { tags, tiers } = engine.dependsOn;
  let withTags: Side | null = null;
  const savings = [certain.saving(readsPpm, 0, end)];
  for (const tagged of tags ? (['none', 'all'] as const) : (['none'] as const)) {
    for (const tier of tiers ? (['stay', 'descend'] as const) : (['stay'] as const)) {
      const isCertain = tagged === 'none' && tier === 'stay';
      const one = isCertain ? certain : compare(engine, { tags: tagged, tiers: tier });
      if (tagged === 'all' && tier === 'stay') withTags = one.plan;
      for (const ppm of READ_RANGE_PPM) for (const book of ['early', 'earlyAtBest'] as const) savings.push(one.saving(ppm, 0, end, book));
    }
  }
  const sorted = savings.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return { range: { low: toNanoUsd(sorted[0] ?? 0n), high: toNanoUsd(sorted.at(-1) ?? 0n) }, withTags };
}

const inOrder = <T>(rows: (readonly [string, T])[]): (readonly [string, T])[] => rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

const byClass = ({ storageByClass }: Side, index: number): Record<string, string> =>
  Object.fromEntries(
    inOrder([...storageByClass].map(([name, fees]) => [name, fees[index] ?? 0n] as const))
      .filter(([, fee]) => fee !== 0n)
      .map(([name, fee]) => [name, toNanoUsd(fee)]),
  );

const dayOrNull = (day: number | null): string | null => (day === null ? null : formatDay(day));

const effectsOf = (effects: Effects): Simulation['effects'] => ({
  expired: { ...effects.expired },
  hidden: { ...effects.hidden },
  transitions: inOrder([...effects.moved]).map(([storageClass, tally]) => ({ storageClass, ...tally })),
  abortedUploads: { uploads: effects.uploadsAborted.versions, bytes: effects.uploadsAborted.bytes },
  deleteMarkersMade: effects.markersMade,
  deleteMarkersRemoved: effects.markersRemoved,
  firstExpiration: dayOrNull(effects.firstExpirationDay),
  firstTransition: dayOrNull(effects.firstTransitionDay),
});

/** What is there after the run of a day, under the plan. */
export const stateAt = (day: number, { byClass: classes, deleteMarkers, expired }: State): SimulatedState => ({
  date: formatDay(day),
  byClass: Object.fromEntries(
    inOrder([...classes]).map(([name, { current, noncurrent }]) => [name, { current: { ...current }, noncurrent: { ...noncurrent } }]),
  ),
  deleteMarkers,
  expiredVersions: expired.versions,
  expiredBytes: expired.bytes,
});
