import { DAY_MS, SMALL_OBJECT_BYTES } from '../../contract/units.ts';
import type { BilledClass, Cube, DirectoryTree } from './cube.ts';
import { grown } from './growable.ts';

const NONE = 0xffffffff;

/** The columns of the cells of a cube, sorted by directory. */
export type CellColumns = Pick<
  Cube,
  | 'cellCount'
  | 'directory'
  | 'kind'
  | 'unit'
  | 'classId'
  | 'isSmall'
  | 'state'
  | 'flags'
  | 'lockedUntilDay'
  | 'writtenDay'
  | 'clockDay'
  | 'count'
  | 'bytes'
>;

/** One version on its way into a cell. `state` and `kind` are indexes into VERSION_STATES and KINDS. */
export interface CellRow {
  readonly directory: number;
  readonly kind: number;
  readonly unit: number;
  readonly classId: number;
  readonly state: number;
  /** Bits of `Cube.flags`. */
  readonly flags: number;
  readonly lockedUntilDay: number;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
  /** When its successor was created; ignored for what is current. */
  readonly clockMs: number;
}

/** Versions alike in all that a cell tells, with columns as in `Cube`. */
export interface CellSum extends Omit<CellRow, 'sizeBytes' | 'lastModifiedMs' | 'clockMs'> {
  readonly isSmall: number;
  readonly writtenDay: number;
  readonly clockDay: number;
  readonly count: number;
  readonly bytes: number;
}

const traitsOf = ({ kind, state, flags, classId }: Pick<CellRow, 'kind' | 'state' | 'flags' | 'classId'>, isSmall: number): number =>
  (kind | (state << 4) | (isSmall << 6) | (flags << 7) | (classId << 10)) >>> 0;

export const utcDay = (ms: number): number => Math.floor(ms / DAY_MS);
/** The first UTC day that begins at this instant or later. */
const dayFrom = (ms: number): number => Math.ceil(ms / DAY_MS);

/** Adds versions up into cells. Rows come in any order; what they add up to does not depend on it. */
export class CellBuilder {
  private size = 0;
  private directory = new Uint32Array(1024);
  /** kind, state, size regime, flags and class in one number. */
  private traits = new Uint32Array(1024);
  private unit = new Int32Array(1024);
  private lockedUntilDay = new Int32Array(1024);
  private writtenDay = new Int32Array(1024);
  private clockDay = new Int32Array(1024);
  private count = new Float64Array(1024);
  private bytes = new Float64Array(1024);
  private table = new Uint32Array(4096).fill(NONE);
  private last = 0;

  add(row: CellRow): void {
    const isSmall = row.sizeBytes < SMALL_OBJECT_BYTES ? 1 : 0;
    const [written, clock] = [utcDay(row.lastModifiedMs), dayFrom(row.clockMs)];
    this.addTo(row.directory, row.unit, traitsOf(row, isSmall), row.lockedUntilDay, written, clock, 1, row.sizeBytes);
  }

  /** Adds versions that were added up elsewhere. */
  addMany(cell: CellSum): void {
    const { directory, unit, isSmall, lockedUntilDay, writtenDay, clockDay, count, bytes } = cell;
    this.addTo(directory, unit, traitsOf(cell, isSmall), lockedUntilDay, writtenDay, clockDay, count, bytes);
  }

  finish(): CellColumns {
    const order = this.order();
    const n = this.size;
    const cells = {
      cellCount: n,
      directory: new Uint32Array(n),
      kind: new Uint8Array(n),
      unit: new Int32Array(n),
      classId: new Uint16Array(n),
      isSmall: new Uint8Array(n),
      state: new Uint8Array(n),
      flags: new Uint8Array(n),
      lockedUntilDay: new Int32Array(n),
      writtenDay: new Int32Array(n),
      clockDay: new Int32Array(n),
      count: new Float64Array(n),
      bytes: new Float64Array(n),
    };
    for (let i = 0; i < n; i++) {
      const from = order[i] as number;
      const traits = this.traits[from] as number;
      cells.directory[i] = this.directory[from] as number;
      cells.kind[i] = traits & 15;
      cells.unit[i] = this.unit[from] as number;
      cells.state[i] = (traits >>> 4) & 3;
      cells.isSmall[i] = (traits >>> 6) & 1;
      cells.flags[i] = (traits >>> 7) & 7;
      cells.classId[i] = traits >>> 10;
      cells.lockedUntilDay[i] = this.lockedUntilDay[from] as number;
      cells.writtenDay[i] = this.writtenDay[from] as number;
      cells.clockDay[i] = this.clockDay[from] as number;
      cells.count[i] = this.count[from] as number;
      cells.bytes[i] = this.bytes[from] as number;
    }
    return cells;
  }

