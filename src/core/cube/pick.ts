import { CELL_COLUMNS, type CellColumns, makeCube } from './cell-builder.ts';
import type { RefinedCube } from './refine.ts';

/** Some cells of a refined cube, as a refined cube of the same directories. */
export function pickCells({ cube, refinement, matches, band, isNull }: RefinedCube, keep: (cell: number) => boolean): RefinedCube {
  const kept: number[] = [];
  for (let cell = 0; cell < cube.cellCount; cell += 1) if (keep(cell)) kept.push(cell);
  const pick = <T extends { readonly [cell: number]: number }>(from: T, to: T & { [cell: number]: number }): T => {
    for (const [at, cell] of kept.entries()) to[at] = from[cell] as number;
    return to;
  };
  const empty = (column: CellColumns[(typeof CELL_COLUMNS)[number]]) =>
    new (column.constructor as new (length: number) => typeof column)(kept.length);
  const columns = Object.fromEntries(CELL_COLUMNS.map((name) => [name, pick(cube[name], empty(cube[name]))]));
  const cells = { cellCount: kept.length, ...columns } as unknown as CellColumns;
  return {
    cube: makeCube(cube, cube.tree, cells),
    refinement,
    matches: matches.map((match) => pick(match, new Uint8Array(kept.length))),
    band: band === null ? null : pick(band, new Uint16Array(kept.length)),
    isNull: isNull === null ? null : pick(isNull, new Uint8Array(kept.length)),
  };
}
