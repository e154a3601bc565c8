import type { BudgetStatus, MonthForecast } from '../../contract/budget.ts';
import { bandOf, pastRatios } from '../forecast/band.ts';
import { projectedOver, type Reading, realisedOver } from '../forecast/reading.ts';
import { type Month, monthsFrom } from '../simulate/calendar.ts';

export interface BudgetLimit {
  readonly nanoUsd: bigint;
  readonly warnPercent: number;
}

const whole = (nanoUsd: number): bigint => BigInt(Math.round(nanoUsd));

function statusOf(
  limit: BudgetLimit | null,
  { soFar, expected, high }: { readonly soFar: bigint; readonly expected: bigint; readonly high: bigint },
): BudgetStatus {
  if (limit === null) return 'none';
  if (soFar > limit.nanoUsd) return 'exceeded';
  if (expected > limit.nanoUsd) return 'over';
  return high > limit.nanoUsd || expected * 100n >= limit.nanoUsd * BigInt(limit.warnPercent) ? 'warn' : 'ok';
}

/** The month of the last reading and the one after. `fees` are those of the rules by day from that reading on. */
export function monthForecasts(readings: readonly Reading[], fees: readonly number[], limit: BudgetLimit | null): MonthForecast[] {
  const last = readings.at(-1);
  return last === undefined ? [] : monthsFrom(last.day, 2).map((month) => monthForecast(readings, last, month, fees, limit));
}

function monthForecast(
  readings: readonly Reading[],
  last: Reading,
  { name, fromDay, toDay, monthDays }: Month,
  fees: readonly number[],
  limit: BudgetLimit | null,
): MonthForecast {
  const days = { from: fromDay, to: toDay };
  const soFar = whole(fromDay === last.day ? realisedOver(readings, { from: toDay - monthDays, to: last.day }) : 0);
  const projected = projectedOver(last, days);
  const band = bandOf(pastRatios(readings, days), days);
  const fee = whole(fees.slice(fromDay - last.day, toDay - last.day).reduce((sum, one) => sum + one, 0));
  const at = (ratio: number): bigint => soFar + whole(projected * ratio) + fee;
  const expected = at(band?.middle ?? 1);
  const high = band === null ? expected : at(band.high);
  return {
    month: name,
    soFarNanoUsd: String(soFar),
    projectedNanoUsd: String(whole(projected)),
    correction: band?.middle ?? 1,
    feesNanoUsd: String(fee),
    expectedNanoUsd: String(expected),
    band: band && {
      lowNanoUsd: String(at(band.low)),
      highNanoUsd: String(high),
      samples: band.samples,
      apart: band.apart,
      coverage: band.coverage,
    },
    status: statusOf(limit, { soFar, expected, high }),
  };
}
