import type { Snapshot } from '../../contract/index-views.ts';
import type { ManagerReport, ReportHorizon } from '../../contract/manager-report.ts';
import type { Params } from '../../contract/methods.ts';
import { ok, type Result } from '../../contract/result.ts';
import type { Simulation } from '../../contract/simulation.ts';
import type { Category } from '../../contract/vocabulary.ts';
import { groupCells, groupingOf } from '../../core/cube/group.ts';
import { bucketOwner, ownerRefinement, ownersOfCells } from '../../core/owners/assign.ts';
import { ownerRows } from '../../core/owners/costs.ts';
import { ruleInWords } from '../../core/policy/words.ts';
import { dayOf, formatDay } from '../../core/report/format.ts';
import { anonymousConfiguration, ownerRenamer } from '../../core/report/manager/anonymise.ts';
import { costFrame, investmentOf, type LoggedEgress } from '../../core/report/manager/investment.ts';
import { nanoOfUsd } from '../../core/report/money.ts';
import { monthsFrom } from '../../core/simulate/calendar.ts';
import type { CallContext } from '../engine/handler.ts';
import { simulateWithReads } from '../engine/simulate-over.ts';
import type { IndexReader } from '../index/reader.ts';
import { openView, type View } from '../index/views/view.ts';
import { choosePrices, type PricePlaces } from '../prices.ts';
import { accessSummary } from '../units/access-summary.ts';
import { openAdvice } from '../units/advice.ts';

const HORIZONS = [12, 36] as const;
const READS = [0, 5, 20] as const;

type Asked = Params<'report.manager'>;

/** One page for a manager: every figure from the index, the price list and the engine. PriceMissing, SnapshotUnknown and the like as elsewhere. */
export async function managerReport(params: Asked, { environment, signal, progress }: CallContext): Promise<Result<ManagerReport>> {
  const { region, anonymise } = params;
  const opened = await openView(params, environment);
  if (!opened.ok) return opened;
  const view = opened.value;
  const { reader, snapshotId } = view;
  const found = reader.snapshot(snapshotId);
  if (!found.ok) return found;
  const snapshot = found.value;
  const prices = await choosePrices(environment, region, snapshot.region);
  if (!prices.ok) return prices;
  const hidden = anonymousConfiguration(params.policy);
  // Names of rules are in what is said of them, and change nothing else.
  const policy = anonymise ? { Rules: params.policy.Rules.map((rule, at) => ({ ...rule, ID: hidden.Rules[at]?.ID })) } : params.policy;
  const question = { reader, snapshot, policy, told: params, prices: prices.value };
  const simulated: { months: number; own: Simulation; byReads: readonly Simulation[]; readsPercent: number }[] = [];
  for (const [at, months] of HORIZONS.entries()) {
    signal.throwIfAborted();
    progress({ phase: 'Simulating', done: at, total: HORIZONS.length, current: `${months} months` });
    const one = simulateWithReads(question, months, READS);
    if (!one.ok) return one;
    simulated.push({ months, ...one.value });
  }
  const [short, long] = simulated as [(typeof simulated)[0], (typeof simulated)[0]];
  const horizons = simulated.map(({ months, own }) => horizonOf(months, own));
  const months = long.own.months.map(({ month, days, baselineNanoUsd, planNanoUsd, feesNanoUsd }) => ({
    month,
    days,
    baselineNanoUsd,
    planNanoUsd,
    feesNanoUsd,
  }));
  const now = nowOf(view);
  const owners = ownersOf(params, view);
  if (!owners.ok) return owners;
  const before = await beforeOf(params, snapshot, view, environment);
  if (!before.ok) return before;
  const logged = params.frame === undefined ? ok(null) : await loggedEgress(params, environment);
  if (!logged.ok) return logged;
  const [first] = horizons as [ReportHorizon];
  const warnings = [
    ...view.warnings,
    ...view.price.warnings(view.price.total),
    ...long.own.issues.map(({ message }) => `S3 would refuse the plan: ${message}`),
  ];
  const left = snapshot.warnings.length + long.own.issues.length;
  return ok({
    title: params.title === undefined || params.title === '' ? 'What a storage plan would save' : params.title,
    bucket: anonymise ? 'Bucket A' : snapshot.bucket,
    isAnonymised: anonymise,
    appVersion: environment.version,
    asOf: snapshot.asOf,
    putOn: long.own.asOf,
    prices: view.prices,
    discountPercent: params.discountPercent ?? null,
    versioning: long.own.versioning,
    readsPercent: long.readsPercent,
    now,
    rules: (anonymise ? hidden : params.policy).Rules.map((rule) => ruleInWords(rule)),
    horizons,
    firstYearNanoUsd: short.own.totals.firstYearNanoUsd,
    reads: READS.map((percent, at) => {
      const { totals } = long.byReads[at] as Simulation;
      return {
        percent,
        feesNanoUsd: totals.oneTimeNanoUsd,
        firstYearNanoUsd: totals.firstYearNanoUsd,
        savingNanoUsd: totals.savingNanoUsd,
        paybackDay: totals.paybackDay,
      };
    }),
    months,
    effects: {
      expired: long.own.effects.expired,
      hidden: long.own.effects.hidden,
      transitions: long.own.effects.transitions,
      firstExpiration: long.own.effects.firstExpiration,
      firstTransition: long.own.effects.firstTransition,
    },
    blocked: long.own.blocked,
    owners: owners.value,
    before: before.value,
    investment: investmentOf(first, months, nanoOfUsd(params.effortUsd)),
    frame: params.frame === undefined ? null : costFrame(params.frame, BigInt(now.monthlyNanoUsd), first, logged.value),
    redFlags: long.own.redFlags,
    assumptions: long.own.assumptions,
    warnings: anonymise
      ? [
          ...warnings.slice(snapshot.warnings.length, warnings.length - long.own.issues.length),
          ...(left === 0 ? [] : [`${left} notes with names in them are left out.`]),
        ]
      : warnings,
  });
}

