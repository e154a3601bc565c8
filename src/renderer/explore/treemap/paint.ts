import { formatBytes, formatCountShort } from '../../../core/report/format.ts';
import type { ReadColor } from '../../theme/colors.ts';
import { inkOn } from '../../theme/ink.ts';
import { rowName } from '../key-text.ts';
import { headerLabel, type Measure, tileLabel } from './label.ts';
import { type Bin, binOf, type Layer } from './layers.ts';
import type { Tile } from './layout.ts';

type Canvas2d = CanvasRenderingContext2D;

export interface Picture {
  readonly tiles: readonly Tile[];
  readonly layer: Layer;
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly color: ReadColor;
  readonly isDimmed: (bin: Bin) => boolean;
  /** Counts up when a font arrives: what was drawn before it must be drawn again. */
  readonly fontLoads: number;
}

const FONT_STACK = '"Inter Variable", Inter, "Segoe UI Variable Text", system-ui, sans-serif';
const FONTS = { tile: `11px ${FONT_STACK}`, name: `500 11px ${FONT_STACK}`, heading: `600 12px ${FONT_STACK}` } as const;
const DIMMED_ALPHA = 0.14;

/** Draws every tile. Sizes the canvas to device pixels, so that a gutter of 1 px is one line at any scale. */
export function paintTreemap(canvas: HTMLCanvasElement, picture: Picture): void {
  const { tiles, layer, width, height, ratio, color } = picture;
  const g = sized(canvas, width, height, ratio);
  if (g === null) return;
  g.fillStyle = color('--panel');
  g.fillRect(0, 0, width, height);
  g.textBaseline = 'middle';
  const hatch = hatchPattern(g, ratio, color('--hx'), color('--hx2'));
  const fills = new Map<string, string>();
  const fillOf = (bin: Bin): string | null => {
    if (bin.color === null) return null;
    const known = fills.get(bin.color) ?? color(bin.color);
    fills.set(bin.color, known);
    return known;
  };
  for (const tile of tiles) {
    if (tile.kind === 'group') drawHeader(g, tile, color);
    else {
      const bin = binOf(layer, tile.node);
      drawTile(g, tile, fillOf(bin), hatch, picture.isDimmed(bin), color);
    }
  }
}

/** Draws the outlines of what is selected and what the pointer is on, on a canvas of their own above the tiles. */
export function paintMarks(canvas: HTMLCanvasElement, picture: Picture, selected: Tile | null, hovered: Tile | null): void {
  const g = sized(canvas, picture.width, picture.height, picture.ratio);
  if (g === null) return;
  g.clearRect(0, 0, picture.width, picture.height);
  if (hovered !== null && hovered !== selected && hovered.depth > 0) outline(g, hovered, picture.color('--t1'), 1.5);
  if (selected !== null && selected.depth > 0) {
    // A rim in the panel colour parts the accent from any tile colour.
    outline(g, selected, picture.color('--panel'), Math.min(5, tightest(selected)));
    outline(g, selected, picture.color('--accent'), Math.min(3, tightest(selected)));
  }
}

const tightest = (tile: Tile): number => Math.max(1.5, Math.min(tile.w, tile.h) / 2);

function outline(g: Canvas2d, tile: Tile, stroke: string, line: number): void {
  g.strokeStyle = stroke;
  g.lineWidth = line;
  g.strokeRect(tile.x + line / 2, tile.y + line / 2, Math.max(0, tile.w - line), Math.max(0, tile.h - line));
}

function sized(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): Canvas2d | null {
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const g = canvas.getContext('2d');
  g?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return g;
}

function drawHeader(g: Canvas2d, tile: Tile, color: ReadColor): void {
  if (tile.header === 0) return;
  g.fillStyle = color(tile.depth === 1 ? '--raised' : '--panel');
  g.fillRect(tile.x, tile.y, tile.w, tile.header);
  const nameFont = tile.depth === 1 ? FONTS.heading : FONTS.name;
  const name = rowName(tile.node).replace(/\/$/, '');
  const label = headerLabel(tile.w, name, formatBytes(tile.bytes), measureIn(g, nameFont), measureIn(g, FONTS.tile));
  const middle = tile.y + tile.header / 2 + 0.5;
  g.font = nameFont;
  g.fillStyle = color('--t1');
  g.fillText(label.name, tile.x + 6, middle);
  if (label.bytes === '') return;
  g.font = FONTS.tile;
  g.fillStyle = color('--t2');
  g.fillText(label.bytes, tile.x + tile.w - label.bytesWidth - 6, middle);
}

function drawTile(g: Canvas2d, tile: Tile, fill: string | null, hatch: CanvasPattern | null, isDimmed: boolean, color: ReadColor): void {
  g.globalAlpha = isDimmed ? DIMMED_ALPHA : 1;
  g.fillStyle = fill ?? hatch ?? color('--hx');
  g.fillRect(tile.x, tile.y, tile.w, tile.h);
  g.globalAlpha = 1;
  if (isDimmed) return;
  const name = tile.kind === 'other' ? `other ${formatCountShort(tile.count)}` : rowName(tile.node);
  drawLabel(g, tile, formatBytes(tile.bytes), name, fill === null ? null : inkOn(fill), color);
}

/** `ink` null: a hatched tile, whose words stand on a plate. */
function drawLabel(g: Canvas2d, tile: Tile, first: string, second: string, ink: string | null, color: ReadColor): void {
  if (tile.w < 30 || tile.h < 18) return;
  const label = tileLabel(tile, first, second, measureIn(g, FONTS.tile));
  if (label.bytes === '') return;
  g.font = FONTS.tile;
  if (ink === null) {
    const measure = measureIn(g, FONTS.tile);
    g.fillStyle = color('--hx');
    g.fillRect(tile.x + 2, tile.y + 2, Math.max(measure(label.bytes), measure(label.name)) + 6, label.name === '' ? 16 : 30);
  }
  g.fillStyle = ink ?? color('--t1');
  g.fillText(label.bytes, tile.x + 5, tile.y + 10);
  if (label.name !== '') g.fillText(label.name, tile.x + 5, tile.y + 24);
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

/** Lines at 45 degrees, 6 px apart: what is not known, on every surface. */
function hatchPattern(g: Canvas2d, ratio: number, ground: string, line: string): CanvasPattern | null {
  const period = Math.round(6 * ratio);
  const cell = document.createElement('canvas');
  cell.width = period;
  cell.height = period;
  const p = cell.getContext('2d');
  if (p === null) return null;
  p.fillStyle = ground;
  p.fillRect(0, 0, period, period);
  p.strokeStyle = line;
  p.lineWidth = ratio;
  p.beginPath();
  for (const shift of [-period, 0, period]) {
    p.moveTo(shift - ratio, -ratio);
    p.lineTo(shift + period + ratio, period + ratio);
  }
  p.stroke();
  const pattern = g.createPattern(cell, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
}
