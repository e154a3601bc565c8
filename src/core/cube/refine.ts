import { CELL_COLUMNS, CellBuilder, type CellColumns, joinCells, makeCube, sliceCells } from './cell-builder.ts';
import type { Cube } from './cube.ts';
import type { DirectoryRange, RowBlock } from './row-block.ts';
import { type TagFilter, tagGroupOf } from './tag-groups.ts';

/** Keys of one directory whose names begin so. */
export interface NamePrefix {
  readonly directory: number;
  readonly namePrefix: string;
}

/** What rules tell apart that cells do not: the cube has to be split at these before the rules run over it. */
export interface Refinement {
  /** Rule prefixes that cut inside a name, which the directory alone cannot tell. */
  readonly namePrefixes: readonly NamePrefix[];
  /** Sizes in bytes, ascending, without repeats: versions of at least a bound are told from those below it. */
  readonly sizeBounds: readonly number[];
  /** Where sizes are told apart; elsewhere no rule asks. */
  readonly sizeRanges: readonly DirectoryRange[];
  /** Null versions are told from others: a suspended bucket treats them otherwise. */
  readonly splitsNull: boolean;
  /** Tags rules ask for, each filter once: versions are told by which of these match them, as far as their tags are known. */
  readonly tagFilters: readonly TagFilter[];
  /** Where tags are told apart. */
  readonly tagRanges: readonly DirectoryRange[];
}

export const NO_REFINEMENT: Refinement = {
  namePrefixes: [],
  sizeBounds: [],
  sizeRanges: [],
  splitsNull: false,
  tagFilters: [],
  tagRanges: [],
};

export const isRefined = ({ namePrefixes, sizeBounds, sizeRanges, splitsNull, tagFilters }: Refinement): boolean =>
  namePrefixes.length > 0 || (sizeBounds.length > 0 && sizeRanges.length > 0) || splitsNull || tagFilters.length > 0;

/** The same text for the same refinement, to remember results by. */
export const refinementKey = (refinement: Refinement): string => JSON.stringify(refinement);

/** A cube whose every cell lies wholly inside or outside of everything its refinement names. */
export interface RefinedCube {
  readonly cube: Cube;
  readonly refinement: Refinement;
  /** One array per name prefix: 1 where the cell's keys lie in its directory and their names begin with it. */
  readonly matches: readonly Uint8Array[];
  /**
   * How many of the size bounds the cell's versions reach, plus the group of their tags (see `tagGroupOf`) times the number of size bands;
   * null where neither sizes nor tags are told apart.
   */
  readonly band: Uint16Array | null;
  /** 1 where the cell holds null versions; null where they are not told apart. */
  readonly isNull: Uint8Array | null;
}

/** A cube as it is, for rules that need no refinement. */
export const unrefined = (cube: Cube): RefinedCube => ({
  cube,
  refinement: NO_REFINEMENT,
  matches: [],
  band: null,
  isNull: null,
});

/** Gives every row of some directories, block by block, in order. */
export type RowScan = (range: DirectoryRange, onBlock: (block: RowBlock) => void) => void;

/** The band of a row: see `RefinedCube.band`. */
export function bandOf({ sizeBounds, tagFilters }: Pick<Refinement, 'sizeBounds' | 'tagFilters'>, block: RowBlock, row: number): number {
  const band = sizeBandOf(sizeBounds, block.sizeBytes[row] as number);
  if (tagFilters.length === 0 || block.tags === undefined) return band;
  return band + (sizeBounds.length + 1) * tagGroupOf(tagFilters, block.tags(row));
}

/** How many bounds a size reaches. */
export function sizeBandOf(bounds: readonly number[], sizeBytes: number): number {
  let band = 0;
  while (band < bounds.length && sizeBytes >= (bounds[band] as number)) band += 1;
  return band;
}

/** What a cell is told by beyond what every cell is. */
interface Group {
  /** The longest of its directory's name prefixes that its names begin with, or "". */
  readonly longest: string;
  readonly band: number;
  readonly isNull: boolean;
}

/** Splits the cells that a refinement asks about; only the directories it names are read. */
export function refineCube(cube: Cube, refinement: Refinement, scan: RowScan): RefinedCube {
  const names = prefixesByDirectory(refinement.namePrefixes);
  const groups: Group[] = [{ longest: '', band: 0, isNull: false }];
  const pieces: Piece[] = [];
  const untouched = (from: number, to: number): Piece => ({ cells: sliceCells(cube, from, to), group: new Uint32Array(to - from) });
  let next = 0;
  for (const range of rangesOf(cube, refinement, [...names.keys()])) {
    pieces.push(untouched(next, cube.cellStart[range.from] as number), splitRange(range, refinement, names, scan, groups));
    next = cube.cellStart[range.to] as number;
  }
  pieces.push(untouched(next, cube.cellCount));
  const { cells, group } = join(pieces);
  const refined = makeCube(cube, cube.tree, cells);
  const matches = refinement.namePrefixes.map(({ directory, namePrefix }) => {
    const match = new Uint8Array(refined.cellCount);
    for (let cell = refined.cellStart[directory] as number; cell < (refined.cellStart[directory + 1] as number); cell++) {
      if ((groups[group[cell] as number] as Group).longest.startsWith(namePrefix)) match[cell] = 1;
    }
    return match;
  });
  const column = (of: (one: Group) => number): Uint8Array => Uint8Array.from(group, (one) => of(groups[one] as Group));
  return {
    cube: refined,
    refinement,
    matches,
    band:
      refinement.sizeBounds.length + refinement.tagFilters.length === 0
        ? null
        : Uint16Array.from(group, (one) => (groups[one] as Group).band),
    isNull: refinement.splitsNull ? column(({ isNull }) => (isNull ? 1 : 0)) : null,
  };
}

