import { SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import { utcDay } from '../cube/cell-builder.ts';
import type { PackedCube } from '../cube/group.ts';
import type { RowBlock } from '../cube/row-block.ts';
import { type ChosenTiles, DIRECTORY_TILE, REST_TILE, VERSION_TILE } from './choose-tiles.ts';

/** What a cell of the cube and a single row have in common, for what tells them apart. */
export interface Lot {
  readonly kind: number;
  readonly classId: number;
  readonly isSmall: number;
  readonly state: number;
  readonly writtenDay: number;
  readonly bytes: number;
}

/** Where a map is of: a directory of a cube, and a way to the rows directly in a directory. */
export interface Ground {
  readonly cube: PackedCube;
  readonly under: number;
  readonly rowsOf: (directory: number) => RowBlock | undefined;
}

/** The tiles of a directory, and for every directory from `under` on the tile its own keys are drawn in. */
export interface Placed {
  readonly tiles: ChosenTiles;
  readonly tileOf: Int32Array;
}

export function place({ cube, under }: Ground, tiles: ChosenTiles): Placed {
  const { tree } = cube;
  const end = tree.subtreeEnd[under] as number;
  const tileOf = new Int32Array(end - under).fill(-1);
  for (let tile = 0; tile < tiles.count; tile++) {
    // The rest of a directory comes after the directory itself and takes its own keys.
    if (tiles.kind[tile] === DIRECTORY_TILE || tiles.kind[tile] === REST_TILE) tileOf[(tiles.directory[tile] as number) - under] = tile;
  }
  for (let at = 1; at < tileOf.length; at++)
    if (tileOf[at] === -1) tileOf[at] = tileOf[(tree.parent[at + under] as number) - under] as number;
  return { tiles, tileOf };
}

/** The cells of everything below a directory. */
export function cellsUnder({ cube, under }: Ground): { readonly from: number; readonly to: number } {
  return { from: cube.cellStart[under] as number, to: cube.cellStart[cube.tree.subtreeEnd[under] as number] as number };
}

/** Calls back with every large key that has a tile of its own, and the tile its directory's other keys are drawn in. */
export function eachRow(ground: Ground, { tiles, tileOf }: Placed, onRow: (lot: Lot, tile: number, around: number) => void): void {
  for (let tile = 0; tile < tiles.count; tile++) {
    if (tiles.kind[tile] !== VERSION_TILE) continue;
    const directory = tiles.directory[tile] as number;
    const rows = ground.rowsOf(directory);
    if (rows !== undefined) onRow(lotOfRow(rows, tiles.row[tile] as number), tile, tileOf[directory - ground.under] as number);
  }
}

/** Adds every tile into the one around it, `width` sums each. Where all of a directory has tiles it is made of them alone. */
export function addInward(tiles: ChosenTiles, sums: Float64Array, width: number): void {
  for (let tile = tiles.count - 1; tile > 0; tile--) {
    const above = (tiles.parent[tile] as number) * width;
    for (let i = 0; i < width; i++) sums[above + i] = (sums[above + i] as number) + (sums[tile * width + i] as number);
  }
}

function lotOfRow(rows: RowBlock, row: number): Lot {
  const bytes = rows.sizeBytes[row] as number;
  return {
    kind: rows.kind[row] as number,
    classId: rows.classId[row] as number,
    isSmall: bytes < SMALL_OBJECT_BYTES ? 1 : 0,
    state: rows.state[row] as number,
    writtenDay: utcDay(rows.lastModifiedMs[row] as number),
    bytes,
  };
}

/** Sums of something by tile: of the cells in one pass, less the keys that have tiles of their own. */
export class TileSums {
  readonly sums: Float64Array;
  private readonly width: number;
  constructor(tiles: ChosenTiles, width: number) {
    this.width = width;
    this.sums = new Float64Array(tiles.count * width);
  }
  add(tile: number, of: number, amount: number): void {
    const at = tile * this.width + of;
    this.sums[at] = (this.sums[at] as number) + amount;
  }
}
