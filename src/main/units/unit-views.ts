import type { KeepPolicy, Verdict } from '../../contract/keep.ts';
import type { UnitGroup, UnitPart, UnitView } from '../../contract/unit-views.ts';
import type { Kind } from '../../contract/vocabulary.ts';
import { MARKER, Sums } from '../../core/cube/group.ts';
import type { Group, Unit } from '../../core/units/unit-builder.ts';
import { bytesByClass } from '../../core/units/unit-facts.ts';
import type { Advice } from './advice.ts';

const CHECKPOINTS: ReadonlySet<Kind> = new Set(['checkpoint', 'checkpoint_incomplete']);
export const isCheckpoint = ({ kind }: Unit): boolean => CHECKPOINTS.has(kind);

const instant = (ms: number): string | null => (Number.isNaN(ms) ? null : new Date(ms).toISOString());

/** One unit as shells show it. */
export function viewOf(advice: Advice, unit: Unit, tried: KeepPolicy | undefined): UnitView {
  const { view, facts } = advice;
  const sums = facts.sumsOf(unit);
  const kept = isCheckpoint(unit) ? advice.verdicts(tried).get(unit.unit) : undefined;
  return {
    unitId: unit.unit,
    kind: unit.kind,
    ruleId: unit.ruleId,
    confidence: unit.confidence,
    path: unit.path,
    name: unit.name,
    groupId: unit.group,
    step: unit.step,
    epoch: unit.epoch,
    role: unit.role,
    state: unit.judgement.state,
    missing: [...unit.judgement.missing],
    files: unit.files,
    versions: unit.versions,
    bytes: unit.bytes,
    currentBytes: unit.currentBytes,
    deleteMarkers: unit.deleteMarkers,
    firstWrite: instant(unit.firstWriteMs),
    lastWrite: instant(unit.lastWriteMs),
    day: unit.day,
    bytesByClass: bytesByClass(view.cube, sums),
    monthlyNanoUsd: view.price.chargeOrNull(sums),
    access: advice.ageOf(unit),
    verdict: kept?.verdict ?? null,
    holds: kept ? kept.holds.map(({ reason, words }) => ({ reason, words })) : [],
    metrics: [...advice.references.metrics(unit.unit)],
  };
}

/** Adds cells up by a number for each unit; -1 leaves a unit out. One pass over the cube. */
export function sumsBy(advice: Advice, numbers: number, numberOf: Int32Array): Sums[] {
  const { cube } = advice.view;
  const sums = Array.from({ length: numbers }, () => new Sums(cube.classes.length));
  for (let cell = 0; cell < cube.cellCount; cell++) {
    const unit = cube.unit[cell] as number;
    if (unit < 0 || cube.state[cell] === MARKER) continue;
    const number = numberOf[unit] as number;
    if (number < 0) continue;
    sums[number]?.add(cube.classId[cell] as number, cube.isSmall[cell] as number, cube.count[cell] as number, cube.bytes[cell] as number);
  }
  return sums;
}

