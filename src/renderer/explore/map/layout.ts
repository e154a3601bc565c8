import { DIRECTORY, REST, type TileSet } from './tile-set.ts';

/** Below this side, in CSS pixels, a tile can be neither seen nor hit: such brothers join the rest. */
const MIN_TILE_PX = 3;
/** Each attempt drops the tiles that came out too thin; a few leave none. */
const MOST_ATTEMPTS = 4;

/** Not drawn: too small, or inside something that is closed. */
export const HIDDEN = 0;
/** One coloured rectangle. */
export const CLOSED = 1;
/** A directory drawn open, its tiles inside it. */
export const OPEN = 2;

/**
 * Where the tiles of a set lie, in CSS pixels, by tile. Directories whose small tiles were put together have one more
 * tile for them, numbered from `set.count` on: `joined` tells what it stands for.
 */
export interface Layout {
  readonly set: TileSet;
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly state: Uint8Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly w: Float32Array;
  readonly h: Float32Array;
  /** Height of the header strip of an open directory; 0 where none fits. */
  readonly header: Uint8Array;
  /** By tile number less `set.count`. */
  readonly joined: readonly Joined[];
}

/** Brothers too small to draw. */
export interface Joined {
  readonly parent: number;
  readonly tiles: readonly number[];
  readonly bytes: number;
  /** Entries of the directory they stand for. */
  readonly entries: number;
}

/** Lays the set out over `width` x `height` CSS pixels; area is bytes. */
export function layOut(set: TileSet, width: number, height: number): Layout {
  const most = set.count * 2;
  const layout = {
    set,
    width,
    height,
    count: set.count,
    state: new Uint8Array(most),
    x: new Float32Array(most),
    y: new Float32Array(most),
    w: new Float32Array(most),
    h: new Float32Array(most),
    header: new Uint8Array(most),
    joined: [] as Joined[],
  };
  if (width < MIN_TILE_PX || height < MIN_TILE_PX || set.count === 0 || !((set.bytes[0] as number) > 0)) return layout;
  setRect(layout, 0, 0, 0, Math.floor(width), Math.floor(height));
  const waiting = [0];
  const inside: number[] = [];
  for (let tile = waiting.pop(); tile !== undefined; tile = waiting.pop()) {
    inside.length = 0;
    for (let child = tile + 1; child < (set.end[tile] as number); child = set.end[child] as number) inside.push(child);
    if (!opens(layout, tile, inside)) {
      layout.state[tile] = CLOSED;
      continue;
    }
    layout.state[tile] = OPEN;
    const header = headerHeight(set.depth[tile] as number, layout.w[tile] as number, layout.h[tile] as number);
    layout.header[tile] = header;
    const pad = set.depth[tile] === 1 ? 1 : 0;
    const [x, y] = [(layout.x[tile] as number) + pad, (layout.y[tile] as number) + header];
    const [w, h] = [(layout.w[tile] as number) - 2 * pad, (layout.h[tile] as number) - header - pad];
    for (const child of fill(layout, tile, inside, x, y, w, h)) {
      if (set.kind[child] === DIRECTORY) waiting.push(child);
      else layout.state[child] = CLOSED;
    }
  }
  layout.count = set.count + layout.joined.length;
  return layout;
}

type Growing = { -readonly [K in keyof Layout]: Layout[K] } & { joined: Joined[] };

function setRect(layout: Growing, tile: number, x: number, y: number, w: number, h: number): void {
  layout.x[tile] = x;
  layout.y[tile] = y;
  layout.w[tile] = w;
  layout.h[tile] = h;
}

function opens({ set, w, h }: Growing, tile: number, inside: readonly number[]): boolean {
  if (tile === 0) return inside.length > 0;
  return (
    inside.length > 0 && (w[tile] as number) >= 3 * MIN_TILE_PX && (h[tile] as number) >= 3 * MIN_TILE_PX && set.kind[tile] === DIRECTORY
  );
}

/** First level 20 px, second 16 px, deeper none: deeper levels are told apart by their tiles alone. */
function headerHeight(depth: number, w: number, h: number): number {
  // A strip that took more than about a third of its directory would hide what it names.
  if (depth === 0 || depth > 2 || w < (depth === 1 ? 56 : 72) || h < (depth === 1 ? 56 : 48)) return 0;
  return depth === 1 ? 20 : 16;
}

