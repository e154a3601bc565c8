import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Layout } from './layout.ts';
import { paintMap, paintMarks } from './paint.ts';
import type { Canvas } from './raster.ts';
import { forgetWidths } from './words.ts';
import { copyOf, playZoom, type Rect } from './zoom.ts';

export type Picture = Canvas & {
  /** Counts up when a font arrives: what was drawn before it must be drawn again. */
  readonly fontLoads: number;
};

/**
 * Keeps two canvases drawn: the tiles, and above them the outlines, so that moving the pointer does not draw the tiles again.
 * Going to another directory plays the zoom, unless the person asked for less motion.
 */
export function usePaint(
  picture: Picture,
  marks: { readonly selected: number; readonly hovered: number },
): { readonly base: RefObject<HTMLCanvasElement | null>; readonly marks: RefObject<HTMLCanvasElement | null> } {
  const base = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const shown = useRef<Layout | null>(null);
  const { selected, hovered } = marks;

  useLayoutEffect(() => {
    const canvas = base.current;
    const { layout, ratio } = picture;
    if (canvas === null || layout.width === 0) return;
    const before = shown.current;
    const from = before?.set.prefix ?? '';
    const to = layout.set.prefix;
    const goesElsewhere = before !== null && from !== to;
    const old = goesElsewhere && moves() ? copyOf(canvas) : null;
    const start = performance.now();
    paintMap(canvas, picture);
    performance.measure('map-paint', { start, detail: { tiles: layout.count } });
    shown.current = layout;
    if (before === null || old === null) return;
    const goesIn = to.startsWith(from);
    const tile = goesIn ? rectOf(before, to) : rectOf(layout, from);
    if (tile === null) return;
    const part = { x: tile.x * ratio, y: tile.y * ratio, w: tile.w * ratio, h: tile.h * ratio };
    return playZoom(canvas, { before: old, after: copyOf(canvas) }, part, goesIn);
  }, [picture]);

  useLayoutEffect(() => {
    if (above.current !== null && picture.layout.width > 0) {
      paintMarks(above.current, picture.layout, picture, { selected, hovered, collected: [] });
    }
  }, [picture, selected, hovered]);

  return { base, marks: above };
}

const moves = (): boolean => !window.matchMedia('(prefers-reduced-motion: reduce)').matches;

function rectOf(layout: Layout, path: string): Rect | null {
  const tile = layout.set.find(path);
  if (tile <= 0 || layout.state[tile] === 0) return null;
  return { x: layout.x[tile] as number, y: layout.y[tile] as number, w: layout.w[tile] as number, h: layout.h[tile] as number };
}

/** Counts up once the window's font is there; canvases do not draw themselves again as text does. */
export function useFontLoads(): number {
  const [loads, setLoads] = useState(0);
  useEffect(() => {
    let isMounted = true;
    const weights = ['11px', '500 11px', '600 12px'].map((font) => document.fonts.load(`${font} "Inter Variable"`));
    void Promise.allSettled(weights).then(() => {
      if (!isMounted) return;
      forgetWidths();
      setLoads((count) => count + 1);
    });
    return () => {
      isMounted = false;
    };
  }, []);
  return loads;
}

/** Device pixels per CSS pixel; changes when the window moves to another screen or is zoomed. */
export function usePixelRatio(): number {
  const [ratio, setRatio] = useState(() => window.devicePixelRatio || 1);
  useEffect(() => {
    const query = window.matchMedia(`(resolution: ${ratio}dppx)`);
    const changed = (): void => setRatio(window.devicePixelRatio || 1);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, [ratio]);
  return ratio;
}
