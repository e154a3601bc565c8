import { CELL_COLUMNS, CellBuilder, type CellColumns } from '../../../core/cube/cell-builder.ts';
import type { PackedCube } from '../../../core/cube/group.ts';
import type { Segment } from '../segment-rows.ts';

const TRAITS = CELL_COLUMNS.filter((name) => name !== 'count' && name !== 'bytes');

/** Adds rows up into cells again, some directories at a time, and holds them against those of the cube. */
export class CubeRecount {
  private readonly cube: PackedCube;
  private readonly tell: (words: string) => void;
  private builder = new CellBuilder();
  private segment: Segment | undefined;
  /** Directories before this one have been compared. */
  private compared = 0;
  private last = -1;

  constructor(cube: PackedCube, tell: (words: string) => void) {
    this.cube = cube;
    this.tell = tell;
  }

  begin(segment: Segment): void {
    if (segment.facts.firstDirectory !== this.last) this.compareTo(segment.facts.firstDirectory);
    this.segment = segment;
    this.last = segment.facts.lastDirectory;
  }

  add(row: number): void {
    const segment = this.segment as Segment;
    this.builder.add({
      directory: segment.directory()[row] as number,
      kind: segment.kind()[row] as number,
      unit: segment.unit()[row] as number,
      classId: segment.classId()[row] as number,
      state: segment.state()[row] as number,
      flags: segment.cubeFlags()[row] as number,
      lockedUntilDay: segment.lockedUntilDay()[row] as number,
      sizeBytes: segment.sizeBytes()[row] as number,
      lastModifiedMs: segment.lastModifiedMs()[row] as number,
      clockMs: segment.clockMs()[row] as number,
    });
  }

  finish(): void {
    this.compareTo(this.cube.tree.count);
  }

  /** Compares the cells of the directories up to this one. */
  private compareTo(directory: number): void {
    const { cube } = this;
    const counted = cellsOf(this.builder.finish(), 0, undefined);
    this.builder = new CellBuilder();
    const [from, to] = [cube.cellStart[this.compared] as number, cube.cellStart[directory] as number];
    const stored = cellsOf(cube, from, to);
    this.compared = directory;
    for (const [traits, sums] of counted) {
      if (isSame(stored.get(traits), sums)) continue;
      this.tell(`The cube has other sums than the rows of "${cube.tree.path(Number(traits.split(' ')[0]))}".`);
      return;
    }
    for (const traits of stored.keys()) {
      if (!counted.has(traits)) {
        this.tell(`The cube has cells without rows in "${cube.tree.path(Number(traits.split(' ')[0]))}".`);
        return;
      }
    }
  }
}

interface Sums {
  count: number;
  bytes: number;
}

/** Cells by what tells them apart, the directory first. Those of a directory that fills several segments may be stored in pieces. */
function cellsOf(cells: CellColumns, from: number, to: number | undefined): Map<string, Sums> {
  const found = new Map<string, Sums>();
  for (let cell = from; cell < (to ?? cells.cellCount); cell++) {
    const traits = TRAITS.map((name) => cells[name][cell]).join(' ');
    let sums = found.get(traits);
    if (sums === undefined) {
      sums = { count: 0, bytes: 0 };
      found.set(traits, sums);
    }
    sums.count += cells.count[cell] as number;
    sums.bytes += cells.bytes[cell] as number;
  }
  return found;
}

const isSame = (a: Sums | undefined, b: Sums): boolean => a?.count === b.count && a.bytes === b.bytes;
