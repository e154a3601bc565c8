import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Tile } from './layout.ts';
import { forgetWidths, type Picture, paintMarks, paintTreemap } from './paint.ts';
import { copyOf, playZoom, type Rect } from './zoom.ts';

/**
 * Keeps two canvases drawn: the tiles, and above them the outlines, so that moving the pointer does not draw the tiles again.
 * Going to another directory plays the zoom, unless the person asked for less motion.
 */
export function usePaint(
  picture: Picture,
  rootPath: string,
  selected: Tile | null,
  hovered: Tile | null,
): { readonly base: RefObject<HTMLCanvasElement | null>; readonly marks: RefObject<HTMLCanvasElement | null> } {
  const base = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const shown = useRef<{ path: string; tiles: readonly Tile[] } | null>(null);

  useLayoutEffect(() => {
    const canvas = base.current;
    if (canvas === null || picture.width === 0) return;
    const before = shown.current;
    const old = before !== null && before.path !== rootPath ? copyOf(canvas) : null;
    paintTreemap(canvas, picture);
    shown.current = { path: rootPath, tiles: picture.tiles };
    if (before === null || old === null || !moves()) return;
    const goesIn = rootPath.startsWith(before.path);
    const tile = goesIn ? rectOf(before.tiles, rootPath) : rectOf(picture.tiles, before.path);
    if (tile === null) return;
    const part = { x: tile.x * picture.ratio, y: tile.y * picture.ratio, w: tile.w * picture.ratio, h: tile.h * picture.ratio };
    return playZoom(canvas, { before: old, after: copyOf(canvas) }, part, goesIn);
  }, [picture, rootPath]);

  useLayoutEffect(() => {
    if (marks.current !== null && picture.width > 0) paintMarks(marks.current, picture, selected, hovered);
  }, [picture, selected, hovered]);

  return { base, marks };
}

const moves = (): boolean => !window.matchMedia('(prefers-reduced-motion: reduce)').matches;

const rectOf = (tiles: readonly Tile[], path: string): Rect | null => tiles.find((tile) => tile.id === path && tile.depth > 0) ?? null;

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
