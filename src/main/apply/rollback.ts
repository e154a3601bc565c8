import { appError } from '../../contract/errors.ts';
import type { ApplyResult } from '../../contract/plan.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, type Result } from '../../contract/result.ts';
import { deletesAnything } from '../../core/policy/diff.ts';
import { withConnection } from '../s3/client.ts';
import { getLifecycle } from '../s3/lifecycle.ts';
import { withHash } from './hash.ts';
import { operations, readJournal } from './journal.ts';
import { exclusively } from './lock.ts';
import { type WriteContext, write } from './write.ts';

const LIMIT_NOTE =
  'Rollback restores the rules, not the past: versions already moved stay in their class, and removed versions stay removed.';

/** Puts a bucket back to what it held before a journalled operation, "no configuration" included. */
export async function rollback(
  bucket: string,
  to: string,
  remote: Remote,
  context: WriteContext,
  signal?: AbortSignal,
): Promise<Result<ApplyResult>> {
  return exclusively(context.dataDir, async () => {
    const journal = readJournal(context.dataDir);
    if (!journal.ok) return journal;
    const entry = operations(journal.value, bucket).find(({ journalId }) => journalId === to);
    if (entry === undefined) return err(appError('JournalEntryNotFound', `The journal has no entry "${to}" for bucket "${bucket}".`));
    const endpoint = entry.endpoint?.replace(/\/+$/, '');
    if (remote.endpoint !== undefined && remote.endpoint.replace(/\/+$/, '') !== endpoint) {
      return err(
        appError('PlanTargetMismatch', `The entry "${to}" belongs to endpoint ${entry.endpoint ?? 'of AWS'}, not ${remote.endpoint}.`, {
          field: 'endpoint',
        }),
      );
    }
    const target: Remote = {
      region: entry.region,
      pathStyle: entry.pathStyle,
      ...remote,
      ...(entry.endpoint === null ? {} : { endpoint: entry.endpoint }),
    };
    return withConnection(target, bucket, signal, async (connection) => {
      const read = await getLifecycle(connection, bucket, signal);
      if (!read.ok) return read;
      if (signal?.aborted) return err(appError('Cancelled', 'Nothing was rolled back.'));
      const notes = [LIMIT_NOTE, ...(deletesAnything(entry.before.configuration) ? ['The restored rules expire versions again.'] : [])];
      return write(connection, context, {
        action: 'rollback',
        bucket,
        planHash: null,
        before: withHash(read.value),
        after: entry.before,
        notes,
      });
    });
  });
}
