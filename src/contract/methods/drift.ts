import * as v from 'valibot';
import { DriftReportSchema } from '../drift.ts';
import { PlanSchema } from '../plan.ts';
import { BucketName, RemoteSchema } from '../remote.ts';
import type { Definition } from './definition.ts';

export const PATCH_FORMATS = ['terraform', 'cloudformation', 'cloudformation-yaml', 'cdk'] as const;

/** Watching buckets after the fact, and changing those that someone else manages. */
export const DRIFT_METHODS = {
  /** Rules and settings of one bucket, or of every bucket of the journal, against what was last applied. Reads only. */
  'drift.check': {
    effect: 'read',
    params: v.strictObject({ bucket: v.optional(BucketName), remote: v.optional(RemoteSchema, {}) }),
    result: v.strictObject({
      reports: v.array(DriftReportSchema),
      unreadable: v.array(v.strictObject({ bucket: v.string(), words: v.string() })),
    }),
  },
  /** The change of a plan in the words of the tool that manages its bucket: `diff` as a patch, `text` as a whole. */
  'plan.patch': {
    effect: 'read',
    params: v.strictObject({ plan: PlanSchema, format: v.optional(v.picklist(PATCH_FORMATS)) }),
    result: v.strictObject({ format: v.picklist(PATCH_FORMATS), diff: v.string(), text: v.string(), notes: v.array(v.string()) }),
  },
} as const satisfies Record<string, Definition>;
