import type { PROMISE_METHODS } from '../../../contract/methods/promise.ts';
import { checkPromise } from '../../promise/check.ts';
import type { Handlers } from '../handler.ts';

export const promiseHandlers: Pick<Handlers, keyof typeof PROMISE_METHODS> = {
  'promise.check': (params, context) => checkPromise(params, context),
};
