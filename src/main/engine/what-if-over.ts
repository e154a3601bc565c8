import { err, ok, type Result } from '../../contract/result.ts';
import type { WhatIf } from '../../contract/what-if.ts';
import type { CubeEngine } from '../../core/simulate/cube/engine.ts';
import type { Unknowns } from '../../core/simulate/engine.ts';
import type { Asked, Request } from '../../core/simulate/request.ts';
import type { Side } from '../../core/simulate/side.ts';
import { simulatedMonths, unpricedFailure } from '../../core/simulate/simulate.ts';
import { whatIf } from '../../core/simulate/what-if.ts';
import type { IndexReader } from '../index/reader.ts';
import { askedOf, cubeEngineOver, dayOf, type Question } from './simulate-over.ts';

const CERTAIN: Unknowns = { tags: 'none', tiers: 'stay' };

/** What the last question about an index left prepared; the next one mostly differs from it in a threshold alone. */
interface Session {
  readonly about: string;
  readonly list: Request['list'];
  readonly engine: CubeEngine;
  /** The baseline where every version is in its figures: no plan changes it. */
  baseline: Side | null;
}
const sessions = new WeakMap<IndexReader, Session>();

/** Everything a prepared engine depends on beside the plan and its prices. */
const aboutOf = (snapshotId: string, { plan, list, months, already, ...request }: Request): string =>
  JSON.stringify([
    snapshotId,
    request,
    list.region,
    [...list.discountPpm],
    months.length,
    [...(already ?? [])].map(([key, bytes]) => [key, String(bytes)]),
  ]);

function engineFor(question: Question, { request }: Asked): Result<{ readonly session: Session; readonly prepared: WhatIf['prepared'] }> {
  const { reader, snapshot, prices } = question;
  const about = aboutOf(snapshot.snapshotId, request);
  const known = sessions.get(reader);
  const isAlike = known?.about === about && known.list === prices.list;
  const next = isAlike ? known.engine.withPlan(request.plan) : null;
  if (isAlike && next !== null) return ok({ session: { ...known, engine: next }, prepared: 'thresholds' });
  // Money does not depend on what becomes of delete markers: only keys whose rules ask for ranks are seen whole.
  const engine = cubeEngineOver(question, request, 'ranked');
  if (!engine.ok) return engine;
  return ok({ session: { about, list: prices.list, engine: engine.value, baseline: isAlike ? known.baseline : null }, prepared: 'scopes' });
}

/** What a plan would cost, out of what the question before left prepared where only thresholds or prefixes are others. */
export function whatIfOver(question: Question, months: number): Result<WhatIf> {
  const asOfDay = dayOf(question.told.asOf ?? question.snapshot.asOf);
  const asked = askedOf(question, simulatedMonths(asOfDay, months), months);
  if (!asked.ok) return asked;
  const found = engineFor(question, asked.value);
  if (!found.ok) return found;
  const { session, prepared } = found.value;
  const { engine } = session;
  const lacking = unpricedFailure(engine, asked.value);
  if (lacking !== null) return err(lacking);
  const isWhole = engine.unpriced.size === 0;
  const baseline = (isWhole ? session.baseline : null) ?? engine.run('baseline', CERTAIN);
  sessions.set(question.reader, { ...session, baseline: isWhole ? baseline : null });
  return ok({ ...whatIf(baseline, engine.run('plan', CERTAIN), asked.value), prepared });
}
