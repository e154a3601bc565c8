import type { WhatIf } from '../../contract/what-if.ts';
import { formatDay } from '../report/format.ts';
import { Comparison, sumOf } from './comparison.ts';
import { toNanoUsd } from './quanta.ts';
import type { Asked } from './request.ts';
import type { Side } from './side.ts';
import { YEAR_DAYS } from './simulate.ts';

/** The figures of a simulation that follow a hand on a slider: certain ones alone, to the nano-dollar those of `simulate`. */
export function whatIf(baseline: Side, plan: Side, { request, readsPpm }: Asked): Omit<WhatIf, 'prepared'> {
  const { list, asOfDay, months, reported } = request;
  const both = new Comparison(baseline, plan);
  const end = (months[reported - 1]?.toDay ?? asOfDay) - asOfDay;
  const payback = both.paybackAt(readsPpm, end);
  return {
    asOf: formatDay(asOfDay),
    region: list.region,
    priceAsOf: list.asOf,
    months: months.slice(0, reported).map(({ name, fromDay, toDay }) => {
      const [from, to] = [fromDay - asOfDay, toDay - asOfDay];
      return {
        month: name,
        baselineNanoUsd: toNanoUsd(sumOf(baseline.storage, from, to)),
        planNanoUsd: toNanoUsd(sumOf(plan.storage, from, to)),
        feesNanoUsd: toNanoUsd(both.extraFees(readsPpm, from, to)),
      };
    }),
    totals: {
      baselineNanoUsd: toNanoUsd(sumOf(baseline.storage, 0, end)),
      planNanoUsd: toNanoUsd(sumOf(plan.storage, 0, end)),
      oneTimeNanoUsd: toNanoUsd(both.extraFees(readsPpm, 0, end)),
      savingNanoUsd: toNanoUsd(both.saving(readsPpm, 0, end)),
      firstYearNanoUsd: toNanoUsd(both.saving(readsPpm, 0, YEAR_DAYS)),
      paybackDay: payback === null ? null : formatDay(asOfDay + payback),
    },
  };
}
