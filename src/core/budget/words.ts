import { INFLOW_DAYS, type Outlook } from '../forecast/project.ts';
import { formatDay } from '../report/format.ts';
import { monthsFrom } from '../simulate/calendar.ts';

export interface ForecastBasis {
  readonly outlook: Outlook;
  /** Days of the first and the last snapshot. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly since: string | null;
}

/** What forecasts rest on, and what they leave out. */
export function forecastAssumptions({ outlook, firstDay, lastDay, since }: ForecastBasis): string[] {
  const { current, list } = outlook;
  const [month] = monthsFrom(lastDay, 1);
  const monthStart = month === undefined ? lastDay : month.toDay - month.monthDays;
  const rules = current.configuration?.Rules.length ?? 0;
  return [
    rules === 0
      ? 'No lifecycle rules are taken to be in force.'
      : `The rules given are taken to be in force${since === null ? ' over all the snapshots' : ` since ${since}; forecasts from before teach nothing`}.`,
    `New data comes as in the ${INFLOW_DAYS} days before each snapshot; what people overwrite or remove by hand is in the past errors alone.`,
    'Between two snapshots rules are taken to do what they do at midnight, and what people write and remove to come evenly.',
    ...(firstDay > monthStart
      ? [`Days of the month before ${formatDay(firstDay)}, the first snapshot, are taken to have cost what that day did.`]
      : []),
    `All days, the past ones too, are at list prices of ${list.asOf} in ${list.region}, in the first volume band. Requests, reads and data transfer are in no figure.`,
    'The band holds as many of the past forecasts as it says; forecasts whose days overlap are alike, so the next month may leave it more often than that.',
  ];
}
