import { create } from 'zustand';
import { AGE_CUTS } from '../../contract/ages.ts';

/** The ages the overview looks at: indexes into AGE_CUTS, both inclusive. */
export interface AgeRange {
  readonly from: number;
  readonly to: number;
}

interface Brush {
  /** null: all ages. */
  readonly range: AgeRange | null;
  select(range: AgeRange | null): void;
}

export const LAST_CUT = AGE_CUTS.length - 1;

export const useBrush = create<Brush>()((set) => ({
  range: null,
  // All of it is the same as none of it chosen.
  select: (range) => set({ range: range !== null && range.from <= 0 && range.to >= LAST_CUT ? null : range }),
}));

export const holds = (range: AgeRange | null, cut: number): boolean => range === null || (cut >= range.from && cut <= range.to);

/** "91–365 d", "1.0 y and older": the range in words. */
export function rangeWords({ from, to }: AgeRange): string {
  const fromDays = AGE_CUTS[from]?.fromDays ?? 0;
  const toDays = AGE_CUTS[to]?.toDays ?? null;
  const age = (days: number): string => (days < 366 ? `${days} d` : `${(days / 365.25).toFixed(1)} y`);
  if (toDays === null) return `${age(fromDays)} and older`;
  if (fromDays === 0) return `up to ${age(toDays)}`;
  return fromDays < 366 && toDays < 366 ? `${fromDays}–${toDays} d` : `${age(fromDays)} to ${age(toDays)}`;
}
