import { statSync } from 'node:fs';
import { appError } from '../../contract/errors.ts';
import type { ResultOf } from '../../contract/methods.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { openIndex } from '../index/reader.ts';
import { openIndexWriter } from '../index/writer.ts';

interface DropOptions {
  readonly index: string;
  readonly snapshotIds: readonly string[];
  readonly resourcesDir: string;
  readonly signal: AbortSignal;
}

/** Takes snapshots out of an index. Like a scan it works on a copy: whatever fails, the index stays as it was. */
export async function dropSnapshots({
  index,
  snapshotIds,
  resourcesDir,
  signal,
}: DropOptions): Promise<Result<ResultOf<'snapshots.drop'>>> {
  // A writer would make an index that is not there.
  const there = openIndex(index);
  if (!there.ok) return there;
  const opened = await openIndexWriter(index, resourcesDir);
  if (!opened.ok) return opened;
  const writer = opened.value;
  try {
    const bytesBefore = statSync(writer.path).size;
    const left = writer.drop(snapshotIds);
    if (!left.ok) return left;
    if (signal.aborted) return err(appError('Cancelled', 'Cancelled; no snapshot was dropped.'));
    const committed = writer.commit();
    if (!committed.ok) return committed;
    return ok({ dropped: [...new Set(snapshotIds)], left: left.value, bytesBefore, bytesAfter: statSync(writer.path).size });
  } finally {
    writer.abandon();
  }
}
