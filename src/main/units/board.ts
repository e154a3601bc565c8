import { type CheckpointBoard, STRIP_AGE_SHIFT, STRIP_INCOMPLETE, STRIP_PROTECTED } from '../../contract/board.ts';
import { KEEP_REASONS, type KeepPolicy, type KeepReason, VERDICTS, type Verdict } from '../../contract/keep.ts';
import { ageBin, Sums } from '../../core/cube/group.ts';
import type { Kept } from '../../core/keep/member.ts';
import { dayOf } from '../../core/report/format.ts';
import type { Group, Unit } from '../../core/units/unit-builder.ts';
import type { Advice } from './advice.ts';
import { isCheckpoint, sumsBy } from './unit-views.ts';

/** What holds a checkpoint whatever a policy says: something somebody did or wrote, not a place in a count. */
const FACTS: ReadonlySet<KeepReason> = new Set(['pinned', 'locked', 'registered', 'openRun', 'resumedFrom', 'tracked', 'recent', 'inUse']);

type Run = CheckpointBoard['runs'][number];
type Part = Run['all'];

/** Every run with checkpoints below a prefix, and what a keep policy makes of them. */
export function boardOf(
  advice: Advice,
  prefix: string,
  policy: KeepPolicy | undefined,
): Pick<CheckpointBoard, 'totals' | 'runs' | 'metrics'> {
  const verdicts = advice.verdicts(policy);
  const units = advice.units.filter((unit) => isCheckpoint(unit) && unit.path.startsWith(prefix));
  const verdictOf = ({ unit }: Unit): Verdict => verdicts.get(unit)?.verdict ?? 'review';
  const runs = [...Map.groupBy(units, ({ group }) => group)];

  // One number for all of a run but what is stale, one for what is stale: the rest are sums of these.
  const numberOf = new Int32Array(advice.units.length).fill(-1);
  const width = VERDICTS.length;
  runs.forEach(([, own], at) => {
    for (const unit of own) numberOf[unit.unit] = at * width + VERDICTS.indexOf(verdictOf(unit));
  });
  const sums = sumsBy(advice, runs.length * width, numberOf);
  const counts = new Int32Array(runs.length * width);
  for (const unit of units) counts[numberOf[unit.unit] as number]! += 1;
  const part = (numbers: readonly number[]): Part => partOf(advice, numbers, sums, counts);

  const numbersOf = (verdict: number): number[] => runs.map((_, at) => at * width + verdict);
  const byVerdict = Object.fromEntries(
    VERDICTS.map((verdict, at) => [verdict, part(numbersOf(at))]),
  ) as CheckpointBoard['totals']['byVerdict'];
  const all = part(Array.from({ length: runs.length * width }, (_, number) => number));
  const stale = VERDICTS.indexOf('stale');
  const views = runs.map(([group, own], at): Run => {
    const whole = part(VERDICTS.map((_, verdict) => at * width + verdict));
    return { ...runFacts(advice, group, own, verdicts, verdictOf), all: whole, stale: part([at * width + stale]) };
  });
  views.sort((a, b) => b.stale.bytes - a.stale.bytes || b.all.bytes - a.all.bytes || (a.path < b.path ? -1 : 1));
  const metrics = [...new Set(units.flatMap(({ unit }) => [...advice.references.metrics(unit).keys()]))].sort();
  return { totals: { all, byVerdict }, runs: views, metrics };
}

function partOf({ view }: Advice, numbers: readonly number[], sums: readonly Sums[], counts: Int32Array): Part {
  const sum = new Sums(view.cube.classes.length);
  let units = 0;
  for (const number of numbers) {
    const one = sums[number];
    units += counts[number] as number;
    if (one === undefined || one.versions === 0) continue;
    for (let slot = 0; slot < one.count.length; slot++) sum.add(slot >> 1, slot & 1, one.count[slot] as number, one.bytes[slot] as number);
  }
  return { units, versions: sum.versions, bytes: sum.totalBytes, monthlyNanoUsd: view.price.chargeOrNull(sum) };
}

function runFacts(
  advice: Advice,
  group: number,
  units: readonly Unit[],
  verdicts: ReadonlyMap<number, Kept>,
  verdictOf: (unit: Unit) => Verdict,
): Omit<Run, 'all' | 'stale'> {
  const { path, project } = advice.groups[group] as Group;
  const asOfDay = dayOf(advice.asOfMs);
  const bySteps = [...units].sort((a, b) => (a.step ?? 0) - (b.step ?? 0) || (a.path < b.path ? -1 : 1));
  const facts = new Map<KeepReason, number>();
  let keep = 0;
  let lastWriteMs = Number.NEGATIVE_INFINITY;
  const strip = Uint8Array.from(bySteps, (unit) => {
    const verdict = verdictOf(unit);
    if (verdict === 'keep') keep += 1;
    if (unit.lastWriteMs > lastWriteMs) lastWriteMs = unit.lastWriteMs;
    const held = (verdicts.get(unit.unit)?.holds ?? []).filter(({ reason }) => FACTS.has(reason));
    for (const reason of new Set(held.map((hold) => hold.reason))) facts.set(reason, (facts.get(reason) ?? 0) + 1);
    const bin = Number.isNaN(unit.lastWriteMs) ? 0 : ageBin(asOfDay, dayOf(unit.lastWriteMs));
    return (
      VERDICTS.indexOf(verdict) |
      (bin << STRIP_AGE_SHIFT) |
      (held.length > 0 ? STRIP_PROTECTED : 0) |
      (unit.judgement.state === 'complete' ? 0 : STRIP_INCOMPLETE)
    );
  });
  const last = bySteps.at(-1);
  return {
    groupId: group,
    path,
    project,
    keep,
    facts: [...facts].sort(([a], [b]) => KEEP_REASONS.indexOf(a) - KEEP_REASONS.indexOf(b)),
    isLastIncomplete: last !== undefined && last.judgement.state === 'incomplete',
    lastWrite: lastWriteMs === Number.NEGATIVE_INFINITY ? null : new Date(lastWriteMs).toISOString(),
    strip: Buffer.from(strip).toString('base64'),
  };
}
