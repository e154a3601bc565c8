import { DAY_MS } from '../../src/contract/units.ts';
import { monthForecasts } from '../../src/core/budget/forecast.ts';
import { pickCells } from '../../src/core/cube/pick.ts';
import { unrefined } from '../../src/core/cube/refine.ts';
import { outlookRequest, projectionOf } from '../../src/core/forecast/project.ts';
import type { Reading } from '../../src/core/forecast/reading.ts';
import type { PriceList } from '../../src/core/price/price-book.ts';
import { cubeRefinement } from '../../src/core/simulate/cube/engine.ts';
import { yearOfReports } from './year-of-reports.ts';

/** A forecast made with what was known on a day, and what came. Dollars. */
export interface Tested {
  readonly team: string | null;
  readonly month: string;
  /** Made on the last day of the month before, or in the middle of the month itself. */
  readonly made: 'before' | 'within';
  readonly expected: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly actual: number;
}

const DAYS_AHEAD = 62;

/** Forecasts every month of a generated year as it would have been with the reports there were, and holds it against what came. */
export function backTest(seed: number, list: PriceList, people: boolean): Tested[] {
  const year = yearOfReports(seed, list, people);
  const outlook = { current: year.current, versioning: 'unversioned' as const, list };
  const end = year.firstDay + year.days;
  const readings = new Map<string | null, Reading[]>([null, ...year.teams].map((team) => [team, []]));
  const tested: Tested[] = [];
  for (let day = year.firstDay; day < end; day += 1) {
    const date = new Date(day * DAY_MS);
    const isLast = new Date((day + 1) * DAY_MS).getUTCDate() === 1;
    const isMiddle = date.getUTCDate() === 15;
    // Forecasts ahead cost most: one in five days learns from them, as of a year of reports `budget.check` would.
    const cube = year.cubeOf(day);
    const ahead = day % 5 === 0 || isLast || isMiddle ? DAYS_AHEAD : 1;
    const request = outlookRequest(outlook, day, ahead);
    for (const [team, all] of readings) {
      const whole = { ...unrefined(cube), refinement: cubeRefinement(cube, request) };
      const part = team === null ? whole : pickCells(whole, (cell) => cube.tree.name(cube.directory[cell]!) === team);
      const { storage } = projectionOf({ cube: part, readStacks: () => [] }, request);
      const kept = projectionOf({ cube: part, readStacks: () => [] }, outlookRequest(outlook, day, 2, 0));
      all.push({ day, at: day, versions: 0, bytes: 0, kept: kept.storage, daily: storage });
      if (!isLast && !isMiddle) continue;
      const [own, next] = monthForecasts(all, [], null);
      const forecast = isLast ? next! : own!;
      const first = Date.parse(`${forecast.month}-01T00:00:00Z`) / DAY_MS;
      const last = Date.UTC(new Date(first * DAY_MS).getUTCFullYear(), new Date(first * DAY_MS).getUTCMonth() + 1, 1) / DAY_MS;
      if (last > end || first < year.firstDay) continue;
      let actual = 0;
      for (let at = first; at < last; at += 1) actual += year.costOf(at, team);
      const dollars = (nano: string): number => Number(nano) / 1e9;
      tested.push({
        team,
        month: forecast.month,
        made: isLast ? 'before' : 'within',
        expected: dollars(forecast.expectedNanoUsd),
        low: forecast.band && dollars(forecast.band.lowNanoUsd),
        high: forecast.band && dollars(forecast.band.highNanoUsd),
        actual,
      });
    }
  }
  return tested;
}
