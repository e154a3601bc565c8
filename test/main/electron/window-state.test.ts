import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clampBounds } from '../../../src/main/electron/window-state.ts';

const screen = { x: 0, y: 25, width: 1920, height: 1055 };
const second = { x: 1920, y: 0, width: 2560, height: 1440 };

test('a first window is centred on the first screen', () => {
  expect(clampBounds(undefined, [screen])).toEqual({ x: 320, y: 152, width: 1280, height: 800 });
});

test('a window that still fits stays where it was', () => {
  const saved = { x: 2000, y: 100, width: 1400, height: 900 };
  expect(clampBounds(saved, [screen, second])).toEqual(saved);
});

test('a window on a screen that is gone comes back to the first screen', () => {
  expect(clampBounds({ x: 2000, y: 100, width: 1400, height: 900 }, [screen])).toEqual({ x: 260, y: 102, width: 1400, height: 900 });
});

test('whatever was saved, the window lies wholly on one screen', () => {
  const number = fc.integer({ min: -5000, max: 6000 });
  const size = fc.integer({ min: 1, max: 6000 });
  fc.assert(
    fc.property(fc.record({ x: number, y: number, width: size, height: size }), (saved) => {
      const bounds = clampBounds(saved, [screen, second]);
      const on = [screen, second].filter(
        (one) =>
          bounds.x >= one.x &&
          bounds.y >= one.y &&
          bounds.x + bounds.width <= one.x + one.width &&
          bounds.y + bounds.height <= one.y + one.height,
      );
      expect(on).toHaveLength(1);
    }),
    { seed: 7 },
  );
});
