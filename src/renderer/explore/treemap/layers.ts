import type { Node } from '../../../contract/index-views.ts';
import { AGE_BINS, CATEGORIES, STORAGE_CLASSES } from '../../../contract/vocabulary.ts';
import { toUsd } from '../../../core/report/format.ts';
import { AGE_LABELS, CATEGORY_WORDS } from '../../overview/pivot-table.ts';
import type { Tile } from './layout.ts';

export const LAYERS = ['age', 'class', 'category', 'cost'] as const;
export type Layer = (typeof LAYERS)[number];

export const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  age: 'Last write',
  class: 'Class',
  category: 'Category',
  cost: '$ /mo per TiB',
};

/** One colour of a layer. `color` names a custom property; null is the hatch of what is not known. */
export type Bin = { readonly key: string; readonly label: string; readonly color: string | null };

/** The bin of whatever a layer cannot tell. */
const UNKNOWN: Bin = { key: 'unknown', label: 'unknown', color: null };

const AGE: readonly Bin[] = AGE_BINS.map((bin, i) => ({ key: bin.key, label: AGE_LABELS[i] ?? bin.key, color: `--h${i}` }));

/** Classes with a colour of their own; the others are hatched and told apart by name. */
const TINTED = new Set<string>(['S', 'INT', 'IA', '1Z', 'GIR', 'GFR', 'GDA']);
const CLASS: readonly Bin[] = STORAGE_CLASSES.map(({ name, badge }) => ({
  key: name,
  label: className(name),
  color: TINTED.has(badge) ? `--class-${badge}` : null,
}));

const CATEGORY: readonly Bin[] = CATEGORIES.map((key) => ({
  key,
  label: CATEGORY_WORDS[key],
  color: key === 'other' ? null : `--cat-${key}`,
}));

/** Dollars per TiB and month, dearest first; lower bounds sit between the list prices of the storage classes. */
const COST_BINS = [
  { from: 20, bin: { key: '20+', label: '≥ $20', color: '--h1' } },
  { from: 10, bin: { key: '10-20', label: '$10–20', color: '--h2' } },
  { from: 4, bin: { key: '4-10', label: '$4–10', color: '--h3' } },
  { from: 0, bin: { key: '0-4', label: '< $4', color: '--h5' } },
] as const;
const COST: readonly Bin[] = COST_BINS.map((step) => step.bin);

export const BINS: Readonly<Record<Layer, readonly Bin[]>> = { age: AGE, class: CLASS, category: CATEGORY, cost: COST };

/** The class as people say it; an unknown class keeps its own name. */
function className(name: string): string {
  const words: Readonly<Record<string, string>> = {
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
  return words[name] ?? name;
}

const TIB = 2 ** 40;

/** The bin most of the node's bytes are in; on a tie the first, which is the newest, hottest or dearest. */
export function binOf(layer: Layer, node: Node): Bin {
  if (layer === 'cost') return costBin(node);
  let best: Bin = UNKNOWN;
  let most = 0;
  for (const [bin, bytes] of bytesByBin(layer, node)) {
    if (bytes > most) [best, most] = [bin, bytes];
  }
  return best;
}

function costBin(node: Node): Bin {
  if (node.monthlyNanoUsd === null || node.bytes === 0) return UNKNOWN;
  const usdPerTib = toUsd(node.monthlyNanoUsd) / (node.bytes / TIB);
  return COST_BINS.find((step) => usdPerTib >= step.from)?.bin ?? UNKNOWN;
}

function bytesByBin(layer: 'age' | 'class' | 'category', node: Node): [Bin, number][] {
  if (layer === 'age') return node.bytesByAge.map((bytes, i): [Bin, number] => [AGE[i] ?? UNKNOWN, bytes]);
  const bins = BINS[layer];
  const split = layer === 'class' ? node.bytesByClass : node.bytesByCategory;
  const found = new Map<string, [Bin, number]>();
  for (const [key, bytes] of split) {
    const bin = bins.find((candidate) => candidate.key === key) ?? UNKNOWN;
    found.set(bin.key, [bin, (found.get(bin.key)?.[1] ?? 0) + bytes]);
  }
  return [...bins, UNKNOWN].flatMap((bin) => {
    const entry = found.get(bin.key);
    return entry === undefined ? [] : [entry];
  });
}

/** Bytes per bin below the root: exact from its own totals, but for money, where each closed tile counts whole. */
export function histogram(layer: Layer, root: Node, tiles: readonly Tile[]): { readonly bin: Bin; readonly bytes: number }[] {
  const sums = new Map<Bin, number>();
  const add = (bin: Bin, bytes: number): void => void sums.set(bin, (sums.get(bin) ?? 0) + bytes);
  if (layer !== 'cost') for (const [bin, bytes] of bytesByBin(layer, root)) add(bin, bytes);
  else for (const tile of tiles) if (tile.kind !== 'group') add(costBin(tile.node), tile.bytes);
  const always = layer === 'age' || layer === 'cost';
  const shown = [...BINS[layer], UNKNOWN].filter((bin) => (sums.get(bin) ?? 0) > 0 || (always && bin !== UNKNOWN));
  return shown.map((bin) => ({ bin, bytes: sums.get(bin) ?? 0 }));
}
