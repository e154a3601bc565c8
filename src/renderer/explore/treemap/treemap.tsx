import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useState } from 'react';
import type { MapNode } from '../../../contract/index-views.ts';
import { useSize } from '../../charts/use-size.ts';
import { usePanes } from '../../state/panes.ts';
import { useColors } from '../../theme/colors.ts';
import { parentPath, pathOfId } from '../node-id.ts';
import { binKey, useExplore } from '../state.ts';
import { type Direction, neighbour, tileAt } from './hit.ts';
import type { Bin } from './layers.ts';
import { layoutTreemap, type Tile } from './layout.ts';
import type { Picture } from './paint.ts';
import { Tip } from './tip.tsx';
import { useFontLoads, usePaint } from './use-paint.ts';

/** An application by role: it takes the focus and the arrow keys. */
const FOCUSABLE = { tabIndex: 0 };

const ARROWS: Readonly<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

/** The directory as nested tiles; area is bytes, colour is the layer. The table lists the same entries for those who cannot see it. */
export function Treemap({
  root,
  bucket,
  bucketBytes,
  asOfDay,
  onDrill,
  onUp,
}: {
  root: MapNode;
  bucket: string;
  bucketBytes: number;
  asOfDay: number;
  onDrill: (prefix: string) => void;
  onUp: () => void;
}) {
  const { ref, width, height } = useSize<HTMLDivElement>();
  const layer = useExplore((state) => state.layer);
  const dimmed = useExplore((state) => state.dimmed);
  const selection = useExplore((state) => state.selection);
  const hovered = useExplore((state) => state.hovered);
  const { select, hover } = useExplore.getState();
  const { toggleDetails } = usePanes.getState();
  const color = useColors();
  const ratio = usePixelRatio();
  const fontLoads = useFontLoads();
  const tiles = useMemo(() => layoutTreemap(root, width, height), [root, width, height]);
  const byId = useMemo(() => new Map(tiles.map((tile) => [tile.id, tile])), [tiles]);
  const picture = useMemo((): Picture => {
    const isDimmed = (bin: Bin): boolean => dimmed.has(binKey(layer, bin.key));
    return { tiles, layer, width, height, ratio, color, isDimmed, fontLoads };
  }, [tiles, layer, width, height, ratio, color, dimmed, fontLoads]);
  const selected = tileOf(byId, selection);
  const canvases = usePaint(picture, root.path, selected, tileOf(byId, hovered));
  const [tip, setTip] = useState<{ tile: Tile; x: number; y: number } | null>(null);

  const under = (event: MouseEvent<HTMLElement>): { tile: Tile | null; x: number; y: number } => {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    return { tile: tileAt(tiles, x, y), x, y };
  };
  const drill = (tile: Tile | null | undefined): void => {
    if (tile?.node.type === 'directory' && tile.node.path !== root.path) onDrill(tile.node.path);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === 'Backspace' || (event.altKey && event.key === 'ArrowUp')) onUp();
    else if (event.altKey) return;
    else if (event.key === 'Enter') drill(selected);
    else if (event.key === 'Escape') select(null);
    else if (event.key === ' ') toggleDetails();
    else {
      const direction = ARROWS[event.key];
      if (direction === undefined) return;
      const first = tiles.find((tile) => tile.kind === 'leaf') ?? null;
      const next = selected === null || selected.depth === 0 ? first : neighbour(tiles, selected, direction);
      if (next !== null) select(next.id);
    }
    event.preventDefault();
  };

  return (
    <div
      ref={ref}
      className="treemap"
      role="application"
      aria-roledescription="treemap"
      aria-label={`Treemap of ${bucket}; the table below lists the same entries. Arrows move, Enter goes in, Backspace goes up.`}
      {...FOCUSABLE}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => {
        const { tile, x, y } = under(event);
        setTip(tile === null || tile.depth === 0 ? null : { tile, x, y });
        hover(tile === null || tile.depth === 0 ? null : tile.id);
      }}
      onPointerLeave={() => {
        setTip(null);
        hover(null);
      }}
      onClick={(event) => {
        const { tile } = under(event);
        if (tile === null || tile.node.path === root.path) return;
        select(tile.kind === 'other' ? tile.node.path : tile.id);
      }}
      onDoubleClick={(event) => drill(under(event).tile)}
    >
      <canvas ref={canvases.base} />
      <canvas ref={canvases.marks} />
      {tip === null ? null : <Tip {...tip} room={{ w: width, h: height }} bucketBytes={bucketBytes} asOfDay={asOfDay} />}
    </div>
  );
}

/** The tile of an id, or of the nearest directory around it that has one. */
function tileOf(byId: ReadonlyMap<string, Tile>, id: string | null): Tile | null {
  if (id === null) return null;
  const exact = byId.get(id);
  if (exact !== undefined) return exact;
  for (let path = parentPath(pathOfId(id)); path !== ''; path = parentPath(path)) {
    const around = byId.get(path);
    if (around !== undefined) return around;
  }
  return null;
}

/** Device pixels per CSS pixel; changes when the window moves to another screen or is zoomed. */
function usePixelRatio(): number {
  const [ratio, setRatio] = useState(() => window.devicePixelRatio || 1);
  useEffect(() => {
    const query = window.matchMedia(`(resolution: ${ratio}dppx)`);
    const changed = (): void => setRatio(window.devicePixelRatio || 1);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, [ratio]);
  return ratio;
}
