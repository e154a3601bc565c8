import { appError } from '../../contract/errors.ts';
import type { ApplyResult, BucketConfiguration } from '../../contract/plan.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, type Result } from '../../contract/result.ts';
import { isPhrase, rollbackPhrase } from '../../core/apply/confirmation.ts';
import { addedDeletions } from '../../core/apply/deletions.ts';
import { means } from '../../core/apply/judge.ts';
import { withConnection } from '../s3/client.ts';
import { getLifecycle } from '../s3/lifecycle.ts';
import { withHash } from './hash.ts';
import { operations, readJournal } from './journal.ts';
import { exclusively } from './lock.ts';
import type { WriteContext } from './operation.ts';
import { openOperation, remoteOfEntry, takeUp, unfinishedError } from './recover.ts';
import { write } from './write.ts';

/** What no rollback can do, said every time. */
const ROLLBACK_LIMITS =
  'Rollback restores the rules, not the past: versions already moved stay in their class, and removed versions stay removed.';

export interface RollbackOrder {
  readonly bucket: string;
  /** The journal entry to go back to. */
  readonly to: string;
  /** The configuration from before that entry, or the one it put in place. */
  readonly which: 'before' | 'after';
  /** Consent to replace a configuration that someone else has put there since. */
  readonly overChanges: boolean;
  /** What `rollbackPhrase` gives, where rules that delete would come back. */
  readonly confirmation: string | undefined;
}

/** Puts a bucket back to any configuration of the journal, "no configuration" included. */
export async function rollback(
  order: RollbackOrder,
  remote: Remote,
  context: WriteContext,
  signal?: AbortSignal,
): Promise<Result<ApplyResult>> {
  const { bucket, to } = order;
  return exclusively(context.dataDir, async () => {
    const journal = readJournal(context.dataDir);
    if (!journal.ok) return journal;
    const known = operations(journal.value, bucket);
    const entry = known.find(({ journalId }) => journalId === to);
    if (entry === undefined) return err(appError('JournalEntryNotFound', `The journal has no entry "${to}" for bucket "${bucket}".`));
    const target = remoteOfEntry(entry, remote);
    if (!target.ok) return target;
    const wanted: BucketConfiguration = order.which === 'before' ? entry.before : entry.after;
    return withConnection(
      target.value,
      bucket,
      signal,
      async (connection) => {
        const open = openOperation(journal.value, connection, bucket);
        if (open !== undefined) {
          if (means(open.before, wanted)) return takeUp(open, 'undo', connection, context);
          return means(open.after, wanted) ? takeUp(open, 'finish', connection, context) : err(unfinishedError(open));
        }
        const read = await getLifecycle(connection, bucket, signal);
        if (!read.ok) return read;
        const last = known.find(({ endpoint }) => endpoint === entry.endpoint);
        const isOurs = [last?.before, last?.after, last?.found].some((left) => left !== undefined && means(left, read.value));
        if (!isOurs && !means(wanted, read.value) && !order.overChanges) {
          const message = `Someone else changed the lifecycle configuration of bucket "${bucket}" since entry "${last?.journalId}"; a rollback would discard that.`;
          return err(
            appError('ConfigurationChanged', message, { next: 'Look at what they changed; to discard it, roll back with --over-changes.' }),
          );
        }
        const deleting = addedDeletions(read.value.configuration, wanted.configuration).length;
        if (deleting > 0 && !isPhrase(order.confirmation, rollbackPhrase(bucket, deleting))) {
          const message = `Rolling back would bring back ${deleting} ${deleting === 1 ? 'rule that deletes' : 'rules that delete'}. Confirm with: ${rollbackPhrase(bucket, deleting)}`;
          return err(appError('ConfirmationMissing', message, { field: 'confirmation' }));
        }
        if (signal?.aborted) return err(appError('Cancelled', 'Nothing was rolled back.'));
        const notes = [ROLLBACK_LIMITS, ...(deleting > 0 ? ['The restored rules delete versions again.'] : [])];
        return write(connection, context, {
          action: 'rollback',
          bucket,
          planHash: null,
          before: withHash(read.value),
          after: wanted,
          notes,
        });
      },
      context.tuning,
    );
  });
}
