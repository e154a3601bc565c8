import { create } from 'zustand';
import type { ParamsIn } from '../../contract/methods.ts';
import { LAYERS, type Layer } from './map/layers.ts';

export type SortKey = NonNullable<ParamsIn<'tree.children'>['sort']>;
export type Sort = { readonly key: SortKey; readonly descending: boolean };

/** What Explore shows of the directory the route names. Ids are those of node-id.ts. */
interface Explore {
  readonly selection: string | null;
  /** Rows taken along with the selection, by id. */
  readonly marked: ReadonlySet<string>;
  /** What the pointer is on, in the treemap or the table. */
  readonly hovered: string | null;
  readonly layer: Layer;
  readonly sort: Sort;
  readonly expanded: ReadonlySet<string>;
  /** Bins picked in the legend, by layer; with none picked all are drawn alike. */
  readonly picked: Readonly<Partial<Record<Layer, ReadonlySet<string>>>>;

  select(id: string | null): void;
  hover(id: string | null): void;
  mark(ids: readonly string[]): void;
  setLayer(layer: Layer): void;
  nextLayer(): void;
  /** Sorts by a column; by the same column again turns the order round. */
  sortBy(key: SortKey): void;
  expand(paths: readonly string[]): void;
  collapse(path: string): void;
  pick(layer: Layer, bins: readonly string[]): void;
  /** Another snapshot or index: what was open and selected may not be there. */
  forget(): void;
}

export const useExplore = create<Explore>()((set) => ({
  selection: null,
  marked: new Set(),
  hovered: null,
  layer: 'age',
  sort: { key: 'bytes', descending: true },
  expanded: new Set(),
  picked: {},

  select: (selection) => set({ selection }),
  hover: (hovered) => set((state) => (state.hovered === hovered ? state : { hovered })),
  mark: (ids) => set({ marked: new Set(ids) }),
  setLayer: (layer) => set({ layer }),
  nextLayer: () => set(({ layer }) => ({ layer: LAYERS[(LAYERS.indexOf(layer) + 1) % LAYERS.length] ?? layer })),
  // Names begin at A, figures with the largest.
  sortBy: (key) => set(({ sort }) => ({ sort: { key, descending: sort.key === key ? !sort.descending : key !== 'name' } })),
  expand: (paths) =>
    set((state) => (paths.every((path) => state.expanded.has(path)) ? state : { expanded: new Set([...state.expanded, ...paths]) })),
  collapse: (path) => set(({ expanded }) => ({ expanded: new Set([...expanded].filter((open) => open !== path)) })),
  pick: (layer, bins) => set(({ picked }) => ({ picked: { ...picked, [layer]: new Set(bins) } })),
  forget: () => set({ selection: null, marked: new Set(), hovered: null, expanded: new Set(), picked: {} }),
}));
