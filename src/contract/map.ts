import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { Instant, NanoUsd, Whole } from './units.ts';

/** Numbers of one type side by side, little-endian, as base64: a list of fifty thousand would take longer to read than to draw. */
export const Packed = v.string();

/** What the map can be coloured by. */
export const MAP_LAYERS = ['age', 'class', 'category', 'cost', 'dark'] as const;
export type MapLayer = (typeof MAP_LAYERS)[number];

/**
 * A directory as the treemap draws it: tiles in pre-order, brothers by bytes and the largest first. Tile 0 is the directory
 * itself. A tile is a directory (kind 0), a version (1), or the rest of a directory that has no tiles of its own (2), which
 * comes last among its brothers.
 */
export const MapTilesSchema = v.strictObject({
  asOf: Instant,
  prices: PricedAtSchema,
  /** The directory: "" or a prefix ending in "/". */
  prefix: v.string(),
  count: Whole,
  /** Int32: the tile around; -1 for tile 0. */
  parent: Packed,
  /** Uint8. */
  kind: Packed,
  /** Last segment of each tile's path; "" for a rest. */
  names: v.array(v.string()),
  /** Float64: bytes of all versions in it, and how many. */
  bytes: Packed,
  versions: Packed,
  /** Float64: bytes of noncurrent versions in it. */
  noncurrentBytes: Packed,
  /** Float64: dollars a month to about a millionth, for what is shown of many tiles at once; exact figures come by directory. NaN where nothing in it has a price. */
  monthlyUsd: Packed,
  /** Int32: UTC day of the newest write; of a rest, that of its directory. -2^31 where there is none. */
  newestWriteDay: Packed,
  /** Float64: directories and versions directly below; for a rest, how many entries it stands for. */
  entries: Packed,
  /** Of the version tiles, in their order: which version each is. */
  versionIds: v.array(v.nullable(v.string())),
  /** Float64, of the version tiles alone: milliseconds since the epoch. */
  lastModifiedMs: Packed,
});
export type MapTiles = v.InferOutput<typeof MapTilesSchema>;

/** How the tiles of a directory fall into the bins of one layer. */
export const MapLayerSchema = v.strictObject({
  layer: v.picklist(MAP_LAYERS),
  /** Every bin there is, in the order of the legend, with what falls into it: exact, but for cost and dark, where a tile counts whole. */
  bins: v.array(v.strictObject({ key: v.string(), bytes: Whole, versions: Whole, monthlyNanoUsd: v.nullable(NanoUsd) })),
  /** Uint8 by tile: the bin most of its bytes are in, the first of equals; 255 where nothing is known. */
  dominant: Packed,
  /** Uint8 by tile and bin, 255 for all of a tile's bytes; "" where a tile has one bin only. */
  shares: Packed,
});
export type MapLayerAnswer = v.InferOutput<typeof MapLayerSchema>;
