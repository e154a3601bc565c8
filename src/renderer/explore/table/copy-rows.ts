import { tsvLine } from '../../../core/report/delimited.ts';
import { formatDay } from '../../../core/report/format.ts';
import { useFlash } from '../../state/flash.ts';
import { nodeId } from '../node-id.ts';
import type { Rows } from './rows.ts';

const HEAD = ['Key', 'Bytes', 'Versions', 'Noncurrent bytes', 'Newest write', 'Nano-USD per month'];
const MOST = 100_000;

/** Copies the rows of these ids with their exact figures, as a spreadsheet takes them: text stays text, whatever a key begins with. */
export function copyRows(rows: Rows, ids: ReadonlySet<string>): void {
  const lines: string[] = [tsvLine(HEAD)];
  for (let at = 0; at < Math.min(rows.count, MOST) && lines.length <= ids.size; at++) {
    const node = rows.at(at)?.node;
    if (node == null || !ids.has(nodeId(node))) continue;
    const written = node.newestWriteDay === null ? '' : formatDay(node.newestWriteDay);
    lines.push(tsvLine([node.path, node.bytes, node.versions, node.noncurrentBytes, written, node.monthlyNanoUsd ?? '']));
  }
  if (lines.length === 1) return;
  navigator.clipboard.writeText(lines.join('')).then(
    () => useFlash.getState().note(lines.length === 2 ? 'One row copied.' : `${lines.length - 1} rows copied.`),
    () => useFlash.getState().warn('The clipboard refused the rows.'),
  );
}
