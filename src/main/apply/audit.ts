import { appError } from '../../contract/errors.ts';
import type { AuditLine } from '../../contract/journal.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { seenJournal } from '../index/workspace.ts';
import { journalPath, readAudit } from './journal.ts';

/**
 * Checks the audit trail against itself, and against what was noted of it elsewhere: a chain alone tells changes, but not that its end was cut
 * off or that all of it was written anew (s3-domain 7.4). `head`: the hash of a line, noted outside of this machine; `index`: a workspace
 * that keeps a copy. JournalDamaged with the line at fault.
 */
export function verifyAudit(
  dataDir: string,
  head: string | undefined,
  index: string | undefined,
): Result<{ lines: AuditLine[]; head: string | null }> {
  const lines = readAudit(dataDir);
  if (!lines.ok) return lines;
  const file = journalPath(dataDir);
  if (head !== undefined && !lines.value.some(({ hash }) => hash === head)) {
    const message = 'The journal is damaged: it does not hold the line whose hash was noted; its end was cut off, or it was written anew.';
    return err(appError('JournalDamaged', message, { file, row: lines.value.length + 1, detail: head }));
  }
  if (index !== undefined) {
    const seen = seenJournal(index);
    if (!seen.ok) return seen;
    for (const { sequence, hash } of seen.value) {
      const line = lines.value[sequence - 1];
      if (line?.hash === hash) continue;
      const why =
        line === undefined ? 'it ends before a line that the workspace has seen' : 'a line is not the one that the workspace has seen';
      return err(appError('JournalDamaged', `The journal is damaged: ${why}.`, { file, row: sequence, detail: hash }));
    }
  }
  return ok({ lines: lines.value, head: lines.value.at(-1)?.hash ?? null });
}
