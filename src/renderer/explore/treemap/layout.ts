import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import type { MapNode } from '../../../contract/index-views.ts';
import { nodeId } from '../node-id.ts';
import { remainderOf } from './remainder.ts';

/** Below this side, in CSS pixels, a tile can be neither seen nor hit: such siblings become one "other" tile. */
export const MIN_TILE_PX = 3;
const GUTTER_PX = 1;

/**
 * One rectangle of the treemap in CSS pixels. Tiles are in pre-order: the tiles inside tile i are
 * [i + 1, end). A `group` is a directory drawn open, a `leaf` a directory or version drawn as one
 * coloured rectangle, `other` the siblings of one directory too small or too many to draw.
 */
export interface Tile {
  readonly kind: 'group' | 'leaf' | 'other';
  readonly id: string;
  /** The directory or version; for `other` what is left of the directory they lie in, under its path. */
  readonly node: MapNode;
  readonly depth: number;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** Height of the header strip; 0 where none fits. */
  readonly header: number;
  readonly bytes: number;
  /** How many nodes an `other` tile stands for; 1 otherwise. */
  readonly count: number;
  end: number;
}

type Item = { readonly node: MapNode | null; readonly bytes: number; readonly count: number };
type Rect = { x: number; y: number; w: number; h: number };
type Placed = Item & Rect;

/** Lays the directory out over `width` x `height` CSS pixels; area is bytes. Nodes without bytes have no area and no tile. */
export function layoutTreemap(root: MapNode, width: number, height: number): Tile[] {
  const tiles: Tile[] = [];
  if (width < MIN_TILE_PX || height < MIN_TILE_PX || root.bytes <= 0) return tiles;
  fill(root, 0, { x: 0, y: 0, w: Math.floor(width), h: Math.floor(height) }, tiles);
  return tiles;
}

function fill(node: MapNode, depth: number, rect: Rect, tiles: Tile[]): void {
  const header = depth === 0 ? 0 : headerHeight(depth, rect);
  const pad = depth === 1 ? 1 : 0;
  const inner = { x: rect.x + pad, y: rect.y + header, w: rect.w - 2 * pad, h: rect.h - header - pad };
  const opens = node.children.length > 0 && inner.w >= 3 * MIN_TILE_PX && inner.h >= 3 * MIN_TILE_PX;
  const at = tiles.length;
  tiles.push({
    kind: opens || depth === 0 ? 'group' : 'leaf',
    id: nodeId(node),
    node,
    depth,
    ...rect,
    header: opens ? header : 0,
    bytes: node.bytes,
    count: 1,
    end: at + 1,
  });
  if (opens) {
    const placed = place(itemsOf(node), inner);
    const shown = placed.flatMap((tile) => (tile.node === null ? [] : [tile.node]));
    for (const tile of placed) {
      if (tile.node !== null) fill(tile.node, depth + 1, tile, tiles);
      else tiles.push(other(remainderOf(node, shown, tile.count), depth + 1, tile, tiles.length));
    }
  } else if (depth === 0) {
    tiles.push(other(remainderOf(node, [], node.childCount), 1, inner, tiles.length));
  }
  tiles[at]!.end = tiles.length;
}

function other(left: MapNode, depth: number, { x, y, w, h }: Rect, at: number): Tile {
  const id = `${left.path}\u0000other`;
  return { kind: 'other', id, node: left, depth, x, y, w, h, header: 0, bytes: left.bytes, count: left.childCount, end: at + 1 };
}

/** First level 20 px, second 16 px, deeper none: deeper levels are told apart by their tiles alone. */
function headerHeight(depth: number, rect: Rect): number {
  // A strip that took more than about a third of its directory would hide what it names.
  if (depth > 2 || rect.w < (depth === 1 ? 56 : 72) || rect.h < (depth === 1 ? 56 : 48)) return 0;
  return depth === 1 ? 20 : 16;
}

/** The children and, as one item, whatever of the directory's bytes is in none of them. */
function itemsOf(node: MapNode): Item[] {
  const items: Item[] = node.children.filter((child) => child.bytes > 0).map((child) => ({ node: child, bytes: child.bytes, count: 1 }));
  items.sort((a, b) => b.bytes - a.bytes);
  const shown = items.reduce((sum, item) => sum + item.bytes, 0);
  const rest = node.bytes - shown;
  if (rest > 0) items.push({ node: null, bytes: rest, count: Math.max(1, node.rest.count) });
  return items;
}

/** Squarifies; whatever comes out thinner than the smallest tile joins the "other" tile, and the rest is laid out again. */
function place(items: readonly Item[], rect: Rect): Placed[] {
  const total = items.reduce((sum, item) => sum + item.bytes, 0);
  const bytesPerPx = total / (rect.w * rect.h);
  const smallest = (MIN_TILE_PX + GUTTER_PX) ** 2 * bytesPerPx;
  let shown = items.filter((item) => item.node !== null && item.bytes >= smallest);
  for (;;) {
    const rest = restOf(items, shown);
    const placed = squarify(rest.bytes > 0 ? [...shown, rest] : shown, rect);
    const kept = placed.filter((tile) => tile.node === null || isVisible(tile)).flatMap((tile) => (tile.node === null ? [] : [tile.node]));
    if (kept.length === shown.length) return placed.filter(isVisible);
    const keptNodes = new Set(kept);
    shown = shown.filter((item) => item.node !== null && keptNodes.has(item.node));
  }
}

const isVisible = (rect: Rect): boolean => rect.w >= MIN_TILE_PX && rect.h >= MIN_TILE_PX;

function restOf(items: readonly Item[], shown: readonly Item[]): Item {
  const isShown = new Set(shown);
  let bytes = 0;
  let count = 0;
  for (const item of items) {
    if (isShown.has(item)) continue;
    bytes += item.bytes;
    count += item.count;
  }
  return { node: null, bytes, count };
}

function squarify(items: readonly Item[], rect: Rect): Placed[] {
  type Datum = { readonly item: Item | null; readonly children?: readonly Datum[] };
  const level: Datum = { item: null, children: items.map((item) => ({ item })) };
  const root = hierarchy<Datum>(level, (datum) => datum.children).sum((datum) => datum.item?.bytes ?? 0);
  const laid = treemap<Datum>().tile(treemapSquarify).size([rect.w, rect.h]).paddingInner(GUTTER_PX).round(true)(root);
  return (laid.children ?? []).flatMap((leaf) =>
    leaf.data.item === null
      ? []
      : [{ ...leaf.data.item, x: rect.x + leaf.x0, y: rect.y + leaf.y0, w: leaf.x1 - leaf.x0, h: leaf.y1 - leaf.y0 }],
  );
}
