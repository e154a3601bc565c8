import { appError } from '../../../contract/errors.ts';
import type { PricedAt } from '../../../contract/index-views.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import type { CellRange, PackedCube } from '../../../core/cube/group.ts';
import { MonthlyPrice } from '../../../core/cube/monthly-price.ts';
import { prefixScope } from '../../../core/cube/prefix.ts';
import { NO_REFINEMENT } from '../../../core/cube/refine.ts';
import { choosePrices, type PricePlaces } from '../../prices.ts';
import { type IndexReader, openIndex } from '../reader.ts';

/** A snapshot with its prices: what every view starts from. */
export interface View {
  readonly reader: IndexReader;
  readonly snapshotId: string;
  /** The snapshot's own time, so that one index always prints the same bytes. */
  readonly asOf: string;
  readonly cube: PackedCube;
  readonly price: MonthlyPrice;
  readonly prices: PricedAt;
  readonly warnings: readonly string[];
}

/** Prices of a cube are made once a region: the same list object means the same prices. */
const priced = new WeakMap<PackedCube, MonthlyPrice>();

export async function openView(
  at: { readonly index: string; readonly snapshotId?: string | undefined; readonly region?: string | undefined },
  places: PricePlaces,
): Promise<Result<View>> {
  const reader = openIndex(at.index);
  if (!reader.ok) return reader;
  const snapshot = reader.value.snapshot(at.snapshotId);
  if (!snapshot.ok) return snapshot;
  const { snapshotId, asOf, region } = snapshot.value;
  const chosen = await choosePrices(places, at.region, region);
  if (!chosen.ok) return chosen;
  const { list, assumed } = chosen.value;
  const cube = reader.value.cube(snapshotId);
  if (!cube.ok) return cube;
  let price = priced.get(cube.value);
  if (price?.list !== list) {
    price = new MonthlyPrice(cube.value, list);
    priced.set(cube.value, price);
  }
  const reason = region === null ? 'The region of the bucket is not known' : `There are no prices for the region "${region}" of the bucket`;
  const warnings = [...snapshot.value.warnings, ...(assumed ? [`${reason}; prices of ${list.region} are assumed.`] : [])];
  const prices = { region: list.region, asOf: list.asOf, assumed };
  return ok({ reader: reader.value, snapshotId, asOf, cube: cube.value, price, prices, warnings });
}

/** What a prefix covers of a cube, which is refined where the prefix ends inside names. */
export interface Scope {
  readonly cube: PackedCube;
  readonly ranges: readonly CellRange[];
  /** The directory the prefix lies in: "by prefix" groups by its children. */
  readonly directory: number;
}

/** The keys that begin with a prefix; Usage where there are none. */
export function scopeOf(view: View, prefix: string): Result<Scope> {
  const { cube, reader, snapshotId } = view;
  const found = prefixScope(cube.tree, prefix);
  if (!found) return err(nothingUnder(prefix));
  const from = cube.cellStart[found.from] as number;
  const to = cube.cellStart[found.to] as number;
  if (!found.cut) return ok({ cube, ranges: [{ from, to }], directory: found.from });
  const { directory } = found.cut;
  const refined = reader.refine(snapshotId, cube, { ...NO_REFINEMENT, namePrefixes: [found.cut] });
  if (!refined.ok) return refined;
  const split: PackedCube = { ...refined.value.cube, tree: cube.tree };
  const only = refined.value.matches[0] as Uint8Array;
  const own = { from: split.cellStart[directory] as number, to: split.cellStart[directory + 1] as number, only };
  if (found.to === found.from && !only.includes(1)) return err(nothingUnder(prefix));
  const below = { from: split.cellStart[found.from] as number, to: split.cellStart[found.to] as number };
  return ok({ cube: split, ranges: [own, below], directory });
}

/** The directory with exactly this path; Usage where there is none. */
export function directoryOf(view: View, prefix: string): Result<number> {
  const directory = view.cube.tree.find(prefix);
  return directory < 0 ? err(nothingUnder(prefix)) : ok(directory);
}

const nothingUnder = (prefix: string) =>
  appError('Usage', `No key of the snapshot lies under the prefix "${prefix}".`, {
    field: 'prefix',
    next: 'Name a prefix that holds something; a directory ends in "/".',
  });
