import type { BOARD_METHODS } from '../../../contract/methods/board.ts';
import { ok } from '../../../contract/result.ts';
import { policyFor } from '../../../core/keep/policies.ts';
import { openAdvice } from '../../units/advice.ts';
import { boardOf } from '../../units/board.ts';
import type { Handlers } from '../handler.ts';

export const boardHandlers: Pick<Handlers, keyof typeof BOARD_METHODS> = {
  'checkpoints.board': async ({ prefix, policy, ...at }, { environment }) => {
    const advice = await openAdvice(at, environment);
    if (!advice.ok) return advice;
    const { asOf, prices } = advice.value.view;
    return ok({ asOf, prices, policy: policy ?? policyFor(prefix, advice.value.settings.keep), ...boardOf(advice.value, prefix, policy) });
  },
};
