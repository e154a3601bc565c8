import type { ReadColor } from '../../theme/colors.ts';
import type { Layout } from './layout.ts';
import { type Canvas, rasterise } from './raster.ts';
import { writeWords } from './words.ts';

type Canvas2d = CanvasRenderingContext2D;

/** Pixels kept between drawings of the same size. */
let kept: { image: ImageData; pixels: Uint32Array } | undefined;

/** Draws the whole map. Sizes the canvas to device pixels, so that a gutter of 1 px is one line at any scale. */
export function paintMap(canvas: HTMLCanvasElement, picture: Canvas): void {
  const { layout, ratio } = picture;
  const g = sized(canvas, layout.width, layout.height, ratio);
  if (g === null || canvas.width === 0 || canvas.height === 0) return;
  if (kept?.image.width !== canvas.width || kept.image.height !== canvas.height) {
    const image = new ImageData(canvas.width, canvas.height);
    kept = { image, pixels: new Uint32Array(image.data.buffer) };
  }
  rasterise(picture, kept.pixels, canvas.width, canvas.height);
  g.putImageData(kept.image, 0, 0);
  writeWords(g, picture);
}

/** Draws the outlines of what is selected and what the pointer is on, on a canvas of their own above the tiles. -1: none. */
export function paintMarks(
  canvas: HTMLCanvasElement,
  layout: Layout,
  { ratio, color }: { readonly ratio: number; readonly color: ReadColor },
  marks: { readonly selected: number; readonly hovered: number; readonly collected: readonly number[] },
): void {
  const g = sized(canvas, layout.width, layout.height, ratio);
  if (g === null) return;
  g.clearRect(0, 0, layout.width, layout.height);
  for (const tile of marks.collected) pin(g, layout, tile, color);
  if (marks.hovered > 0 && marks.hovered !== marks.selected) outline(g, layout, marks.hovered, color('--t1'), 1.5);
  if (marks.selected > 0) {
    // A rim in the panel colour parts the accent from any tile colour.
    const tightest = Math.max(1.5, Math.min(layout.w[marks.selected] as number, layout.h[marks.selected] as number) / 2);
    outline(g, layout, marks.selected, color('--panel'), Math.min(5, tightest));
    outline(g, layout, marks.selected, color('--accent'), Math.min(3, tightest));
  }
}

function outline(g: Canvas2d, { x, y, w, h }: Layout, tile: number, stroke: string, line: number): void {
  g.strokeStyle = stroke;
  g.lineWidth = line;
  const [width, height] = [Math.max(0, (w[tile] as number) - 1 - line), Math.max(0, (h[tile] as number) - 1 - line)];
  g.strokeRect((x[tile] as number) + line / 2, (y[tile] as number) + line / 2, width, height);
}

const PIN_PX = 8;

/** What lies in the basket bears a small mark in the accent colour. */
function pin(g: Canvas2d, { x, y, w, h }: Layout, tile: number, color: ReadColor): void {
  const size = Math.min(PIN_PX, (w[tile] as number) - 2, (h[tile] as number) - 2);
  if (size < 3) return;
  const left = (x[tile] as number) + (w[tile] as number) - size - 2;
  const top = (y[tile] as number) + 1;
  g.fillStyle = color('--panel');
  g.fillRect(left - 1, top, size + 2, size + 2);
  g.fillStyle = color('--accent');
  g.fillRect(left, top + 1, size, size);
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
