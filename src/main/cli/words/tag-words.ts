import type { TagCoverage } from '../../../contract/tags.ts';
import { formatCount } from '../../../core/report/format.ts';
import { paragraphs, table } from './table.ts';

export function tagWords({ snapshotId, versions, known, scopes }: TagCoverage): string {
  return paragraphs(
    `Tags are known of ${formatCount(known)} of the ${formatCount(versions)} versions of snapshot ${snapshotId}.`,
    scopes.length === 0
      ? ''
      : table(
          [
            { title: 'Prefix', of: (row) => row.prefix || '(the whole snapshot)' },
            { title: 'Versions', align: 'right', of: (row) => formatCount(row.versions) },
            { title: 'Read', align: 'right', of: (row) => formatCount(row.read) },
            { title: 'Refused', align: 'right', of: (row) => formatCount(row.refused) },
            { title: 'Gone', align: 'right', of: (row) => formatCount(row.gone) },
            { title: 'State', of: (row) => (row.ended === null ? 'to be gone on with' : 'done') },
          ],
          scopes,
        ),
  );
}
