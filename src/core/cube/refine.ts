import { CellBuilder, type CellColumns, joinCells, makeCube, sliceCells } from './cell-builder.ts';
import type { Cube } from './cube.ts';

export interface NamePrefix {
  readonly directory: number;
  readonly namePrefix: string;
}

/**
 * A cube whose cells are split further, in some directories, by how the names in them begin: every cell
 * lies wholly inside or outside of each name prefix. Rule prefixes may cut inside a name, which the
 * directory alone cannot tell.
 */
export interface RefinedCube {
  readonly cube: Cube;
  readonly namePrefixes: readonly NamePrefix[];
  /** One array per name prefix: 1 where the cell's keys lie in its directory and their names begin with it. */
  readonly matches: readonly Uint8Array[];
}

/** The versions lying directly in one directory, as far as cells need them. Numbers as in `Cube`. */
export interface VersionSource {
  readonly rows: number;
  name(row: number): string;
  readonly kind: ArrayLike<number>;
  readonly unit: ArrayLike<number>;
  readonly classId: ArrayLike<number>;
  /** Index into VERSION_STATES. */
  readonly state: ArrayLike<number>;
  readonly cubeFlags: ArrayLike<number>;
  readonly lockedUntilDay: ArrayLike<number>;
  readonly sizeBytes: ArrayLike<number>;
  readonly lastModifiedMs: ArrayLike<number>;
  /** The last write, or when the successor of a noncurrent version was created. */
  readonly clockMs: ArrayLike<number>;
}

/** Splits the cells of the directories named in `prefixes`; `versionsIn` is asked for each of them once. */
export function refineCube(cube: Cube, prefixes: readonly NamePrefix[], versionsIn: (directory: number) => VersionSource): RefinedCube {
  const nameGroups = [''];
  const byDirectory = new Map<number, string[]>();
  for (const { directory, namePrefix } of prefixes) {
    if (namePrefix === '') continue;
    const known = byDirectory.get(directory) ?? [];
    if (!known.includes(namePrefix)) byDirectory.set(directory, [...known, namePrefix]);
  }
  const pieces: Piece[] = [];
  let next = 0;
  for (const directory of [...byDirectory.keys()].sort((a, b) => a - b)) {
    const longestFirst = (byDirectory.get(directory) ?? []).sort((a, b) => b.length - a.length);
    pieces.push({ cells: sliceCells(cube, next, cube.cellStart[directory] as number), group: 0 });
    pieces.push(...splitDirectory(directory, longestFirst, versionsIn(directory), nameGroups));
    next = cube.cellStart[directory + 1] as number;
  }
  pieces.push({ cells: sliceCells(cube, next, cube.cellCount), group: 0 });
  const { refined, group } = assemble(cube, pieces);
  const matches = prefixes.map(({ directory, namePrefix }) => {
    const match = new Uint8Array(refined.cellCount);
    for (let cell = refined.cellStart[directory] as number; cell < (refined.cellStart[directory + 1] as number); cell++) {
      if ((nameGroups[group[cell] as number] as string).startsWith(namePrefix)) match[cell] = 1;
    }
    return match;
  });
  return { cube: refined, namePrefixes: prefixes, matches };
}

type Piece = { readonly cells: CellColumns; readonly group: number };

function splitDirectory(directory: number, longestFirst: readonly string[], versions: VersionSource, nameGroups: string[]): Piece[] {
  const builders = new Map<string, CellBuilder>();
  for (let row = 0; row < versions.rows; row++) {
    const name = versions.name(row);
    const group = longestFirst.find((prefix) => name.startsWith(prefix)) ?? '';
    let builder = builders.get(group);
    if (!builder) {
      builder = new CellBuilder();
      builders.set(group, builder);
    }
    builder.add({
      directory,
      kind: versions.kind[row] as number,
      unit: versions.unit[row] as number,
      classId: versions.classId[row] as number,
      state: versions.state[row] as number,
      flags: versions.cubeFlags[row] as number,
      lockedUntilDay: versions.lockedUntilDay[row] as number,
      sizeBytes: versions.sizeBytes[row] as number,
      lastModifiedMs: versions.lastModifiedMs[row] as number,
      clockMs: versions.clockMs[row] as number,
    });
  }
  return [...builders.keys()].sort().map((group) => {
    const cells = (builders.get(group) as CellBuilder).finish();
    let index = nameGroups.indexOf(group);
    if (index < 0) index = nameGroups.push(group) - 1;
    return { cells, group: index };
  });
}

/** The pieces one after the other; `group` is the name group of every cell. */
function assemble(cube: Cube, pieces: readonly Piece[]): { readonly refined: Cube; readonly group: Uint32Array } {
  const cells = joinCells(pieces.map((piece) => piece.cells));
  const group = new Uint32Array(cells.cellCount);
  let at = 0;
  for (const piece of pieces) {
    group.fill(piece.group, at, at + piece.cells.cellCount);
    at += piece.cells.cellCount;
  }
  return { refined: makeCube(cube, cube.tree, cells), group };
}
