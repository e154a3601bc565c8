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

const CLASS_ORDER: readonly string[] = STORAGE_CLASSES.map(({ name }) => name);

/** Storage classes from hot to cold, unknown ones after them by name. */
export function byTemperature(a: string, b: string): number {
  const rank = (name: string) => (CLASS_ORDER.includes(name) ? CLASS_ORDER.indexOf(name) : CLASS_ORDER.length);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
