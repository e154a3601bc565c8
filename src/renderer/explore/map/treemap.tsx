import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { usePanes } from '../../state/panes.ts';
import { useColors } from '../../theme/colors.ts';
import { parentPath, pathOfId } from '../node-id.ts';
import { useExplore } from '../state.ts';
import { type Direction, neighbour, tileAt } from './hit.ts';
import { CLOSED, joinedAt, type Layout, layOut } from './layout.ts';
import { DIRECTORY } from './tile-set.ts';
import { Tip } from './tip.tsx';
import { useFontLoads, usePaint, usePixelRatio } from './use-paint.ts';
import type { Mapped } from './use-tiles.ts';

/** An application by role: it takes the focus and the arrow keys. */
const FOCUSABLE = { tabIndex: 0 };

const ARROWS: Readonly<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
const NONE: ReadonlySet<string> = new Set();

/** The directory as nested tiles; area is bytes, colour is the layer. The table lists the same entries for those who cannot see it. */
export function Treemap({
  mapped,
  width,
  height,
  bucket,
  bucketBytes,
  asOfDay,
  onDrill,
  onUp,
}: {
  mapped: Mapped;
  width: number;
  height: number;
  bucket: string;
  bucketBytes: number;
  asOfDay: number;
  onDrill: (prefix: string) => void;
  onUp: () => void;
}) {
  const { set, layer } = mapped;
  const picked = useExplore((state) => state.picked[layer.layer]) ?? NONE;
  const selection = useExplore((state) => state.selection);
  const hovered = useExplore((state) => state.hovered);
  const { select, hover } = useExplore.getState();
  const color = useColors();
  const ratio = usePixelRatio();
  const fontLoads = useFontLoads();
  const layout = useMemo(() => measured('map-layout', () => layOut(set, width, height)), [set, width, height]);
  const picture = useMemo(() => {
    const isDimmed = (bin: number): boolean => picked.size > 0 && !picked.has(layer.bins[bin]?.key ?? '');
    return { layout, layer, ratio, color, isDimmed, fontLoads };
  }, [layout, layer, ratio, color, picked, fontLoads]);
  const selected = tileOf(layout, selection);
  const canvases = usePaint(picture, { selected, hovered: tileOf(layout, hovered) });
  const [tip, setTip] = useState<{ tile: number; x: number; y: number } | null>(null);

  const under = (event: MouseEvent<HTMLElement>): { tile: number; x: number; y: number } => {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    return { tile: tileAt(layout, x, y), x, y };
  };
  const drill = (tile: number): void => {
    if (tile > 0 && tile < set.count && set.kind[tile] === DIRECTORY) onDrill(set.path(tile));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === 'Backspace' || (event.altKey && event.key === 'ArrowUp')) onUp();
    else if (event.altKey) return;
    else if (event.key === 'Enter') drill(selected);
    else if (event.key === 'Escape') select(null);
    else if (event.key === ' ') usePanes.getState().toggleDetails();
    else {
      const direction = ARROWS[event.key];
      if (direction === undefined) return;
      const next = selected <= 0 ? layout.state.indexOf(CLOSED, 1) : neighbour(layout, selected, direction);
      if (next > 0 && next < set.count) select(set.id(next));
    }
    event.preventDefault();
  };
  // Moves come faster than frames; only the last one of a frame is looked at.
  const moved = useFrame((at: { tile: number; x: number; y: number } | null) => {
    setTip(at);
    hover(at === null ? null : idOf(layout, at.tile));
  });
  return (
    <div
      className="treemap"
      role="application"
      aria-roledescription="treemap"
      aria-label={`Treemap of ${bucket}; the table below lists the same entries. Arrows move, Enter goes in, Backspace goes up.`}
      {...FOCUSABLE}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => {
        const at = under(event);
        moved(at.tile <= 0 ? null : at);
      }}
      onPointerLeave={() => moved(null)}
      onClick={(event) => {
        const { tile } = under(event);
        if (tile > 0) select(idOf(layout, tile));
      }}
      onDoubleClick={(event) => drill(under(event).tile)}
    >
      <canvas ref={canvases.base} />
      <canvas ref={canvases.marks} />
      {tip === null || tip.tile >= layout.count ? null : (
        <Tip layout={layout} layer={layer} {...tip} bucketBytes={bucketBytes} asOfDay={asOfDay} />
      )}
    </div>
  );
}

/** Leaves a measure behind, for the benchmark and the browser's own profiler. */
function measured<T>(name: string, act: () => T): T {
  const start = performance.now();
  const made = act();
  performance.measure(name, { start });
  return made;
}

/** What a tile stands for, by its id; brothers put together stand for their directory. */
function idOf(layout: Layout, tile: number): string {
  const joined = joinedAt(layout, tile);
  return joined === undefined ? layout.set.id(tile) : layout.set.path(joined.parent);
}

/** The tile of an id, or of the nearest directory around it that has one; -1 for none. */
function tileOf(layout: Layout, id: string | null): number {
  if (id === null) return -1;
  const exact = layout.set.find(id);
  if (exact > 0 && layout.state[exact] !== 0) return exact;
  for (let path = parentPath(pathOfId(id)); path.length > layout.set.prefix.length; path = parentPath(path)) {
    const around = layout.set.find(path);
    if (around > 0 && layout.state[around] !== 0) return around;
  }
  return -1;
}

/** Calls back at most once a frame, with what came last. */
function useFrame<T>(act: (value: T) => void): (value: T) => void {
  const latest = useRef(act);
  latest.current = act;
  const waiting = useRef<{ frame: number; value: T } | null>(null);
  useEffect(
    () => () => {
      if (waiting.current !== null) cancelAnimationFrame(waiting.current.frame);
    },
    [],
  );
  return useCallback((value: T) => {
    if (waiting.current !== null) {
      waiting.current.value = value;
      return;
    }
    const frame = requestAnimationFrame(() => {
      const last = waiting.current;
      waiting.current = null;
      if (last !== null) latest.current(last.value);
    });
    waiting.current = { frame, value };
  }, []);
}
