import { setTimeout as sleep } from 'node:timers/promises';
import { type AppError, appError } from '../../contract/errors.ts';
import type { ApplyResult } from '../../contract/plan.ts';
import type { Result } from '../../contract/result.ts';
import { judge, mismatch } from '../../core/apply/judge.ts';
import { differencesInWords } from '../../core/policy/same-meaning.ts';
import { getLifecycle, putLifecycle, type StoredLifecycle } from '../s3/lifecycle.ts';
import { holdsOf, type Operation } from './operation.ts';
import { readBack } from './read-back.ts';

const ROUNDS = 4;

/**
 * Puts the configuration from before back, and says how that went. A request that went astray may take effect late and undo the undoing,
 * so the bucket is looked at once more after a while, and the earlier configuration written again if need be.
 */
export async function putBack(operation: Operation, cause: AppError, found: StoredLifecycle | undefined): Promise<Result<ApplyResult>> {
  const { connection, order, patienceMs, settleMs } = operation;
  const { bucket, before, after } = order;
  const overtaken = (other: StoredLifecycle) => {
    const message = `${cause.message} Before that could be undone someone else changed the configuration; theirs was left alone.`;
    return operation.fail('overtaken', appError('ConfigurationChanged', message), { holds: 'other', found: other });
  };

  operation.log('undoing', found === undefined ? { error: cause.message } : { holds: 'altered', found, error: cause.message });
  let why = 'it was not tried';
  let last: StoredLifecycle | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const seen = await getLifecycle(connection, bucket);
    const verdict = seen.ok ? judge(after, before, seen.value) : undefined;
    if (seen.ok && verdict === 'stranger') return overtaken(seen.value);
    // Written again even where the earlier configuration still shows: that may be the service showing it for a while.
    if (verdict !== 'earlier' || round === 0) {
      const sent = await putLifecycle(connection, bucket, before);
      const reading = await readBack(connection, bucket, before, after, sent.error === null ? patienceMs : 0);
      if (reading.verdict !== 'asked') {
        last = reading.verdict === 'unreadable' ? undefined : reading.found;
        why = sent.error?.message ?? (last === undefined ? 'it could not be read' : differencesInWords(mismatch(before, last)));
        if (last !== undefined && judge(after, before, last) === 'stranger') return overtaken(last);
        continue;
      }
    }
    await sleep(settleMs);
    const later = await getLifecycle(connection, bucket);
    if (later.ok && judge(after, before, later.value) === 'earlier') return operation.fail('rolledBack', cause, { holds: 'before' });
    last = later.ok ? later.value : undefined;
    why = later.ok ? 'a request that came late undid it' : later.error.message;
  }
  const message = `${cause.message} Putting the earlier configuration back failed as well: ${why}`;
  const error = appError('RollbackFailed', message, { detail: cause.detail });
  return operation.fail('unknown', error, last === undefined ? { holds: 'unknown' } : { holds: holdsOf(order, last), found: last });
}
