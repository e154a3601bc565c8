import type { Ages } from '../../../contract/ages.ts';
import type { AGE_METHODS } from '../../../contract/methods/ages.ts';
import { ok } from '../../../contract/result.ts';
import type { Category } from '../../../contract/vocabulary.ts';
import { agesOf } from '../../../core/cube/ages.ts';
import { remembered } from '../../index/views/remembered.ts';
import { openView, scopeOf } from '../../index/views/view.ts';
import type { Handlers } from '../handler.ts';

export const ageHandlers: Pick<Handlers, keyof typeof AGE_METHODS> = {
  'index.ages': async (params, { environment }) => {
    const view = await openView(params, environment);
    if (!view.ok) return view;
    const scope = scopeOf(view.value, params.prefix);
    if (!scope.ok) return scope;
    const { asOf, prices, price } = view.value;
    const cells = remembered(view.value.cube, JSON.stringify(['ages', params.prefix]), () =>
      agesOf(scope.value.cube, scope.value.ranges),
    ).map(({ cut, storageClass, category, sums }): Ages['cells'][number] => ({
      cut,
      storageClass,
      category: category as Category,
      versions: sums.versions,
      bytes: sums.totalBytes,
      monthlyNanoUsd: price.chargeOrNull(sums),
    }));
    return ok({ asOf, prices, cells });
  },
};
