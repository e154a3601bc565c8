import { MAP_LAYERS, type MapLayer, type MapLayerAnswer } from '../../../contract/map.ts';
import { AGE_BINS, STORAGE_CLASSES } from '../../../contract/vocabulary.ts';
import { unpackUint8 } from '../../api/packed.ts';
import { AGE_LABELS, CATEGORY_WORDS, isCategory } from '../../overview/pivot-table.ts';
import type { Joined } from './layout.ts';
import type { TileSet } from './tile-set.ts';

export type Layer = MapLayer;
export const LAYERS: readonly Layer[] = MAP_LAYERS;

export const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  age: 'Last write',
  class: 'Class',
  category: 'Category',
  cost: '$ per TiB',
  dark: 'Dark bytes',
};

/** One colour of a layer. `color` names a custom property; null is the hatch of what is not known. */
export interface Bin {
  readonly key: string;
  readonly label: string;
  readonly color: string | null;
}

/** The bin of whatever a layer cannot tell. */
const UNKNOWN: Bin = { key: 'unknown', label: 'unknown', color: null };

/** A bin with what falls into it in the directory shown. */
export type FilledBin = Bin & MapLayerAnswer['bins'][number];

/** Classes with a colour of their own; the others are hatched and told apart by name. */
const TINTED = new Set<string>(['S', 'INT', 'IA', '1Z', 'GIR', 'GFR', 'GDA']);

const CLASS_NAMES: Readonly<Record<string, string>> = {
  STANDARD: 'Standard',
  REDUCED_REDUNDANCY: 'Reduced Redundancy',
  EXPRESS_ONEZONE: 'Express One Zone',
  INTELLIGENT_TIERING: 'Intelligent-Tiering',
  STANDARD_IA: 'Standard-IA',
  ONEZONE_IA: 'One Zone-IA',
  GLACIER_IR: 'Glacier Instant',
  GLACIER: 'Glacier Flexible',
  DEEP_ARCHIVE: 'Deep Archive',
};

/** The class as people say it; an unknown class keeps its own name. */
export const className = (name: string): string => CLASS_NAMES[name] ?? name;

const COST_BINS: Readonly<Record<string, readonly [label: string, color: string]>> = {
  '20+': ['≥ $20', '--h1'],
  '10-20': ['$10–20', '--h2'],
  '4-10': ['$4–10', '--h3'],
  '0-4': ['< $4', '--h5'],
};

const DARK_BINS: Readonly<Record<string, readonly [label: string, color: string]>> = {
  '0-5': ['< 5 %', '--hx'],
  '5-15': ['5–15 %', '--h1'],
  '15-30': ['15–30 %', '--h3'],
  '30+': ['> 30 %', '--h5'],
};

/** How a bin of a layer looks and what it is called. */
export function binOf(layer: Layer, key: string): Bin {
  switch (layer) {
    case 'age': {
      const at = AGE_BINS.findIndex((bin) => bin.key === key);
      return { key, label: AGE_LABELS[at] ?? key, color: `--h${Math.max(0, at)}` };
    }
    case 'class': {
      const badge = STORAGE_CLASSES.find(({ name }) => name === key)?.badge;
      return { key, label: className(key), color: badge !== undefined && TINTED.has(badge) ? `--class-${badge}` : null };
    }
    case 'category':
      return { key, label: isCategory(key) ? CATEGORY_WORDS[key] : key, color: key === 'other' ? null : `--cat-${key}` };
    case 'cost':
    case 'dark': {
      const known = (layer === 'cost' ? COST_BINS : DARK_BINS)[key];
      return known === undefined ? { ...UNKNOWN, key } : { key, label: known[0], color: known[1] };
    }
  }
}

/** Layers whose bins are all shown, though some are empty: a scale with gaps could not be read. */
const KEEPS_EMPTY: ReadonlySet<Layer> = new Set<Layer>(['age', 'cost', 'dark']);

const NO_BIN = 255;

/** How the tiles of a set fall into the bins of a layer. */
export class LayerData {
  readonly layer: Layer;
  readonly bins: readonly FilledBin[];
  readonly #dominant: Uint8Array;
  readonly #shares: Uint8Array | null;

  constructor(answer: MapLayerAnswer) {
    this.layer = answer.layer;
    this.bins = answer.bins.map((bin) => ({ ...binOf(answer.layer, bin.key), ...bin }));
    this.#dominant = unpackUint8(answer.dominant);
    this.#shares = answer.shares === '' ? null : unpackUint8(answer.shares);
  }

  /** The bins the legend shows. */
  get shown(): readonly FilledBin[] {
    return KEEPS_EMPTY.has(this.layer) ? this.bins : this.bins.filter(({ versions }) => versions > 0);
  }

  /** Number of the bin most of a tile's bytes are in; -1 where nothing is known. */
  dominant(tile: number): number {
    const bin = this.#dominant[tile] ?? NO_BIN;
    return bin === NO_BIN ? -1 : bin;
  }

  /** The same of brothers put together, by their bytes. */
  dominantOf(joined: Joined, set: TileSet): number {
    if (joined.tiles.length === 1) return this.dominant(joined.tiles[0] ?? 0);
    const parts = this.#partsOf(joined, set);
    let best = -1;
    for (let bin = 0; bin < parts.length; bin++) if ((parts[bin] as number) > (best < 0 ? 0 : (parts[best] as number))) best = bin;
    return best;
  }

  /** Shares of a tile by bin, 0..1; null where the layer gives a tile one bin only. */
  shares(tile: number): readonly number[] | null {
    if (this.#shares === null) return null;
    const from = tile * this.bins.length;
    return this.bins.map((_, bin) => (this.#shares?.[from + bin] ?? 0) / 255);
  }

  sharesOf(joined: Joined, set: TileSet): readonly number[] | null {
    if (this.#shares === null) return null;
    if (joined.tiles.length === 1) return this.shares(joined.tiles[0] ?? 0);
    const parts = this.#partsOf(joined, set);
    const sum = parts.reduce((all, part) => all + part, 0);
    return [...parts].map((part) => (sum > 0 ? part / sum : 0));
  }

  #partsOf({ tiles }: Joined, set: TileSet): Float64Array {
    const parts = new Float64Array(this.bins.length);
    for (const tile of tiles) {
      const shares = this.shares(tile);
      const bytes = set.bytes[tile] as number;
      if (shares !== null)
        for (let bin = 0; bin < parts.length; bin++) parts[bin] = (parts[bin] as number) + (shares[bin] as number) * bytes;
      else {
        const bin = this.dominant(tile);
        if (bin >= 0) parts[bin] = (parts[bin] as number) + bytes;
      }
    }
    return parts;
  }
}
