import { formatAge, formatBytes, formatCountShort, formatShare, formatUsd } from '../../../core/report/format.ts';
import { middleEllipsis, visibleKey } from '../key-text.ts';
import { LAYER_NAMES, type LayerData } from './layers.ts';
import { joinedAt, type Layout } from './layout.ts';

const WIDTH = 300;
const HEIGHT = 76;

/** What lies under the pointer. Kept inside the map; for the eye only, as the table and the details say the same. */
export function Tip({
  layout,
  layer,
  tile,
  x,
  y,
  bucketBytes,
  asOfDay,
}: {
  layout: Layout;
  layer: LayerData;
  tile: number;
  x: number;
  y: number;
  bucketBytes: number;
  asOfDay: number;
}) {
  const { set } = layout;
  const joined = joinedAt(layout, tile);
  const left = Math.max(4, x + 14 + WIDTH > layout.width ? x - WIDTH - 10 : x + 14);
  const top = Math.max(4, Math.min(layout.height - HEIGHT - 4, y + 14));
  const bytes = joined?.bytes ?? (set.bytes[tile] as number);
  const path = set.path(joined?.parent ?? tile);
  const share = bucketBytes > 0 ? `, ${formatShare(bytes / bucketBytes)} of bucket` : '';
  const bin = joined === undefined ? layer.dominant(tile) : layer.dominantOf(joined, set);
  const day = joined === undefined ? set.newestWriteDay(tile) : null;
  const usd = joined === undefined ? (set.monthlyUsd[tile] as number) : Number.NaN;
  return (
    <div className="treemap-tip" aria-hidden="true" style={{ transform: `translate(${left}px, ${top}px)`, width: WIDTH }}>
      <p className="mono">
        <bdi>{middleEllipsis(visibleKey(path) || '/', 84)}</bdi>
      </p>
      <p>
        <b>{formatBytes(bytes)}</b>
        {share}
        {joined === undefined
          ? ` · ${Number.isNaN(usd) ? 'unpriced' : `${formatUsd(usd)} /mo`}`
          : ` in ${formatCountShort(joined.entries)} more, each too small to draw`}
      </p>
      <p className="t2">
        {day === null ? '' : `written ${ago(asOfDay - day)} · `}
        {LAYER_NAMES[layer.layer].toLowerCase()} {bin < 0 ? 'unknown' : `mostly ${layer.bins[bin]?.label ?? 'unknown'}`}
      </p>
    </div>
  );
}

const ago = (days: number): string => (days <= 0 ? formatAge(days) : `${formatAge(days)} ago`);
