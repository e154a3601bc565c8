import { DAY_MS } from '../../contract/units.ts';

/** One calendar month of the horizon, in UTC days; `days` of the month's `monthDays` are simulated. */
export interface Month {
  /** "2026-12" */
  readonly name: string;
  readonly fromDay: number;
  /** First day after it. */
  readonly toDay: number;
  readonly days: number;
  readonly monthDays: number;
}

/** Calendar months from the day after the snapshot on; the first one is what is left of it. */
export function monthsFrom(asOfMs: number, count: number): Month[] {
  const months: Month[] = [];
  let fromDay = Math.floor(asOfMs / DAY_MS) + 1;
  for (let at = 0; at < count; at += 1) {
    const date = new Date(fromDay * DAY_MS);
    const firstDay = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS;
    const toDay = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS;
    months.push({ name: date.toISOString().slice(0, 7), fromDay, toDay, days: toDay - fromDay, monthDays: toDay - firstDay });
    fromDay = toDay;
  }
  return months;
}
