import type { Tile } from './layout.ts';

/** The innermost tile under a point, in the pre-order the layout made; null over a gutter of the root. */
export function tileAt(tiles: readonly Tile[], x: number, y: number): Tile | null {
  let found: Tile | null = null;
  let i = 0;
  while (i < tiles.length) {
    const tile = tiles[i]!;
    if (contains(tile, x, y)) {
      found = tile;
      i += 1;
    } else i = tile.end;
  }
  return found;
}

const contains = (tile: Tile, x: number, y: number): boolean => x >= tile.x && x < tile.x + tile.w && y >= tile.y && y < tile.y + tile.h;

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The leaf to go to from `from` in a direction: the nearest that begins beyond its edge there,
 * distance across counted double so that a row is followed before a diagonal. Null at the edge.
 */
export function neighbour(tiles: readonly Tile[], from: Tile, direction: Direction): Tile | null {
  let best: Tile | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const tile of tiles) {
    if (tile.kind !== 'leaf' || tile === from) continue;
    const along = beyond(from, tile, direction);
    if (along < 0) continue;
    const cost = along + 2 * across(from, tile, direction);
    if (cost < bestCost) {
      bestCost = cost;
      best = tile;
    }
  }
  return best;
}

/** How far past the edge of `from` the tile begins; negative when it does not lie that way. */
function beyond(from: Tile, tile: Tile, direction: Direction): number {
  switch (direction) {
    case 'left':
      return from.x - (tile.x + tile.w);
    case 'right':
      return tile.x - (from.x + from.w);
    case 'up':
      return from.y - (tile.y + tile.h);
    case 'down':
      return tile.y - (from.y + from.h);
  }
}

/** Distance between the centres across the direction of travel, none where the middle of `from` meets the tile. */
function across(from: Tile, tile: Tile, direction: Direction): number {
  const sideways = direction === 'left' || direction === 'right';
  const middle = sideways ? from.y + from.h / 2 : from.x + from.w / 2;
  const [low, high] = sideways ? [tile.y, tile.y + tile.h] : [tile.x, tile.x + tile.w];
  return Math.max(0, low - middle, middle - high);
}
