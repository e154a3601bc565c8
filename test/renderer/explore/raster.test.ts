import { describe, expect, test } from 'vitest';
import { LayerData } from '../../../src/renderer/explore/map/layers.ts';
import { layOut } from '../../../src/renderer/explore/map/layout.ts';
import { type Canvas, hasBands, rasterise } from '../../../src/renderer/explore/map/raster.ts';
import { mixPixels, pixelOf } from '../../../src/renderer/theme/rgb.ts';
import { type Drawn, layerOf, setOf } from './tiles.ts';

const COLORS: Readonly<Record<string, string>> = {
  '--panel': '#ffffff',
  '--raised': '#eeeeee',
  '--hx': '#111111',
  '--hx2': '#222222',
  '--h0': '#ff0000',
  '--h1': '#00ff00',
};
const KEYS = ['0-30d', '31-90d'];
const leaf = (name: string, bytes: number): Drawn => ({ name, bytes });
const [RED, GREEN, PANEL, GROUND, LINE] = ['#ff0000', '#00ff00', '#ffffff', '#111111', '#222222'].map(pixelOf) as [
  number,
  number,
  number,
  number,
  number,
];

function draw(
  root: Drawn,
  dominant: readonly number[],
  options: { ratio?: number; shares?: readonly number[]; dimmed?: number; width?: number; height?: number } = {},
) {
  const { ratio = 1, width = 100, height = 60 } = options;
  const canvas: Canvas = {
    layout: layOut(setOf(root), width, height),
    layer: new LayerData(layerOf(dominant, KEYS, 'age', options.shares)),
    ratio,
    color: (token) => COLORS[token] ?? '#123456',
    isDimmed: (bin) => bin === options.dimmed,
  };
  const [w, h] = [width * ratio, height * ratio];
  const pixels = new Uint32Array(w * h);
  rasterise(canvas, pixels, w, h);
  return {
    canvas,
    count: (color: number) => pixels.filter((pixel) => pixel === color).length,
    at: (x: number, y: number) => pixels[y * w + x],
  };
}

describe('the pixels of a map', () => {
  test.each([1, 2])('each tile has its colour, brothers a gutter of one pixel between them, at %i device pixels', (ratio) => {
    const { count, at } = draw({ name: '', bytes: 100, inside: [leaf('a', 50), leaf('b', 50)] }, [0, 0, 1], { ratio });
    expect(at(10 * ratio, 10 * ratio)).toBe(RED);
    expect(at(90 * ratio, 10 * ratio)).toBe(GREEN);
    expect([at(50 * ratio - 1, 20), at(50 * ratio, 20)]).toEqual([PANEL, GREEN]);
    expect(count(RED)).toBe(49 * 59 * ratio * ratio + (ratio === 2 ? 0 : 0));
  });

  test('what is not known is hatched, never a colour of the ramp', () => {
    const { count } = draw({ name: '', bytes: 100, inside: [leaf('a', 100)] }, [255, 255]);
    expect(count(RED) + count(GREEN)).toBe(0);
    expect(count(LINE)).toBeGreaterThan(500);
    expect(count(GROUND)).toBeGreaterThan(3 * count(LINE));
  });

  test('a large mixed tile shows its bins side by side, in their shares', () => {
    const root: Drawn = { name: '', bytes: 100, inside: [leaf('a', 100)] };
    const { canvas, count } = draw(root, [0, 0], { shares: [153, 102, 153, 102] });
    expect(hasBands(canvas, 1)).toBe(true);
    expect(count(RED) / (count(RED) + count(GREEN))).toBeCloseTo(0.6, 1);
  });

  test('a tile nearly all of one bin, and a small one, have one colour', () => {
    const root: Drawn = { name: '', bytes: 100, inside: [leaf('a', 100)] };
    const nearly = draw(root, [0, 0], { shares: [240, 15, 240, 15] });
    expect([hasBands(nearly.canvas, 1), nearly.count(GREEN)]).toEqual([false, 0]);
    const small = draw(root, [0, 0], { shares: [153, 102, 153, 102], width: 30, height: 20 });
    expect([hasBands(small.canvas, 1), small.count(GREEN)]).toEqual([false, 0]);
  });

  test('what the brush leaves out is drawn faint', () => {
    const { count } = draw({ name: '', bytes: 100, inside: [leaf('a', 50), leaf('b', 50)] }, [0, 0, 1], { dimmed: 1 });
    expect(count(GREEN)).toBe(0);
    expect(count(mixPixels(GREEN, PANEL, 0.14))).toBe(count(RED));
  });

  test('brothers put together take the colour most of their bytes have', () => {
    const crumbs = Array.from({ length: 400 }, (_, at) => leaf(`s${at}`, 1));
    const root: Drawn = { name: '', bytes: 10_400, inside: [leaf('big', 10_000), ...crumbs] };
    const dominant = [0, 0, ...crumbs.map((_, at) => (at < 300 ? 1 : 0))];
    const { canvas } = draw(root, dominant, { width: 300, height: 100 });
    const [joined] = canvas.layout.joined;
    expect(joined === undefined ? -1 : canvas.layer.dominantOf(joined, canvas.layout.set)).toBe(1);
  });
});

test('pixels are written in the order of canvas memory', () => {
  expect(new Uint8Array(new Uint32Array([pixelOf('#0a141e')]).buffer)).toEqual(new Uint8Array([10, 20, 30, 255]));
  expect(mixPixels(pixelOf('#ffffff'), pixelOf('#000000'), 0.5)).toBe(pixelOf('#808080'));
});
