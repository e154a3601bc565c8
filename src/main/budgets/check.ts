import type { BudgetReport, BudgetRow } from '../../contract/budget.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import { MINIMUM_SIZES } from '../../contract/lifecycle.ts';
import type { Params } from '../../contract/methods.ts';
import { ok, type Result } from '../../contract/result.ts';
import { DAY_MS } from '../../contract/units.ts';
import { alertsOf } from '../../core/budget/alerts.ts';
import { type BudgetLimit, monthForecasts } from '../../core/budget/forecast.ts';
import { forecastAssumptions } from '../../core/budget/words.ts';
import type { Outlook } from '../../core/forecast/project.ts';
import type { Reading } from '../../core/forecast/reading.ts';
import { growthOf } from '../../core/forecast/spike.ts';
import { bucketOwner } from '../../core/owners/assign.ts';
import { dayOf, formatDay } from '../../core/report/format.ts';
import { nanoOfUsd } from '../../core/report/money.ts';
import { monthsFrom } from '../../core/simulate/calendar.ts';
import type { CallContext } from '../engine/handler.ts';
import { openIndex } from '../index/reader.ts';
import { choosePrices } from '../prices.ts';
import { type OwnReading, readingsOf, type SnapshotReadings } from './readings.ts';

/** Snapshots that are asked what they would have forecast, spread over all there are. */
const MOST_ORIGINS = 60;
/** Snapshots that are looked at, the newest. */
const MOST_SNAPSHOTS = 400;

/** Snapshots that tell the same of the same keys as another one: the last of each day up to it, oldest first. */
function comparable(all: readonly Snapshot[], own: Snapshot): { readonly like: Snapshot[]; readonly others: number } {
  const before = all.filter(
    ({ bucket, asOf, snapshotId }) => bucket === own.bucket && (snapshotId === own.snapshotId || Date.parse(asOf) < Date.parse(own.asOf)),
  );
  const alike = before.filter(
    ({ allVersions, prefix, coverage }) => allVersions === own.allVersions && prefix === own.prefix && coverage === own.coverage,
  );
  const lastOfDay = new Map<number, Snapshot>();
  for (const snapshot of alike.sort((a, b) => Date.parse(a.asOf) - Date.parse(b.asOf)))
    lastOfDay.set(dayOf(Date.parse(snapshot.asOf)), snapshot);
  return { like: [...lastOfDay.values()].slice(-MOST_SNAPSHOTS), others: before.length - alike.length };
}

/** Which of them forecast: no more than so many, evenly spread, the last one always. */
function originsOf(snapshots: readonly Snapshot[], sinceDay: number): Set<Snapshot> {
  const able = snapshots.filter(({ asOf }, at) => at === snapshots.length - 1 || dayOf(Date.parse(asOf)) >= sinceDay);
  const step = Math.max(1, able.length / MOST_ORIGINS);
  const origins = new Set<Snapshot>();
  for (let at = able.length - 1; at > -1e-9; at -= step) origins.add(able[Math.round(at)] as Snapshot);
  return origins;
}

const NOTHING = (at: number): Reading => ({ day: Math.floor(at), at, versions: 0, bytes: 0, kept: [], daily: [] });

