import type { ReadColor } from '../../theme/colors.ts';
import { mixPixels, pixelOf } from '../../theme/rgb.ts';
import type { LayerData } from './layers.ts';
import { CLOSED, joinedAt, type Layout, OPEN } from './layout.ts';

/** What the pixels are made of. */
export interface Canvas {
  readonly layout: Layout;
  readonly layer: LayerData;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly color: ReadColor;
  readonly isDimmed: (bin: number) => boolean;
}

/** A tile this large shows all its bins side by side, unless one holds nearly all of it. */
const BANDS_MIN_WIDTH = 40;
const BANDS_MIN_HEIGHT = 22;
const NEARLY_ALL = 0.9;
const DIMMED = 0.14;

/**
 * Draws every tile into pixels: a rectangle of canvas calls would take ten times as long at fifty thousand of them.
 * Words come after, on top. `pixels` holds width x height device pixels.
 */
export function rasterise({ layout, layer, ratio, color, isDimmed }: Canvas, pixels: Uint32Array, width: number, height: number): void {
  const { set, state, x, y, w, h, header, count } = layout;
  const panel = pixelOf(color('--panel'));
  const raised = pixelOf(color('--raised'));
  const hatch = {
    ground: pixelOf(color('--hx')),
    line: pixelOf(color('--hx2')),
    period: Math.round(6 * ratio),
    thick: Math.max(1, Math.round(ratio)),
  };
  const fills = layer.bins.map(({ color: token }) => (token === null ? null : pixelOf(color(token))));
  const fillOf = (bin: number): number | null => {
    const fill = bin < 0 ? null : (fills[bin] ?? null);
    return fill === null || !isDimmed(bin) ? fill : mixPixels(fill, panel, DIMMED);
  };
  const gutter = Math.max(1, Math.round(ratio));
  const rect = (x0: number, y0: number, x1: number, y1: number, fill: number): void => {
    const [left, right, bottom] = [Math.max(0, x0), Math.min(width, x1), Math.min(height, y1)];
    for (let row = Math.max(0, y0); row < bottom; row++) {
      const at = row * width;
      // `fill` costs a call; a tile is often only a few pixels wide.
      if (right - left > 24) pixels.fill(fill, at + left, at + right);
      else for (let i = at + left; i < at + right; i++) pixels[i] = fill;
    }
  };
  const hatched = (x0: number, y0: number, x1: number, y1: number, isFaint: boolean): void => {
    const line = isFaint ? mixPixels(hatch.line, panel, DIMMED) : hatch.line;
    const ground = isFaint ? mixPixels(hatch.ground, panel, 0.5) : hatch.ground;
    for (let row = Math.max(0, y0); row < Math.min(height, y1); row++) {
      for (let i = Math.max(0, x0); i < Math.min(width, x1); i++)
        pixels[row * width + i] = (i + row) % hatch.period < hatch.thick ? line : ground;
    }
  };

  pixels.fill(panel);
  for (let tile = 0; tile < count; tile++) {
    const left = Math.round((x[tile] as number) * ratio);
    const top = Math.round((y[tile] as number) * ratio);
    const right = Math.round(((x[tile] as number) + (w[tile] as number)) * ratio) - gutter;
    const bottom = Math.round(((y[tile] as number) + (h[tile] as number)) * ratio) - gutter;
    if (state[tile] === OPEN) {
      const strip = Math.round((header[tile] as number) * ratio);
      if (strip > 0 && set.depth[tile] === 1) rect(left, top, right, top + strip, raised);
      continue;
    }
    if (state[tile] !== CLOSED) continue;
    const joined = joinedAt(layout, tile);
    const bin = joined === undefined ? layer.dominant(tile) : layer.dominantOf(joined, set);
    const isLarge = (w[tile] as number) >= BANDS_MIN_WIDTH && (h[tile] as number) >= BANDS_MIN_HEIGHT;
    const shares = !isLarge ? null : joined === undefined ? layer.shares(tile) : layer.sharesOf(joined, set);
    if (shares !== null && (shares[bin] ?? 1) < NEARLY_ALL) {
      let from = left;
      for (let part = 0; part < shares.length; part++) {
        const share = shares[part] as number;
        if (share <= 0) continue;
        const to = Math.min(right, from + Math.max(1, Math.round(share * (right - left))));
        const fill = fillOf(part);
        if (fill === null) hatched(from, top, to, bottom, isDimmed(part));
        else rect(from, top, to, bottom, fill);
        from = to;
      }
      // Rounding may leave a sliver.
      if (from < right) rect(from, top, right, bottom, fillOf(bin) ?? hatch.ground);
      continue;
    }
    const fill = fillOf(bin);
    if (fill === null) hatched(left, top, right, bottom, bin >= 0 && isDimmed(bin));
    else rect(left, top, right, bottom, fill);
  }
}

/** Whether a tile is drawn in bands, so that its words stand on a plate. */
export function hasBands({ layout, layer }: Pick<Canvas, 'layout' | 'layer'>, tile: number): boolean {
  if ((layout.w[tile] as number) < BANDS_MIN_WIDTH || (layout.h[tile] as number) < BANDS_MIN_HEIGHT) return false;
  const joined = joinedAt(layout, tile);
  const shares = joined === undefined ? layer.shares(tile) : layer.sharesOf(joined, layout.set);
  const bin = joined === undefined ? layer.dominant(tile) : layer.dominantOf(joined, layout.set);
  return shares !== null && (shares[bin] ?? 1) < NEARLY_ALL;
}
