import { formatAge, formatBytes, formatCountShort, formatShare } from '../../../core/report/format.ts';
import { middleEllipsis, visibleKey } from '../key-text.ts';
import { moneyText } from '../money-text.ts';
import { binOf } from './layers.ts';
import type { Tile } from './layout.ts';

const WIDTH = 300;
const HEIGHT = 76;

/** What lies under the pointer. Kept inside the map; for the eye only, as the table and the details say the same. */
export function Tip({
  tile,
  x,
  y,
  room,
  bucketBytes,
  asOfDay,
}: {
  tile: Tile;
  x: number;
  y: number;
  room: { readonly w: number; readonly h: number };
  bucketBytes: number;
  asOfDay: number;
}) {
  const { node } = tile;
  const left = Math.max(4, x + 14 + WIDTH > room.w ? x - WIDTH - 10 : x + 14);
  const top = Math.max(4, Math.min(room.h - HEIGHT - 4, y + 14));
  const share = bucketBytes > 0 ? `, ${formatShare(tile.bytes / bucketBytes)} of bucket` : '';
  return (
    <div className="treemap-tip" aria-hidden="true" style={{ left, top, width: WIDTH }}>
      <p className="mono">
        <bdi>{middleEllipsis(visibleKey(node.path) || '/', 84)}</bdi>
      </p>
      {tile.kind === 'other' ? (
        <p>
          <b>{formatBytes(tile.bytes)}</b>
          {share} in {formatCountShort(tile.count)} more, each too small to draw
        </p>
      ) : (
        <>
          <p>
            <b>{formatBytes(node.bytes)}</b>
            {share} · {node.monthlyNanoUsd === null ? moneyText(node) : `${moneyText(node)} /mo`}
          </p>
          <p className="t2">
            {node.newestWriteDay === null ? 'no write known' : `written ${ago(asOfDay - node.newestWriteDay)}`} · mostly{' '}
            {binOf('age', node).label}, {binOf('class', node).key}
          </p>
        </>
      )}
    </div>
  );
}

const ago = (days: number): string => (days <= 0 ? formatAge(days) : `${formatAge(days)} ago`);
