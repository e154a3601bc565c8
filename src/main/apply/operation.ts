import type { AppError } from '../../contract/errors.ts';
import type { Holds, JournalEntry } from '../../contract/journal.ts';
import type { ApplyResult, BucketConfiguration, BucketFacts } from '../../contract/plan.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { judge, type Verdict } from '../../core/apply/judge.ts';
import type { S3Connection } from '../s3/client.ts';
import type { Tuning } from '../s3/guard.ts';
import type { StoredLifecycle } from '../s3/lifecycle.ts';
import { withHash } from './hash.ts';
import { appendJournal, type JournalRecord } from './journal.ts';

/** What a write needs from its shell. */
export interface WriteContext {
  readonly dataDir: string;
  readonly now: () => Date;
  /** The person, as the audit trail names them. */
  readonly by?: string;
  /** How long a reading may show the earlier configuration before that counts as a failure. */
  readonly patienceMs?: number;
  /** How long after an undoing a request that went astray is feared to take effect. */
  readonly settleMs?: number;
  readonly tuning?: Tuning;
}

export interface WriteOrder {
  readonly action: JournalEntry['action'];
  readonly bucket: string;
  readonly planHash: string | null;
  /** What the bucket held before; what it shall hold. */
  readonly before: BucketConfiguration;
  readonly after: BucketConfiguration;
  readonly notes: readonly string[];
  readonly consents?: readonly string[];
  readonly approvals?: readonly string[];
  readonly policyHash?: string;
  readonly stage?: JournalEntry['stage'];
  readonly facts?: BucketFacts;
}

/** AWS takes minutes in some regions (https://github.com/hashicorp/terraform-provider-aws/issues/41764); other servers answer at once. */
const AWS_PATIENCE_MS = 180_000;
const PATIENCE_MS = 15_000;
const SETTLE_MS = 10_000;

const HOLDS_OF: Readonly<Record<Verdict, Holds>> = { asked: 'after', earlier: 'before', altered: 'altered', stranger: 'other' };
export const holdsOf = (order: Pick<WriteOrder, 'before' | 'after'>, found: StoredLifecycle): Holds =>
  HOLDS_OF[judge(order.after, order.before, found)];

/** One operation: its lines in the journal, and the words and results that come of it. */
export class Operation {
  readonly connection: S3Connection;
  readonly order: WriteOrder;
  readonly patienceMs: number;
  readonly settleMs: number;
  private readonly context: WriteContext;
  /** The id once there is a line; an operation taken up again has one from the start. */
  private id: string | undefined;

  constructor(connection: S3Connection, context: WriteContext, order: WriteOrder, journalId?: string) {
    this.connection = connection;
    this.context = context;
    this.order = order;
    this.id = journalId;
    this.patienceMs = context.patienceMs ?? (connection.endpoint === null ? AWS_PATIENCE_MS : PATIENCE_MS);
    this.settleMs = context.settleMs ?? SETTLE_MS;
  }

  get journalId(): string {
    return this.id ?? '';
  }

  log(outcome: JournalRecord['outcome'], more: { holds?: Holds; found?: StoredLifecycle; error?: string } = {}): Result<JournalEntry> {
    const { connection, order, context } = this;
    const isKnown = more.holds === 'before' || more.holds === 'after' || more.found === undefined;
    const record: JournalRecord = {
      action: order.action,
      outcome,
      bucket: order.bucket,
      endpoint: connection.endpoint,
      region: connection.region,
      pathStyle: connection.pathStyle,
      ...(connection.owner === null ? {} : { owner: connection.owner }),
      planHash: order.planHash,
      ...(order.policyHash === undefined ? {} : { policyHash: order.policyHash }),
      ...(order.stage === undefined ? {} : { stage: order.stage }),
      before: order.before,
      after: order.after,
      ...(order.facts === undefined ? {} : { facts: order.facts }),
      ...(more.holds === undefined ? {} : { holds: more.holds }),
      ...(isKnown ? {} : { found: withHash(more.found as StoredLifecycle) }),
      ...(context.by === undefined ? {} : { by: context.by }),
      ...(order.consents === undefined || order.consents.length === 0 ? {} : { consents: [...order.consents] }),
      ...(order.approvals === undefined || order.approvals.length === 0 ? {} : { approvals: [...order.approvals] }),
      error: more.error ?? null,
    };
    const entry = appendJournal(context.dataDir, context.now(), record, this.id);
    if (entry.ok) this.id = entry.value.journalId;
    return entry;
  }

  /** Notes a failure and gives it, naming the entry. What cannot be noted is said as well. */
  fail(outcome: JournalRecord['outcome'], error: AppError, more: { holds: Holds; found?: StoredLifecycle }): Result<ApplyResult> {
    const noted = this.log(outcome, { ...more, error: error.message });
    const unnoted = noted.ok ? '' : ` The journal could not note this: ${noted.error.message}`;
    return err({ ...error, message: `${error.message} The journal entry is ${this.journalId}.${unnoted}` });
  }

  done(outcome: 'verified' | 'unchanged', found: StoredLifecycle): Result<ApplyResult> {
    const noted = this.log(outcome, { holds: 'after' });
    const isChange = outcome === 'verified';
    if (!noted.ok && !isChange) return noted;
    return ok({
      journalId: this.journalId,
      bucket: this.order.bucket,
      planHash: this.order.planHash,
      verified: true,
      changed: isChange,
      readBackHash: withHash(found).hash,
      notes: [
        ...(isChange ? [] : ['The bucket already held this configuration; nothing was written.']),
        ...this.order.notes,
        ...(noted.ok ? [] : [`The configuration was written and verified, but the journal could not note it: ${noted.error.message}`]),
      ],
    });
  }
}
