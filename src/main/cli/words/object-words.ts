import type { KeySearch } from '../../../contract/objects.ts';
import { formatBytes, formatCount, formatInstant } from '../../../core/report/format.ts';
import { paragraphs, table } from './table.ts';

export function searchWords({ hits, directories, directoryCount, next, rowsSeen, rowsTotal }: KeySearch): string {
  const further = directoryCount - directories.length;
  return paragraphs(
    directories.length === 0
      ? ''
      : table(
          [
            { title: 'Directory', of: (row) => row.path },
            { title: 'Versions', align: 'right', of: (row) => formatCount(row.versions) },
            { title: 'Bytes', align: 'right', of: (row) => formatBytes(row.bytes) },
          ],
          directories,
        ),
    further === 0 ? '' : `${formatCount(further)} more directories fit.`,
    hits.length === 0
      ? 'No key fits.'
      : table(
          [
            { title: 'Key', of: (row) => row.key },
            { title: 'Versions', align: 'right', of: (row) => formatCount(row.rows) },
            { title: 'State', of: (row) => (row.state === 'marker' ? 'delete marker' : row.state) },
            { title: 'Bytes', align: 'right', of: (row) => formatBytes(row.sizeBytes) },
            { title: 'Class', of: (row) => row.storageClass },
            { title: 'Written', of: (row) => formatInstant(row.lastModified) },
          ],
          hits,
        ),
    next === null ? '' : `${formatCount(rowsSeen)} of ${formatCount(rowsTotal)} rows looked at; --after ${next} goes on.`,
  );
}
