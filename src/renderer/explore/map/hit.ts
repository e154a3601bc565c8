import { CLOSED, HIDDEN, type Layout, OPEN } from './layout.ts';

/** The innermost tile under a point; -1 where there is none. Tile 0 is the ground between the others. */
export function tileAt(layout: Layout, px: number, py: number): number {
  const { set, state, joined } = layout;
  if (set.count === 0 || !contains(layout, 0, px, py)) return -1;
  let found = 0;
  let tile = 1;
  while (tile < set.count) {
    if (state[tile] !== HIDDEN && contains(layout, tile, px, py)) {
      found = tile;
      if (state[tile] !== OPEN) return tile;
      tile += 1;
    } else tile = set.end[tile] as number;
    // Past the end of what was found, nothing of it can follow.
    if (tile >= (set.end[found] as number)) break;
  }
  for (let at = 0; at < joined.length; at++) {
    if (joined[at]?.parent === found && contains(layout, set.count + at, px, py)) return set.count + at;
  }
  return found;
}

const contains = ({ x, y, w, h }: Layout, tile: number, px: number, py: number): boolean =>
  px >= (x[tile] as number) &&
  px < (x[tile] as number) + (w[tile] as number) &&
  py >= (y[tile] as number) &&
  py < (y[tile] as number) + (h[tile] as number);

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The closed tile to go to from `from` in a direction: the nearest that begins beyond its edge there, distance across
 * counted double so that a row is followed before a diagonal. -1 at the edge.
 */
export function neighbour(layout: Layout, from: number, direction: Direction): number {
  const { state, set, x, y, w, h } = layout;
  let best = -1;
  let bestCost = Number.POSITIVE_INFINITY;
  const [fx, fy, fw, fh] = [x[from] as number, y[from] as number, w[from] as number, h[from] as number];
  const isSideways = direction === 'left' || direction === 'right';
  const middle = isSideways ? fy + fh / 2 : fx + fw / 2;
  for (let tile = 1; tile < set.count; tile++) {
    if (state[tile] !== CLOSED || tile === from) continue;
    const [tx, ty, tw, th] = [x[tile] as number, y[tile] as number, w[tile] as number, h[tile] as number];
    const along =
      direction === 'left' ? fx - (tx + tw) : direction === 'right' ? tx - (fx + fw) : direction === 'up' ? fy - (ty + th) : ty - (fy + fh);
    if (along < -0.5) continue;
    const [low, high] = isSideways ? [ty, ty + th] : [tx, tx + tw];
    const cost = Math.max(0, along) + 2 * Math.max(0, low - middle, middle - high);
    if (cost < bestCost) {
      bestCost = cost;
      best = tile;
    }
  }
  return best;
}
