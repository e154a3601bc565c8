import type { AppError } from '../../contract/errors.ts';
import type { Impact } from '../../contract/impact.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import type { ApplyResult } from '../../contract/plan.ts';
import { err, type Result } from '../../contract/result.ts';
import { formatBytes, formatCount } from '../../core/report/format.ts';
import { appendEvent, readJournal } from '../apply/journal.ts';
import type { CallContext } from './handler.ts';
import { runInJobThread } from './job.ts';

/** Where the snapshot lies that an altered configuration is run over. */
export interface At {
  readonly index: string;
  readonly snapshotId?: string | undefined;
}

const isAltered = ({ code }: AppError): boolean => code === 'VerifyMismatch' || code === 'RollbackFailed';

/**
 * A failed operation on a bucket, told with what the configuration would do that the bucket kept instead of the one it was sent. Comes
 * after everything has been undone; the audit trail keeps it.
 */
export async function withAlteredEffect(
  result: Result<ApplyResult>,
  bucket: string,
  at: At | undefined,
  { environment }: CallContext,
): Promise<Result<ApplyResult>> {
  if (result.ok || !isAltered(result.error)) return result;
  const journal = readJournal(environment.dataDir);
  const lines = journal.ok ? journal.value.filter((line) => line.bucket === bucket) : [];
  const entry = lines.findLast(({ journalId, found }) => journalId === lines.at(-1)?.journalId && found !== undefined);
  if (entry?.found === undefined) return result;
  const say = (words: string, detail?: string): Result<ApplyResult> =>
    err({ ...result.error, message: `${result.error.message} ${words}`, ...(detail === undefined ? {} : { detail }) });
  if (at === undefined) return say('What it would delete as it was kept is not known here; name the workspace with --index.');
  const impact = await impactOf(entry, at, environment);
  if (!impact.ok) return say(`What it would delete as it was kept is not known: ${impact.error.message}`);
  const told = inWords(impact.value);
  const { versions, bytes } = impact.value.destroyed;
  const details = {
    versions: String(versions),
    bytes: String(bytes),
    keys: JSON.stringify(witnessesOf(impact.value).map(({ key }) => key)),
  };
  const noted = appendEvent(environment.dataDir, environment.now(), {
    event: 'alteredEffect',
    by: environment.person ?? 'unknown',
    bucket,
    subject: entry.journalId,
    details,
  });
  const unnoted = noted.ok ? '' : ` The audit trail could not note this: ${noted.error.message}`;
  return say(`${told.words}${unnoted}`, told.detail);
}

/** In a thread of its own, which nothing cancels: writes go on meanwhile, and the person is to know. */
async function impactOf(
  { after, found, facts }: JournalEntry,
  { index, snapshotId }: At,
  environment: CallContext['environment'],
): Promise<Result<Impact>> {
  const versioning = facts?.versioning;
  const params = {
    index,
    ...(snapshotId === undefined ? {} : { snapshotId }),
    current: { configuration: after.configuration, minimumSize: after.minimumSize },
    proposed: { configuration: found?.configuration ?? null, minimumSize: found?.minimumSize ?? after.minimumSize },
    asOf: environment.now().toISOString().slice(0, 10),
    ...(versioning === undefined || versioning === 'unknown' ? {} : { versioning }),
  };
  const context: CallContext = { environment, signal: new AbortController().signal, progress: () => undefined };
  return (await runInJobThread('policy.impact', params, context)) as Result<Impact>;
}

const witnessesOf = ({ changes }: Impact): Impact['changes'][number]['witnesses'] =>
  changes.find(({ act, change }) => (act === 'remove' || act === 'hide') && (change === 'newly' || change === 'earlier'))?.witnesses ?? [];

function inWords(impact: Impact): { readonly words: string; readonly detail: string | undefined } {
  const { versions, bytes } = impact.destroyed;
  if (versions === 0) return { words: 'As it was kept it would have deleted nothing more of what the snapshot holds.', detail: undefined };
  const keys = witnessesOf(impact).map(
    ({ key, versionId, sizeBytes }) => `${key}${versionId === null ? '' : ` (version ${versionId})`}, ${formatBytes(sizeBytes)}`,
  );
  const words = `As it was kept it would have deleted ${formatCount(versions)} versions, ${formatBytes(bytes)}, that the configuration asked for keeps or keeps for longer.`;
  return { words, detail: `Such as ${keys.join('; ')}` };
}
