import type { CostFrameFile, ManagerReport, ReportHorizon } from '../../../contract/manager-report.ts';
import { divideNano, nanoOfUsd } from '../money.ts';

type Months = ManagerReport['months'];

/** The first month from whose end on what was saved stays at or above the effort, to the last month; null: none. */
function paybackMonth(months: Months, effort: bigint): string | null {
  let soFar = -effort;
  let payback: string | null = null;
  for (const { month, baselineNanoUsd, planNanoUsd, feesNanoUsd } of months) {
    soFar += BigInt(baselineNanoUsd) - BigInt(planNanoUsd) - BigInt(feesNanoUsd);
    if (soFar < 0n) payback = null;
    else payback ??= month;
  }
  return payback;
}

/** Before, after, what it costs to get there; what that returns. */
export function investmentOf(horizon: ReportHorizon, months: Months, effort: bigint): ManagerReport['investment'] {
  const cost = BigInt(horizon.feesNanoUsd) + effort;
  const saving = BigInt(horizon.savingNanoUsd) - effort;
  return {
    months: horizon.months,
    beforeNanoUsd: horizon.baselineNanoUsd,
    afterNanoUsd: horizon.planNanoUsd,
    feesNanoUsd: horizon.feesNanoUsd,
    effortNanoUsd: String(effort),
    savingNanoUsd: String(saving),
    // Tenths of a percent, exactly.
    returnPercent: cost <= 0n ? null : Number(divideNano(saving * 1000n, cost)) / 10,
    paybackMonth: paybackMonth(months, effort),
  };
}

type Item = CostFrameFile['items'][number];

/** Nano-USD of a month: instances x hours x what an hour costs, the spot share at its own price. */
function monthlyOf({ cost }: Item): bigint {
  if ('monthlyUsd' in cost) return nanoOfUsd(cost.monthlyUsd);
  const hours = BigInt(cost.instances) * BigInt(cost.hoursPerMonth);
  const share = BigInt(cost.spot?.sharePercent ?? 0);
  const hour = nanoOfUsd(cost.usdPerHour) * (100n - share) + nanoOfUsd(cost.spot?.usdPerHour ?? '0') * share;
  return divideNano(hours * hour, 100n);
}

/** What access logs say left the Region, in nano-USD over so many days. */
export interface LoggedEgress {
  readonly least: bigint;
  readonly most: bigint;
  readonly days: number;
}

const MONTH_DAYS = 365n;
const MONTHS = 12n;

/** Storage beside compute and egress, by the month. */
export function costFrame(
  { items, egressMonthlyUsd }: CostFrameFile,
  store: bigint,
  { months, planNanoUsd, feesNanoUsd }: ReportHorizon,
  logged: LoggedEgress | null,
): NonNullable<ManagerReport['frame']> {
  const of = (purpose: Item['purpose']): bigint =>
    items.filter((item) => item.purpose === purpose).reduce((sum, item) => sum + monthlyOf(item), 0n);
  const [train, infer] = [of('train'), of('infer')];
  const perMonth = (amount: bigint, days: number): bigint => divideNano(amount * MONTH_DAYS, BigInt(days) * MONTHS);
  const entered = egressMonthlyUsd === undefined ? null : nanoOfUsd(egressMonthlyUsd);
  const [least, most] =
    entered !== null
      ? [entered, entered]
      : logged === null
        ? [null, null]
        : [perMonth(logged.least, logged.days), perMonth(logged.most, logged.days)];
  return {
    trainNanoUsd: String(train),
    inferNanoUsd: String(infer),
    storeNanoUsd: String(store),
    storeAfterNanoUsd: String(divideNano(BigInt(planNanoUsd) + BigInt(feesNanoUsd), BigInt(months))),
    egress:
      least === null || most === null
        ? null
        : {
            leastNanoUsd: String(least),
            mostNanoUsd: String(most),
            from: entered === null ? 'logs' : 'entered',
            days: entered === null ? (logged?.days ?? null) : null,
          },
    totalNanoUsd: String(train + infer + store + (least ?? 0n)),
  };
}
