import { type AppError, appError } from '../../contract/errors.ts';
import type { Holds, JournalEntry, Unfinished } from '../../contract/journal.ts';
import type { ApplyResult } from '../../contract/plan.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type S3Connection, withConnection } from '../s3/client.ts';
import { getLifecycle } from '../s3/lifecycle.ts';
import { operations, readJournal, unfinished } from './journal.ts';
import { exclusively } from './lock.ts';
import { holdsOf, Operation, type WriteContext, type WriteOrder } from './operation.ts';
import { putBack } from './put-back.ts';
import { carryOut } from './write.ts';

/** finish: bring the bucket to what was asked for; undo: back to before; accept: leave it as it is and close the operation. */
export type RecoverAct = 'finish' | 'undo' | 'accept';

const trimmed = (endpoint: string | null | undefined): string | null => endpoint?.replace(/\/+$/, '') ?? null;

/** How to reach the bucket of an entry: as the entry says, with the credentials of the caller; what the caller names must be the entry's. */
export function remoteOfEntry(entry: JournalEntry, remote: Remote): Result<Remote> {
  const differs = (field: string, known: string, given: string) =>
    err(appError('PlanTargetMismatch', `The entry "${entry.journalId}" belongs to ${field} ${known}, not ${given}.`, { field }));
  if (remote.endpoint !== undefined && trimmed(remote.endpoint) !== trimmed(entry.endpoint))
    return differs('endpoint', entry.endpoint ?? 'of AWS', remote.endpoint);
  if (remote.region !== undefined && remote.region !== entry.region) return differs('region', entry.region, remote.region);
  if (remote.owner !== undefined && entry.owner !== undefined && remote.owner !== entry.owner)
    return differs('owner', entry.owner, remote.owner);
  return ok({
    region: entry.region,
    pathStyle: entry.pathStyle,
    ...(entry.owner === undefined ? {} : { owner: entry.owner }),
    ...remote,
    ...(entry.endpoint === null ? {} : { endpoint: entry.endpoint }),
  });
}

const STATE_WORDS: Readonly<Record<Holds, string>> = {
  before: 'The bucket holds the configuration from before; nothing of the change is in force.',
  after: 'The bucket holds the configuration that was asked for; only the last check is missing.',
  altered: 'The bucket holds an altered copy of what was asked for: it may do more or less than was reviewed.',
  other: "The bucket holds someone else's configuration by now.",
  unknown: 'The bucket could not be read, so what it holds is not known.',
};
const CHOICES: Readonly<Record<Holds, readonly RecoverAct[]>> = {
  before: ['finish', 'undo'],
  after: ['finish', 'undo'],
  altered: ['undo', 'finish', 'accept'],
  other: ['accept'],
  unknown: ['finish', 'undo'],
};

/** Every operation whose end nobody knows, and what its bucket shows now. Writes nothing. */
export async function listUnfinished(
  context: WriteContext,
  remote: Remote,
  bucket?: string,
  signal?: AbortSignal,
): Promise<Result<Unfinished[]>> {
  const journal = readJournal(context.dataDir);
  if (!journal.ok) return journal;
  const found: Unfinished[] = [];
  for (const entry of unfinished(journal.value, bucket)) {
    if (signal?.aborted) return err(appError('Cancelled', 'Cancelled.'));
    const target = remoteOfEntry(entry, { ...remote, endpoint: undefined });
    const read = target.ok
      ? await withConnection(target.value, entry.bucket, signal, (c) => getLifecycle(c, entry.bucket, signal), context.tuning)
      : target;
    const holds = read.ok ? holdsOf(entry, read.value) : 'unknown';
    const why = read.ok ? '' : ` ${read.error.message}`;
    found.push({ entry, holds, words: `${STATE_WORDS[holds]}${why}`, can: [...CHOICES[holds]] });
  }
  return ok(found);
}

/** The operation that bars others on its bucket, if there is one. */
export const openOperation = (entries: readonly JournalEntry[], connection: S3Connection, bucket: string): JournalEntry | undefined =>
  unfinished(entries, bucket).find(({ endpoint }) => trimmed(endpoint) === trimmed(connection.endpoint));

