import { appError } from '../../contract/errors.ts';
import type { Explanation } from '../../contract/explanation.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { Params } from '../../contract/methods.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { SimulatedState, Simulation } from '../../contract/simulation.ts';
import { DAY_MS } from '../../contract/units.ts';
import type { RowBlock } from '../../core/cube/row-block.ts';
import { discounted } from '../../core/price/price-book.ts';
import type { AlreadyStored } from '../../core/price/storage-charge.ts';
import { formatDay } from '../../core/report/format.ts';
import { monthsCovering } from '../../core/simulate/calendar.ts';
import { CubeEngine, type CubeInput, cubeRefinement } from '../../core/simulate/cube/engine.ts';
import { eachKey } from '../../core/simulate/cube/stacks.ts';
import { type Engine, remembering } from '../../core/simulate/engine.ts';
import { explainKey } from '../../core/simulate/explain.ts';
import { OracleEngine } from '../../core/simulate/oracle/engine.ts';
import { type Asked, type Request, runOptions } from '../../core/simulate/request.ts';
import { simulate, simulatedMonths, stateAt } from '../../core/simulate/simulate.ts';
import { assumptionsOf } from '../../core/simulate/words.ts';
import type { Foreseen, Sides } from '../apply/plan.ts';
import type { IndexReader } from '../index/reader.ts';
import type { ChosenPrices } from '../prices.ts';
import type { CallContext } from './handler.ts';
import { impactOver } from './impact-over.ts';
import { oracleKeys } from './oracle-keys.ts';

/** What a question to the engine can be told; the same for every method. */
export type Told = Omit<Params<'policy.simulate'>, 'index' | 'snapshotId' | 'policy' | 'months' | 'region'>;

const NOTHING_TOLD: Told = { lagDays: 0, reads: 'none', inflow: 'none', excludeUnpriced: false, engine: 'cube' };

/** AWS's setting for small objects where nobody says otherwise (s3-domain 4.2). */
const DEFAULT_MINIMUM_SIZE = 'all_storage_classes_128K';
/** How many days before the as-of day inflow repeats. */
const INFLOW_DAYS = 30;

export interface Question {
  readonly reader: IndexReader;
  readonly snapshot: Snapshot;
  readonly policy: LifecycleConfiguration | null;
  readonly told: Told;
  readonly prices: ChosenPrices;
  /** What access logs tell of the bucket: bytes sent, on so many days; null where none were read. */
  readonly observed?: { readonly bytes: number; readonly days: number } | null;
}

export const dayOf = (date: string): number => Math.floor(Date.parse(date) / DAY_MS);

/** How much is read back a month: as assumed, or as the access logs of the bucket show, spread over all its bytes. */
function readsOf(
  reads: Told['reads'],
  { bytes, bucket }: Snapshot,
  observed: Question['observed'],
): Result<Pick<Asked, 'readsPpm' | 'readsObserved'>> {
  if (reads !== 'observed') return ok({ readsPpm: reads === 'none' ? 0 : Number(reads) * 10_000, readsObserved: null });
  if (observed === undefined || observed === null) {
    const message = `No access logs of ${bucket} were read into the index: nobody knows what is read.`;
    return err(appError('AccessLogsMissing', message, { field: 'reads' }));
  }
  const stored = BigInt(bytes) * BigInt(observed.days);
  const monthly = stored === 0n ? 0n : (BigInt(observed.bytes) * 30n * 1_000_000n + stored - 1n) / stored;
  return ok({ readsPpm: Number(monthly), readsObserved: observed });
}

export function askedOf(
  { snapshot, policy, told, prices, observed }: Question,
  months: Request['months'],
  reported: number,
): Result<Asked> {
  const reads = readsOf(told.reads, snapshot, observed);
  if (!reads.ok) return reads;
  const ppm = told.discountPercent === undefined ? 0 : Math.round(Number(told.discountPercent) * 10_000);
  const already: AlreadyStored | undefined =
    told.alreadyStored && new Map(Object.entries(told.alreadyStored).map(([key, bytes]) => [key, BigInt(bytes)]));
  const request: Request = {
    baseline: told.current ?? { configuration: null, minimumSize: DEFAULT_MINIMUM_SIZE },
    plan: { configuration: policy, minimumSize: told.minimumSize === undefined ? DEFAULT_MINIMUM_SIZE : told.minimumSize },
    asOfDay: dayOf(told.asOf ?? snapshot.asOf),
    lagDays: told.lagDays,
    versioning: told.versioning ?? (snapshot.allVersions ? 'enabled' : 'unversioned'),
    list: ppm === 0 ? prices.list : discounted(prices.list, ppm),
    already,
    months,
    reported,
    inflowDays: told.inflow === 'observed' ? INFLOW_DAYS : 0,
  };
  return ok({
    request,
    ...reads.value,
    excludeUnpriced: told.excludeUnpriced,
    regionAssumed: prices.assumed,
    versioningAssumed: told.versioning === undefined,
  });
}

