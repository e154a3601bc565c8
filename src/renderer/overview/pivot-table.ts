import type { Pivot } from '../../contract/index-views.ts';
import { AGE_BINS, CATEGORIES, type Category, STORAGE_CLASSES } from '../../contract/vocabulary.ts';

/** Axis labels of the age bins, in the order of AGE_BINS. */
export const AGE_LABELS: readonly string[] = AGE_BINS.map(({ fromDays, toDays }) => {
  if (toDays === null) return '> 2 y';
  if (fromDays === 366) return '1–2 y';
  return `${fromDays}–${toDays} d`;
});

/** Names of categories as people say them. */
export const CATEGORY_WORDS: Readonly<Record<Category, string>> = {
  dataset: 'datasets',
  checkpoint: 'checkpoints',
  experiment: 'experiments',
  log: 'logs',
  model: 'models',
  feature: 'features',
  system: 'system',
  other: 'unknown',
};

export const isCategory = (key: string): key is Category => (CATEGORIES as readonly string[]).includes(key);

/** One row of a pivot over age: its bytes per bin and in all. */
export interface AgeRow {
  readonly key: string;
  /** In the order of AGE_BINS. */
  readonly bytesByAge: readonly number[];
  readonly bytes: number;
  readonly versions: number;
  /** Nano-USD per month; null where part of it has no price. */
  readonly monthlyNanoUsd: bigint | null;
}

/** Gathers a pivot whose columns are ages into rows, largest first. */
export function ageRows(pivot: Pivot): AgeRow[] {
  const rows = new Map<string, { bytesByAge: number[]; bytes: number; versions: number; monthlyNanoUsd: bigint | null }>();
  for (const cell of pivot.cells) {
    let row = rows.get(cell.row);
    if (row === undefined) {
      row = { bytesByAge: AGE_BINS.map(() => 0), bytes: 0, versions: 0, monthlyNanoUsd: 0n };
      rows.set(cell.row, row);
    }
    const bin = AGE_BINS.findIndex(({ key }) => key === cell.column);
    if (bin >= 0) row.bytesByAge[bin] = (row.bytesByAge[bin] ?? 0) + cell.bytes;
    row.bytes += cell.bytes;
    row.versions += cell.versions;
    row.monthlyNanoUsd =
      row.monthlyNanoUsd === null || cell.monthlyNanoUsd === null ? null : row.monthlyNanoUsd + BigInt(cell.monthlyNanoUsd);
  }
  return [...rows].map(([key, row]) => ({ key, ...row })).sort((a, b) => b.bytes - a.bytes || (a.key < b.key ? -1 : 1));
}

const CLASS_ORDER: readonly string[] = STORAGE_CLASSES.map(({ name }) => name);

/** Storage classes from hot to cold, unknown ones after them by name. */
export function byTemperature(a: string, b: string): number {
  const rank = (name: string) => (CLASS_ORDER.includes(name) ? CLASS_ORDER.indexOf(name) : CLASS_ORDER.length);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
