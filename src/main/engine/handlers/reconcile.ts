import type { RECONCILE_METHODS } from '../../../contract/methods/reconcile.ts';
import { reconcile } from '../../reconcile/check.ts';
import type { Handlers } from '../handler.ts';

export const reconcileHandlers: Pick<Handlers, keyof typeof RECONCILE_METHODS> = {
  'reconcile.check': (params, context) => reconcile(params, context),
};