function horizonOf(months: number, { asOf, totals, range }: Simulation): ReportHorizon {
  return {
    months,
    until: formatDay(monthsFrom(dayOf(Date.parse(asOf)), months).at(-1)?.toDay ?? 0),
    baselineNanoUsd: totals.baselineNanoUsd,
    planNanoUsd: totals.planNanoUsd,
    feesNanoUsd: totals.oneTimeNanoUsd,
    transitionNanoUsd: totals.transitionNanoUsd,
    earlyDeletionNanoUsd: totals.earlyDeletionNanoUsd,
    retrievalNanoUsd: totals.retrievalNanoUsd,
    savingNanoUsd: totals.savingNanoUsd,
    range,
    paybackDay: totals.paybackDay,
  };
}

const everything = ({ cube }: View) => [{ from: 0, to: cube.cellCount }];

function nowOf(view: View): ManagerReport['now'] {
  const { price } = view;
  const states = groupingOf(view.cube, 'state', 0);
  const grouped = groupCells(view.cube, everything(view), states.of);
  let noncurrentBytes = 0;
  for (const [group, sums] of grouped.groups) if (states.label(group) === 'noncurrent') noncurrentBytes = sums.totalBytes;
  const { versions, totalBytes: bytes } = grouped.total;
  return { versions, bytes, deleteMarkers: grouped.deleteMarkers, noncurrentBytes, monthlyNanoUsd: String(price.charge(grouped.total)) };
}