function uploadsOf({ reader, snapshot }: Question) {
  const stored = reader.uploads(snapshot.snapshotId, '');
  if (!stored.ok) return stored;
  return ok(stored.value.map(({ key, storageClass, initiatedMs, bytes }) => ({ key, storageClass, initiatedMs, bytes: bytes ?? 0 })));
}

/** The engine asked for. */
function engineOver(question: Question, request: Request): Result<Engine> {
  if (question.told.engine !== 'oracle') return cubeEngineOver(question, request, 'markers');
  const { reader, snapshot } = question;
  const cube = reader.cube(snapshot.snapshotId);
  if (!cube.ok) return cube;
  const uploads = uploadsOf(question);
  if (!uploads.ok) return uploads;
  return ok(new OracleEngine({ keys: () => oracleKeys(reader, snapshot.snapshotId, cube.value), uploads: uploads.value }, request));
}

/** The engine of cohorts over a snapshot, its cube split where rules tell versions apart. */
export function cubeEngineOver(question: Question, request: Request, wholeKeys: CubeInput['wholeKeys']): Result<CubeEngine> {
  const { reader, snapshot } = question;
  const { snapshotId } = snapshot;
  const cube = reader.cube(snapshotId);
  if (!cube.ok) return cube;
  const uploads = uploadsOf(question);
  if (!uploads.ok) return uploads;
  const refined = reader.refine(snapshotId, cube.value, cubeRefinement(cube.value, request));
  if (!refined.ok) return refined;
  const blocks: RowBlock[] = [];
  let failed: Result<void> = ok(undefined);
  const engine = new CubeEngine(
    {
      cube: refined.value,
      readStacks: (ranges) => {
        for (const range of ranges) if (failed.ok) failed = reader.stacks(snapshotId, range, (block) => blocks.push(block));
        return blocks;
      },
      uploads: uploads.value.map(({ initiatedMs, ...upload }) => ({
        ...upload,
        count: 1,
        writtenDay: Math.floor(initiatedMs / DAY_MS),
        clockDay: Math.ceil(initiatedMs / DAY_MS),
      })),
      wholeKeys,
    },
    request,
  );
  return failed.ok ? ok(engine) : failed;
}

/** What a configuration would cost and do over a snapshot. */
export function simulateOver(question: Question, months: number): Result<Simulation> {
  const asOfDay = dayOf(question.told.asOf ?? question.snapshot.asOf);
  const asked = askedOf(question, simulatedMonths(asOfDay, months), months);
  if (!asked.ok) return asked;
  const engine = engineOver(question, asked.value.request);
  return engine.ok ? simulate(engine.value, asked.value) : engine;
}

/** The same, and under other shares of the bytes read back a month; every configuration is played once. */
export function simulateWithReads(
  question: Question,
  months: number,
  percents: readonly number[],
): Result<{ readonly own: Simulation; readonly byReads: readonly Simulation[]; readonly readsPercent: number }> {
  const asOfDay = dayOf(question.told.asOf ?? question.snapshot.asOf);
  const asked = askedOf(question, simulatedMonths(asOfDay, months), months);
  if (!asked.ok) return asked;
  const engine = engineOver(question, asked.value.request);
  if (!engine.ok) return engine;
  const once = remembering(engine.value);
  const own = simulate(once, asked.value);
  if (!own.ok) return own;
  const byReads: Simulation[] = [];
  for (const percent of percents) {
    const one = simulate(once, { ...asked.value, readsPpm: percent * 10_000, readsObserved: null });
    if (!one.ok) return one;
    byReads.push(one.value);
  }
  return ok({ own: own.value, byReads, readsPercent: asked.value.readsPpm / 10_000 });
}

/** The day a plan is put: today, or the day of a snapshot that is from later, as the built-in sample can be. */
const putOn = (snapshot: Snapshot, now: Date): string => formatDay(Math.max(dayOf(snapshot.asOf), dayOf(now.toISOString())));