export type Sort = 'path' | 'bytes' | 'units' | 'lastWrite' | 'stale';
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export interface GroupQuery {
  readonly kinds: readonly Kind[];
  readonly prefix: string;
  readonly policy?: KeepPolicy | undefined;
  readonly sort: Sort;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

interface Gathered {
  readonly group: number;
  readonly units: Unit[];
  bytes: number;
  staleBytes: number;
  lastWriteMs: number;
}

/** Groups whose units are of some kinds and lie below a prefix, a page of them. */
export function groupsPage(advice: Advice, query: GroupQuery): { readonly total: number; readonly groups: UnitGroup[] } {
  const kinds = new Set(query.kinds);
  const verdicts = kinds.has('checkpoint') || kinds.has('checkpoint_incomplete') ? advice.verdicts(query.policy) : undefined;
  const byGroup = new Map<number, Gathered>();
  for (const unit of advice.units) {
    if (!kinds.has(unit.kind) || !unit.path.startsWith(query.prefix)) continue;
    let own = byGroup.get(unit.group);
    if (!own) {
      own = { group: unit.group, units: [], bytes: 0, staleBytes: 0, lastWriteMs: Number.NEGATIVE_INFINITY };
      byGroup.set(unit.group, own);
    }
    own.units.push(unit);
    own.bytes += unit.bytes;
    if (verdicts?.get(unit.unit)?.verdict === 'stale') own.staleBytes += unit.bytes;
    if (unit.lastWriteMs > own.lastWriteMs) own.lastWriteMs = unit.lastWriteMs;
  }
  const pathOf = ({ group }: Gathered): string => (advice.groups[group] as Group).path;
  const measure: Record<Exclude<Sort, 'path'>, (one: Gathered) => number> = {
    bytes: (one) => one.bytes,
    units: (one) => one.units.length,
    lastWrite: (one) => one.lastWriteMs,
    stale: (one) => one.staleBytes,
  };
  const { sort } = query;
  const order = (a: Gathered, b: Gathered): number =>
    (sort === 'path' ? 0 : measure[sort](a) - measure[sort](b)) || compareText(pathOf(b), pathOf(a));
  const sorted = [...byGroup.values()].sort((a, b) =>
    query.descending ? order(b, a) : sort === 'path' ? compareText(pathOf(a), pathOf(b)) : order(a, b),
  );
  const page = sorted.slice(query.offset, query.offset + query.limit);
  return { total: sorted.length, groups: groupViews(advice, page, verdicts) };
}

function groupViews(advice: Advice, page: readonly Gathered[], verdicts: ReturnType<Advice['verdicts']> | undefined): UnitGroup[] {
  const { price } = advice.view;
  const parts: { readonly of: Unit[]; sums: Sums }[] = [];
  const partOf = new Int32Array(advice.units.length).fill(-1);
  const part = (units: Unit[]): number => {
    for (const { unit } of units) partOf[unit] = parts.length;
    return parts.push({ of: units, sums: new Sums(0) }) - 1;
  };
  const verdictOf = (unit: Unit): Verdict | 'none' => verdicts?.get(unit.unit)?.verdict ?? 'none';
  const plans = page.map(({ units }) => {
    const byVerdict = Map.groupBy(units, verdictOf);
    return new Map([...byVerdict].map(([verdict, own]) => [verdict, part(own)]));
  });
  for (const [at, sums] of sumsBy(advice, parts.length, partOf).entries()) (parts[at] as { sums: Sums }).sums = sums;
  const view = (numbers: readonly number[]): UnitPart => {
    const sum = new Sums(advice.view.cube.classes.length);
    let units = 0;
    for (const number of numbers) {
      const { of, sums } = parts[number] as (typeof parts)[number];
      units += of.length;
      for (let slot = 0; slot < sums.count.length; slot++)
        sum.add(slot >> 1, slot & 1, sums.count[slot] as number, sums.bytes[slot] as number);
    }
    return { units, versions: sum.versions, bytes: sum.totalBytes, monthlyNanoUsd: price.chargeOrNull(sum) };
  };
  return page.map(({ group, units, lastWriteMs }, at) => {
    const { kind, path, project } = advice.groups[group] as Group;
    const plan = plans[at] as Map<Verdict | 'none', number>;
    const steps = units.flatMap(({ step }) => (step === null ? [] : [step]));
    return {
      groupId: group,
      kind,
      path,
      project,
      ruleIds: [...new Set(units.map(({ ruleId }) => ruleId))].sort(),
      all: view([...plan.values()]),
      complete: units.filter(({ judgement }) => judgement.state === 'complete').length,
      firstStep: steps.length === 0 ? null : steps.reduce((least, step) => Math.min(least, step)),
      lastStep: steps.length === 0 ? null : steps.reduce((most, step) => Math.max(most, step)),
      lastWrite: lastWriteMs === Number.NEGATIVE_INFINITY ? null : instant(lastWriteMs),
      temperature: warmest(advice, units),
      byVerdict: Object.fromEntries(
        [...plan].filter(([verdict]) => verdict !== 'none').map(([verdict, number]) => [verdict, view([number])]),
      ),
    };
  });
}

/** A group is as warm as its warmest unit, and unknown where none is known to be warm and one is unknown. */
function warmest(advice: Advice, units: readonly Unit[]): UnitGroup['temperature'] {
  const found = new Set(units.map((unit) => advice.ageOf(unit).temperature));
  if (found.has('hot')) return 'hot';
  if (found.has('unknown')) return 'unknown';
  return found.has('warm') ? 'warm' : 'cold';
}

export interface ListQuery extends Omit<GroupQuery, 'kinds'> {
  readonly kinds?: readonly Kind[] | undefined;
  readonly groupId?: number | undefined;
}

/** Units of a group, of some kinds or below a prefix, a page of them. By path, steps come in the order of numbers. */
export function unitsPage(advice: Advice, query: ListQuery): { readonly total: number; readonly units: UnitView[] } {
  const kinds = query.kinds === undefined ? undefined : new Set(query.kinds);
  const found = advice.units.filter(
    (unit) =>
      (query.groupId === undefined || unit.group === query.groupId) &&
      (kinds === undefined || kinds.has(unit.kind)) &&
      unit.path.startsWith(query.prefix),
  );
  const verdicts = query.sort === 'stale' ? advice.verdicts(query.policy) : undefined;
  const byPath = (a: Unit, b: Unit): number =>
    (a.group === b.group && a.step !== null && b.step !== null ? a.step - b.step : 0) || compareText(a.path, b.path) || a.unit - b.unit;
  const measure: Record<Exclude<Sort, 'path'>, (unit: Unit) => number> = {
    bytes: ({ bytes }) => bytes,
    units: ({ files }) => files,
    lastWrite: ({ lastWriteMs }) => (Number.isNaN(lastWriteMs) ? 0 : lastWriteMs),
    stale: ({ unit, bytes }) => (verdicts?.get(unit)?.verdict === 'stale' ? bytes : 0),
  };
  const { sort, descending } = query;
  const sign = descending ? -1 : 1;
  const sorted = found.sort((a, b) =>
    sort === 'path' ? sign * byPath(a, b) : sign * (measure[sort](a) - measure[sort](b)) || byPath(a, b),
  );
  const page = sorted.slice(query.offset, query.offset + query.limit);
  return { total: found.length, units: page.map((unit) => viewOf(advice, unit, query.policy)) };
}
