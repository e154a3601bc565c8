import * as v from 'valibot';

/**
 * read: everything but writing; apply: what writing a configuration takes on its own; batch: creating and following batch jobs;
 * batch-role and batch-trust: what the role of a job may do and who may take it on; deny: for people who must not delete.
 */
export const RIGHTS_PROFILES = ['read', 'apply', 'batch', 'batch-role', 'batch-trust', 'deny'] as const;
export type RightsProfile = (typeof RIGHTS_PROFILES)[number];

/** One statement of an IAM policy as IAM spells it. */
export const IamStatementSchema = v.strictObject({
  Sid: v.string(),
  Effect: v.picklist(['Allow', 'Deny']),
  Principal: v.optional(v.record(v.string(), v.string())),
  Action: v.array(v.string()),
  Resource: v.optional(v.array(v.string())),
  Condition: v.optional(v.record(v.string(), v.record(v.string(), v.string()))),
});
export type IamStatement = v.InferOutput<typeof IamStatementSchema>;

export const RightsDocumentSchema = v.strictObject({
  profile: v.picklist(RIGHTS_PROFILES),
  document: v.strictObject({ Version: v.literal('2012-10-17'), Statement: v.array(IamStatementSchema) }),
  /** What each statement is for, and what is lost without it; in their order. */
  reasons: v.array(v.strictObject({ sid: v.string(), why: v.string(), without: v.string() })),
});
export type RightsDocument = v.InferOutput<typeof RightsDocumentSchema>;
