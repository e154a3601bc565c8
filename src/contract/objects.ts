import * as v from 'valibot';
import { Instant, Whole } from './units.ts';
import { KINDS, VERSION_STATES } from './vocabulary.ts';

/** A key that fits a search, with what its newest row says. */
export const KeyHitSchema = v.strictObject({
  key: v.string(),
  /** Versions and delete markers of the key. */
  rows: Whole,
  state: v.picklist(VERSION_STATES),
  sizeBytes: Whole,
  lastModified: Instant,
  /** '' for a delete marker. */
  storageClass: v.string(),
  kind: v.picklist(KINDS),
});
export type KeyHit = v.InferOutput<typeof KeyHitSchema>;

/**
 * One stretch of a search. Keys are in the order of the tree: those of a directory before those of the directories in it, siblings in byte
 * order. The stretches of a search put together are the same however it was cut.
 */
export const KeySearchSchema = v.strictObject({
  asOf: Instant,
  hits: v.array(KeyHitSchema),
  /** Directories whose path fits and whose parent's does not, with all below them; only in the first stretch, at most 100. */
  directories: v.array(v.strictObject({ path: v.string(), versions: Whole, bytes: Whole })),
  directoryCount: Whole,
  /** Goes on after this stretch; null where all has been looked at. */
  next: v.nullable(v.string()),
  /** How many of the snapshot's rows have been looked at, by this stretch and those before it. */
  rowsSeen: Whole,
  rowsTotal: Whole,
});
export type KeySearch = v.InferOutput<typeof KeySearchSchema>;
