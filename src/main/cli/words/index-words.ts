import type { Children, MapNode, Pivot, PricedAt, ScanResult, Snapshot, Summary } from '../../../contract/index-views.ts';
import { formatBytes, formatCount, formatDay, formatInstant, formatMoney } from '../../../core/report/format.ts';
import { facts, list, paragraphs, printable, table } from './table.ts';

const NO_PRICE = 'no price';

export const money = (nanoUsd: string | null): string => (nanoUsd === null ? NO_PRICE : formatMoney(nanoUsd));

export const pricedAt = (prices: PricedAt): string =>
  `List prices of ${prices.region} as of ${prices.asOf}${prices.assumed ? ' (region not known, assumed)' : ''}.`;

export function scanWords(scan: ScanResult): string {
  return paragraphs(
    scan.unchanged ? 'This very report was already in the index; nothing changed.' : '',
    facts([
      ['Snapshot', scan.snapshotId],
      ['Source', scan.source],
      ['Versions', formatCount(scan.versions)],
      ['Delete markers', formatCount(scan.deleteMarkers)],
      ['Bytes', formatBytes(scan.bytes)],
      ['Seconds', scan.seconds.toFixed(1)],
      ...(scan.coverage < 1 ? [['Coverage', `${(scan.coverage * 100).toFixed(1)} %`] as const] : []),
    ]),
    list('Warnings', scan.warnings),
  );
}

export function snapshotsWords(snapshots: readonly Snapshot[]): string {
  return table(
    [
      { title: 'Snapshot', of: (row) => row.snapshotId },
      { title: 'As of', of: (row) => formatInstant(row.asOf) },
      { title: 'Bucket', of: (row) => (row.isSample ? `${row.bucket} (sample)` : row.bucket) },
      { title: 'From', of: (row) => row.sourceKind },
      { title: 'Versions', align: 'right', of: (row) => formatCount(row.versions) },
      { title: 'Bytes', align: 'right', of: (row) => formatBytes(row.bytes) },
    ],
    snapshots,
  );
}

/** '' where there are none; an inventory's silence is said once, by the verb that asks for them. */
function uploadTotalsWords(totals: Summary['incompleteUploads']): string {
  if (totals === null || totals.uploads === 0) return '';
  const unread = totals.unread === 0 ? '' : ` (${formatCount(totals.unread)} more could not be looked into)`;
  return `Beside these, ${formatCount(totals.uploads - totals.unread)} incomplete multipart uploads hold ${formatBytes(totals.bytes)} in ${formatCount(totals.parts)} parts${unread}.`;
}

export function summaryWords(summary: Summary, by: string): string {
  const { totals } = summary;
  return paragraphs(
    table(
      [
        { title: by, of: (row) => row.key || '(root)' },
        { title: 'Versions', align: 'right', of: (row) => formatCount(row.versions) },
        { title: 'Bytes', align: 'right', of: (row) => formatBytes(row.bytes) },
        { title: 'Per month', align: 'right', of: (row) => money(row.monthlyNanoUsd) },
      ],
      [...summary.groups, { key: 'Total', ...totals }],
    ),
    `As of ${formatInstant(summary.asOf)}; ${formatCount(totals.deleteMarkers)} delete markers. ${pricedAt(summary.prices)}`,
    uploadTotalsWords(summary.incompleteUploads),
    list('Warnings', summary.warnings),
  );
}

export function pivotWords(pivot: Pivot, row: string, column: string): string {
  return paragraphs(
    table(
      [
        { title: row, of: (cell) => cell.row },
        { title: column, of: (cell) => cell.column },
        { title: 'Versions', align: 'right', of: (cell) => formatCount(cell.versions) },
        { title: 'Bytes', align: 'right', of: (cell) => formatBytes(cell.bytes) },
        { title: 'Per month', align: 'right', of: (cell) => money(cell.monthlyNanoUsd) },
      ],
      pivot.cells,
    ),
    `As of ${formatInstant(pivot.asOf)}. ${pricedAt(pivot.prices)}`,
  );
}

export function childrenWords(children: Children): string {
  const { parent, nodes, total } = children;
  return paragraphs(
    `${printable(parent.path) || '(the whole bucket)'}: ${formatBytes(parent.bytes)} in ${formatCount(parent.versions)} versions`,
    table(
      [
        { title: 'Name', of: (node) => node.name + (node.type === 'directory' && !node.name.endsWith('/') ? '/' : '') },
        { title: 'Versions', align: 'right', of: (node) => formatCount(node.versions) },
        { title: 'Bytes', align: 'right', of: (node) => formatBytes(node.bytes) },
        { title: 'Per month', align: 'right', of: (node) => money(node.monthlyNanoUsd) },
        { title: 'Last write', of: (node) => (node.newestWriteDay === null ? '' : formatDay(node.newestWriteDay)) },
        { title: 'State', of: (node) => (node.version === undefined ? '' : stateOf(node.version)) },
      ],
      nodes,
    ),
    total > nodes.length ? `${formatCount(nodes.length)} of ${formatCount(total)} shown; see --offset and --limit.` : '',
  );
}

function stateOf(version: { isDeleteMarker: boolean; isLatest: boolean }): string {
  if (version.isDeleteMarker) return 'delete marker';
  return version.isLatest ? 'current' : 'noncurrent';
}

export function mapWords(root: MapNode): string {
  const lines: string[] = [];
  const walk = (node: MapNode, indent: string) => {
    lines.push(`${indent}${printable(node.name) || '(the whole bucket)'}  ${formatBytes(node.bytes)}  ${money(node.monthlyNanoUsd)}`);
    for (const child of node.children) walk(child, `${indent}  `);
    if (node.rest.count > 0) lines.push(`${indent}  … ${formatCount(node.rest.count)} more  ${formatBytes(node.rest.bytes)}`);
  };
  walk(root, '');
  return lines.join('\n');
}
