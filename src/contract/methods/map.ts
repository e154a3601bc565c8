import * as v from 'valibot';
import { MAP_LAYERS, MapLayerSchema, MapTilesSchema } from '../map.ts';
import { Whole } from '../units.ts';
import { At, type Definition, Region } from './definition.ts';

/** Which tiles: the same room gives the same tiles, so that a layer fits the tiles asked for before. */
const Room = {
  ...At,
  prefix: v.string(),
  /** Square CSS pixels there are to draw on; what would be smaller than a visible tile has none of its own. */
  areaPx: v.pipe(Whole, v.minValue(1), v.maxValue(50_000_000)),
  /** Most directories, the largest first. */
  limit: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(100_000)), 50_000),
  region: Region,
};

/** A directory as a treemap. */
export const MAP_METHODS = {
  'map.tiles': { effect: 'read', params: v.strictObject(Room), result: MapTilesSchema },
  'map.layer': { effect: 'read', params: v.strictObject({ ...Room, layer: v.picklist(MAP_LAYERS) }), result: MapLayerSchema },
} as const satisfies Record<string, Definition>;
