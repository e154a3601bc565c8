import type { PROPOSAL_METHODS } from '../../../contract/methods/proposals.ts';
import { openAdvice } from '../../units/advice.ts';
import { compileProposals } from '../../units/compile.ts';
import { findDuplicates } from '../../units/duplicates.ts';
import { basketOf, proposalsPage } from '../../units/proposals.ts';
import type { Handlers } from '../handler.ts';

/** What can go or become cold, and how S3 is told. */
export const proposalHandlers: Pick<Handlers, keyof typeof PROPOSAL_METHODS> = {
  'recommend.list': async (params, { environment }) => {
    const advice = await openAdvice(params, environment);
    return advice.ok ? proposalsPage(advice.value, params) : advice;
  },
  'recommend.basket': async (params, { environment }) => {
    const advice = await openAdvice(params, environment);
    return advice.ok ? basketOf(advice.value, params.ids, params.options) : advice;
  },
  'recommend.duplicates': async (params, { environment, signal, progress }) => {
    const advice = await openAdvice(params, environment);
    return advice.ok ? findDuplicates(advice.value, params, { signal, progress }) : advice;
  },
  'recommend.compile': async (params, { environment, signal, progress }) => {
    const advice = await openAdvice(params, environment);
    return advice.ok ? compileProposals(advice.value, params, { signal, progress }) : advice;
  },
};
