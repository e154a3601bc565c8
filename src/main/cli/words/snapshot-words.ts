import type { ResultOf } from '../../../contract/methods.ts';
import type { Change, SnapshotDiff } from '../../../contract/snapshots.ts';
import { formatBytes, formatCount, formatInstant } from '../../../core/report/format.ts';
import { facts, list, paragraphs, table } from './table.ts';

type Amount = Change['added'];

const amount = ({ versions, bytes }: Amount): string => (versions === 0 ? '' : `${formatBytes(bytes)} in ${formatCount(versions)}`);
const grown = (bytes: number): string => (bytes < 0 ? `-${formatBytes(-bytes)}` : `+${formatBytes(bytes)}`);

export function diffWords(diff: SnapshotDiff, by: string): string {
  const { from, to, totals, groups } = diff;
  return paragraphs(
    `Bucket ${to.bucket}: from snapshot ${from.snapshotId} (${formatInstant(from.asOf)}) to ${to.snapshotId} (${formatInstant(to.asOf)}).`,
    facts(
      [
        ['Before', amount(totals.before) || '0 B'],
        ['After', amount(totals.after) || '0 B'],
        ['Grown by', grown(totals.grownBytes)],
        ['Added', amount(totals.added)],
        ['Removed', amount(totals.removed)],
        ['Replaced', replaced(totals.replaced)],
        ['Other class', amount(totals.transitioned)],
        ['Became noncurrent', amount(totals.becameNoncurrent)],
        ['Became current', amount(totals.becameCurrent)],
        ['Delete markers', markers(totals)],
      ].filter(([, value]) => value !== '') as [string, string][],
    ),
    groups.length === 0
      ? 'Nothing is different.'
      : table(
          [
            { title: by, of: (row) => row.key || '(directly here)' },
            { title: 'Grown by', align: 'right', of: (row) => grown(row.grownBytes) },
            { title: 'Added', align: 'right', of: (row) => amount(row.added) },
            { title: 'Removed', align: 'right', of: (row) => amount(row.removed) },
            { title: 'Replaced', align: 'right', of: (row) => replaced(row.replaced) },
            { title: 'Other class', align: 'right', of: (row) => amount(row.transitioned) },
            { title: 'Noncurrent', align: 'right', of: (row) => amount(row.becameNoncurrent) },
          ],
          groups,
        ),
    diff.changedGroups > groups.length ? `${formatCount(groups.length)} of ${formatCount(diff.changedGroups)} shown; see --limit.` : '',
    list('Warnings', diff.warnings),
  );
}

const replaced = ({ versions, bytesBefore, bytesAfter }: Change['replaced']): string =>
  versions === 0 ? '' : `${formatBytes(bytesBefore)} by ${formatBytes(bytesAfter)} in ${formatCount(versions)}`;

const markers = ({ markersAdded, markersRemoved }: Change): string =>
  markersAdded + markersRemoved === 0 ? '' : `${formatCount(markersAdded)} added, ${formatCount(markersRemoved)} removed`;

export function dropWords({ dropped, left, bytesBefore, bytesAfter }: ResultOf<'snapshots.drop'>): string {
  const room = Math.max(0, bytesBefore - bytesAfter);
  return `Dropped ${dropped.length === 1 ? 'snapshot' : 'snapshots'} ${dropped.join(', ')}; ${formatCount(left)} left. The index is ${formatBytes(room)} smaller.`;
}
