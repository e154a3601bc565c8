import * as v from 'valibot';
import { Instant, Whole } from './units.ts';

const Amount = v.strictObject({ versions: Whole, bytes: Whole });

/**
 * What is different of some versions between two snapshots. A version is the same where key and version id are (the null version of
 * a key is one). before + added - removed + reclassifiedIn - reclassifiedOut + (replaced.bytesAfter - replaced.bytesBefore) = after.
 */
export const ChangeSchema = v.strictObject({
  before: Amount,
  after: Amount,
  /** after - before. */
  grownBytes: v.pipe(v.number(), v.safeInteger()),
  added: Amount,
  removed: Amount,
  /** The same key and version id with other content: overwritten in a bucket that keeps no versions. */
  replaced: v.strictObject({ versions: Whole, bytesBefore: Whole, bytesAfter: Whole }),
  /** The same version in another storage class or access tier. */
  transitioned: Amount,
  becameNoncurrent: Amount,
  /** A noncurrent version that is the current one again. */
  becameCurrent: Amount,
  markersAdded: Whole,
  markersRemoved: Whole,
  /** The same version in another category, because the rules or what lies beside it changed; only by category. */
  reclassifiedIn: Amount,
  reclassifiedOut: Amount,
});
export type Change = v.InferOutput<typeof ChangeSchema>;

export const DIFF_DIMENSIONS = ['prefix', 'category'] as const;

const Side = v.strictObject({ snapshotId: v.string(), bucket: v.string(), asOf: Instant, source: v.string() });

export const SnapshotDiffSchema = v.strictObject({
  from: Side,
  to: Side,
  /** Everything that was compared. */
  totals: ChangeSchema,
  /** By how much changed, the most first; groups without a change are left out. `key` is a prefix ("" for keys directly there) or a category. */
  groups: v.array(v.strictObject({ key: v.string(), ...ChangeSchema.entries })),
  /** How many groups changed; `groups` holds at most `limit` of them. */
  changedGroups: Whole,
  /** What could not be compared, and what the figures rest on. */
  warnings: v.array(v.string()),
});
export type SnapshotDiff = v.InferOutput<typeof SnapshotDiffSchema>;
