import type { RestoreDrill, RestoreWay } from '../../../contract/restore.ts';
import { formatBytes, formatCount, formatInstant, formatMoney } from '../../../core/report/format.ts';
import { pricedAt } from './index-words.ts';
import { list, paragraphs, table } from './table.ts';

const SHOWN_UNITS = 20;

const money = (nanoUsd: string | null): string => (nanoUsd === null ? 'no price' : formatMoney(nanoUsd));

const hours = (count: number): string => (count < 1 ? `${Math.round(count * 60)} min` : `${count} h`);

/** "3 h to 5 h", "up to 12 h", "at once". */
function timeWords({ speed, hoursFrom, hoursTo, requestHours }: RestoreWay): string {
  if (speed === 'direct') return 'at once';
  const span = hoursFrom === 0 ? `up to ${hours(hoursTo)}` : `${hours(hoursFrom)} to ${hours(hoursTo)}`;
  return requestHours < 0.1 ? span : `${span}, and ${requestHours.toFixed(1)} h to ask for all of it`;
}

/** Every way of one row, "BULK $1.20, up to 48 h". */
const waysWords = (ways: readonly RestoreWay[]): string =>
  ways.map((way) => `${way.speed} ${money(way.totalNanoUsd)}, ${timeWords(way)}`).join('; ');

export function drillWords(drill: RestoreDrill): string {
  return paragraphs(
    table(
      [
        { title: 'Class', of: ({ storageClass, accessTier }) => (accessTier === '' ? storageClass : `${storageClass} ${accessTier}`) },
        { title: 'Versions', align: 'right', of: ({ versions }) => formatCount(versions) },
        { title: 'Bytes', align: 'right', of: ({ bytes }) => formatBytes(bytes) },
        { title: 'Reading it back', of: ({ ways }) => waysWords(ways) },
      ],
      drill.classes,
    ),
    table(
      [
        { title: 'All of it', of: (way) => way.speed },
        { title: 'Retrieval', align: 'right', of: (way) => money(way.retrievalNanoUsd) },
        { title: 'Requests', align: 'right', of: (way) => money(way.requestNanoUsd) },
        { title: `Copies, ${drill.days} days`, align: 'right', of: (way) => money(way.copyNanoUsd) },
        { title: 'Total', align: 'right', of: (way) => money(way.totalNanoUsd) },
        { title: 'Takes', of: timeWords },
      ],
      drill.ways,
    ),
    drill.units.length === 0
      ? ''
      : table(
          [
            { title: 'Cold unit', of: ({ path }) => path },
            { title: 'Archived', align: 'right', of: ({ archived }) => formatBytes(archived.bytes) },
            { title: 'Reading it back', of: ({ ways }) => waysWords(ways) },
          ],
          drill.units.slice(0, SHOWN_UNITS),
        ),
    `As of ${formatInstant(drill.asOf)}. ${pricedAt(drill.prices)}`,
    list('Assumptions', drill.assumptions),
    list('No price in the list', [...new Set(drill.ways.flatMap(({ unpriced }) => unpriced))]),
  );
}