  private addTo(
    directory: number,
    unit: number,
    traits: number,
    lockedUntilDay: number,
    writtenDay: number,
    clockDay: number,
    count: number,
    bytes: number,
  ): void {
    let cell = this.last;
    if (!this.is(cell, directory, unit, traits, lockedUntilDay, writtenDay, clockDay)) {
      const mask = this.table.length - 1;
      let slot = mix(directory, unit, traits, lockedUntilDay, writtenDay, clockDay) & mask;
      for (;;) {
        cell = this.table[slot] as number;
        if (cell === NONE) {
          cell = this.append(directory, unit, traits, lockedUntilDay, writtenDay, clockDay, slot);
          break;
        }
        if (this.is(cell, directory, unit, traits, lockedUntilDay, writtenDay, clockDay)) break;
        slot = (slot + 1) & mask;
      }
      this.last = cell;
    }
    this.count[cell] = (this.count[cell] as number) + count;
    this.bytes[cell] = (this.bytes[cell] as number) + bytes;
  }

  private is(
    cell: number,
    directory: number,
    unit: number,
    traits: number,
    lockedUntilDay: number,
    writtenDay: number,
    clockDay: number,
  ): boolean {
    return (
      cell < this.size &&
      this.directory[cell] === directory &&
      this.unit[cell] === unit &&
      this.traits[cell] === traits &&
      this.lockedUntilDay[cell] === lockedUntilDay &&
      this.writtenDay[cell] === writtenDay &&
      this.clockDay[cell] === clockDay
    );
  }

  private append(
    directory: number,
    unit: number,
    traits: number,
    lockedUntilDay: number,
    writtenDay: number,
    clockDay: number,
    slot: number,
  ): number {
    const cell = this.size;
    this.size += 1;
    if (this.size > this.directory.length) {
      this.directory = grown(this.directory, this.size);
      this.unit = grown(this.unit, this.size);
      this.traits = grown(this.traits, this.size);
      this.lockedUntilDay = grown(this.lockedUntilDay, this.size);
      this.writtenDay = grown(this.writtenDay, this.size);
      this.clockDay = grown(this.clockDay, this.size);
      this.count = grown(this.count, this.size);
      this.bytes = grown(this.bytes, this.size);
    }
    this.directory[cell] = directory;
    this.unit[cell] = unit;
    this.traits[cell] = traits;
    this.lockedUntilDay[cell] = lockedUntilDay;
    this.writtenDay[cell] = writtenDay;
    this.clockDay[cell] = clockDay;
    this.table[slot] = cell;
    if (this.size * 2 > this.table.length) this.rehash();
    return cell;
  }

  private rehash(): void {
    const table = new Uint32Array(this.table.length * 2).fill(NONE);
    const mask = table.length - 1;
    for (let cell = 0; cell < this.size; cell++) {
      const hash = mix(
        this.directory[cell] as number,
        this.unit[cell] as number,
        this.traits[cell] as number,
        this.lockedUntilDay[cell] as number,
        this.writtenDay[cell] as number,
        this.clockDay[cell] as number,
      );
      let slot = hash & mask;
      while (table[slot] !== NONE) slot = (slot + 1) & mask;
      table[slot] = cell;
    }
    this.table = table;
  }

  /** By directory, then by everything else, so that one set of rows always makes the same cube. */
  private order(): Uint32Array {
    let first = Number.POSITIVE_INFINITY;
    let last = -1;
    for (let cell = 0; cell < this.size; cell++) {
      const directory = this.directory[cell] as number;
      if (directory < first) first = directory;
      if (directory > last) last = directory;
    }
    const directories = this.size === 0 ? 0 : last - first + 1;
    const start = new Uint32Array(directories + 1);
    for (let cell = 0; cell < this.size; cell++) {
      const slot = (this.directory[cell] as number) - first + 1;
      start[slot] = (start[slot] as number) + 1;
    }
    for (let d = 0; d < directories; d++) start[d + 1] = (start[d + 1] as number) + (start[d] as number);
    const next = start.slice();
    const order = new Uint32Array(this.size);
    for (let cell = 0; cell < this.size; cell++) {
      const directory = (this.directory[cell] as number) - first;
      const at = next[directory] as number;
      order[at] = cell;
      next[directory] = at + 1;
    }
    const compare = (a: number, b: number): number =>
      (this.unit[a] as number) - (this.unit[b] as number) ||
      (this.traits[a] as number) - (this.traits[b] as number) ||
      (this.lockedUntilDay[a] as number) - (this.lockedUntilDay[b] as number) ||
      (this.writtenDay[a] as number) - (this.writtenDay[b] as number) ||
      (this.clockDay[a] as number) - (this.clockDay[b] as number);
    for (let d = 0; d < directories; d++) {
      const from = start[d] as number;
      const to = start[d + 1] as number;
      if (to - from > 1) order.subarray(from, to).sort(compare);
    }
    return order;
  }
}

