import fc from 'fast-check';
import { expect, test } from 'vitest';
import { neighbour, tileAt } from '../../../src/renderer/explore/map/hit.ts';
import { CLOSED, HIDDEN, type Layout, layOut } from '../../../src/renderer/explore/map/layout.ts';
import { type Drawn, setOf } from './tiles.ts';

const leaf = (name: string, bytes: number): Drawn => ({ name, bytes });
const four = layOut(setOf({ name: '', bytes: 100, inside: [leaf('a', 25), leaf('b', 25), leaf('c', 25), leaf('d', 25)] }), 200, 200);

const centre = ({ x, y, w, h }: Layout, tile: number): [number, number] => [
  (x[tile] as number) + (w[tile] as number) / 2,
  (y[tile] as number) + (h[tile] as number) / 2,
];

test('the innermost tile under a point is found, whatever the tree', () => {
  type Shape = { size: number; inside: readonly Shape[] };
  const shape = fc.letrec<{ node: { size: number; inside: readonly unknown[] } }>((tie) => ({
    node: fc.record({
      size: fc.integer({ min: 1, max: 1000 }),
      inside: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('node'), { minLength: 1, maxLength: 6 })),
    }),
  })).node;
  const build = ({ size, inside }: Shape): Drawn => {
    if (inside.length === 0) return leaf('x', size);
    const built = inside.map(build).sort((a, b) => b.bytes - a.bytes);
    const bytes = built.reduce((sum, child) => sum + child.bytes, size);
    return { name: 'x', bytes, inside: [...built, { name: '', bytes: size, kind: 'rest' }] };
  };
  fc.assert(
    fc.property(shape, fc.double({ min: 0, max: 499, noNaN: true }), fc.double({ min: 0, max: 299, noNaN: true }), (root, px, py) => {
      const layout = layOut(setOf(build(root as Shape)), 500, 300);
      // The slow way: the deepest of all that contain the point, the joined ones after their directory.
      let slow = -1;
      let depth = -1;
      for (let tile = 0; tile < layout.count; tile++) {
        if (layout.state[tile] === HIDDEN) continue;
        const holds =
          px >= (layout.x[tile] as number) &&
          px < (layout.x[tile] as number) + (layout.w[tile] as number) &&
          py >= (layout.y[tile] as number) &&
          py < (layout.y[tile] as number) + (layout.h[tile] as number);
        const parent = layout.joined[tile - layout.set.count]?.parent;
        const own = parent === undefined ? (layout.set.depth[tile] as number) : (layout.set.depth[parent] as number) + 1;
        if (holds && own > depth) [slow, depth] = [tile, own];
      }
      expect(tileAt(layout, px, py)).toBe(slow);
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('a point outside has no tile', () => {
  expect(tileAt(four, 201, 10)).toBe(-1);
  expect(tileAt(layOut(setOf(leaf('', 0)), 10, 10), 5, 5)).toBe(-1);
});

test('arrows go to the tile beside, and stop at the edge', () => {
  const at = (px: number, py: number): number => tileAt(four, px, py);
  const [left, right, below] = [at(50, 50), at(150, 50), at(50, 150)];
  expect(new Set([left, right, below]).size).toBe(3);
  expect(neighbour(four, left, 'right')).toBe(right);
  expect(neighbour(four, left, 'down')).toBe(below);
  expect(neighbour(four, right, 'left')).toBe(left);
  expect([neighbour(four, left, 'left'), neighbour(four, left, 'up')]).toEqual([-1, -1]);
});

test('every closed tile is reached by arrows from any other', () => {
  const many = layOut(setOf({ name: '', bytes: 300, inside: Array.from({ length: 24 }, (_, at) => leaf(`t${at}`, 24 - at)) }), 640, 400);
  const closed = [...many.state.keys()].filter((tile) => many.state[tile] === CLOSED && tile < many.set.count);
  const seen = new Set([closed[0] as number]);
  const queue = [...seen];
  for (let tile = queue.pop(); tile !== undefined; tile = queue.pop()) {
    for (const direction of ['left', 'right', 'up', 'down'] as const) {
      const next = neighbour(many, tile, direction);
      if (next > 0 && !seen.has(next)) queue.push(next);
      if (next > 0) seen.add(next);
    }
  }
  expect(seen.size).toBe(closed.length);
  expect(centre(many, closed[0] as number).every((value) => value > 0)).toBe(true);
});
