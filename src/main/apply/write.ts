import { setTimeout as sleep } from 'node:timers/promises';
import { type AppError, appError } from '../../contract/errors.ts';
import type { ApplyResult, BucketConfiguration, JournalEntry } from '../../contract/plan.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type Difference, differencesInWords, differencesOf } from '../../core/policy/same-meaning.ts';
import type { S3Connection } from '../s3/client.ts';
import { getLifecycle, putLifecycle, type StoredLifecycle } from '../s3/lifecycle.ts';
import { withHash } from './hash.ts';
import { appendJournal, type JournalRecord } from './journal.ts';

/** What a write needs from its shell. `patienceMs`: how long a read-back may differ before it counts. */
export interface WriteContext {
  readonly dataDir: string;
  readonly now: () => Date;
  readonly patienceMs?: number;
}

interface WriteOrder {
  readonly action: JournalEntry['action'];
  readonly bucket: string;
  readonly planHash: string | null;
  /** What the bucket holds now, as just read. */
  readonly before: BucketConfiguration;
  readonly after: BucketConfiguration;
  readonly notes: readonly string[];
}

const PATIENCE_MS = 15_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_000;

/** Where a bucket differs from what was asked for. A minimum size the endpoint never returned cannot differ. */
export function mismatch(wanted: StoredLifecycle, found: StoredLifecycle): Difference[] {
  const differences = differencesOf(wanted.configuration, found.configuration);
  if (wanted.configuration !== null && wanted.minimumSize !== null && wanted.minimumSize !== found.minimumSize) {
    const words = `${wanted.minimumSize} became ${found.minimumSize ?? 'none'}`;
    differences.push({
      rule: '(all)',
      field: 'TransitionDefaultMinimumObjectSize',
      widens: wanted.minimumSize === 'all_storage_classes_128K',
      words,
    });
  }
  return differences;
}

/** Reads that must show something that is neither the old nor the new configuration before it counts as kept wrongly. */
const WRONG_READS = 2;

/**
 * Reads back until the bucket holds what was asked for. S3 may go on showing the earlier configuration for a while:
 * that is waited for. Anything else is in force now, so it is given back at once.
 */
async function readBack(
  connection: S3Connection,
  bucket: string,
  wanted: StoredLifecycle,
  earlier: StoredLifecycle,
  patienceMs: number,
): Promise<Result<{ found: StoredLifecycle; differences: Difference[] }>> {
  let waitMs = FIRST_WAIT_MS;
  let wrongReads = 0;
  for (let waitedMs = 0; ; waitedMs += waitMs, waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    const found = await getLifecycle(connection, bucket);
    if (found.ok) {
      const differences = mismatch(wanted, found.value);
      if (mismatch(earlier, found.value).length > 0) wrongReads += 1;
      if (differences.length === 0 || waitedMs >= patienceMs || wrongReads >= WRONG_READS) return ok({ found: found.value, differences });
    } else if (waitedMs >= patienceMs || !found.error.retryable) return found;
    await sleep(waitMs);
  }
}

/** Puts the configuration from before back and says how that went. */
async function putBack(
  connection: S3Connection,
  order: WriteOrder,
  wrong: StoredLifecycle,
  patienceMs: number,
  cause: AppError,
): Promise<{ restored: boolean; error: AppError }> {
  const { bucket, before } = order;
  const failed = (why: string) => ({
    restored: false,
    error: appError('RollbackFailed', `${cause.message} Putting the earlier configuration back failed as well: ${why}`, {
      detail: cause.detail,
    }),
  });
  const put = await putLifecycle(connection, bucket, before);
  if (!put.ok) return failed(put.error.message);
  const back = await readBack(connection, bucket, before, wrong, patienceMs);
  if (!back.ok) return failed(back.error.message);
  if (back.value.differences.length > 0) return failed(differencesInWords(back.value.differences));
  return { restored: true, error: cause };
}

/**
 * Writes a configuration: journal, request, read back, compare by meaning, journal again. On any difference the
 * configuration from before is put back at once. Never cancelled half-way.
 */
export async function write(connection: S3Connection, context: WriteContext, order: WriteOrder): Promise<Result<ApplyResult>> {
  const { bucket, before, after } = order;
  const patienceMs = context.patienceMs ?? PATIENCE_MS;
  const base: Omit<JournalRecord, 'outcome' | 'error'> = {
    action: order.action,
    bucket,
    endpoint: connection.endpoint,
    region: connection.region,
    pathStyle: connection.pathStyle,
    planHash: order.planHash,
    before,
    after,
  };
  const log = (outcome: JournalRecord['outcome'], error: string | null, journalId?: string) =>
    appendJournal(context.dataDir, context.now(), { ...base, outcome, error }, journalId);

  if (mismatch(after, before).length === 0) {
    const entry = log('unchanged', null);
    if (!entry.ok) return entry;
    const notes = ['The bucket already held this configuration; nothing was written.', ...order.notes];
    return ok({
      journalId: entry.value.journalId,
      bucket,
      planHash: order.planHash,
      verified: true,
      changed: false,
      readBackHash: before.hash,
      notes,
    });
  }

  const intent = log('intent', null);
  if (!intent.ok) return intent;
  const { journalId } = intent.value;
  const named = (error: AppError): AppError => ({ ...error, message: `${error.message} The journal entry is ${journalId}.` });

  const put = await putLifecycle(connection, bucket, after);
  const back = put.ok
    ? await readBack(connection, bucket, after, before, patienceMs)
    : await readBack(connection, bucket, before, after, 0);
  if (!put.ok && back.ok && back.value.differences.length === 0) {
    log('failed', put.error.message, journalId);
    return err(named({ ...put.error, message: `${put.error.message} The bucket still holds its earlier configuration.` }));
  }
  // A write that failed to answer may still have happened.
  const arrived = back.ok && (put.ok ? back.value.differences.length === 0 : mismatch(after, back.value.found).length === 0);
  if (back.ok && arrived) {
    const done = log('verified', null, journalId);
    const notes = [
      ...order.notes,
      ...(done.ok ? [] : [`The configuration was written and verified, but the journal could not note it: ${done.error.message}`]),
    ];
    return ok({
      journalId,
      bucket,
      planHash: order.planHash,
      verified: true,
      changed: true,
      readBackHash: withHash(back.value.found).hash,
      notes,
    });
  }
  const cause = back.ok
    ? appError(
        'VerifyMismatch',
        `Bucket "${bucket}" did not keep the configuration as it was written: ${differencesInWords(mismatch(after, back.value.found))}.`,
      )
    : appError(
        'RemoteFailed',
        `The configuration of bucket "${bucket}" could not be read back after it was written: ${back.error.message}`,
        {
          detail: back.error.detail,
          next: 'The earlier configuration was put back. Try again later.',
        },
      );
  const outcome = await putBack(connection, order, back.ok ? back.value.found : after, patienceMs, cause);
  log(outcome.restored ? 'rolledBack' : 'failed', outcome.error.message, journalId);
  return err(named(outcome.error));
}