function mix(directory: number, unit: number, traits: number, lockedUntilDay: number, writtenDay: number, clockDay: number): number {
  let hash =
    Math.imul(directory, 0x9e3779b1) ^ Math.imul(unit, 0x7feb352d) ^ Math.imul(traits, 0x85ebca6b) ^ Math.imul(lockedUntilDay, 0x165667b1);
  hash = Math.imul(hash ^ (hash >>> 15) ^ writtenDay, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ (clockDay << 7), 0x27d4eb2f);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Columns of a cell, by their names in `Cube`. */
export const CELL_COLUMNS = [
  'directory',
  'kind',
  'unit',
  'classId',
  'isSmall',
  'state',
  'flags',
  'lockedUntilDay',
  'writtenDay',
  'clockDay',
  'count',
  'bytes',
] as const satisfies readonly (keyof CellColumns)[];

/** Cells one after the other; the pieces must come in the order of their directories. */
export function joinCells(pieces: readonly CellColumns[]): CellColumns {
  const cellCount = pieces.reduce((sum, piece) => sum + piece.cellCount, 0);
  const cells = {
    cellCount,
    directory: new Uint32Array(cellCount),
    kind: new Uint8Array(cellCount),
    unit: new Int32Array(cellCount),
    classId: new Uint16Array(cellCount),
    isSmall: new Uint8Array(cellCount),
    state: new Uint8Array(cellCount),
    flags: new Uint8Array(cellCount),
    lockedUntilDay: new Int32Array(cellCount),
    writtenDay: new Int32Array(cellCount),
    clockDay: new Int32Array(cellCount),
    count: new Float64Array(cellCount),
    bytes: new Float64Array(cellCount),
  };
  let at = 0;
  for (const piece of pieces) {
    for (const name of CELL_COLUMNS) cells[name].set(piece[name], at);
    at += piece.cellCount;
  }
  return cells;
}

/** Cells [from, to), sharing memory with where they come from. */
export function sliceCells(cells: CellColumns, from: number, to: number): CellColumns {
  return {
    cellCount: to - from,
    directory: cells.directory.subarray(from, to),
    kind: cells.kind.subarray(from, to),
    unit: cells.unit.subarray(from, to),
    classId: cells.classId.subarray(from, to),
    isSmall: cells.isSmall.subarray(from, to),
    state: cells.state.subarray(from, to),
    flags: cells.flags.subarray(from, to),
    lockedUntilDay: cells.lockedUntilDay.subarray(from, to),
    writtenDay: cells.writtenDay.subarray(from, to),
    clockDay: cells.clockDay.subarray(from, to),
    count: cells.count.subarray(from, to),
    bytes: cells.bytes.subarray(from, to),
  };
}

/** First cell of every directory, for cells sorted by directory. */
function cellStarts(directory: Uint32Array, directoryCount: number): Uint32Array {
  const start = new Uint32Array(directoryCount + 1);
  for (let cell = 0; cell < directory.length; cell++) {
    const slot = (directory[cell] as number) + 1;
    start[slot] = (start[slot] as number) + 1;
  }
  for (let d = 0; d < directoryCount; d++) start[d + 1] = (start[d + 1] as number) + (start[d] as number);
  return start;
}

export function makeCube(
  facts: { readonly asOfMs: number; readonly allVersions: boolean; readonly classes: readonly BilledClass[] },
  tree: DirectoryTree,
  cells: CellColumns,
): Cube {
  const { asOfMs, allVersions, classes } = facts;
  return { asOfMs, allVersions, classes, tree, ...cells, cellStart: cellStarts(cells.directory, tree.count) };
}
