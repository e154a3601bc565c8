import { AGE_CUTS } from '../../contract/ages.ts';
import { utcDay } from './cell-builder.ts';
import { type CellRange, groupCells, groupingOf, type PackedCube, type Sums } from './group.ts';

export interface AgeCell {
  readonly cut: number;
  readonly storageClass: string;
  readonly category: string;
  readonly sums: Sums;
}

const LAST_FROM = AGE_CUTS.at(-1)?.fromDays ?? 0;

/** The cut by age in days, up to where the last one begins. */
const CUT_OF_AGE = Uint8Array.from({ length: LAST_FROM + 1 }, (_, age) =>
  AGE_CUTS.findIndex(({ toDays }) => toDays === null || age <= toDays),
);

/** Which cut a write falls in; a write after the snapshot counts as new. */
export const ageCut = (asOfDay: number, writtenDay: number): number =>
  CUT_OF_AGE[Math.min(LAST_FROM, Math.max(0, asOfDay - writtenDay))] as number;

/** What is stored by age cut, storage class and category; only what holds anything, youngest first. */
export function agesOf(cube: PackedCube, ranges: readonly CellRange[]): AgeCell[] {
  const classes = groupingOf(cube, 'storageClass', 0);
  const categories = groupingOf(cube, 'category', 0);
  const [classOrder, categoryOrder] = [classes.order ?? [], categories.order ?? []];
  const asOfDay = utcDay(cube.asOfMs);
  const { groups } = groupCells(
    cube,
    ranges,
    (cell) =>
      (ageCut(asOfDay, cube.writtenDay[cell] as number) * classOrder.length + classes.of(cell)) * categoryOrder.length +
      categories.of(cell),
  );
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([group, sums]) => {
      const byClass = Math.floor(group / categoryOrder.length);
      return {
        cut: Math.floor(byClass / classOrder.length),
        storageClass: classes.label(byClass % classOrder.length),
        category: categories.label(group % categoryOrder.length),
        sums,
      };
    });
}
