import * as v from 'valibot';
import { ApprovalSchema } from '../approval.ts';
import { AuditLineSchema, JournalEntrySchema, UnfinishedSchema } from '../journal.ts';
import { LifecycleConfigurationSchema, MinimumSizeSchema } from '../lifecycle.ts';
import { APPLY_CONSENTS, ApplyResultSchema, BucketConfigurationSchema, PLAN_CONSENTS, PlanSchema, StageSchema } from '../plan.ts';
import { BucketName, RemoteSchema } from '../remote.ts';
import { Whole } from '../units.ts';
import { At, type Definition, FilePath, Region } from './definition.ts';

const ToReach = v.optional(RemoteSchema, {});
/** The workspace, where it is not the one the plan was made from on this machine. */
const OptionalIndex = v.optional(FilePath);

/** Reading and changing the configuration of a bucket. */
export const APPLY_METHODS = {
  /** The configuration a bucket has now. */
  'bucket.lifecycle': {
    effect: 'read',
    params: v.strictObject({ bucket: BucketName, remote: ToReach }),
    result: BucketConfigurationSchema,
  },
  /** Reads the bucket, merges, runs both configurations over the snapshot; writes nothing to the bucket. The workspace keeps the plan. */
  'policy.plan': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({
      ...At,
      bucket: BucketName,
      policy: LifecycleConfigurationSchema,
      /** What the policy says of small objects; left out, what holds in the bucket stays. */
      minimumSize: v.optional(MinimumSizeSchema, null),
      remote: ToReach,
      consents: v.optional(v.array(v.picklist(PLAN_CONSENTS)), []),
      stage: v.optional(StageSchema, { name: 'full', canaryPrefix: null }),
      expiresInHours: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(24 * 30)), 72),
      region: Region,
    }),
    result: PlanSchema,
  },
  /** Whether a plan is as it was made: PlanHashMismatch names what is not. */
  'plan.check': { effect: 'read', params: v.strictObject({ plan: PlanSchema }), result: v.strictObject({ isExpired: v.boolean() }) },
  'policy.apply': {
    effect: 'bucket',
    params: v.strictObject({
      plan: PlanSchema,
      hash: v.string(),
      confirmation: v.optional(v.string()),
      approvals: v.optional(v.array(ApprovalSchema), []),
      consents: v.optional(v.array(v.picklist(APPLY_CONSENTS)), []),
      index: OptionalIndex,
      remote: ToReach,
    }),
    result: ApplyResultSchema,
  },
  'policy.rollback': {
    effect: 'bucket',
    params: v.strictObject({
      bucket: BucketName,
      to: v.string(),
      /** The configuration from before that entry, or the one it put in place. */
      which: v.optional(v.picklist(['before', 'after']), 'before'),
      overChanges: v.optional(v.boolean(), false),
      confirmation: v.optional(v.string()),
      index: OptionalIndex,
      remote: ToReach,
    }),
    result: ApplyResultSchema,
  },
  /** Operations that were cut off, and what their buckets hold now. Reads the buckets. */
  'apply.unfinished': {
    effect: 'read',
    params: v.strictObject({ bucket: v.optional(BucketName), remote: ToReach }),
    result: v.array(UnfinishedSchema),
  },
  /** Finishes, undoes or closes one of them. */
  'apply.recover': {
    effect: 'bucket',
    params: v.strictObject({
      bucket: BucketName,
      journalId: v.string(),
      act: v.picklist(['finish', 'undo', 'accept']),
      index: OptionalIndex,
      remote: ToReach,
    }),
    result: ApplyResultSchema,
  },
  /** What was applied and rolled back, newest first; of each operation its last line. */
  'journal.list': { effect: 'read', params: v.strictObject({ bucket: v.optional(BucketName) }), result: v.array(JournalEntrySchema) },
  /** The whole audit trail, oldest first, its chain checked; against a head noted elsewhere and the copy in a workspace where given. */
  'audit.verify': {
    effect: 'read',
    params: v.strictObject({ head: v.optional(v.string()), index: OptionalIndex }),
    result: v.strictObject({ lines: v.array(AuditLineSchema), head: v.nullable(v.string()) }),
  },
} as const satisfies Record<string, Definition>;
