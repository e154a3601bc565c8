import type { Children, Node, SORT_KEYS } from '../../../contract/index-views.ts';
import { ok, type Result } from '../../../contract/result.ts';
import { SMALL_OBJECT_BYTES } from '../../../contract/units.ts';
import { AGE_BINS, CATEGORY_OF_KIND, KINDS } from '../../../contract/vocabulary.ts';
import { utcDay } from '../../../core/cube/cell-builder.ts';
import { ageBin, MARKER, NONCURRENT, Sums } from '../../../core/cube/group.ts';
import { directoryNode } from '../../../core/cube/node.ts';
import { NO_DAY, subtreeSum, subtreeTotals } from '../../../core/cube/totals.ts';
import { IS_LATEST } from '../../../core/inventory/row-batch.ts';
import type { IndexRows } from '../rows.ts';
import { pageOf } from './page.ts';
import { remembered } from './remembered.ts';
import type { View } from './view.ts';

type SortKey = (typeof SORT_KEYS)[number];
type Page = { readonly sort: SortKey; readonly descending: boolean; readonly offset: number; readonly limit: number };

/** One page of what lies directly in a directory: its directories, and its versions by key and newest first. */
export function childrenPage(view: View, directory: number, page: Page): Result<Children> {
  const rows = view.reader.versionsIn(view.snapshotId, directory);
  if (!rows.ok) return rows;
  const directories = [...view.cube.tree.children(directory)];
  const total = directories.length + rows.value.rows;
  const places = page.sort === 'name' ? byName(directories.length, total, page) : byMeasure(view, directories, rows.value, page);
  const parent = nodeOf(view, directory);
  const nodes = Array.from(places, (place): Node => {
    const child = directories[place];
    return child === undefined ? versionNode(view, parent.path, rows.value, place - directories.length) : nodeOf(view, child);
  });
  return ok({ parent, total, nodes });
}

/** Sums of a directory with many cells are made once. */
function nodeOf({ cube, price }: View, directory: number): Node {
  const cells = (cube.cellStart[cube.tree.subtreeEnd[directory] as number] as number) - (cube.cellStart[directory] as number);
  const make = (): Node => directoryNode(cube, price, directory);
  return cells < MANY_CELLS ? make() : remembered(price, `node ${directory}`, make);
}
const MANY_CELLS = 20_000;

/** Directories come first either way round. */
function byName(directories: number, total: number, { descending, offset, limit }: Page): number[] {
  const places: number[] = [];
  for (let at = offset; at < Math.min(total, offset + limit); at++) {
    if (!descending) places.push(at);
    else places.push(at < directories ? directories - 1 - at : total - 1 - (at - directories));
  }
  return places;
}

function byMeasure(view: View, directories: readonly number[], rows: IndexRows, page: Page): Iterable<number> {
  const ofDirectory = directoryMeasure(view, page.sort);
  const ofVersion = versionMeasure(view, rows, page.sort);
  const values = new Float64Array(directories.length + rows.rows);
  const sign = page.descending ? -1 : 1;
  for (const [place, child] of directories.entries()) values[place] = sign * (ofDirectory[child] as number);
  for (let row = 0; row < rows.rows; row++) values[directories.length + row] = sign * ofVersion(row);
  return pageOf(values, page.offset, page.limit);
}

function directoryMeasure(view: View, sort: SortKey): ArrayLike<number> {
  const { cube, price } = view;
  if (sort === 'monthlyNanoUsd') {
    return subtreeSum(cube, (cell) =>
      price.approximately(
        (cube.classId[cell] as number) * 2 + (cube.isSmall[cell] as number),
        cube.count[cell] as number,
        cube.bytes[cell] as number,
      ),
    );
  }
  return subtreeTotals(cube)[sort === 'name' ? 'bytes' : sort];
}

function versionMeasure(view: View, rows: IndexRows, sort: SortKey): (row: number) => number {
  const isMarker = (row: number): boolean => rows.state[row] === MARKER;
  const bytes = (row: number): number => rows.sizeBytes[row] as number;
  switch (sort) {
    case 'versions':
      return (row) => (isMarker(row) ? 0 : 1);
    case 'noncurrentBytes':
      return (row) => (rows.state[row] === NONCURRENT ? bytes(row) : 0);
    case 'newestWriteDay':
      return (row) => (isMarker(row) ? NO_DAY : utcDay(rows.lastModifiedMs[row] as number));
    case 'monthlyNanoUsd':
      return (row) => (isMarker(row) ? 0 : view.price.approximately(slotOf(rows, row), 1, bytes(row)));
    default:
      return bytes;
  }
}

const slotOf = (rows: IndexRows, row: number): number =>
  (rows.classId[row] as number) * 2 + ((rows.sizeBytes[row] as number) < SMALL_OBJECT_BYTES ? 1 : 0);

function versionNode(view: View, parentPath: string, rows: IndexRows, row: number): Node {
  const { cube, price, reader, snapshotId } = view;
  const isMarker = rows.state[row] === MARKER;
  const bytes = rows.sizeBytes[row] as number;
  const lastModifiedMs = rows.lastModifiedMs[row] as number;
  const classId = rows.classId[row] as number;
  const kind = KINDS[rows.kind[row] as number] ?? 'other';
  const storageClass = isMarker ? '' : (cube.classes[classId]?.storageClass ?? '');
  const day = utcDay(lastModifiedMs);
  const sums = new Sums(cube.classes.length);
  if (!isMarker) sums.add(classId, slotOf(rows, row) & 1, 1, bytes);
  const isLatest = ((rows.flags[row] as number) & IS_LATEST) !== 0;
  const name = rows.name(row);
  const bytesByAge = AGE_BINS.map(() => 0);
  bytesByAge[ageBin(utcDay(cube.asOfMs), day)] = bytes;
  return {
    type: 'version',
    path: parentPath + name,
    name,
    versions: isMarker ? 0 : 1,
    deleteMarkers: isMarker ? 1 : 0,
    bytes,
    noncurrentBytes: rows.state[row] === NONCURRENT ? bytes : 0,
    monthlyNanoUsd: price.chargeOrNull(sums),
    oldestWriteDay: isMarker ? null : day,
    newestWriteDay: isMarker ? null : day,
    bytesByAge,
    bytesByClass: isMarker ? [] : [[storageClass, bytes]],
    bytesByCategory: isMarker ? [] : [[CATEGORY_OF_KIND[kind], bytes]],
    childCount: 0,
    version: {
      versionId: rows.versionId(row),
      isLatest,
      isDeleteMarker: isMarker,
      storageClass,
      lastModified: new Date(lastModifiedMs).toISOString(),
      kind,
      ruleId: reader.ruleId(snapshotId, rows.rule[row] as number),
      noncurrentSince: isLatest ? null : new Date(rows.clockMs[row] as number).toISOString(),
    },
  };
}
