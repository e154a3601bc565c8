import type { MapLayer } from '../../contract/map.ts';
import { AGE_BINS, CATEGORIES, CATEGORY_OF_KIND, KINDS } from '../../contract/vocabulary.ts';
import { utcDay } from '../cube/cell-builder.ts';
import { ageBin, groupingOf, MARKER, type PackedCube } from '../cube/group.ts';
import type { Lot } from './tile-sums.ts';

/** Nothing can be told. */
export const NO_BIN = 255;

/** A layer that tells the bytes of one tile apart: every version falls into one bin. */
export interface LotLayer {
  readonly bins: readonly string[];
  /** By cell of the cube; NO_BIN for delete markers. */
  readonly binOfCell: Uint8Array;
  binOf(lot: Lot): number;
}

const CATEGORY_INDEX = KINDS.map((kind) => CATEGORIES.indexOf(CATEGORY_OF_KIND[kind]));

type CubeLayer = 'age' | 'class' | 'category';
const known = new WeakMap<PackedCube, Map<CubeLayer, LotLayer>>();

/** The layers of the cube itself, made once for a cube. */
export function lotLayer(cube: PackedCube, layer: CubeLayer): LotLayer {
  const layers = known.get(cube) ?? new Map<CubeLayer, LotLayer>();
  known.set(cube, layers);
  const had = layers.get(layer);
  if (had !== undefined) return had;
  const made = layer === 'age' ? ageLayer(cube) : layer === 'class' ? classLayer(cube) : categoryLayer(cube);
  for (let cell = 0; cell < cube.cellCount; cell++) if (cube.state[cell] === MARKER) made.binOfCell[cell] = NO_BIN;
  layers.set(layer, made);
  return made;
}

/** A plain loop: `from` with a function takes ten times as long over millions. */
function mapped(values: ArrayLike<number>, of: (value: number) => number): Uint8Array {
  const out = new Uint8Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = of(values[i] as number);
  return out;
}

function ageLayer(cube: PackedCube): LotLayer {
  const asOfDay = utcDay(cube.asOfMs);
  return {
    bins: AGE_BINS.map(({ key }) => key),
    binOfCell: mapped(cube.writtenDay, (day) => ageBin(asOfDay, day)),
    binOf: ({ writtenDay }) => ageBin(asOfDay, writtenDay),
  };
}

function categoryLayer(cube: PackedCube): LotLayer {
  return {
    bins: CATEGORIES,
    binOfCell: mapped(cube.kind, (kind) => CATEGORY_INDEX[kind] as number),
    binOf: ({ kind }) => CATEGORY_INDEX[kind] as number,
  };
}

function classLayer(cube: PackedCube): LotLayer {
  const grouping = groupingOf(cube, 'storageClass', 0);
  const bins = (grouping.order ?? []).map((group) => grouping.label(group));
  const bin = cube.classes.map(({ storageClass }) => bins.indexOf(storageClass));
  return {
    bins,
    binOfCell: mapped(cube.classId, (classId) => bin[classId] as number),
    binOf: ({ classId }) => bin[classId] as number,
  };
}

/** A layer that gives each tile one bin by what it is as a whole. */
export interface TileLayer {
  readonly bins: readonly string[];
  /** NO_BIN where nothing can be told. */
  binOf(tile: { readonly bytes: number; readonly noncurrentBytes: number; readonly monthlyUsd: number }): number;
}

const TIB = 2 ** 40;

/** Dollars a month for a TiB, dearest first; the lower bounds lie between the list prices of the storage classes. */
const COST_STEPS = [
  { key: '20+', from: 20 },
  { key: '10-20', from: 10 },
  { key: '4-10', from: 4 },
  { key: '0-4', from: 0 },
] as const;

/** Share of bytes that are noncurrent, least first. */
const DARK_STEPS = [
  { key: '0-5', to: 0.05 },
  { key: '5-15', to: 0.15 },
  { key: '15-30', to: 0.3 },
  { key: '30+', to: Number.POSITIVE_INFINITY },
] as const;

const COST: TileLayer = {
  bins: COST_STEPS.map(({ key }) => key),
  binOf: ({ bytes, monthlyUsd }) => {
    if (bytes === 0 || Number.isNaN(monthlyUsd)) return NO_BIN;
    return COST_STEPS.findIndex(({ from }) => monthlyUsd / (bytes / TIB) >= from);
  },
};

const DARK: TileLayer = {
  bins: DARK_STEPS.map(({ key }) => key),
  binOf: ({ bytes, noncurrentBytes }) => (bytes === 0 ? NO_BIN : DARK_STEPS.findIndex(({ to }) => noncurrentBytes / bytes < to)),
};

export const tileLayer = (layer: 'cost' | 'dark'): TileLayer => (layer === 'cost' ? COST : DARK);

export const isTileLayer = (layer: MapLayer): layer is 'cost' | 'dark' => layer === 'cost' || layer === 'dark';