export interface PlanQuestion {
  readonly reader: IndexReader;
  readonly snapshot: Snapshot;
  readonly sides: Sides;
  readonly prices: ChosenPrices;
  readonly now: Date;
  readonly months: number;
}

/** The effect of a plan against what the bucket has, and what becomes different; what has no price is named and left out. */
export function foreseePlan(question: PlanQuestion, context: Pick<CallContext, 'signal' | 'progress'>): Result<Foreseen> {
  const { reader, snapshot, sides, prices, now, months } = question;
  const { baseline, plan } = sides;
  const versioning = sides.versioning === 'unknown' ? undefined : sides.versioning;
  const asOf = putOn(snapshot, now);
  const told: Told = {
    ...NOTHING_TOLD,
    asOf,
    current: baseline,
    minimumSize: plan.minimumSize,
    excludeUnpriced: true,
    ...(versioning === undefined ? {} : { versioning }),
  };
  const effect = simulateOver({ reader, snapshot, policy: plan.configuration, told, prices }, months);
  if (!effect.ok) return effect;
  if (snapshot.rowsAt !== null) return ok({ effect: effect.value, impact: null });
  const impact = impactOver(
    { reader, snapshot, current: baseline, proposed: plan, asOfDay: dayOf(asOf), versioning, list: prices.list, months },
    context,
  );
  return impact.ok ? ok({ effect: effect.value, impact: impact.value }) : impact;
}

/** What would be there after S3's run of a day. */
export function stateOver(question: Question, date: string): Result<SimulatedState> {
  const asOfDay = dayOf(question.told.asOf ?? question.snapshot.asOf);
  const day = dayOf(date);
  if (day < asOfDay) {
    const message = `${date} is before ${formatDay(asOfDay)}, the day the configuration is put.`;
    return err(appError('Usage', message, { field: 'date', next: 'Ask for that day or a later one.' }));
  }
  const months = monthsCovering(asOfDay, day + 1).map((month) => ({ ...month, toDay: Math.min(month.toDay, day + 1) }));
  const asked = askedOf(question, months, months.length);
  if (!asked.ok) return asked;
  const engine = engineOver(question, asked.value.request);
  return engine.ok ? ok(stateAt(day, engine.value.state('plan'))) : engine;
}

/** What would happen to one key, version by version. KeyNotFound where the snapshot has no such key. */
export function explainOver(question: Question, key: string, versionId: string | undefined, months: number): Result<Explanation> {
  const { reader, snapshot, prices } = question;
  const asOfDay = dayOf(question.told.asOf ?? snapshot.asOf);
  const covered = simulatedMonths(asOfDay, months);
  const asked = askedOf(question, covered, months);
  if (!asked.ok) return asked;
  const cube = reader.cube(snapshot.snapshotId);
  if (!cube.ok) return cube;
  const directory = cube.value.tree.find(key.slice(0, key.lastIndexOf('/') + 1));
  const rows = directory < 0 ? null : reader.versionsIn(snapshot.snapshotId, directory);
  if (rows !== null && !rows.ok) return rows;
  const name = key.slice(key.lastIndexOf('/') + 1);
  const found: { from: number; to: number }[] = [];
  if (rows !== null) {
    eachKey(rows.value, (from, to) => {
      if (rows.value.name(from) === name) found.push({ from, to });
    });
  }
  const [own] = found;
  if (rows === null || own === undefined) return err(appError('KeyNotFound', 'The snapshot has no such key.', { field: key }));
  const { from, to } = own;
  const { request } = asked.value;
  const untilDay = covered[months - 1]?.toDay ?? asOfDay;
  const options = runOptions(request, 'plan', { tags: 'none', tiers: 'stay' });
  const { list } = request;
  const versions = explainKey({
    key,
    block: rows.value,
    from,
    to,
    classes: cube.value.classes,
    configured: request.plan,
    options,
    untilDay,
    list,
  });
  const asking = versionId === 'null' ? null : versionId;
  const shown = versionId === undefined ? versions : versions.filter((version) => version.versionId === asking);
  if (shown.length === 0) return err(appError('KeyNotFound', 'The key has no such version.', { field: versionId }));
  return ok({
    key,
    asOf: formatDay(asOfDay),
    until: formatDay(untilDay),
    region: list.region,
    priceAsOf: list.asOf,
    regionAssumed: prices.assumed,
    versioning: request.versioning,
    versions: shown,
    assumptions: assumptionsOf(asked.value, { tags: false, tiers: false }),
  });
}
