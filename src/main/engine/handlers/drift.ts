import type { DRIFT_METHODS } from '../../../contract/methods/drift.ts';
import { ok } from '../../../contract/result.ts';
import { patchOf } from '../../../core/apply/patch.ts';
import { checkPlan } from '../../apply/apply.ts';
import { checkDrift } from '../../apply/drift.ts';
import type { Handlers } from '../handler.ts';

export const driftHandlers: Pick<Handlers, keyof typeof DRIFT_METHODS> = {
  'drift.check': ({ bucket, remote }, { environment: { dataDir, now }, signal }) => checkDrift({ dataDir, now }, remote, bucket, signal),

  'plan.patch': async ({ plan, format }) => {
    const checked = checkPlan(plan);
    if (!checked.ok) return checked;
    const patch = patchOf(plan, format);
    return patch.ok ? ok({ ...patch.value, notes: [...patch.value.notes] }) : patch;
  },
};
