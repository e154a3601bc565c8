import type { ACCESS_METHODS } from '../../../contract/methods/access.ts';
import { ok } from '../../../contract/result.ts';
import { isTableAddress } from '../../../core/sql-rollup/address.ts';
import { importAccess } from '../../units/access-import.ts';
import { accessSummary } from '../../units/access-summary.ts';
import { importAccessTable } from '../../units/access-table.ts';
import { openAdvice } from '../../units/advice.ts';
import type { Handlers } from '../handler.ts';

/** Who reads what of a bucket. */
export const accessHandlers: Pick<Handlers, keyof typeof ACCESS_METHODS> = {
  'access.import': (params, context) =>
    isTableAddress(params.location) ? importAccessTable(params, context) : importAccess(params, context),
  'access.summary': async (params, { environment }) => {
    const advice = await openAdvice(params, environment);
    return advice.ok ? ok(accessSummary(advice.value, params)) : advice;
  },
};
