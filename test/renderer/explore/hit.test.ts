import { describe, expect, test } from 'vitest';
import { neighbour, tileAt } from '../../../src/renderer/explore/treemap/hit.ts';
import { layoutTreemap, type Tile } from '../../../src/renderer/explore/treemap/layout.ts';
import { leaf, mapNode } from './nodes.ts';

const tiles = layoutTreemap(
  mapNode('', [mapNode('a/', [leaf('a/x/', 50), leaf('a/y/', 50)]), mapNode('b/', [leaf('b/z/', 60), leaf('b/w/', 40)])]),
  800,
  400,
);
const byId = (id: string) => tiles.find((tile) => tile.id === id)!;

function square(path: string, x: number, y: number): Tile {
  return { kind: 'leaf', id: path, node: leaf(path, 25), depth: 1, x, y, w: 100, h: 100, header: 0, bytes: 25, count: 1, end: 1 };
}

describe('finding the tile under a point', () => {
  test('the innermost tile is found at the centre of every tile', () => {
    for (const tile of tiles.filter((candidate) => candidate.kind !== 'group')) {
      expect(tileAt(tiles, tile.x + tile.w / 2, tile.y + tile.h / 2)?.id).toBe(tile.id);
    }
  });

  test('a header strip belongs to its directory', () => {
    const group = byId('a/');
    expect(group.header).toBe(20);
    expect(tileAt(tiles, group.x + 4, group.y + 4)?.id).toBe('a/');
  });

  test('a gutter between first level directories belongs to the root, and outside there is nothing', () => {
    const right = tiles.filter((tile) => tile.depth === 1).sort((p, q) => p.x - q.x)[1]!;
    expect(tileAt(tiles, right.x - 0.5, 200)?.id).toBe('');
    expect(tileAt(tiles, 801, 10)).toBeNull();
    expect(tileAt(tiles, -1, 10)).toBeNull();
  });

  test('agrees with a search of every tile at a grid of points', () => {
    for (let x = 0; x < 800; x += 13) {
      for (let y = 0; y < 400; y += 11) {
        const slow = tiles.filter((t) => x >= t.x && x < t.x + t.w && y >= t.y && y < t.y + t.h).at(-1) ?? null;
        expect(tileAt(tiles, x, y)?.id).toBe(slow?.id);
      }
    }
  });
});

describe('going from tile to tile', () => {
  test('right then left comes back, and the edge goes nowhere', () => {
    const start = byId('a/x/');
    const right = neighbour(tiles, start, 'right') ?? neighbour(tiles, start, 'down')!;
    expect(right).not.toBe(start);
    const leftmost = tiles.filter((tile) => tile.kind !== 'group').reduce((p, q) => (q.x + q.w / 2 < p.x + p.w / 2 ? q : p));
    expect(neighbour(tiles, leftmost, 'left')).toBeNull();
  });

  test('on a grid of four, a row or column is followed, never a diagonal', () => {
    const [nw, ne, sw, se] = [square('a/', 0, 0), square('b/', 101, 0), square('c/', 0, 101), square('d/', 101, 101)];
    const grid = [nw, ne, sw, se];
    expect([neighbour(grid, nw, 'right'), neighbour(grid, nw, 'down')]).toEqual([ne, sw]);
    expect([neighbour(grid, se, 'left'), neighbour(grid, se, 'up')]).toEqual([sw, ne]);
    expect([neighbour(grid, nw, 'left'), neighbour(grid, nw, 'up')]).toEqual([null, null]);
  });
});
