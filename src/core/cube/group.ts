import { AGE_BINS, CATEGORIES, CATEGORY_OF_KIND, KINDS, STORAGE_CLASSES, VERSION_STATES } from '../../contract/vocabulary.ts';
import { utcDay } from './cell-builder.ts';
import type { Cube } from './cube.ts';
import type { PackedTree } from './tree.ts';

/** A cube whose tree is the packed one, as the index gives it. */
export type PackedCube = Cube & { readonly tree: PackedTree };

export const MARKER = VERSION_STATES.indexOf('marker');
export const NONCURRENT = VERSION_STATES.indexOf('noncurrent');
const CATEGORY_OF_KIND_INDEX = KINDS.map((kind) => CATEGORIES.indexOf(CATEGORY_OF_KIND[kind]));

/** Which age bin a write falls in; a write after the snapshot counts as new. */
export function ageBin(asOfDay: number, writtenDay: number): number {
  const ageDays = asOfDay - writtenDay;
  for (let bin = 0; bin < AGE_BINS.length - 1; bin++) if (ageDays <= (AGE_BINS[bin]?.toDays ?? 0)) return bin;
  return AGE_BINS.length - 1;
}

/** Versions and bytes of one group by (class, size regime): what its price depends on. */
export class Sums {
  readonly count: Float64Array;
  readonly bytes: Float64Array;
  versions = 0;
  totalBytes = 0;
  constructor(classes: number) {
    this.count = new Float64Array(classes * 2);
    this.bytes = new Float64Array(classes * 2);
  }
  add(classId: number, isSmall: number, count: number, bytes: number): void {
    const slot = classId * 2 + isSmall;
    this.count[slot] = (this.count[slot] as number) + count;
    this.bytes[slot] = (this.bytes[slot] as number) + bytes;
    this.versions += count;
    this.totalBytes += bytes;
  }
}

/** One way to group cells: a small whole number for each cell, and what the number is called. */
export interface Grouping {
  of(cell: number): number;
  label(group: number): string;
  /** All groups in the order they are shown in; null where they are shown by bytes. */
  readonly order: readonly number[] | null;
  /** Whether a group that holds nothing is shown. */
  readonly keepsEmpty: boolean;
}

export type GroupBy = 'category' | 'storageClass' | 'age' | 'prefix' | 'state';

/** `under` is the directory whose children are the groups of "prefix"; keys directly in it have the label "". */
export function groupingOf(cube: PackedCube, by: GroupBy, under: number): Grouping {
  const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
  switch (by) {
    case 'category':
      return {
        of: (cell) => CATEGORY_OF_KIND_INDEX[cube.kind[cell] as number] as number,
        label: (group) => CATEGORIES[group] as string,
        order: range(CATEGORIES.length),
        keepsEmpty: false,
      };
    case 'storageClass':
      return classGrouping(cube);
    case 'age': {
      const asOfDay = utcDay(cube.asOfMs);
      return {
        of: (cell) => ageBin(asOfDay, cube.writtenDay[cell] as number),
        label: (group) => AGE_BINS[group]?.key as string,
        order: range(AGE_BINS.length),
        keepsEmpty: true,
      };
    }
    case 'state':
      return {
        of: (cell) => cube.state[cell] as number,
        label: (group) => VERSION_STATES[group] as string,
        order: range(2),
        keepsEmpty: false,
      };
    case 'prefix': {
      const child = childUnder(cube.tree, under);
      return {
        of: (cell) => child[(cube.directory[cell] as number) - under] as number,
        label: (group) => (group === under ? '' : cube.tree.path(group)),
        order: null,
        keepsEmpty: false,
      };
    }
  }
}

const rankOfClass = (name: string): number => {
  const known = STORAGE_CLASSES.findIndex((storageClass) => storageClass.name === name);
  return known < 0 ? STORAGE_CLASSES.length : known;
};

/** Storage classes from hot to cold; those not known come last, by name. */
export const compareClasses = (a: string, b: string): number => rankOfClass(a) - rankOfClass(b) || (a < b ? -1 : a > b ? 1 : 0);

/** Several billed classes (access tiers) of one storage class are one group. */
function classGrouping(cube: Cube): Grouping {
  const names = [...new Set(cube.classes.map(({ storageClass }) => storageClass))];
  names.sort(compareClasses);
  const groupOf = cube.classes.map(({ storageClass }) => names.indexOf(storageClass));
  return {
    of: (cell) => groupOf[cube.classId[cell] as number] as number,
    label: (group) => names[group] as string,
    order: names.map((_, i) => i),
    keepsEmpty: false,
  };
}

/** For every directory below `under`, offset by it, the child of `under` it lies in; `under` itself for its own keys. */
function childUnder(tree: PackedTree, under: number): Uint32Array {
  const all = new Uint32Array((tree.subtreeEnd[under] as number) - under);
  all[0] = under;
  for (const child of tree.children(under)) all.fill(child, child - under, (tree.subtreeEnd[child] as number) - under);
  return all;
}

/** Runs of cells to be counted, and cells to be taken from a run only where they are marked. */
export interface CellRange {
  readonly from: number;
  readonly to: number;
  readonly only?: Uint8Array;
}

export interface Grouped {
  readonly groups: Map<number, Sums>;
  readonly total: Sums;
  readonly deleteMarkers: number;
}

const FEW = 256;

/** Adds cells up by group. Delete markers are counted apart and are in no group. */
export function groupCells(cube: Cube, ranges: readonly CellRange[], groupOf: (cell: number) => number): Grouped {
  // A few groups are found fastest by index; many, and pairs of many, by look-up.
  const few: (Sums | undefined)[] = [];
  const groups = new Map<number, Sums>();
  const total = new Sums(cube.classes.length);
  let deleteMarkers = 0;
  for (const { from, to, only } of ranges) {
    for (let cell = from; cell < to; cell++) {
      if (only && only[cell] !== 1) continue;
      const count = cube.count[cell] as number;
      if (cube.state[cell] === MARKER) {
        deleteMarkers += count;
        continue;
      }
      const group = groupOf(cell);
      let own = group < FEW ? few[group] : groups.get(group);
      if (own === undefined) {
        own = new Sums(cube.classes.length);
        groups.set(group, own);
        if (group < FEW) few[group] = own;
      }
      const [classId, isSmall, bytes] = [cube.classId[cell] as number, cube.isSmall[cell] as number, cube.bytes[cell] as number];
      own.add(classId, isSmall, count, bytes);
      total.add(classId, isSmall, count, bytes);
    }
  }
  return { groups, total, deleteMarkers };
}