export const unfinishedError = (entry: JournalEntry): AppError =>
  appError(
    'OperationUnfinished',
    `The ${entry.action} ${entry.journalId} on bucket "${entry.bucket}" was cut off at ${entry.at}; how it ended is not known yet.`,
  );

/** Takes up an operation that was cut off. Under its own id, so that its story stays in one place. */
export async function takeUp(
  entry: JournalEntry,
  act: RecoverAct,
  connection: S3Connection,
  context: WriteContext,
): Promise<Result<ApplyResult>> {
  const { bucket } = entry;
  const operation = new Operation(connection, context, orderOf(entry), entry.journalId);
  if (act === 'finish') return carryOut(operation, true);
  const read = await getLifecycle(connection, bucket);
  if (!read.ok) return read;
  const holds = holdsOf(entry, read.value);
  if (act === 'accept') {
    const kept = operation.log('overtaken', { holds, found: read.value });
    if (!kept.ok) return kept;
    const note = `The bucket was left as it is. ${STATE_WORDS[holds]}`;
    return ok(resultOf(entry, [note], false));
  }
  if (holds === 'other') {
    const message = `${STATE_WORDS.other} It is not replaced; undo what they did first, or accept it.`;
    return err(appError('ConfigurationChanged', message, { next: 'Close the operation with "accept", then make a new plan.' }));
  }
  const cause = appError('VerifyMismatch', `The ${entry.action} on bucket "${bucket}" was undone.`);
  const undone = await putBack(operation, cause, read.value);
  // Undoing ends in its cause by design; that is what was asked for here.
  if (undone.ok || undone.error.code !== 'VerifyMismatch') return undone;
  return ok(resultOf(entry, ['The configuration from before is in force again.'], true));
}

/** The order behind an entry, so that what follows is noted with it. */
const orderOf = (entry: JournalEntry): WriteOrder => ({
  action: entry.action,
  bucket: entry.bucket,
  planHash: entry.planHash,
  before: entry.before,
  after: entry.after,
  notes: [],
  ...(entry.consents === undefined ? {} : { consents: entry.consents }),
  ...(entry.approvals === undefined ? {} : { approvals: entry.approvals }),
  ...(entry.policyHash === undefined ? {} : { policyHash: entry.policyHash }),
  ...(entry.stage === undefined ? {} : { stage: entry.stage }),
  ...(entry.facts === undefined ? {} : { facts: entry.facts }),
});

const resultOf = (entry: JournalEntry, notes: readonly string[], isVerified: boolean): ApplyResult => ({
  journalId: entry.journalId,
  bucket: entry.bucket,
  planHash: entry.planHash,
  verified: isVerified,
  changed: isVerified,
  readBackHash: entry.before.hash,
  notes: [...notes],
});

/** Finishes, undoes or closes an operation that was cut off. JournalEntryNotFound where there is no such open operation. */
export async function recover(
  bucket: string,
  journalId: string,
  act: RecoverAct,
  remote: Remote,
  context: WriteContext,
  signal?: AbortSignal,
): Promise<Result<ApplyResult>> {
  return exclusively(context.dataDir, async () => {
    const journal = readJournal(context.dataDir);
    if (!journal.ok) return journal;
    const entry = unfinished(journal.value, bucket).find((open) => open.journalId === journalId);
    if (entry === undefined) {
      const closed = operations(journal.value, bucket).find((known) => known.journalId === journalId);
      const message =
        closed === undefined
          ? `The journal has no entry "${journalId}" for bucket "${bucket}".`
          : `The operation "${journalId}" has ended (${closed.outcome}); there is nothing to recover.`;
      return err(appError('JournalEntryNotFound', message));
    }
    const target = remoteOfEntry(entry, remote);
    if (!target.ok) return target;
    return withConnection(target.value, entry.bucket, signal, (c) => takeUp(entry, act, c, context), context.tuning);
  });
}
