import type { ResultOf } from '../../../contract/methods.ts';
import { formatBytes, formatCount, formatInstant } from '../../../core/report/format.ts';
import { paragraphs, table } from './table.ts';

export function uploadsWords({ totals, uploads }: ResultOf<'uploads.list'>): string {
  if (totals === null) return 'Incomplete multipart uploads are not known: only a listing that may ask for them tells.';
  if (totals.uploads === 0) return 'There are no incomplete multipart uploads.';
  return paragraphs(
    table(
      [
        { title: 'Key', of: (row) => row.key },
        { title: 'Begun', of: (row) => formatInstant(row.initiated) },
        { title: 'Class', of: (row) => row.storageClass },
        { title: 'Parts', align: 'right', of: (row) => (row.parts === null ? 'unknown' : formatCount(row.parts)) },
        { title: 'Bytes', align: 'right', of: (row) => (row.bytes === null ? 'unknown' : formatBytes(row.bytes)) },
      ],
      uploads,
    ),
    `${formatCount(totals.uploads)} uploads hold ${formatBytes(totals.bytes)} in ${formatCount(totals.parts)} parts${totals.unread === 0 ? '' : `, ${formatCount(totals.unread)} of them could not be looked into`}.`,
    totals.uploads > uploads.length ? `${formatCount(uploads.length)} shown; see --offset and --limit.` : '',
  );
}
