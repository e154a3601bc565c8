import { formatBytes, formatCountShort } from '../../../core/report/format.ts';
import type { ReadColor } from '../../theme/colors.ts';
import { inkOn } from '../../theme/ink.ts';
import { visibleKey } from '../key-text.ts';
import { headerLabel, type Measure, tileLabel } from './label.ts';
import { CLOSED, joinedAt, OPEN } from './layout.ts';
import { type Canvas, hasBands } from './raster.ts';
import { DIRECTORY } from './tile-set.ts';

type Canvas2d = CanvasRenderingContext2D;

const FONT_STACK = '"Inter Variable", Inter, "Segoe UI Variable Text", system-ui, sans-serif';
const FONTS = { tile: `11px ${FONT_STACK}`, name: `500 11px ${FONT_STACK}`, heading: `600 12px ${FONT_STACK}` } as const;

/** Smaller tiles hold not even a size. */
const LABEL_MIN_WIDTH = 34;
const LABEL_MIN_HEIGHT = 18;

/** Writes names and sizes over the pixels, where they fit. */
export function writeWords(g: Canvas2d, canvas: Canvas): void {
  const { layout, color } = canvas;
  g.textBaseline = 'middle';
  for (let tile = 1; tile < layout.count; tile++) {
    if (layout.state[tile] === OPEN) writeHeader(g, canvas, tile, color);
    else if (
      layout.state[tile] === CLOSED &&
      (layout.w[tile] as number) >= LABEL_MIN_WIDTH &&
      (layout.h[tile] as number) >= LABEL_MIN_HEIGHT
    ) {
      writeTile(g, canvas, tile);
    }
  }
}

function writeHeader(g: Canvas2d, { layout }: Canvas, tile: number, color: ReadColor): void {
  const strip = layout.header[tile] as number;
  if (strip === 0) return;
  const [x, y, w] = [layout.x[tile] as number, layout.y[tile] as number, layout.w[tile] as number];
  const font = layout.set.depth[tile] === 1 ? FONTS.heading : FONTS.name;
  const label = headerLabel(
    w,
    visibleKey(layout.set.name(tile)),
    formatBytes(layout.set.bytes[tile] as number),
    measureIn(g, font),
    measureIn(g, FONTS.tile),
  );
  const middle = y + strip / 2;
  g.font = font;
  g.fillStyle = color('--t1');
  if (label.name !== '') g.fillText(label.name, x + 6, middle);
  g.font = FONTS.tile;
  g.fillStyle = color('--t2');
  if (label.bytes !== '') g.fillText(label.bytes, x + w - 6 - label.bytesWidth, middle);
}

function writeTile(g: Canvas2d, canvas: Canvas, tile: number): void {
  const { layout, layer, color, isDimmed } = canvas;
  const joined = joinedAt(layout, tile);
  const bin = joined === undefined ? layer.dominant(tile) : layer.dominantOf(joined, layout.set);
  if (bin >= 0 && isDimmed(bin)) return;
  const size = { w: layout.w[tile] as number, h: layout.h[tile] as number };
  const bytes = joined === undefined ? (layout.set.bytes[tile] as number) : joined.bytes;
  const isDirectory = layout.set.kind[tile] === DIRECTORY;
  const name =
    joined === undefined ? visibleKey(`${layout.set.name(tile)}${isDirectory ? '/' : ''}`) : `other ${formatCountShort(joined.entries)}`;
  const measure = measureIn(g, FONTS.tile);
  const label = tileLabel(size, formatBytes(bytes), name, measure);
  if (label.bytes === '') return;
  const [x, y] = [layout.x[tile] as number, layout.y[tile] as number];
  const token = bin < 0 ? null : (layer.bins[bin]?.color ?? null);
  const isPlated = token === null || hasBands(canvas, tile);
  if (isPlated) {
    g.fillStyle = color('--panel');
    g.fillRect(x + 2, y + 2, Math.max(measure(label.bytes), measure(label.name)) + 6, label.name === '' ? 16 : 30);
  }
  g.font = FONTS.tile;
  g.fillStyle = isPlated ? color('--t1') : inkOn(color(token));
  g.fillText(label.bytes, x + 5, y + 10);
  if (label.name !== '') g.fillText(label.name, x + 5, y + 24);
}

/** Widths by font and text: the same sizes and names are drawn again at every change of layer. */
const widths = new Map<string, number>();
const MOST_WIDTHS = 20_000;

function measureIn(g: Canvas2d, font: string): Measure {
  return (text) => {
    const key = `${font}\u0000${text}`;
    let width = widths.get(key);
    if (width === undefined) {
      if (widths.size > MOST_WIDTHS) widths.clear();
      g.font = font;
      width = g.measureText(text).width;
      widths.set(key, width);
    }
    return width;
  };
}

/** Measured before the font was there, every width is wrong. */
export const forgetWidths = (): void => widths.clear();
