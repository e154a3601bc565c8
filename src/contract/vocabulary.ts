/** What an object is, as people group it. */
export const CATEGORIES = ['dataset', 'checkpoint', 'experiment', 'log', 'model', 'feature', 'system', 'other'] as const;
export type Category = (typeof CATEGORIES)[number];

/** What an object is, as the classification rules tell it; finer than a category where safety needs it. New kinds go last: an index holds their places. */
export const KINDS = [
  'dataset',
  'dataset_live_table',
  'dataset_store',
  'checkpoint',
  'checkpoint_incomplete',
  'experiment',
  'log',
  'model',
  'feature',
  'system',
  'other',
  'temporary',
] as const;
export type Kind = (typeof KINDS)[number];

export const CATEGORY_OF_KIND: Readonly<Record<Kind, Category>> = {
  dataset: 'dataset',
  dataset_live_table: 'dataset',
  dataset_store: 'dataset',
  checkpoint: 'checkpoint',
  checkpoint_incomplete: 'checkpoint',
  experiment: 'experiment',
  log: 'log',
  model: 'model',
  feature: 'feature',
  system: 'system',
  other: 'other',
  temporary: 'system',
};

/** How sure a rule is of what it says: its form admits nothing else, seldom anything else, or several things. */
export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** Version state. A delete marker is its own state whether or not it is the latest. */
export const VERSION_STATES = ['current', 'noncurrent', 'marker'] as const;
export type VersionState = (typeof VERSION_STATES)[number];

/** Age bins in days since last write, inclusive bounds; the last is open. Aligned to policy steps. */
export const AGE_BINS = [
  { key: '0-30d', fromDays: 0, toDays: 30 },
  { key: '31-90d', fromDays: 31, toDays: 90 },
  { key: '91-180d', fromDays: 91, toDays: 180 },
  { key: '181-365d', fromDays: 181, toDays: 365 },
  { key: '366-730d', fromDays: 366, toDays: 730 },
  { key: '731d+', fromDays: 731, toDays: null },
] as const;

/** S3 storage classes from hot to cold with the letter badge shown beside every colour. Unknown classes keep their own name. */
export const STORAGE_CLASSES = [
  { name: 'STANDARD', badge: 'S' },
  { name: 'REDUCED_REDUNDANCY', badge: 'RRS' },
  { name: 'EXPRESS_ONEZONE', badge: 'XZ' },
  { name: 'INTELLIGENT_TIERING', badge: 'INT' },
  { name: 'STANDARD_IA', badge: 'IA' },
  { name: 'ONEZONE_IA', badge: '1Z' },
  { name: 'GLACIER_IR', badge: 'GIR' },
  { name: 'GLACIER', badge: 'GFR' },
  { name: 'DEEP_ARCHIVE', badge: 'GDA' },
] as const;

/** Rules whose ID starts with this are ours; every other rule is foreign and kept. */
export const OWNED_RULE_PREFIX = 'isotherm/';
