import * as v from 'valibot';
import { ScanResultSchema } from '../index-views.ts';
import { RemoteSchema } from '../remote.ts';
import { DIFF_DIMENSIONS, SnapshotDiffSchema } from '../snapshots.ts';
import { Whole } from '../units.ts';
import { type Definition, FilePath } from './definition.ts';

/** What is done with the snapshots of an index, beside listing them (index.snapshots). */
export const SNAPSHOT_METHODS = {
  /** What is different in `to` from `from`, version by version. */
  'snapshots.diff': {
    effect: 'read',
    isHeavy: true,
    params: v.strictObject({
      index: FilePath,
      from: v.string(),
      to: v.string(),
      by: v.optional(v.picklist(DIFF_DIMENSIONS), 'prefix'),
      prefix: v.optional(v.string(), ''),
      limit: v.optional(v.pipe(Whole, v.maxValue(10_000)), 200),
    }),
    result: SnapshotDiffSchema,
  },
  /** Takes snapshots out of an index, and their room. What was planned or applied from them stays. */
  'snapshots.drop': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({ index: FilePath, snapshotIds: v.pipe(v.array(v.string()), v.minLength(1)) }),
    result: v.strictObject({ dropped: v.array(v.string()), left: Whole, bytesBefore: Whole, bytesAfter: Whole }),
  },
  /** Scans again what the newest snapshot, or the one named, came from: a newer report, or the bucket. A report already known is left alone. */
  'snapshots.refresh': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({ index: FilePath, snapshotId: v.optional(v.string()), remote: v.optional(RemoteSchema) }),
    result: ScanResultSchema,
  },
} as const satisfies Record<string, Definition>;
