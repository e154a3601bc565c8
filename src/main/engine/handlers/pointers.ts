import type { POINTER_METHODS } from '../../../contract/methods/pointers.ts';
import { openAdvice } from '../../units/advice.ts';
import { forgetTracker, importTracker, listPointers, readPointers } from '../../units/pointers.ts';
import type { Handlers } from '../handler.ts';

/** What small files and exports of trackers say of checkpoints. */
export const pointerHandlers: Pick<Handlers, keyof typeof POINTER_METHODS> = {
  'pointers.list': async (params, { environment }) => {
    const advice = await openAdvice(params, environment);
    return advice.ok ? listPointers(advice.value, params) : advice;
  },
  'pointers.read': async (params, context) => {
    const advice = await openAdvice(params, context.environment);
    return advice.ok ? readPointers(advice.value, params, context) : advice;
  },
  'trackers.import': ({ index, file, name }, { environment }) => importTracker(index, file, name, environment.now()),
  'trackers.forget': async ({ index, name }) => forgetTracker(index, name),
};
