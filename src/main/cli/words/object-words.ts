import type { KeySearch, ObjectFacts, VersionFacts } from '../../../contract/objects.ts';
import { formatBytes, formatCount, formatInstant } from '../../../core/report/format.ts';
import { money, pricedAt } from './index-words.ts';
import { facts, paragraphs, printable, table } from './table.ts';

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

export function objectWords(object: ObjectFacts): string {
  const { key, bucket, asOf, total, versions, prices } = object;
  return paragraphs(
    `s3://${printable(bucket)}/${printable(key)}, as of ${formatInstant(asOf)}`,
    ...versions.map(versionWords),
    total > versions.length ? `${formatCount(versions.length)} of ${formatCount(total)} versions shown; see --offset and --limit.` : '',
    pricedAt(prices),
  );
}

function versionWords(version: VersionFacts): string {
  const optional = (title: string, value: string | null): (readonly [string, string])[] => (value === null ? [] : [[title, value]]);
  const isMarker = version.state === 'marker';
  return facts([
    ['Version', version.versionId ?? 'null'],
    ['State', `${isMarker ? 'delete marker' : version.state}${isMarker && !version.isLatest ? ', superseded' : ''}`],
    ['Written', formatInstant(version.lastModified)],
    ...optional('Noncurrent since', version.noncurrentSince && formatInstant(version.noncurrentSince)),
    ...(isMarker
      ? []
      : [
          ['Bytes', `${formatBytes(version.sizeBytes)} (${version.sizeBytes})`] as const,
          ['Class', [version.storageClass, version.accessTier].filter((text) => text !== '').join(', ')] as const,
          ['Per month', money(version.monthlyNanoUsd)] as const,
        ]),
    ...optional('ETag', version.eTag),
    ...optional('Retained until', version.retainUntil && formatInstant(version.retainUntil)),
    ...optional('Locked until', version.lockedUntil),
    ...(version.isHeld ? [['Hold', 'yes'] as const] : []),
    ...(version.isReplicationBlocked ? [['Replication', 'pending or failed: lifecycle leaves it alone'] as const] : []),
    ['Kind', `${version.kind}${version.ruleId === null ? '' : `, by ${version.ruleId}`}`],
    ...optional('Unit', version.unit && `${version.unit.kind} ${version.unit.path}`),
    ...(version.tags ?? []).map(([name, value]): readonly [string, string] => [`Tag ${printable(name)}`, value]),
    ...(version.details ?? []),
  ]);
}