/** Places brothers in a rectangle; what comes out too thin joins the rest. Returns those with a place. */
function fill(layout: Growing, parent: number, inside: readonly number[], x: number, y: number, w: number, h: number): number[] {
  const { set } = layout;
  const restAt = inside.findIndex((tile) => set.kind[tile] === REST);
  const rest = restAt < 0 ? undefined : (inside[restAt] as number);
  let shown = rest === undefined ? [...inside] : inside.filter((tile) => tile !== rest);
  let joined: number[] = [];
  let left = rest === undefined ? 0 : (set.bytes[rest] as number);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const extra = left > 0 ? set.count + layout.joined.length : -1;
    squarify(layout, shown, extra, left, x, y, w, h);
    const thin = shown.filter((tile) => (layout.w[tile] as number) < MIN_TILE_PX || (layout.h[tile] as number) < MIN_TILE_PX);
    if (thin.length === 0 || attempt === MOST_ATTEMPTS - 1) break;
    const isThin = new Set(thin);
    shown = shown.filter((tile) => !isThin.has(tile));
    joined = [...joined, ...thin];
    left += thin.reduce((sum, tile) => sum + (set.bytes[tile] as number), 0);
  }
  if (left > 0) {
    const own = rest === undefined ? 0 : (set.entries[rest] as number);
    const at = set.count + layout.joined.length;
    layout.state[at] = CLOSED;
    layout.joined.push({ parent, tiles: rest === undefined ? joined : [rest, ...joined], bytes: left, entries: own + joined.length });
  }
  return shown;
}

/**
 * Squarified (Bruls, Huizing, van Wijk 2000): rows along the shorter side, each as long as that keeps its worst tile squarer.
 * `tiles` by bytes, the largest first; `extra`, where it is not negative, comes last with `extraBytes`.
 */
function squarify(
  layout: Growing,
  tiles: readonly number[],
  extra: number,
  extraBytes: number,
  x: number,
  y: number,
  w: number,
  h: number,
): void {
  const { set } = layout;
  const n = tiles.length + (extra >= 0 ? 1 : 0);
  const bytesAt = (i: number): number => (i < tiles.length ? (set.bytes[tiles[i] as number] as number) : extraBytes);
  let total = 0;
  for (let i = 0; i < n; i++) total += bytesAt(i);
  if (total <= 0) return;
  let from = 0;
  while (from < n) {
    const scale = (w * h) / total;
    const side = Math.min(w, h);
    let to = from;
    let sum = 0;
    let worst = Number.POSITIVE_INFINITY;
    const largest = bytesAt(from) * scale;
    while (to < n) {
      const area = bytesAt(to) * scale;
      const next = sum + area;
      const thick = next / side;
      // The largest and the smallest of a row decide how far from square it is.
      const ratio = Math.max(largest / (thick * thick), (thick * thick) / Math.max(area, 1e-9));
      const squareness = Math.max(ratio, 1 / ratio);
      if (to > from && squareness > worst) break;
      worst = squareness;
      sum = next;
      to++;
    }
    const isLast = to === n;
    const thick = isLast ? Math.max(w, h) : sum / side;
    let along = 0;
    for (let i = from; i < to; i++) {
      const tile = i < tiles.length ? (tiles[i] as number) : extra;
      const length = (bytesAt(i) * scale) / Math.max(sum / side, 1e-9);
      const size = i === to - 1 ? side - along : length;
      if (w >= h) setRect(layout, tile, x, y + along, thick, size);
      else setRect(layout, tile, x + along, y, size, thick);
      along += length;
    }
    for (let i = from; i < to; i++) total -= bytesAt(i);
    if (w >= h) {
      x += thick;
      w -= thick;
    } else {
      y += thick;
      h -= thick;
    }
    from = to;
  }
}

/** What a tile is called when it has a number beyond the set's own. */
export const joinedAt = (layout: Layout, tile: number): Joined | undefined => layout.joined[tile - layout.set.count];
