import type { UNIT_METHODS } from '../../../contract/methods/units.ts';
import { ok } from '../../../contract/result.ts';
import { USUAL_POLICY } from '../../../core/keep/policies.ts';
import { openAdvice } from '../../units/advice.ts';
import { explainKey } from '../../units/explain-key.ts';
import { changeSettings, readSettings } from '../../units/settings.ts';
import { groupsPage, unitsPage } from '../../units/unit-views.ts';
import type { Handlers } from '../handler.ts';

/** What is kept or deleted whole, and what people say of it. */
export const unitHandlers: Pick<Handlers, keyof typeof UNIT_METHODS> = {
  'units.groups': async (params, { environment }) => {
    const advice = await openAdvice(params, environment);
    if (!advice.ok) return advice;
    const { asOf, prices } = advice.value.view;
    return ok({ asOf, prices, policy: params.policy ?? USUAL_POLICY, ...groupsPage(advice.value, params) });
  },

  'units.list': async (params, { environment }) => {
    const advice = await openAdvice(params, environment);
    if (!advice.ok) return advice;
    const { asOf, prices } = advice.value.view;
    return ok({ asOf, prices, policy: params.policy ?? USUAL_POLICY, ...unitsPage(advice.value, params) });
  },

  'classify.explain': async ({ index, snapshotId, key, region }, { environment }) => {
    if (index === undefined) return explainKey(key, environment.resourcesDir, undefined);
    const advice = await openAdvice({ index, snapshotId, region }, environment);
    return advice.ok ? explainKey(key, environment.resourcesDir, advice.value) : advice;
  },

  'units.settings': async ({ index }) => readSettings(index),
  'units.configure': async ({ index, settings }) => changeSettings(index, settings),
};
