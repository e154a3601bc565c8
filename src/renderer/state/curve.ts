import type { Simulation } from '../../contract/simulation.ts';
import { DAY_MS } from '../../contract/units.ts';
import { STORAGE_CLASSES } from '../../contract/vocabulary.ts';
import { toUsd } from '../../core/report/format.ts';

/** One month of a forecast. Dollars are floats for geometry, at the rate of a whole month; nano-USD are what stands in words. */
export interface CurveMonth {
  /** "2026-12" */
  readonly month: string;
  readonly days: number;
  readonly isPartial: boolean;
  readonly baselineNanoUsd: bigint;
  readonly planNanoUsd: bigint;
  readonly feesNanoUsd: bigint;
  readonly baselineUsd: number;
  readonly planUsd: number;
  readonly feesUsd: number;
  readonly usdByClass: Readonly<Record<string, number>>;
}

/** A simulation as the charts and figures of the window need it: the one place that knows its spelling. */
export interface Curve {
  readonly months: readonly CurveMonth[];
  /** Classes that cost anything under the plan, cold ones first so that they lie at the bottom of the stack; unknown ones last. */
  readonly classes: readonly string[];
  /** The day the rules are put. */
  readonly asOf: string;
  readonly baselineNanoUsd: bigint;
  readonly planNanoUsd: bigint;
  readonly oneTimeNanoUsd: bigint;
  readonly savingNanoUsd: bigint;
  /** The saving over everything that is not known. */
  readonly range: { readonly low: bigint; readonly high: bigint };
  readonly payback: Payback;
  readonly priceRegion: string;
  readonly priceAsOf: string;
  readonly isRegionAssumed: boolean;
  /** Something has no price and is in no figure. */
  readonly isPartlyUnpriced: boolean;
  readonly blocked: Simulation['blocked'];
  readonly assumptions: readonly string[];
  readonly redFlags: readonly string[];
}

export interface Payback {
  /** As a figure: "at once", "day 3". */
  readonly value: string;
  readonly words: string;
  /** 0-based month of the curve in which the fees are earned back; null where they are not, or there are none. */
  readonly month: number | null;
}

export function curveOf(simulation: Simulation): Curve {
  const months = simulation.months.map((one): CurveMonth => {
    const { month, days, baselineNanoUsd, planNanoUsd, feesNanoUsd, planByClass } = one;
    const whole = (nanoUsd: string): number => wholeMonthUsd(toUsd(nanoUsd), month, days);
    return {
      month,
      days,
      isPartial: days < daysIn(month),
      baselineNanoUsd: BigInt(baselineNanoUsd),
      planNanoUsd: BigInt(planNanoUsd),
      feesNanoUsd: BigInt(feesNanoUsd),
      baselineUsd: whole(baselineNanoUsd),
      planUsd: whole(planNanoUsd),
      feesUsd: toUsd(feesNanoUsd),
      usdByClass: Object.fromEntries(Object.entries(planByClass).map(([storageClass, nanoUsd]) => [storageClass, whole(nanoUsd)])),
    };
  });
  const { totals, range, blocked } = simulation;
  return {
    months,
    classes: classesOf(months),
    asOf: simulation.asOf,
    baselineNanoUsd: BigInt(totals.baselineNanoUsd),
    planNanoUsd: BigInt(totals.planNanoUsd),
    oneTimeNanoUsd: BigInt(totals.oneTimeNanoUsd),
    savingNanoUsd: BigInt(totals.savingNanoUsd),
    range: { low: BigInt(range.low), high: BigInt(range.high) },
    payback: paybackOf(simulation),
    priceRegion: simulation.region,
    priceAsOf: simulation.priceAsOf,
    isRegionAssumed: simulation.regionAssumed,
    isPartlyUnpriced: blocked.some(({ code }) => code === 'unpriced'),
    blocked,
    assumptions: simulation.assumptions,
    redFlags: simulation.redFlags,
  };
}

function paybackOf({ asOf, totals, months }: Simulation): Payback {
  const { paybackDay, oneTimeNanoUsd, savingNanoUsd } = totals;
  if (BigInt(oneTimeNanoUsd) <= 0n) {
    return { value: BigInt(savingNanoUsd) > 0n ? 'at once' : 'none', words: 'no one-time fees to earn back', month: null };
  }
  if (paybackDay === null) return { value: 'not yet', words: `fees not recovered in ${months.length} months`, month: null };
  const day = Math.round((Date.parse(paybackDay) - Date.parse(asOf)) / DAY_MS);
  return {
    value: `day ${day}`,
    words: `${paybackDay}, fees recovered`,
    month: Math.max(
      0,
      months.findIndex(({ month }) => paybackDay.startsWith(month)),
    ),
  };
}

function classesOf(months: readonly CurveMonth[]): string[] {
  const present = new Set<string>();
  for (const { usdByClass } of months) for (const [name, usd] of Object.entries(usdByClass)) if (usd !== 0) present.add(name);
  const order = STORAGE_CLASSES.map(({ name }) => name as string).toReversed();
  const known = order.filter((name) => present.has(name));
  return [...known, ...[...present].filter((name) => !order.includes(name)).sort()];
}

/** Days of a month given as "2026-11". */
export function daysIn(month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}

/** Dollars of a whole month at the rate of the days that were counted, so that a month begun in the middle does not look cheap. */
export const wholeMonthUsd = (usd: number, month: string, days: number): number => (days > 0 ? (usd * daysIn(month)) / days : usd);

/** "2026-11", or "2026-11, 10 d" where only a part of the month was counted. */
export const monthLabel = ({ month, days, isPartial }: Pick<CurveMonth, 'month' | 'days' | 'isPartial'>): string =>
  isPartial ? `${month}, ${days} d` : month;

/** The month a year on: the twelfth whole one, or the last there is. */
export function monthTwelve({ months }: Curve): CurveMonth | undefined {
  const first = months[0]?.isPartial ? 1 : 0;
  return months[first + 11] ?? months.at(-1);
}

/** Months to show in the short table: the first, then 1, 3, 6, 12, 24, 36. */
export function shownMonths(count: number): number[] {
  return [...new Set([0, 1, 3, 6, 12, 24, count - 1])].filter((month) => month >= 0 && month < count).sort((a, b) => a - b);
}
