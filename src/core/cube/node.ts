import type { Node } from '../../contract/index-views.ts';
import { AGE_BINS, CATEGORIES, CATEGORY_OF_KIND, KINDS } from '../../contract/vocabulary.ts';
import { utcDay } from './cell-builder.ts';
import { ageBin, compareClasses, MARKER, NONCURRENT, type PackedCube, Sums } from './group.ts';
import type { MonthlyPrice } from './monthly-price.ts';
import { NO_DAY, subtreeTotals } from './totals.ts';

/** A directory as the views show it, with the totals of everything below it. */
export function directoryNode(cube: PackedCube, price: MonthlyPrice, directory: number): Node {
  const { tree } = cube;
  const asOfDay = utcDay(cube.asOfMs);
  const sums = new Sums(cube.classes.length);
  const byAge = new Array<number>(AGE_BINS.length).fill(0);
  const byKind = new Array<number>(KINDS.length).fill(0);
  let deleteMarkers = 0;
  let noncurrentBytes = 0;
  let oldest = -NO_DAY;
  let newest = NO_DAY;
  const end = cube.cellStart[tree.subtreeEnd[directory] as number] as number;
  for (let cell = cube.cellStart[directory] as number; cell < end; cell++) {
    const count = cube.count[cell] as number;
    if (cube.state[cell] === MARKER) {
      deleteMarkers += count;
      continue;
    }
    const bytes = cube.bytes[cell] as number;
    const day = cube.writtenDay[cell] as number;
    sums.add(cube.classId[cell] as number, cube.isSmall[cell] as number, count, bytes);
    const bin = ageBin(asOfDay, day);
    byAge[bin] = (byAge[bin] as number) + bytes;
    const kind = cube.kind[cell] as number;
    byKind[kind] = (byKind[kind] as number) + bytes;
    if (cube.state[cell] === NONCURRENT) noncurrentBytes += bytes;
    if (day < oldest) oldest = day;
    if (day > newest) newest = day;
  }
  return {
    type: 'directory',
    path: tree.path(directory),
    name: tree.name(directory),
    versions: sums.versions,
    deleteMarkers,
    bytes: sums.totalBytes,
    noncurrentBytes,
    monthlyNanoUsd: price.chargeOrNull(sums),
    oldestWriteDay: newest === NO_DAY ? null : oldest,
    newestWriteDay: newest === NO_DAY ? null : newest,
    bytesByAge: byAge,
    bytesByClass: bytesByClass(cube, sums),
    bytesByCategory: bytesByCategory(byKind),
    childCount: tree.childCount(directory) + (subtreeTotals(cube).ownRows[directory] as number),
  };
}

function bytesByClass(cube: PackedCube, sums: Sums): [string, number][] {
  const all = new Map<string, number>();
  for (const [classId, { storageClass }] of cube.classes.entries()) {
    const held = (sums.count[classId * 2] as number) + (sums.count[classId * 2 + 1] as number);
    if (held === 0) continue;
    const bytes = (sums.bytes[classId * 2] as number) + (sums.bytes[classId * 2 + 1] as number);
    all.set(storageClass, (all.get(storageClass) ?? 0) + bytes);
  }
  // Hot to cold, as everywhere; the order in which a source tells of classes says nothing.
  return [...all].sort(([a], [b]) => compareClasses(a, b));
}

function bytesByCategory(byKind: readonly number[]): Node['bytesByCategory'] {
  return CATEGORIES.map((category): Node['bytesByCategory'][number] => [
    category,
    KINDS.reduce((sum, kind, index) => (CATEGORY_OF_KIND[kind] === category ? sum + (byKind[index] as number) : sum), 0),
  ]).filter(([, bytes]) => bytes > 0);
}
