import type { POLICY_METHODS } from '../../../contract/methods/policy.ts';
import type { Params } from '../../../contract/methods.ts';
import { ok, type Result } from '../../../contract/result.ts';
import { recommend } from '../../../core/recommend/recommend.ts';
import { accessIn } from '../../index/evidence-rows.ts';
import { openIndex } from '../../index/reader.ts';
import { readFrom } from '../../index/small-changes.ts';
import { choosePrices } from '../../prices.ts';
import type { CallContext, Handlers } from '../handler.ts';
import { explainOver, type Question, simulateOver, stateOver } from '../simulate-over.ts';
import { whatIfOver } from '../what-if-over.ts';

type Asked = Pick<Params<'policy.simulate'>, 'index' | 'snapshotId' | 'policy' | 'region'> & Question['told'];

/** The snapshot and the prices a question is about. */
async function questionOf(params: Asked, { environment }: CallContext): Promise<Result<Question>> {
  const reader = openIndex(params.index);
  if (!reader.ok) return reader;
  const snapshot = reader.value.snapshot(params.snapshotId);
  if (!snapshot.ok) return snapshot;
  const prices = await choosePrices(environment, params.region, snapshot.value.region);
  if (!prices.ok) return prices;
  const question = { reader: reader.value, snapshot: snapshot.value, policy: params.policy, told: params, prices: prices.value };
  if (params.reads !== 'observed') return ok(question);
  const access = readFrom(params.index, (database) => accessIn(database, snapshot.value.bucket));
  if (!access.ok) return access;
  const { days, totals } = access.value;
  return ok({
    ...question,
    observed: days.size === 0 ? null : { bytes: totals.reduce((sum, { bytesSent }) => sum + bytesSent, 0), days: days.size },
  });
}

export const policyHandlers: Pick<Handlers, keyof typeof POLICY_METHODS> = {
  'policy.recommend': async ({ index, snapshotId, preset }) => {
    const reader = openIndex(index);
    if (!reader.ok) return reader;
    const snapshot = reader.value.snapshot(snapshotId);
    if (!snapshot.ok) return snapshot;
    const cube = reader.value.cube(snapshot.value.snapshotId);
    return cube.ok ? recommend(cube.value, preset) : cube;
  },

  'policy.simulate': async (params, context) => {
    const question = await questionOf(params, context);
    return question.ok ? simulateOver(question.value, params.months) : question;
  },

  'policy.whatIf': async (params, context) => {
    const question = await questionOf(params, context);
    return question.ok ? whatIfOver(question.value, params.months) : question;
  },

  'policy.stateAt': async (params, context) => {
    const question = await questionOf(params, context);
    return question.ok ? stateOver(question.value, params.date) : question;
  },

  'policy.explain': async (params, context) => {
    const question = await questionOf(params, context);
    return question.ok ? explainOver(question.value, params.key, params.versionId, params.months) : question;
  },
};
