import * as v from 'valibot';
import { NanoUsd, UtcDate } from './units.ts';

/** What a plan would cost, without what takes long to say: no range, no effects. Every figure is that of a simulation. */
export const WhatIfSchema = v.strictObject({
  asOf: UtcDate,
  region: v.string(),
  priceAsOf: v.string(),
  /** Whether only thresholds differ from what was asked last, or the snapshot had to be grouped anew. */
  prepared: v.picklist(['thresholds', 'scopes']),
  months: v.array(v.strictObject({ month: v.string(), baselineNanoUsd: NanoUsd, planNanoUsd: NanoUsd, feesNanoUsd: NanoUsd })),
  totals: v.strictObject({
    baselineNanoUsd: NanoUsd,
    planNanoUsd: NanoUsd,
    oneTimeNanoUsd: NanoUsd,
    savingNanoUsd: NanoUsd,
    firstYearNanoUsd: NanoUsd,
    paybackDay: v.nullable(UtcDate),
  }),
});
export type WhatIf = v.InferOutput<typeof WhatIfSchema>;
