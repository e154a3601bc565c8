import type { AccessImport, AccessSummary, Egress } from '../../../contract/access-views.ts';
import { formatBytes, formatCount, formatDay, formatMoney } from '../../../core/report/format.ts';
import { isTableAddress } from '../../../core/sql-rollup/address.ts';
import { pricedAt } from './index-words.ts';
import { facts, list, paragraphs, table } from './table.ts';

/** What was read of the logs, in a line each. */
export function importWords(read: AccessImport): string {
  const known = read.filesKnown === 0 ? '' : `; ${formatCount(read.filesKnown)} were counted before`;
  return paragraphs(
    facts([
      ['Logs', `${formatCount(read.files)} ${isTableAddress(read.source) ? 'days' : 'files'} from ${read.source}${known}`],
      [
        'Lines',
        `${formatCount(read.lines)}, ${formatCount(read.malformed)} of them malformed, ${formatCount(read.partial)} readable in part`,
      ],
      ['Requests', `${formatCount(read.requests)} of ${read.bucket}: ${formatCount(read.reads)} reads, ${formatCount(read.writes)} writes`],
      ['Not in the index', `${formatCount(read.notInIndex)} reads of keys that the snapshot does not hold`],
      ['Other buckets', `${formatCount(read.otherBuckets)} requests`],
    ]),
    list(
      `Files that cannot be unpacked: ${formatCount(read.unreadable)}`,
      read.filesUnreadable.map(({ name, words }) => `${name}: ${words}`),
    ),
  );
}

export function accessWords(summary: AccessSummary): string {
  const { window } = summary;
  return paragraphs(
    facts([
      ['Bucket', summary.bucket],
      [
        'Observed',
        window === null
          ? 'nothing: no access logs were read'
          : `${formatDay(window.firstDay)} to ${formatDay(window.lastDay)}: ${formatCount(window.days)} of ${formatCount(window.ofDays)} days have a log; unbroken for the last ${formatCount(window.unbrokenDays)} days before the snapshot`,
      ],
      ['Lines', `${formatCount(summary.lines)} in ${formatCount(summary.files)} files; ${formatCount(summary.malformed)} malformed`],
      ...summary.temperatures.map(
        ({ temperature, units, bytes }) => [temperature, `${formatCount(units)} units, ${formatBytes(bytes)}`] as const,
      ),
    ]),
    window === null || window.missing.length === 0
      ? ''
      : list(
          'Days without a log',
          window.missing.map(({ firstDay, lastDay }) =>
            firstDay === lastDay ? formatDay(firstDay) : `${formatDay(firstDay)} to ${formatDay(lastDay)}`,
          ),
        ),
    summary.readers.length === 0
      ? ''
      : table(
          [
            { title: 'Reader', of: (reader) => `${reader.requester || 'anonymous'}${reader.agent === '' ? '' : ` (${reader.agent})`}` },
            { title: 'Counts', of: (reader) => (reader.counts ? 'yes' : 'no, noise') },
            { title: 'Reads', align: 'right', of: (reader) => formatCount(reader.reads) },
            { title: 'Whole', align: 'right', of: (reader) => formatCount(reader.wholeReads) },
            { title: 'Bytes out', align: 'right', of: (reader) => formatBytes(reader.bytesSent) },
            { title: 'Last read', of: (reader) => reader.lastRead.slice(0, 10) },
          ],
          summary.readers,
        ),
    summary.egress.length === 0 ? '' : egressTable(summary.egress),
    summary.totalEgress > summary.egress.length
      ? `${formatCount(summary.egress.length)} of ${formatCount(summary.totalEgress)} shown; see --offset and --limit.`
      : '',
    list('Mind', summary.caveats),
    pricedAt(summary.prices),
  );
}

function costWords({ leastNanoUsd, mostNanoUsd }: Egress): string {
  if (leastNanoUsd === null) return 'no price';
  if (mostNanoUsd === null) return `${formatMoney(leastNanoUsd)} or more`;
  return leastNanoUsd === mostNanoUsd ? formatMoney(leastNanoUsd) : `${formatMoney(leastNanoUsd)} to ${formatMoney(mostNanoUsd)}`;
}

const egressTable = (egress: readonly Egress[]): string =>
  table(
    [
      { title: 'Read out of', of: ({ path }) => path || '(the whole bucket)' },
      { title: 'By', of: ({ requester, agent }) => `${requester || 'anonymous'}${agent === '' ? '' : ` (${agent})`}` },
      { title: 'Bytes', align: 'right', of: ({ bytesSent }) => formatBytes(bytesSent) },
      { title: 'Times', align: 'right', of: ({ timesRead }) => (timesRead === null ? '' : timesRead.toFixed(1)) },
      { title: 'To other Regions', align: 'right', of: ({ crossRegionBytes }) => formatBytes(crossRegionBytes) },
      {
        title: 'From',
        of: ({ bytesByRegion }) => bytesByRegion.map(({ region }) => region ?? 'unknown').join(', '),
      },
      { title: 'Egress', align: 'right', of: costWords },
    ],
    egress,
  );