function ownersOf({ owners, anonymise }: Asked, { reader, snapshotId, cube, price }: View): Result<ManagerReport['owners']> {
  if (owners === undefined) return ok(null);
  const { file, bucketTags, by } = owners;
  const refined = reader.refine(snapshotId, cube, ownerRefinement(cube.tree, file));
  if (!refined.ok) return refined;
  const owned = ownersOfCells(refined.value, file, bucketOwner(file, bucketTags));
  const rename = anonymise ? ownerRenamer() : (owner: string | null) => owner;
  const rows = ownerRows(refined.value.cube, owned, by, price, false);
  return ok({
    by,
    rows: rows.map(({ owner, versions, bytes, monthlyNanoUsd }) => ({ owner: rename(owner), versions, bytes, monthlyNanoUsd })),
  });
}

/** The newest snapshot of the same keys before one. */
function snapshotBefore(reader: IndexReader, own: Snapshot): Snapshot | undefined {
  return reader
    .snapshots()
    .filter(
      ({ bucket, asOf, allVersions, prefix, coverage }) =>
        bucket === own.bucket &&
        Date.parse(asOf) < Date.parse(own.asOf) &&
        allVersions === own.allVersions &&
        prefix === own.prefix &&
        coverage === own.coverage,
    )
    .sort((a, b) => Date.parse(b.asOf) - Date.parse(a.asOf))[0];
}

interface Held {
  readonly bytes: number;
  readonly monthlyNanoUsd: string | null;
}

/** What every category holds. */
function categoriesOf(view: View): Map<Category, Held> {
  const grouping = groupingOf(view.cube, 'category', 0);
  const { groups } = groupCells(view.cube, everything(view), grouping.of);
  return new Map(
    [...groups].map(([group, one]) => [
      grouping.label(group) as Category,
      { bytes: one.totalBytes, monthlyNanoUsd: view.price.chargeOrNull(one) },
    ]),
  );
}

/** What changed since the snapshot before, at the prices of now. */
async function beforeOf(params: Asked, own: Snapshot, view: View, places: PricePlaces): Promise<Result<ManagerReport['before']>> {
  const named = params.compareWith === undefined ? ok(snapshotBefore(view.reader, own)) : view.reader.snapshot(params.compareWith);
  if (!named.ok) return named;
  if (named.value === undefined) return ok(null);
  const earlier = await openView({ index: params.index, snapshotId: named.value.snapshotId, region: view.prices.region }, places);
  if (!earlier.ok) return earlier;
  const [then, now] = [categoriesOf(earlier.value), categoriesOf(view)];
  const nothing: Held = { bytes: 0, monthlyNanoUsd: '0' };
  const { versions, bytes, monthlyNanoUsd } = nowOf(earlier.value);
  const categories = [...new Set([...now.keys(), ...then.keys()])].map((category) => {
    const [old, present] = [then.get(category) ?? nothing, now.get(category) ?? nothing];
    return {
      category,
      bytesBefore: old.bytes,
      bytes: present.bytes,
      monthlyBeforeNanoUsd: old.monthlyNanoUsd,
      monthlyNanoUsd: present.monthlyNanoUsd,
    };
  });
  categories.sort((a, b) => Math.abs(b.bytes - b.bytesBefore) - Math.abs(a.bytes - a.bytesBefore) || (a.category < b.category ? -1 : 1));
  return ok({ asOf: named.value.asOf, versions, bytes, monthlyNanoUsd, categories });
}

/** What access logs say left the Region; null where none were read, or nobody can price it. */
async function loggedEgress(params: Asked, places: PricePlaces): Promise<Result<LoggedEgress | null>> {
  const advice = await openAdvice(params, places);
  if (!advice.ok) return advice;
  const { window, egress } = accessSummary(advice.value, { prefix: '', sort: 'cost', offset: 0, limit: Number.MAX_SAFE_INTEGER });
  if (window === null) return ok(null);
  let [least, most] = [0n, 0n];
  for (const line of egress) {
    if (line.leastNanoUsd === null || line.mostNanoUsd === null) return ok(null);
    least += BigInt(line.leastNanoUsd);
    most += BigInt(line.mostNanoUsd);
  }
  return ok({ least, most, days: window.days });
}
