import type { Pointers, PointersRead, TrackerView } from '../../../contract/pointer-views.ts';
import { formatBytes, formatCount } from '../../../core/report/format.ts';
import { list, paragraphs, table } from './table.ts';

export function pointersReadWords({ read, bytes, missing, unclear }: PointersRead): string {
  return paragraphs(
    `Read ${formatCount(read)} files, ${formatBytes(bytes)}.`,
    list('No longer there', missing),
    list('Not what their names promise', unclear),
  );
}

export function pointersWords(pointers: Pointers): string {
  const { files, total, unread, unreadBytes } = pointers;
  return paragraphs(
    files.length === 0
      ? 'No file of the snapshot says which checkpoint is the last or the best.'
      : table(
          [
            { title: 'File', of: ({ key }) => key },
            { title: 'Bytes', align: 'right', of: ({ sizeBytes }) => formatBytes(sizeBytes) },
            { title: 'Written', of: ({ lastModified }) => lastModified.slice(0, 10) },
            { title: 'Read', of: ({ readAt }) => readAt?.slice(0, 10) ?? 'no' },
            {
              title: 'Says',
              of: ({ readAt, says }) =>
                readAt === null
                  ? ''
                  : says === null
                    ? 'nothing that can be understood'
                    : [
                        ...says.tracked.map((name) => `last ${name}`),
                        ...says.best.map((name) => `best ${name}`),
                        ...(says.metrics === 0 ? [] : [`${formatCount(says.metrics)} figures`]),
                      ].join(', '),
            },
          ],
          files,
        ),
    total > files.length ? `${formatCount(files.length)} of ${formatCount(total)} shown; see --offset and --limit.` : '',
    unread === 0
      ? ''
      : `${formatCount(unread)} not read yet: "--read" gets them from the bucket, ${formatCount(unread)} GetObject requests for ${formatBytes(unreadBytes)}.`,
    pointers.trackers.length === 0 ? '' : trackersWords(pointers.trackers),
    list(
      'Named, but not in the bucket',
      pointers.dangling.map(({ key, says }) => `${key} names "${says}"`),
    ),
    pointers.bytesWithoutRun.length === 0
      ? ''
      : `${list(
          'Stored, but of no run that its tracker knows',
          pointers.bytesWithoutRun.map(({ path, bytes }) => `${path}: ${formatBytes(bytes)}`),
        )}\n  ${formatBytes(pointers.totalBytesWithoutRun)} in all`,
    list(
      'Runs of which nothing is stored',
      pointers.runsWithoutBytes.map(({ name, id, uri }) => `${name || id}: ${uri}`),
    ),
  );
}

export const trackersWords = (trackers: readonly TrackerView[]): string =>
  trackers.length === 0
    ? 'No export of a tracker was taken in.'
    : table(
        [
          { title: 'Export', of: ({ name }) => name },
          { title: 'Tracker', of: ({ tracker }) => (tracker === 'mlflow' ? 'MLflow' : 'Weights & Biases') },
          { title: 'Runs', align: 'right', of: ({ runs }) => formatCount(runs) },
          { title: 'Open', align: 'right', of: ({ openRuns }) => formatCount(openRuns) },
          { title: 'Models', align: 'right', of: ({ models }) => formatCount(models) },
        ],
        trackers,
      );
