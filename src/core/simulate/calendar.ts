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

/** The calendar month of a day, from that day on. */
function monthFrom(fromDay: number): Month {
  const date = new Date(fromDay * DAY_MS);
  const firstDay = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS;
  const toDay = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS;
  return { name: date.toISOString().slice(0, 7), fromDay, toDay, days: toDay - fromDay, monthDays: toDay - firstDay };
}

/** Calendar months from a day on; the first one is what is left of its month, that day included. */
export function monthsFrom(fromDay: number, count: number): Month[] {
  const months: Month[] = [];
  while (months.length < count) months.push(monthFrom(months.at(-1)?.toDay ?? fromDay));
  return months;
}

/** Whole months that cover the days [fromDay, toDay). */
export function monthsCovering(fromDay: number, toDay: number): Month[] {
  const months: Month[] = [];
  for (let day = fromDay; day < toDay; ) {
    const month = monthFrom(day);
    months.push(month);
    day = month.toDay;
  }
  return months;
}
