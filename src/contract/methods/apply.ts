import * as v from 'valibot';
import { LifecycleConfigurationSchema } from '../lifecycle.ts';
import { ApplyResultSchema, BucketConfigurationSchema, JournalEntrySchema, PlanSchema } from '../plan.ts';
import { BucketName, RemoteSchema } from '../remote.ts';
import { At, type Definition, Region } from './definition.ts';

/** Reading and changing the configuration of a bucket. */
export const APPLY_METHODS = {
  /** The configuration a bucket has now. */
  'bucket.lifecycle': {
    effect: 'read',
    params: v.strictObject({ bucket: BucketName, remote: v.optional(RemoteSchema, {}) }),
    result: BucketConfigurationSchema,
  },
  /** Reads the bucket, merges, simulates; writes nothing. */
  'policy.plan': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      bucket: BucketName,
      policy: LifecycleConfigurationSchema,
      remote: v.optional(RemoteSchema, {}),
      convertLegacy: v.optional(v.boolean(), false),
      region: Region,
    }),
    result: PlanSchema,
  },
  'policy.apply': {
    effect: 'bucket',
    params: v.strictObject({ plan: PlanSchema, hash: v.string(), remote: v.optional(RemoteSchema, {}) }),
    result: ApplyResultSchema,
  },
  'policy.rollback': {
    effect: 'bucket',
    params: v.strictObject({ bucket: BucketName, to: v.string(), remote: v.optional(RemoteSchema, {}) }),
    result: ApplyResultSchema,
  },
  /** What was applied and rolled back, newest first. */
  'journal.list': { effect: 'read', params: v.strictObject({ bucket: v.optional(BucketName) }), result: v.array(JournalEntrySchema) },
} as const satisfies Record<string, Definition>;
