import * as v from 'valibot';
import { BucketConfigurationSchema, BucketFactsSchema, StageSchema } from './plan.ts';
import { Instant, Whole } from './units.ts';

/**
 * What a line of the journal says of its operation. Open: intent (nothing sent yet), written (the service took it, not read back yet),
 * undoing (the earlier configuration is about to be put back), unknown (the bucket could not be read at the end).
 * Closed: verified and unchanged (the bucket holds `after`), failed and rolledBack (it holds `before`),
 * overtaken (someone else's configuration is in force and was left alone).
 */
export const OUTCOMES = ['intent', 'written', 'undoing', 'unknown', 'verified', 'unchanged', 'failed', 'rolledBack', 'overtaken'] as const;
export const OPEN_OUTCOMES: readonly string[] = ['intent', 'written', 'undoing', 'unknown'];

/** Which configuration a bucket was last seen with: that from before, that asked for, an altered copy of it, or another. */
export const HOLDS = ['before', 'after', 'altered', 'other', 'unknown'] as const;
export type Holds = (typeof HOLDS)[number];

/** One line about an operation on a bucket. Each carries the hash of the line before it, whatever that was about. */
export const JournalEntrySchema = v.strictObject({
  journalId: v.string(),
  at: Instant,
  action: v.picklist(['apply', 'rollback']),
  /** intent is written before the request, the outcome after it. */
  outcome: v.picklist(OUTCOMES),
  bucket: v.string(),
  endpoint: v.nullable(v.string()),
  region: v.string(),
  pathStyle: v.boolean(),
  /** The account every request asked S3 to expect; absent where it was not known. */
  owner: v.optional(v.string()),
  planHash: v.nullable(v.string()),
  /** Which policy, whatever it was merged with, and how far it was let go. */
  policyHash: v.optional(v.string()),
  stage: v.optional(StageSchema.entries.name),
  before: BucketConfigurationSchema,
  after: BucketConfigurationSchema,
  /** The bucket's other settings at that time, for the drift watch. */
  facts: v.optional(BucketFactsSchema),
  /** What the bucket was last seen with; absent on an intent. */
  holds: v.optional(v.picklist(HOLDS)),
  /** That configuration itself, where it is neither `before` nor `after`. */
  found: v.optional(BucketConfigurationSchema),
  /** Who: the name the shell knows the person by. */
  by: v.optional(v.string()),
  /** Why it could go ahead: consents given, and the approvals shown ("name key-id"). */
  consents: v.optional(v.array(v.string())),
  approvals: v.optional(v.array(v.string())),
  error: v.nullable(v.string()),
  sequence: Whole,
  previousHash: v.string(),
  hash: v.string(),
});
export type JournalEntry = v.InferOutput<typeof JournalEntrySchema>;

/**
 * Everything else the audit trail keeps: who planned, approved, listed a key, set a limit, created or stopped a batch job, and what a
 * configuration would have deleted that a bucket kept otherwise than it was sent.
 */
export const AuditEventSchema = v.strictObject({
  event: v.picklist([
    'planned',
    'approved',
    'approverAdded',
    'approverRemoved',
    'limitsSet',
    'keyMade',
    'jobRequested',
    'jobRefused',
    'jobCreated',
    'jobConfirmed',
    'jobCancelled',
    'alteredEffect',
  ]),
  at: Instant,
  by: v.string(),
  bucket: v.nullable(v.string()),
  /** What it was about: the hash of a plan, the id of a key, of a job or of a journal entry. */
  subject: v.string(),
  details: v.record(v.string(), v.string()),
  sequence: Whole,
  previousHash: v.string(),
  hash: v.string(),
});
export type AuditEvent = v.InferOutput<typeof AuditEventSchema>;

export const AuditLineSchema = v.union([JournalEntrySchema, AuditEventSchema]);
export type AuditLine = v.InferOutput<typeof AuditLineSchema>;

/** An operation that was cut off or ended without anyone knowing, and what its bucket shows now. */
export const UnfinishedSchema = v.strictObject({
  entry: JournalEntrySchema,
  /** What the bucket shows now. */
  holds: v.picklist(HOLDS),
  /** In plain words: what is in force, and what finishing or undoing would do. */
  words: v.string(),
  can: v.array(v.picklist(['finish', 'undo', 'accept'])),
});
export type Unfinished = v.InferOutput<typeof UnfinishedSchema>;
