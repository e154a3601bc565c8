import * as v from 'valibot';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type Regime, RegimeSchema, type ResolvedSchedule, type Schedule } from '../../contract/retention.ts';

const RegimeFileSchema = v.object({ schema: v.literal('isotherm-regimes/1'), notice: v.string(), regimes: v.array(RegimeSchema) });
export type RegimeFile = Pick<v.InferOutput<typeof RegimeFileSchema>, 'notice' | 'regimes'>;

/** Reads the shipped duties (`resources/retention-regimes.json`, parsed JSON). */
export function parseRegimes(json: unknown): Result<RegimeFile> {
  const parsed = v.safeParse(RegimeFileSchema, json);
  if (parsed.success) return ok({ notice: parsed.output.notice, regimes: parsed.output.regimes });
  return err(appError('FileUnreadable', `The regimes are not ones this version reads: ${parsed.issues[0].message}.`));
}

const faulty = (schedule: Schedule, field: string, words: string) =>
  err(appError('PolicyInvalid', `Schedule "${schedule.id}": ${words}`, { field, next: 'Correct the schedule named above.' }));

/** A schedule with the periods of its regime where it gives none of its own. A schedule that asks for nothing is refused. */
function resolveSchedule(schedule: Schedule, regimes: readonly Regime[]): Result<ResolvedSchedule> {
  const regime = regimes.find(({ id }) => id === schedule.regime);
  if (schedule.regime !== undefined && regime === undefined) return faulty(schedule, 'regime', `there is no regime "${schedule.regime}".`);
  const resolved: ResolvedSchedule = {
    id: schedule.id,
    name: schedule.name ?? regime?.name ?? schedule.id,
    source: schedule.source ?? regime?.source ?? null,
    minDays: schedule.minDays === undefined ? (regime?.minDays ?? null) : schedule.minDays,
    maxDays: schedule.maxDays === undefined ? (regime?.maxDays ?? null) : schedule.maxDays,
    worm: schedule.worm ?? regime?.worm ?? false,
  };
  const { minDays, maxDays, worm } = resolved;
  if (minDays === null && maxDays === null) return faulty(schedule, 'minDays', 'it says neither how long to keep nor by when to be gone.');
  if (minDays !== null && maxDays !== null && minDays > maxDays)
    return faulty(schedule, 'maxDays', `it keeps ${minDays} days what has to be gone by ${maxDays}.`);
  if (worm && minDays === null) return faulty(schedule, 'worm', 'a lock needs to know how long to keep.');
  return ok(resolved);
}

/** Every schedule resolved; ids are told apart. */
export function resolveSchedules(schedules: readonly Schedule[], regimes: readonly Regime[]): Result<ResolvedSchedule[]> {
  const resolved: ResolvedSchedule[] = [];
  for (const schedule of schedules) {
    if (resolved.some(({ id }) => id === schedule.id)) return faulty(schedule, 'id', 'the id is used twice.');
    const one = resolveSchedule(schedule, regimes);
    if (!one.ok) return one;
    resolved.push(one.value);
  }
  return ok(resolved);
}
