import { STRIP_AGE_SHIFT, STRIP_INCOMPLETE, STRIP_PROTECTED, STRIP_VERDICT } from '../../contract/board.ts';
import { VERDICTS, type Verdict } from '../../contract/keep.ts';
import { unpackUint8 } from '../api/packed.ts';

/** One checkpoint in a strip. */
export interface Cell {
  readonly verdict: Verdict;
  /** Index into AGE_BINS. */
  readonly age: number;
  readonly isProtected: boolean;
  readonly isIncomplete: boolean;
}

export const cellOf = (packed: number): Cell => ({
  verdict: VERDICTS[packed & STRIP_VERDICT] ?? 'review',
  age: (packed >> STRIP_AGE_SHIFT) & 0b111,
  isProtected: (packed & STRIP_PROTECTED) !== 0,
  isIncomplete: (packed & STRIP_INCOMPLETE) !== 0,
});

export const cellsOf = (strip: string): Cell[] => Array.from(unpackUint8(strip), cellOf);

/** How a strip of many cells fits into few pixels: columns, each of one cell or of several next to each other. */
export function columnsOf(cells: readonly Cell[], widthPx: number): { readonly stepPx: number; readonly columns: readonly Cell[] } {
  const LEAST_PX = 3;
  const most = Math.max(1, Math.floor(widthPx / LEAST_PX));
  if (cells.length <= most) return { stepPx: widthPx / Math.max(1, cells.length), columns: cells };
  const columns = Array.from({ length: most }, (_, at): Cell => {
    const own = cells.slice(Math.floor((at * cells.length) / most), Math.floor(((at + 1) * cells.length) / most));
    // What stays must not drop out of sight between two that go.
    return own.find(({ isProtected }) => isProtected) ?? own.find(({ verdict }) => verdict === 'keep') ?? (own[0] as Cell);
  });
  return { stepPx: widthPx / most, columns };
}
