import * as v from 'valibot';
import { ApprovalSchema, ApproverSchema, KeyId, OwnKeySchema } from '../approval.ts';
import { JobPlanSchema } from '../batch-job.ts';
import { LimitsSchema, PlanSchema } from '../plan.ts';
import { Whole } from '../units.ts';
import { type Definition, FilePath } from './definition.ts';

const Name = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(200),
  v.regex(/^[^\p{Cc}\p{Cf}]+$/u, 'has characters that cannot be seen'),
);
const Passphrase = v.optional(v.pipe(v.string(), v.minLength(8, 'is too short; a passphrase has at least 8 characters')));

/** Who approves what, and from where on. Signing needs no network. */
export const APPROVAL_METHODS = {
  'keys.list': { effect: 'read', params: v.strictObject({}), result: v.array(OwnKeySchema) },
  'keys.make': { effect: 'index', params: v.strictObject({ name: Name, passphrase: Passphrase }), result: OwnKeySchema },
  'approvers.list': { effect: 'read', params: v.strictObject({ index: FilePath }), result: v.array(ApproverSchema) },
  /** `line`: what "keys.make" and "keys.list" show of a key. */
  'approvers.add': { effect: 'index', params: v.strictObject({ index: FilePath, line: v.string() }), result: v.array(ApproverSchema) },
  'approvers.remove': { effect: 'index', params: v.strictObject({ index: FilePath, keyId: KeyId }), result: v.array(ApproverSchema) },
  'limits.get': { effect: 'read', params: v.strictObject({ index: FilePath }), result: LimitsSchema },
  'limits.set': {
    effect: 'index',
    params: v.strictObject({ index: FilePath, limits: v.partial(LimitsSchema) }),
    result: LimitsSchema,
  },
  /** Approves a plan, or the plan of a batch job, with a key of this machine. */
  'approval.make': {
    effect: 'index',
    params: v.strictObject({
      plan: v.variant('format', [PlanSchema, JobPlanSchema]),
      hash: v.string(),
      keyId: v.optional(KeyId),
      passphrase: v.optional(v.string()),
      hours: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(24 * 30)), 72),
      note: v.optional(v.pipe(v.string(), v.maxLength(1000)), ''),
    }),
    result: ApprovalSchema,
  },
} as const satisfies Record<string, Definition>;
