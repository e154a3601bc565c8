import type { Node } from '../../contract/index-views.ts';
import { formatBytes, formatShare } from '../../core/report/format.ts';
import { visibleKey } from './key-text.ts';
import { binOf, type Layer } from './treemap/layers.ts';

/** What a screen reader hears of a selection: "checkpoints/, 4.20 TiB, 38 % of bucket, mostly 1–2 y". */
export function announcement(node: Node, bucketBytes: number, layer: Layer): string {
  const share = bucketBytes > 0 ? `, ${formatShare(node.bytes / bucketBytes)} of bucket` : '';
  if (node.version?.isDeleteMarker) return `${visibleKey(node.path)}, delete marker`;
  const mostly = node.bytes === 0 ? '' : `, ${node.type === 'directory' ? 'mostly ' : ''}${binOf(layer, node).label}`;
  return `${visibleKey(node.path)}, ${formatBytes(node.bytes)}${share}${mostly}`;
}
