import { type AppError, appError } from '../../contract/errors.ts';
import type { ApplyResult } from '../../contract/plan.ts';
import type { Result } from '../../contract/result.ts';
import { means, mismatch } from '../../core/apply/judge.ts';
import { differencesInWords } from '../../core/policy/same-meaning.ts';
import type { S3Connection } from '../s3/client.ts';
import { getLifecycle, putLifecycle } from '../s3/lifecycle.ts';
import { holdsOf, Operation, type WriteContext, type WriteOrder } from './operation.ts';
import { putBack } from './put-back.ts';
import { readBack } from './read-back.ts';

/** Writes a configuration: journal, a last look, request, read back, compare by meaning, journal again. Never cancelled half-way. */
export async function write(connection: S3Connection, context: WriteContext, order: WriteOrder): Promise<Result<ApplyResult>> {
  const operation = new Operation(connection, context, order);
  if (means(order.after, order.before)) return operation.done('unchanged', order.before);
  const intent = operation.log('intent');
  return intent.ok ? carryOut(operation, false) : intent;
}

/** From the intent on. An operation that is taken up again may find a configuration that its first attempt left altered. */
export async function carryOut(operation: Operation, isResumed: boolean): Promise<Result<ApplyResult>> {
  const { connection, order, patienceMs } = operation;
  const { bucket, before, after } = order;

  // S3 has no compare-and-swap, so the last look is as late as can be.
  const seen = await getLifecycle(connection, bucket);
  if (!seen.ok) {
    const error = { ...seen.error, message: `${seen.error.message} Nothing was sent.` };
    return isResumed ? operation.fail('unknown', error, { holds: 'unknown' }) : operation.fail('failed', error, { holds: 'before' });
  }
  const holds = holdsOf(order, seen.value);
  if (holds === 'after') return operation.done(isResumed ? 'verified' : 'unchanged', seen.value);
  if (holds === 'other' || (holds === 'altered' && !isResumed)) {
    return operation.fail('overtaken', changedMeanwhile(bucket, 'Nothing was sent.'), { holds: 'other', found: seen.value });
  }

  const sent = await putLifecycle(connection, bucket, after);
  if (sent.error === null) operation.log('written');
  const reading = await readBack(connection, bucket, after, before, sent.error === null ? patienceMs : 0);

  if (reading.verdict === 'asked') return operation.done('verified', reading.found);
  if (reading.verdict === 'stranger') {
    const words = 'Their configuration is in force and was left alone; ours was not kept.';
    return operation.fail('overtaken', changedMeanwhile(bucket, words), { holds: 'other', found: reading.found });
  }
  if (reading.verdict === 'earlier' && sent.error !== null && sent.isCertain) {
    const message = `${sent.error.message} The bucket still holds its earlier configuration.`;
    return operation.fail('failed', { ...sent.error, message }, { holds: 'before' });
  }
  const cause =
    reading.verdict === 'unreadable'
      ? appError('RemoteFailed', `The configuration of bucket "${bucket}" could not be read back: ${reading.error.message}`, {
          detail: reading.error.detail,
        })
      : reading.verdict === 'earlier'
        ? (sent.error ??
          appError('VerifyMismatch', `Bucket "${bucket}" took the configuration but goes on showing the earlier one.`, {
            next: 'The earlier configuration was written again. Try again later.',
          }))
        : appError(
            'VerifyMismatch',
            `Bucket "${bucket}" did not keep the configuration as it was written: ${differencesInWords(mismatch(after, reading.found))}.`,
          );
  return putBack(operation, cause, reading.verdict === 'unreadable' ? undefined : reading.found);
}

const changedMeanwhile = (bucket: string, words: string): AppError =>
  appError('ConfigurationChanged', `Someone else changed the lifecycle configuration of bucket "${bucket}" meanwhile. ${words}`);
