import type { Simulation } from '../../contract/simulation.ts';
import { STORAGE_CLASSES } from '../../contract/vocabulary.ts';
import { axisFromZero } from './geometry.ts';

/** Storage classes that cost anything under the plan, cold ones first so that they lie at the bottom of the stack; unknown ones last. */
export function classesOf(simulation: Simulation): string[] {
  const present = new Set<string>();
  for (const { planByClass } of simulation.months) for (const storageClass of Object.keys(planByClass)) present.add(storageClass);
  const order = STORAGE_CLASSES.map(({ name }) => name as string).toReversed();
  const known = order.filter((name) => present.has(name));
  return [...known, ...[...present].filter((name) => !order.includes(name)).sort()];
}

/** The month, counted from 1, that the payback day lies in; null when there is none. */
export function paybackMonth({ months, totals }: Simulation): number | null {
  const at = months.findIndex(({ month }) => totals.paybackDay?.startsWith(month));
  return at < 0 ? null : at + 1;
}

/** Days of a month given as "2026-11". */
export function daysIn(month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}

/** Dollars of a whole month at the rate of the days that were counted, so that a month begun in the middle does not look cheap. */
export const wholeMonthUsd = (usd: number, month: string, days: number): number => (days > 0 ? (usd * daysIn(month)) / days : usd);

/** "2026-11", or "2026-11, 10 d" where only a part of the month was counted. */
export function monthLabel(month: string, days: number): string {
  const all = daysIn(month);
  return days >= all ? month : `${month}, ${days} d`;
}

/** The end of the scale of fees: the next round figure above the largest. */
export function feeTop(fees: readonly number[]): number {
  const most = Math.max(0, ...fees);
  return most === 0 ? 0 : axisFromZero(most, 1).top;
}

/** Months to show in the short table: the first, 3, 6, 9 and so on, and the last. */
export function shownMonths(count: number): number[] {
  const shown = [0];
  for (let at = 2; at < count - 1; at += count > 24 ? 6 : 3) shown.push(at);
  if (count > 1) shown.push(count - 1);
  return shown;
}
