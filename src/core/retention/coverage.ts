import type { Proof, Statement, StatementScope, Verdict } from '../../contract/prove.ts';
import { ok, type Result } from '../../contract/result.ts';
import type { Coverage, ResolvedSchedule, Schedule } from '../../contract/retention.ts';
import { intersect } from '../prove/box.ts';
import { proofRules, scopeBox } from '../prove/context.ts';
import { type ProofInput, prove, statesOf } from '../prove/prove.ts';
import { scopeCounts } from '../prove/scope-counts.ts';
import { scopeInWords } from '../prove/words.ts';
import { formatDay } from '../report/format.ts';
import { gapsOf } from './gaps.ts';
import { placeOf, placesOf, takesIn } from './places.ts';

export interface CoverageInput extends ProofInput {
  readonly schedules: readonly Schedule[];
  readonly resolved: readonly ResolvedSchedule[];
  readonly snapshotId: string | null;
  readonly review: Coverage['review'];
  /** Looked at between statements; throws to stop. */
  readonly breathe: () => void;
}

/** What a schedule asks of one place, as statements. `place` is its number from 0. */
function statementsFor(
  schedule: Schedule,
  { id, name, source, minDays, maxDays, worm }: ResolvedSchedule,
  scope: StatementScope,
  place: number,
): Statement[] {
  const common = { scope, covers: 'both' as const, title: name, ...(source === null ? {} : { source }) };
  const idOf = (what: string): string => `${id}/${place + 1}/${what}`;
  const statements: Statement[] = [];
  if (minDays !== null) {
    statements.push({
      ...common,
      id: idOf('min'),
      kind: 'kept',
      until: { ageDays: minDays },
      counts: 'removed',
      overwrites: schedule.overwrites,
    });
  }
  if (maxDays !== null) statements.push({ ...common, id: idOf('max'), kind: 'gone', by: { ageDays: maxDays }, uploads: false });
  if (worm && minDays !== null) statements.push({ ...common, id: idOf('lock'), kind: 'locked', until: { ageDays: minDays } });
  return statements;
}

/** Everything schedules ask of every place they take in. */
export const scheduleStatements = (schedules: readonly Schedule[], resolved: readonly ResolvedSchedule[]): Statement[] =>
  placesOf(schedules.flatMap((schedule) => schedule.scopes)).flatMap((scope, place) =>
    schedules.flatMap((schedule, at) =>
      schedule.scopes.some((own) => takesIn(own, scope)) ? statementsFor(schedule, resolved[at] as ResolvedSchedule, scope, place) : [],
    ),
  );

function verdictOf(proofs: readonly Proof[]): Verdict {
  const verdicts = proofs.map(({ verdict }) => verdict);
  return verdicts.includes('COUNTEREXAMPLE') ? 'COUNTEREXAMPLE' : verdicts.includes('INSUFFICIENT') ? 'INSUFFICIENT' : 'PROVED';
}

/** Pairs of schedules that meet in a place and cannot both be kept. */
function conflictsOf(schedules: readonly Schedule[], resolved: readonly ResolvedSchedule[]): Coverage['conflicts'] {
  const conflicts: Coverage['conflicts'] = [];
  for (const [i, keeper] of resolved.entries()) {
    for (const [j, eraser] of resolved.entries()) {
      if (i === j || keeper.minDays === null || eraser.maxDays === null || keeper.minDays <= eraser.maxDays) continue;
      const met = meeting((schedules[i] as Schedule).scopes, (schedules[j] as Schedule).scopes);
      if (met === null) continue;
      const label = scopeInWords(met);
      const words = `"${keeper.name}" keeps ${keeper.minDays} days what "${eraser.name}" wants gone by ${eraser.maxDays}`;
      conflicts.push({ first: keeper.id, second: eraser.id, label, words });
    }
  }
  return conflicts;
}

/** A scope that lies in both lists, or null. */
function meeting(left: readonly StatementScope[], right: readonly StatementScope[]): StatementScope | null {
  for (const a of left) {
    for (const b of right) {
      if (a.category !== undefined && b.category !== undefined && a.category !== b.category) continue;
      const [one, other] = [scopeBox(a), scopeBox(b)];
      const both = one === null || other === null ? null : intersect(one, other);
      if (both === null) continue;
      const category = a.category ?? b.category;
      return {
        prefix: both.prefix,
        tags: [...both.tags].map(([Key, Value]) => ({ Key, Value })),
        ...(both.sizeFrom === 0 ? {} : { sizeGreaterThan: both.sizeFrom - 1 }),
        ...(Number.isFinite(both.sizeTo) ? { sizeLessThan: both.sizeTo + 1 } : {}),
        ...(category === undefined ? {} : { category }),
      };
    }
  }
  return null;
}

/** Schedules against a configuration: every schedule at every place it takes in, decided. */
export function coverageOf(input: CoverageInput): Result<Coverage> {
  const { schedules, resolved, snapshot, configuration, facts, asOfDay } = input;
  const rules = proofRules(configuration);
  const states = statesOf(input);
  const scopes = placesOf(schedules.flatMap((schedule) => schedule.scopes));
  const places: Coverage['places'] = [];
  const cells: Coverage['cells'] = [];
  const counts: Coverage['counts'] = { PROVED: 0, COUNTEREXAMPLE: 0, INSUFFICIENT: 0 };
  for (const [place, scope] of scopes.entries()) {
    let held: { versions: number; bytes: number } | null = null;
    if (snapshot !== undefined) {
      const counted = scopeCounts({ id: 'place', kind: 'untouched', scope, covers: 'existing', uploads: false }, rules, facts, snapshot);
      if (!counted.ok) return counted;
      held = counted.value;
    }
    places.push(placeOf(scope, { rules, asOfDay, facts }, states, held));
    for (const [at, schedule] of schedules.entries()) {
      if (!schedule.scopes.some((own) => takesIn(own, scope))) continue;
      const proofs: Proof[] = [];
      for (const statement of statementsFor(schedule, resolved[at] as ResolvedSchedule, scope, place)) {
        input.breathe();
        const proof = prove(statement, input);
        if (!proof.ok) return proof;
        proofs.push(proof.value);
      }
      const verdict = verdictOf(proofs);
      counts[verdict] += 1;
      cells.push({ scheduleId: schedule.id, place, verdict, proofs });
    }
  }
  const gaps =
    snapshot === undefined
      ? ok(null)
      : gapsOf(
          schedules.flatMap((schedule) => schedule.scopes),
          snapshot,
        );
  if (!gaps.ok) return gaps;
  return ok({
    asOf: formatDay(asOfDay),
    facts,
    snapshotId: input.snapshotId,
    review: input.review,
    schedules: [...resolved],
    places,
    cells,
    gaps: gaps.value,
    conflicts: conflictsOf(schedules, resolved),
    counts,
  });
}
