import * as v from 'valibot';
import { Instant, Whole } from './units.ts';

/** A small file that says which checkpoint is the last or the best. */
export const PointerFileSchema = v.strictObject({
  key: v.string(),
  sizeBytes: Whole,
  lastModified: Instant,
  /** When it was read; null where it was not, or has changed since. */
  readAt: v.nullable(Instant),
  /** What it said: the names it gives, and how many figures; null where it was not read or is not what its name promises. */
  says: v.nullable(v.strictObject({ tracked: v.array(v.string()), best: v.array(v.string()), metrics: Whole })),
});
export type PointerView = v.InferOutput<typeof PointerFileSchema>;

export const TrackerSchema = v.strictObject({
  name: v.string(),
  tracker: v.picklist(['mlflow', 'wandb']),
  importedAt: Instant,
  runs: Whole,
  openRuns: Whole,
  models: Whole,
});
export type TrackerView = v.InferOutput<typeof TrackerSchema>;

export const PointersSchema = v.strictObject({
  bucket: v.string(),
  asOf: Instant,
  /** What a reading would read, and no more: one GetObject each. */
  files: v.array(PointerFileSchema),
  total: Whole,
  unread: Whole,
  unreadBytes: Whole,
  trackers: v.array(TrackerSchema),
  /** What pointer files name and the bucket does not hold. */
  dangling: v.array(v.strictObject({ key: v.string(), says: v.string() })),
  /** Of experiments that an export covers: what is stored of runs it does not know or calls deleted; and runs of which nothing is stored. */
  bytesWithoutRun: v.array(v.strictObject({ unitId: Whole, path: v.string(), bytes: Whole })),
  totalBytesWithoutRun: Whole,
  runsWithoutBytes: v.array(v.strictObject({ tracker: v.string(), id: v.string(), name: v.string(), uri: v.string() })),
  totalRunsWithoutBytes: Whole,
});
export type Pointers = v.InferOutput<typeof PointersSchema>;

export const PointersReadSchema = v.strictObject({
  read: Whole,
  bytes: Whole,
  /** Files that are not what their names promise. */
  unclear: v.array(v.string()),
  /** Files that are no longer there. */
  missing: v.array(v.string()),
});
export type PointersRead = v.InferOutput<typeof PointersReadSchema>;