/** What owners cost this month and next against what they may cost, and how fast they grow. */
export async function checkBudgets(params: Params<'budget.check'>, context: CallContext): Promise<Result<BudgetReport>> {
  const { environment, signal, progress } = context;
  const opened = openIndex(params.index);
  if (!opened.ok) return opened;
  const snapshot = opened.value.snapshot(params.snapshotId);
  if (!snapshot.ok) return snapshot;
  const own = snapshot.value;
  const prices = await choosePrices(environment, params.region, own.region);
  if (!prices.ok) return prices;
  const { budgets, file, bucketTags } = params;
  const versioning = params.versioning ?? (own.allVersions ? 'enabled' : 'unversioned');
  const current = params.current ?? { configuration: null, minimumSize: MINIMUM_SIZES[0] };
  const outlook: Outlook = { current, versioning, list: prices.value.list };
  const ownership = { file, base: bucketOwner(file, bucketTags), by: budgets.by };
  const order = { index: params.index, ownership, outlook, places: environment };

  const { like, others } = comparable(opened.value.snapshots(), own);
  const sinceDay = params.since === undefined ? Number.NEGATIVE_INFINITY : dayOf(Date.parse(params.since));
  const origins = originsOf(like, sinceDay);
  const ownDay = dayOf(Date.parse(own.asOf));
  const daysAhead = (monthsFrom(ownDay, 2).at(-1)?.toDay ?? ownDay) - ownDay;
  const history: SnapshotReadings[] = [];
  for (const [at, one] of like.entries()) {
    signal.throwIfAborted();
    progress({ phase: 'Reading snapshots', done: at, total: like.length, current: one.asOf });
    const next = like[at + 1];
    const kept = next === undefined ? 1 : dayOf(Date.parse(next.asOf)) - dayOf(Date.parse(one.asOf)) + 1;
    const read = await readingsOf(order, one, { kept, ahead: origins.has(one) ? daysAhead : 0 });
    if (!read.ok) return read;
    history.push(read.value);
  }
  const last = history.at(-1) as SnapshotReadings;
  const row = (scope: BudgetRow['scope'], owner: string | null, limit: BudgetLimit | null, readings: readonly OwnReading[]): BudgetRow => {
    const all = readings.map(({ reading }) => reading);
    const now = readings.at(-1) as OwnReading;
    const growth = growthOf(all);
    return {
      scope,
      owner,
      versions: now.reading.versions,
      bytes: now.reading.bytes,
      monthlyNanoUsd: String(now.monthlyNanoUsd),
      budgetNanoUsd: limit && String(limit.nanoUsd),
      months: monthForecasts(all, now.fees, limit),
      growth: growth && {
        from: formatDay(growth.fromDay),
        to: formatDay(growth.toDay),
        bytesPerDay: growth.bytesPerDay,
        usualBytesPerDay: growth.usualBytesPerDay,
        limitBytesPerDay: growth.limitBytesPerDay,
        intervals: growth.intervals,
        earlierSpikes: growth.earlierSpikes,
        isSpike: growth.isSpike,
      },
    };
  };
  const limitOf = (limit: { readonly monthlyUsd: string; readonly warnPercent: number } | undefined): BudgetLimit | null =>
    limit === undefined ? null : { nanoUsd: nanoOfUsd(limit.monthlyUsd), warnPercent: limit.warnPercent };
  const names = new Set([...last.owners.keys(), ...budgets.budgets.map(({ owner }) => owner)]);
  const times = like.map(({ asOf }) => Date.parse(asOf) / DAY_MS);
  const owners = [...names].map((name) =>
    row(
      'owner',
      name,
      limitOf(budgets.budgets.find(({ owner }) => owner === name)),
      history.map((one, at) => one.owners.get(name) ?? { reading: NOTHING(times[at] as number), fees: [], monthlyNanoUsd: 0n }),
    ),
  );
  owners.sort((a, b) => Number(BigInt(b.monthlyNanoUsd) - BigInt(a.monthlyNanoUsd)) || ((a.owner ?? '') < (b.owner ?? '') ? -1 : 1));
  const whole = row(
    'everything',
    null,
    limitOf(budgets.total),
    history.map(({ everything }) => everything),
  );
  const rows = [whole, ...owners];
  return ok({
    bucket: own.bucket,
    snapshotId: own.snapshotId,
    asOf: own.asOf,
    prices: last.view.prices,
    by: budgets.by,
    rows,
    alerts: alertsOf(rows, budgets.by),
    snapshots: times.map((at) => formatDay(Math.floor(at))),
    assumptions: forecastAssumptions({ outlook, firstDay: Math.floor(times[0] as number), lastDay: ownDay, since: params.since ?? null }),
    warnings: [
      ...last.view.warnings,
      ...last.view.price.warnings(last.view.price.total),
      ...(others === 0
        ? []
        : [`${others} earlier snapshots of the bucket are left out: they tell of other keys, or of other versions of them.`]),
    ],
  });
}