function prefixesByDirectory(prefixes: readonly NamePrefix[]): Map<number, string[]> {
  const names = new Map<number, string[]>();
  for (const { directory, namePrefix } of prefixes) {
    if (namePrefix === '') continue;
    const known = names.get(directory) ?? [];
    if (!known.includes(namePrefix)) names.set(directory, [...known, namePrefix]);
  }
  for (const list of names.values()) list.sort((a, b) => b.length - a.length);
  return names;
}

/** The directories to be read, in order and apart from each other. */
function rangesOf(
  cube: Cube,
  { sizeBounds, sizeRanges, splitsNull, tagFilters, tagRanges }: Refinement,
  named: readonly number[],
): DirectoryRange[] {
  if (splitsNull) return [{ from: 0, to: cube.tree.count }];
  const all = [
    ...(sizeBounds.length > 0 ? sizeRanges : []),
    ...(tagFilters.length > 0 ? tagRanges : []),
    ...named.map((directory) => ({ from: directory, to: directory + 1 })),
  ];
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of all.sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else if (to > from) joined.push({ from, to });
  }
  return joined;
}

/** Some cells and the group of each. */
type Piece = { readonly cells: CellColumns; readonly group: Uint32Array };

function splitRange(
  range: DirectoryRange,
  refinement: Refinement,
  names: ReadonlyMap<number, readonly string[]>,
  scan: RowScan,
  groups: Group[],
): Piece {
  const builders: CellBuilder[] = [];
  const ids = new Map<string, number>(groups.map((group, index) => [groupKey(group), index]));
  scan(range, (block) => {
    for (let row = 0; row < block.rows; row++) {
      const prefixes = names.get(block.directory[row] as number);
      const name = prefixes === undefined ? '' : block.name(row);
      const group: Group = {
        longest: prefixes?.find((prefix) => name.startsWith(prefix)) ?? '',
        band: bandOf(refinement, block, row),
        isNull: refinement.splitsNull && block.versionId(row) === null,
      };
      const key = groupKey(group);
      const id = ids.get(key) ?? groups.push(group) - 1;
      ids.set(key, id);
      builders[id] ??= new CellBuilder();
      addRow(builders[id], block, row);
    }
  });
  const pieces: Piece[] = [];
  for (const [group, builder] of builders.entries()) {
    if (builder === undefined) continue;
    const cells = builder.finish();
    pieces.push({ cells, group: new Uint32Array(cells.cellCount).fill(group) });
  }
  return byDirectory(join(pieces), range);
}

/** Each of the pieces is in the order of directories; so is what comes out. */
function byDirectory({ cells, group }: Piece, { from, to }: DirectoryRange): Piece {
  const start = new Uint32Array(to - from + 1);
  for (let cell = 0; cell < cells.cellCount; cell++) start[(cells.directory[cell] as number) - from + 1]! += 1;
  for (let d = 0; d < to - from; d++) start[d + 1]! += start[d] as number;
  const place = new Uint32Array(cells.cellCount);
  for (let cell = 0; cell < cells.cellCount; cell++) place[cell] = start[(cells.directory[cell] as number) - from]!++;
  const sorted = joinCells([cells]);
  const groups = new Uint32Array(cells.cellCount);
  for (let cell = 0; cell < cells.cellCount; cell++) {
    const at = place[cell] as number;
    for (const name of CELL_COLUMNS) sorted[name][at] = cells[name][cell] as number;
    groups[at] = group[cell] as number;
  }
  return { cells: sorted, group: groups };
}

/** The pieces one after the other. */
function join(pieces: readonly Piece[]): Piece {
  const cells = joinCells(pieces.map((piece) => piece.cells));
  const group = new Uint32Array(cells.cellCount);
  let at = 0;
  for (const piece of pieces) {
    group.set(piece.group, at);
    at += piece.cells.cellCount;
  }
  return { cells, group };
}

const groupKey = ({ longest, band, isNull }: Group): string => `${isNull ? 'n' : 'v'}${band}/${longest}`;

function addRow(builder: CellBuilder, block: RowBlock, row: number): void {
  builder.add({
    directory: block.directory[row] as number,
    kind: block.kind[row] as number,
    unit: block.unit[row] as number,
    classId: block.classId[row] as number,
    state: block.state[row] as number,
    flags: block.cubeFlags[row] as number,
    lockedUntilDay: block.lockedUntilDay[row] as number,
    sizeBytes: block.sizeBytes[row] as number,
    lastModifiedMs: block.lastModifiedMs[row] as number,
    clockMs: block.clockMs[row] as number,
  });
}
