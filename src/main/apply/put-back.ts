import { setTimeout as sleep } from 'node:timers/promises';
import { type AppError, appError } from '../../contract/errors.ts';
import type { ApplyResult } from '../../contract/plan.ts';
import type { Result } from '../../contract/result.ts';
import { judge, mismatch } from '../../core/apply/judge.ts';
import { differencesInWords } from '../../core/policy/same-meaning.ts';
import { getLifecycle, putLifecycle, type StoredLifecycle } from '../s3/lifecycle.ts';
import type { Operation } from './operation.ts';
import { readBack } from './read-back.ts';

const ROUNDS = 4;

/**
 * Puts the configuration from before back, and says how that went. A request that never got an answer may take effect late and
 * undo the undoing, so after one of those the bucket is watched for a while and the earlier configuration written again if need be.
 */
export async function putBack(
  operation: Operation,
  cause: AppError,
  found: StoredLifecycle | undefined,
  isCertain: boolean,
): Promise<Result<ApplyResult>> {
  const { connection, order, patienceMs, settleMs } = operation;
  const { bucket, before, after } = order;
  const strange = (other: StoredLifecycle) =>
    operation.fail(
      'overtaken',
      appError(
        'ConfigurationChanged',
        `${cause.message} Before that could be undone someone else changed the configuration; theirs was left alone.`,
      ),
      { holds: 'other', found: other },
    );

  operation.log('undoing', found === undefined ? { error: cause.message } : { holds: 'altered', found, error: cause.message });
  let mayLandLate = !isCertain;
  let last: { why: string; found?: StoredLifecycle } = { why: 'it was not tried' };
  for (let round = 0; round < ROUNDS; round += 1) {
    const now = await getLifecycle(connection, bucket);
    const verdict = now.ok ? judge(after, before, now.value) : undefined;
    if (now.ok && verdict === 'stranger') return strange(now.value);
    if (verdict !== 'earlier' || round === 0) {
      const sent = await putLifecycle(connection, bucket, before);
      mayLandLate ||= !sent.isCertain;
      const reading = await readBack(connection, bucket, before, after, sent.error === null ? patienceMs : 0);
      if (reading.verdict === 'stranger' && judge(after, before, reading.found) === 'stranger') return strange(reading.found);
      if (reading.verdict !== 'asked') {
        last =
          reading.verdict === 'unreadable'
            ? { why: reading.error.message }
            : { why: sent.error?.message ?? differencesInWords(mismatch(before, reading.found)), found: reading.found };
        continue;
      }
    }
    if (!mayLandLate) return operation.fail('rolledBack', cause, { holds: 'before' });
    await sleep(settleMs);
    mayLandLate = false;
    const later = await getLifecycle(connection, bucket);
    if (later.ok && judge(after, before, later.value) === 'earlier') return operation.fail('rolledBack', cause, { holds: 'before' });
    last = later.ok ? { why: 'a late request undid it', found: later.value } : { why: later.error.message };
  }
  const message = `${cause.message} Putting the earlier configuration back failed as well: ${last.why}`;
  const error = appError('RollbackFailed', message, { detail: cause.detail });
  return operation.fail('unknown', error, last.found === undefined ? { holds: 'unknown' } : { holds: 'altered', found: last.found });
}
