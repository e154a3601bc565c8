import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MapNode } from '../../../src/contract/index-views.ts';
import { layoutTreemap, MIN_TILE_PX, type Tile } from '../../../src/renderer/explore/treemap/layout.ts';
import { leaf, mapNode } from './nodes.ts';

const overlap = (a: Tile, b: Tile): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
const inside = (a: Tile, b: Tile): boolean => a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w && a.y + a.h <= b.y + b.h;

describe('the treemap layout', () => {
  test('areas of siblings go as their bytes', () => {
    const tiles = layoutTreemap(mapNode('', [leaf('a/', 600), leaf('b/', 300), leaf('c/', 100)]), 1000, 500);
    const area = (id: string): number => {
      const tile = tiles.find((candidate) => candidate.id === id)!;
      return tile.w * tile.h;
    };
    expect(area('a/') / area('b/')).toBeCloseTo(2, 1);
    expect(area('b/') / area('c/')).toBeCloseTo(3, 1);
  });

  test('siblings are a gutter of one pixel apart and fill their directory', () => {
    const tiles = layoutTreemap(mapNode('', [leaf('a/', 50), leaf('b/', 50)]), 401, 200);
    const [left, right] = tiles.filter((tile) => tile.kind === 'leaf').sort((a, b) => a.x - b.x) as [Tile, Tile];
    expect([left.x, left.y, left.h]).toEqual([0, 0, 200]);
    expect(right.x - (left.x + left.w)).toBe(1);
    expect(right.x + right.w).toBe(401);
  });

  test('children too small to see become one "other" tile that counts them', () => {
    const small = Array.from({ length: 5000 }, (_, i) => leaf(`s${i}/`, 1));
    const tiles = layoutTreemap(mapNode('', [leaf('big/', 20_000), ...small]), 200, 100);
    const other = tiles.find((tile) => tile.kind === 'other')!;
    expect(other.count).toBe(5000);
    expect(other.bytes).toBe(5000);
    expect(tiles.filter((tile) => tile.kind === 'leaf').map((tile) => tile.id)).toEqual(['big/']);
  });

  test('what the map left out joins the same "other" tile', () => {
    const tiles = layoutTreemap(mapNode('', [leaf('a/', 70)], { count: 12_431, bytes: 30 }), 300, 200);
    expect(tiles.find((tile) => tile.kind === 'other')).toMatchObject({ count: 12_431, bytes: 30 });
  });

  test('bytes lying in a directory itself are not lost when the map names only its directories', () => {
    const parent = { ...mapNode('', [leaf('a/', 60)]), bytes: 100 };
    expect(layoutTreemap(parent, 300, 200).find((tile) => tile.kind === 'other')?.bytes).toBe(40);
  });

  test('an "other" tile is coloured by what is left, not by what is shown', () => {
    const shown = leaf('a/', 90, { bytesByAge: [90, 0, 0, 0, 0, 0], monthlyNanoUsd: '70' });
    const root = { ...mapNode('', [shown], { count: 4, bytes: 30 }), bytesByAge: [95, 0, 0, 0, 25, 0], monthlyNanoUsd: '100' };
    const left = layoutTreemap(root, 300, 200).find((tile) => tile.kind === 'other')!.node;
    expect(left.bytesByAge).toEqual([5, 0, 0, 0, 25, 0]);
    expect([left.bytes, left.childCount, left.monthlyNanoUsd, left.path]).toEqual([30, 4, '30', '']);
  });

  test('a directory with no listed children is one leaf, and the root one "other" tile', () => {
    const tiles = layoutTreemap({ ...mapNode('', []), bytes: 10, childCount: 3 }, 100, 100);
    expect(tiles.map((tile) => [tile.kind, tile.count])).toEqual([
      ['group', 1],
      ['other', 3],
    ]);
  });

  test('first level directories get a strip of 20 px, second level 16 px, small ones none', () => {
    const deep = mapNode('a/', [mapNode('a/b/', [leaf('a/b/c/', 90)]), leaf('a/d/', 10)]);
    const tiles = layoutTreemap(mapNode('', [deep, mapNode('t/', [leaf('t/u/', 1)])]), 600, 400);
    const header = (id: string): number | undefined => tiles.find((tile) => tile.id === id)?.header;
    expect([header('a/'), header('a/b/'), header('t/')]).toEqual([20, 16, 0]);
  });

  test('nothing is drawn for no bytes or no room', () => {
    expect(layoutTreemap(mapNode('', []), 500, 500)).toEqual([]);
    expect(layoutTreemap(mapNode('', [leaf('a/', 1)]), 2, 500)).toEqual([]);
  });

  test('for any tree, tiles lie in their directory, siblings do not overlap, none is thinner than the smallest', () => {
    const tree = fc.letrec<{ node: { size: number; children: readonly unknown[] } }>((tie) => ({
      node: fc.record({
        size: fc.integer({ min: 0, max: 1_000_000 }),
        children: fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.constant([]), fc.array(tie('node'), { maxLength: 7 })),
      }),
    })).node;
    type Shape = { size: number; children: readonly Shape[] };
    const build = (shape: Shape, path: string): MapNode =>
      shape.children.length === 0
        ? leaf(path, shape.size)
        : mapNode(
            path,
            shape.children.map((child, i) => build(child, `${path}${i}/`)),
            { count: 1, bytes: shape.size % 7 },
          );
    fc.assert(
      fc.property(tree, fc.integer({ min: 10, max: 900 }), fc.integer({ min: 10, max: 700 }), (shape, w, h) => {
        const tiles = layoutTreemap(build(shape as Shape, ''), w, h);
        tiles.forEach((tile, i) => {
          expect(tile.end).toBeGreaterThan(i);
          if (i > 0) expect(Math.min(tile.w, tile.h)).toBeGreaterThanOrEqual(MIN_TILE_PX);
          const children: Tile[] = [];
          for (let at = i + 1; at < tile.end; at = tiles[at]!.end) children.push(tiles[at]!);
          children.forEach((child, a) => {
            expect(inside(child, tile)).toBe(true);
            for (const sibling of children.slice(a + 1)) expect(overlap(child, sibling)).toBe(false);
          });
        });
      }),
      { seed: 20261121, numRuns: 120 },
    );
  });
});
