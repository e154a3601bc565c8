import * as v from 'valibot';
import { ReconciliationSchema } from '../reconcile.ts';
import { At, type Definition, FilePath, Region } from './definition.ts';

export const RECONCILE_METHODS = {
  /** What the index says a bucket holds and costs, against what CloudWatch measured and AWS billed. */
  'reconcile.check': {
    effect: 'read',
    isHeavy: true,
    params: v.strictObject({
      ...At,
      region: Region,
      /** Output of CloudWatch's get-metric-data for BucketSizeBytes, or a CSV of time, storage type and bytes. */
      cloudWatch: v.optional(FilePath),
      /** Files of one Cost and Usage Report: CSV, gzipped CSV or Parquet. */
      bill: v.optional(v.pipe(v.array(FilePath), v.minLength(1), v.maxLength(1000))),
      /** "2026-11"; the month of the snapshot unless given. */
      month: v.optional(v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month such as "2026-11"'))),
    }),
    result: ReconciliationSchema,
  },
} as const satisfies Record<string, Definition>;
