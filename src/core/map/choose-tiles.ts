import type { PackedCube } from '../cube/group.ts';
import { subtreeTotals } from '../cube/totals.ts';

/** What one tile of a map stands for. `rest`: whatever of a directory has no tile of its own. */
export const DIRECTORY_TILE = 0;
export const VERSION_TILE = 1;
export const REST_TILE = 2;

/** Below this many square pixels a tile can be neither seen nor hit, its gutter counted. */
const LEAST_TILE_PX = 16;

/** The tiles of a directory in pre-order, brothers by bytes, the largest first and the rest last. Tile 0 is the directory itself. */
export interface ChosenTiles {
  readonly count: number;
  /** -1 for tile 0. */
  readonly parent: Int32Array;
  readonly kind: Uint8Array;
  /** The directory itself, or the one a version or a rest lies in. */
  readonly directory: Uint32Array;
  /** The row within its directory's rows; only for versions. */
  readonly row: Uint32Array;
  readonly bytes: Float64Array;
  /** How many entries of its directory a rest stands for; 1 otherwise. */
  readonly entries: Float64Array;
}

/** Sizes of what lies directly in a directory; delete markers are 0. Undefined where it is not worth reading them. */
export type OwnSizes = (directory: number) => Float64Array | undefined;

/** Whether a directory's own keys may be tiles: that costs reading all of them. */
interface Choice {
  readonly areaPx: number;
  readonly limit: number;
  readonly ownSizes: OwnSizes;
}

/** A directory whose own keys hold this share of what is shown is looked into; there are at most as many as fit. */
const LOOK_INTO = 1 / 100;
/** Its keys become tiles when they hold this share of its own bytes: a few crumbs beside one large rest would tell nothing. */
const MOST_OF_IT = 0.6;
/** A directory whose keys are on average this much smaller than a tile has hardly any that could be one. */
const WORTH_LOOKING = 1 / 24;
const FEW_ROWS = 20_000;

/**
 * Everything below `under` that is large enough to be a tile on `areaPx` square pixels, at most `limit` of them.
 * A directory is as large as its largest child, so none comes without its parent.
 */
export function chooseTiles(cube: PackedCube, under: number, { areaPx, limit, ownSizes }: Choice): ChosenTiles {
  const totals = subtreeTotals(cube);
  const end = cube.tree.subtreeEnd[under] as number;
  const share = (LEAST_TILE_PX / Math.max(areaPx, LEAST_TILE_PX)) * (totals.bytes[under] as number);
  const least = leastBytes(totals.bytes.subarray(under, end), Math.max(share, 1), limit);
  const rows = largeRows(cube, under, least, ownSizes);
  const out = new TileList();
  const open = (directory: number, parent: number): void => {
    const at = out.add(parent, DIRECTORY_TILE, directory, 0, totals.bytes[directory] as number, 1);
    const inside: { directory: number; row: number; bytes: number }[] = [];
    let entries = totals.ownRows[directory] as number;
    for (const child of cube.tree.children(directory)) {
      entries += 1;
      const bytes = totals.bytes[child] as number;
      if (bytes >= least && out.count + inside.length < limit) inside.push({ directory: child, row: -1, bytes });
    }
    for (const { row, bytes } of rows.get(directory) ?? []) inside.push({ directory, row, bytes });
    if (inside.length === 0) return;
    inside.sort((a, b) => b.bytes - a.bytes || a.directory - b.directory || a.row - b.row);
    let left = totals.bytes[directory] as number;
    for (const item of inside) {
      left -= item.bytes;
      if (item.row < 0) open(item.directory, at);
      else out.add(at, VERSION_TILE, directory, item.row, item.bytes, 1);
    }
    if (left > 0) out.add(at, REST_TILE, directory, 0, left, entries - inside.length);
  };
  open(under, -1);
  return out.done();
}

/** The least bytes of a tile: what the area asks for, or more where too many would be as large. */
function leastBytes(bytes: Float64Array, least: number, limit: number): number {
  const large = bytes.filter((value) => value >= least);
  if (large.length <= limit) return least;
  large.sort();
  // A little above what the limit allows, so that brothers of the same size come or go together.
  return (large[large.length - limit] as number) + 1;
}

/** The single keys large enough to be tiles, by directory; only where reading a directory's keys can be worth it. */
function largeRows(cube: PackedCube, under: number, least: number, ownSizes: OwnSizes): Map<number, { row: number; bytes: number }[]> {
  const { ownRows, bytes: below } = subtreeTotals(cube);
  const enough = Math.max(8 * least, (below[under] as number) * LOOK_INTO);
  const end = cube.tree.subtreeEnd[under] as number;
  const found = new Map<number, { row: number; bytes: number }[]>();
  for (let d = under; d < end; d++) {
    const rows = ownRows[d] as number;
    if (rows === 0) continue;
    let bytes = 0;
    for (let cell = cube.cellStart[d] as number; cell < (cube.cellStart[d + 1] as number); cell++) bytes += cube.bytes[cell] as number;
    // Alone in its directory, a key would only hide the directory's name.
    if (rows < 2 || bytes < enough || (rows > FEW_ROWS && bytes / rows < least * WORTH_LOOKING)) continue;
    const large: { row: number; bytes: number }[] = [];
    ownSizes(d)?.forEach((size, row) => {
      if (size >= least) large.push({ row, bytes: size });
    });
    const held = large.reduce((sum, item) => sum + item.bytes, 0);
    if (held >= bytes * MOST_OF_IT) found.set(d, large);
  }
  return found;
}

/** Tiles as they are added, into columns. */
class TileList {
  count = 0;
  private readonly columns = {
    parent: [] as number[],
    kind: [] as number[],
    directory: [] as number[],
    row: [] as number[],
    bytes: [] as number[],
    entries: [] as number[],
  };

  add(parent: number, kind: number, directory: number, row: number, bytes: number, entries: number): number {
    const { columns } = this;
    columns.parent.push(parent);
    columns.kind.push(kind);
    columns.directory.push(directory);
    columns.row.push(row);
    columns.bytes.push(bytes);
    columns.entries.push(entries);
    this.count += 1;
    return this.count - 1;
  }

  done(): ChosenTiles {
    const { parent, kind, directory, row, bytes, entries } = this.columns;
    return {
      count: this.count,
      parent: Int32Array.from(parent),
      kind: Uint8Array.from(kind),
      directory: Uint32Array.from(directory),
      row: Uint32Array.from(row),
      bytes: Float64Array.from(bytes),
      entries: Float64Array.from(entries),
    };
  }
}
