import { setTimeout as sleep } from 'node:timers/promises';
import type { AppError } from '../../contract/errors.ts';
import { judge, means, type Verdict, widens } from '../../core/apply/judge.ts';
import type { S3Connection } from '../s3/client.ts';
import { getLifecycle, type StoredLifecycle } from '../s3/lifecycle.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_000;
/** Readings that must agree that a bucket holds something else than was written, when nothing is in danger. */
const WRONG_READS = 2;

export type Reading =
  | { readonly verdict: Verdict; readonly found: StoredLifecycle }
  | { readonly verdict: 'unreadable'; readonly error: AppError };

/**
 * Reads back until the bucket holds what was asked for. S3 may go on showing the earlier configuration for minutes: that is
 * waited for. Anything else is in force now, so it is told at once where it lets more happen than was asked for.
 */
export async function readBack(
  connection: S3Connection,
  bucket: string,
  wanted: StoredLifecycle,
  earlier: StoredLifecycle,
  patienceMs: number,
): Promise<Reading> {
  let waitMs = FIRST_WAIT_MS;
  let wrong: StoredLifecycle | undefined;
  let wrongReads = 0;
  for (let waitedMs = 0; ; waitedMs += waitMs, waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    const read = await getLifecycle(connection, bucket);
    if (read.ok) {
      const found = read.value;
      const verdict = judge(wanted, earlier, found);
      if (verdict === 'asked') return { verdict, found };
      if (verdict === 'altered' && widens(wanted, found)) return { verdict, found };
      if (verdict !== 'earlier') {
        wrongReads = wrong !== undefined && means(wrong, found) ? wrongReads + 1 : 1;
        wrong = found;
        if (wrongReads >= WRONG_READS) return { verdict, found };
      }
      if (waitedMs >= patienceMs) return { verdict, found };
    } else if (waitedMs >= patienceMs || !read.error.retryable) return { verdict: 'unreadable', error: read.error };
    await sleep(waitMs);
  }
}
