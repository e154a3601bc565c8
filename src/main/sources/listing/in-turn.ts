import { appError } from '../../../contract/errors.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import { createListPageReader } from '../../../core/listing/list-page.ts';
import { operationOf, sendList } from './list-call.ts';
import type { ListerOptions } from './lister.ts';
import { decodedMarker } from './markers.ts';

/**
 * Lists page after page, going on where the server says: with a delimiter only what lies directly below the prefix, and which
 * prefixes lie there; without one everything, in whatever order the server has it. Rows go the same way as the lister's.
 */
export async function listInTurn(
  options: ListerOptions,
  prefix: string,
  delimiter?: '/',
): Promise<Result<{ readonly rows: number; readonly prefixes: readonly string[] }>> {
  const { connection, bucket, byVersion, builder, patience, signal, onBatch, onProgress } = options;
  const reader = createListPageReader(builder);
  const what = `${operationOf(options)} on bucket "${bucket}"`;
  const prefixes: string[] = [];
  let rows = 0;
  let from: { readonly startAfter: string; readonly versionId?: string | undefined; readonly token?: string | undefined } = {
    startAfter: '',
  };
  for (;;) {
    const call = { bucket, prefix, byVersion, ...(delimiter === undefined ? {} : { delimiter }), ...from };
    const answer = await patience.insist(async () => {
      const body = await sendList(connection, call, signal);
      builder.clear();
      return body.ok ? reader.read(body.value, what) : body;
    });
    if (!answer.ok) return answer;
    const page = answer.value;
    prefixes.push(...page.commonPrefixes);
    rows += builder.rows;
    const taken = builder.rows === 0 ? ok(undefined) : onBatch(builder.batch());
    if (!taken.ok) return taken;
    if (delimiter === undefined) onProgress(rows, 1);
    if (!page.isTruncated) return ok({ rows, prefixes });
    const key = decodedMarker(page.nextKeyMarker, page.lastRawKey, page.isEncoded);
    const next = byVersion ? { startAfter: key ?? '', versionId: page.nextVersionIdMarker } : { startAfter: '', token: page.nextToken };
    if (JSON.stringify(next) === JSON.stringify(from) || (byVersion ? key : page.nextToken) === undefined)
      return err(appError('RemoteFailed', `${what} says that there is more but not where to go on.`));
    from = next;
  }
}
