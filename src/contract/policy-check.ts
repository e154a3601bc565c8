import * as v from 'valibot';
import { MinimumSizeSchema } from './lifecycle.ts';

/**
 * One thing to know about a policy before S3 sees it. An error is what S3 would refuse, with the code of its answer; a warning is
 * what S3 takes and its owner may regret.
 */
export const PolicyIssueSchema = v.strictObject({
  severity: v.picklist(['error', 'warning']),
  /** Our name of the check, stable. */
  code: v.string(),
  /** S3's bare error code, such as InvalidArgument; null for a warning. */
  awsCode: v.nullable(v.string()),
  /** Names the rule and the field in plain words. */
  message: v.string(),
  /** Where: `Rules[0].Expiration.Days`; '' for the whole. */
  path: v.string(),
  fix: v.string(),
});
export type PolicyIssue = v.InferOutput<typeof PolicyIssueSchema>;

/** `ok`: no errors; there may be warnings. */
export const PolicyCheckSchema = v.strictObject({ ok: v.boolean(), issues: v.array(PolicyIssueSchema) });
export type PolicyCheck = v.InferOutput<typeof PolicyCheckSchema>;

/** One rule of two configurations. `fields` of a changed rule say what changed; `widens`: it would reach or remove more than before. */
export const RuleComparisonSchema = v.strictObject({
  change: v.picklist(['added', 'changed', 'removed', 'kept']),
  ruleId: v.string(),
  /** What the rule would do; for a change, before and after. */
  words: v.string(),
  fields: v.array(v.strictObject({ field: v.string(), widens: v.boolean(), words: v.string() })),
});

export const PolicyComparisonSchema = v.strictObject({
  /** Both mean the same. */
  same: v.boolean(),
  rules: v.array(RuleComparisonSchema),
  minimumSize: v.strictObject({ before: MinimumSizeSchema, after: MinimumSizeSchema }),
  /** The differences as sentences, one for each rule that is not kept and one for the setting. */
  words: v.array(v.string()),
});
export type PolicyComparison = v.InferOutput<typeof PolicyComparisonSchema>;
