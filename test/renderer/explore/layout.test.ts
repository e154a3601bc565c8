import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLOSED, HIDDEN, joinedAt, type Layout, layOut, OPEN } from '../../../src/renderer/explore/map/layout.ts';
import { type Drawn, setOf } from './tiles.ts';

const dir = (name: string, inside: readonly Drawn[], rest = 0, entries = 1): Drawn => ({
  name,
  bytes: inside.reduce((sum, { bytes }) => sum + bytes, rest),
  inside: [
    ...[...inside].sort((a, b) => b.bytes - a.bytes),
    ...(rest > 0 ? [{ name: '', bytes: rest, kind: 'rest' as const, entries }] : []),
  ],
});
const leaf = (name: string, bytes: number): Drawn => ({ name, bytes });
const area = ({ w, h }: Layout, tile: number): number => (w[tile] as number) * (h[tile] as number);

describe('the treemap layout', () => {
  test('areas of brothers go as their bytes', () => {
    const layout = layOut(setOf(dir('', [leaf('a', 600), leaf('b', 300), leaf('c', 100)])), 1000, 500);
    expect(area(layout, 1) / area(layout, 2)).toBeCloseTo(2, 3);
    expect(area(layout, 2) / area(layout, 3)).toBeCloseTo(3, 3);
  });

  test('a rest is drawn as one tile that says how many it stands for', () => {
    const layout = layOut(setOf(dir('', [leaf('a', 70)], 30, 12_431)), 300, 200);
    expect(joinedAt(layout, layout.set.count)).toMatchObject({ parent: 0, bytes: 30, entries: 12_431 });
    expect(area(layout, layout.set.count) / (300 * 200)).toBeCloseTo(0.3, 3);
  });

  test('what comes out too thin joins the rest and is counted with it', () => {
    const thin = Array.from({ length: 300 }, (_, at) => leaf(`s${at}`, 1));
    const layout = layOut(setOf(dir('', [leaf('big', 100_000), ...thin], 50, 7)), 200, 100);
    const joined = joinedAt(layout, layout.set.count);
    expect(joined?.entries).toBe(307);
    expect(joined?.bytes).toBe(350);
    expect([...layout.state].filter((state, tile) => tile < layout.set.count && state === CLOSED)).toHaveLength(1);
  });

  test('first level directories get a strip of 20 px, second level 16 px, small ones none', () => {
    const layout = layOut(setOf(dir('', [dir('a', [dir('b', [leaf('c', 90)]), leaf('d', 10)]), dir('t', [leaf('u', 1)])])), 600, 400);
    const header = (path: string): number | undefined => layout.header[layout.set.find(path)];
    expect([header('a/'), header('a/b/'), header('t/')]).toEqual([20, 16, 0]);
  });

  test('nothing is drawn for no bytes or no room', () => {
    expect(layOut(setOf(leaf('', 0)), 500, 500).state.some((state) => state !== HIDDEN)).toBe(false);
    expect(layOut(setOf(dir('', [leaf('a', 1)])), 2, 500).state.some((state) => state !== HIDDEN)).toBe(false);
  });

  test('for any tree, tiles lie in their directory, brothers do not overlap, and every byte is drawn', () => {
    const tree = fc.letrec<{ node: { size: number; children: readonly unknown[] } }>((tie) => ({
      node: fc.record({
        size: fc.integer({ min: 0, max: 1_000_000 }),
        children: fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.constant([]), fc.array(tie('node'), { maxLength: 7 })),
      }),
    })).node;
    type Shape = { size: number; children: readonly Shape[] };
    const build = (shape: Shape, name: string): Drawn =>
      shape.children.length === 0
        ? leaf(name, shape.size)
        : dir(
            name,
            shape.children.map((child, at) => build(child, String(at))),
            shape.size % 7,
          );
    const slack = 0.01;
    fc.assert(
      fc.property(tree, fc.integer({ min: 10, max: 900 }), fc.integer({ min: 10, max: 700 }), (shape, width, height) => {
        const layout = layOut(setOf(build(shape as Shape, '')), width, height);
        const { set, x, y, w, h, state } = layout;
        const box = (tile: number) => ({
          left: x[tile] as number,
          top: y[tile] as number,
          right: (x[tile] as number) + (w[tile] as number),
          bottom: (y[tile] as number) + (h[tile] as number),
        });
        for (let tile = 0; tile < set.count; tile++) {
          if (state[tile] !== OPEN) continue;
          const own = box(tile);
          const inside: number[] = [];
          for (let child = tile + 1; child < (set.end[tile] as number); child = set.end[child] as number)
            if (state[child] !== HIDDEN) inside.push(child);
          layout.joined.forEach(({ parent }, at) => {
            if (parent === tile) inside.push(set.count + at);
          });
          const drawn = inside.reduce((sum, child) => sum + (joinedAt(layout, child)?.bytes ?? (set.bytes[child] as number)), 0);
          if (inside.length > 0) expect(drawn).toBe(set.bytes[tile]);
          inside.forEach((child, at) => {
            const one = box(child);
            expect(one.left).toBeGreaterThanOrEqual(own.left - slack);
            expect(one.top).toBeGreaterThanOrEqual(own.top - slack);
            expect(one.right).toBeLessThanOrEqual(own.right + slack);
            expect(one.bottom).toBeLessThanOrEqual(own.bottom + slack);
            for (const brother of inside.slice(at + 1)) {
              const other = box(brother);
              const overlaps =
                one.left < other.right - slack &&
                other.left < one.right - slack &&
                one.top < other.bottom - slack &&
                other.top < one.bottom - slack;
              expect(overlaps).toBe(false);
            }
          });
        }
      }),
      { seed: 20261121, numRuns: 120 },
    );
  });
});

describe('the tiles of a set', () => {
  test('are named by whole paths below the prefix, and found by their ids', () => {
    const set = setOf({ name: 'runs', bytes: 9, inside: [dir('a', [{ name: 'k‮', bytes: 4, kind: 'version' }, leaf('', 3)], 2)] }, 'runs/');
    expect([1, 2, 3, 4].map((tile) => set.path(tile))).toEqual(['runs/a/', 'runs/a/k‮', 'runs/a//', 'runs/a/']);
    expect(set.id(2)).toBe('runs/a/k‮\u0000\u00002026-11-01T00:00:00.000Z');
    expect([set.find('runs/a/'), set.find('runs/a//'), set.find(set.id(2)), set.find('runs/b/')]).toEqual([1, 3, 2, -1]);
  });
});
