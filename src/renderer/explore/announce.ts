import type { Node } from '../../contract/index-views.ts';
import { AGE_BINS } from '../../contract/vocabulary.ts';
import { formatBytes, formatShare } from '../../core/report/format.ts';
import { visibleKey } from './key-text.ts';
import { binOf, type Layer } from './map/layers.ts';

/** What a screen reader hears of a selection: "checkpoints/, 4.20 TiB, 38 % of bucket, mostly 1–2 y". */
export function announcement(node: Node, bucketBytes: number, layer: Layer): string {
  const share = bucketBytes > 0 ? `, ${formatShare(node.bytes / bucketBytes)} of bucket` : '';
  if (node.version?.isDeleteMarker) return `${visibleKey(node.path)}, delete marker`;
  const most = mostly(node, layer);
  const words = most === null ? '' : `, ${node.type === 'directory' ? 'mostly ' : ''}${most}`;
  return `${visibleKey(node.path)}, ${formatBytes(node.bytes)}${share}${words}`;
}

/** The name of what most of its bytes are, on a layer that splits bytes; the first of equals. */
function mostly(node: Node, layer: Layer): string | null {
  if (node.bytes === 0) return null;
  const parts: readonly (readonly [string, number])[] =
    layer === 'class'
      ? node.bytesByClass
      : layer === 'category'
        ? node.bytesByCategory
        : node.bytesByAge.map((bytes, bin) => [AGE_BINS[bin]?.key ?? '', bytes] as const);
  const [first] = [...parts].sort((a, b) => b[1] - a[1]);
  return first === undefined ? null : binOf(layer === 'class' || layer === 'category' ? layer : 'age', first[0]).label;
}
