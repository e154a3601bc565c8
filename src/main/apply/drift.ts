import type { DriftReport } from '../../contract/drift.ts';
import { appError } from '../../contract/errors.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import type { BucketFacts } from '../../contract/plan.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { factFindings, ruleFindings } from '../../core/apply/drift.ts';
import { means } from '../../core/apply/judge.ts';
import { managersOf } from '../../core/apply/managers.ts';
import { redFlagsOf } from '../../core/apply/red-flags.ts';
import { comparePolicies } from '../../core/policy/compare.ts';
import { readBucketFacts } from '../s3/bucket-facts.ts';
import { type S3Connection, withConnection } from '../s3/client.ts';
import { getLifecycle } from '../s3/lifecycle.ts';
import { withHash } from './hash.ts';
import { operations, readJournal } from './journal.ts';
import type { WriteContext } from './operation.ts';
import { remoteOfEntry } from './recover.ts';

/** What a bucket was left with by the last operation that ended in a known state, and the facts noted with any of its operations. */
interface Baseline {
  readonly entry: JournalEntry;
  readonly left: JournalEntry['after'];
  readonly facts: BucketFacts | undefined;
}

function baselineOf(entries: readonly JournalEntry[], bucket: string, endpoint: string | null): Baseline | null {
  const own = operations(entries, bucket).filter(
    (entry) => (entry.endpoint?.replace(/\/+$/, '') ?? null) === (endpoint?.replace(/\/+$/, '') ?? null),
  );
  const entry = own.find(({ holds }) => holds === 'after' || holds === 'before');
  if (entry === undefined) return null;
  return { entry, left: entry.holds === 'after' ? entry.after : entry.before, facts: own.find(({ facts }) => facts !== undefined)?.facts };
}

async function reportOn(
  connection: S3Connection,
  bucket: string,
  entries: readonly JournalEntry[],
  now: Date,
  signal: AbortSignal | undefined,
): Promise<Result<DriftReport>> {
  const stored = await getLifecycle(connection, bucket, signal);
  if (!stored.ok) return stored;
  const read = await readBucketFacts(connection, bucket, signal);
  if (!read.ok) return read;
  const ids = (stored.value.configuration?.Rules ?? []).map(({ ID }) => ID ?? '');
  const byRules = managersOf([], ids).filter(({ tool }) => read.value.managers.every((known) => known.tool !== tool));
  const facts: BucketFacts = { ...read.value, managers: [...read.value.managers, ...byRules] };
  const baseline = baselineOf(entries, bucket, connection.endpoint);
  const { configuration } = stored.value;
  const redFlags = redFlagsOf({ bucket, configuration, known: baseline?.left.configuration, facts, nowMs: now.getTime() });
  const base = {
    bucket,
    endpoint: connection.endpoint,
    at: now.toISOString(),
    redFlags,
    now: withHash(stored.value),
    facts,
  };
  if (baseline === null) return ok({ ...base, baseline: null, drifted: false, findings: [], rules: null, inverse: null });

  const { entry, left } = baseline;
  const rules = comparePolicies(left, stored.value);
  const findings = [
    ...ruleFindings(left, stored.value, rules),
    ...(baseline.facts === undefined ? [] : factFindings(baseline.facts, facts)),
  ];
  const isSame = means(left, stored.value);
  const which = entry.holds === 'after' ? 'after' : 'before';
  return ok({
    ...base,
    baseline: { journalId: entry.journalId, at: entry.at, planHash: entry.planHash },
    drifted: findings.length > 0,
    findings,
    rules,
    inverse: isSame
      ? null
      : {
          journalId: entry.journalId,
          words: `isotherm rollback --bucket ${bucket} --to ${entry.journalId} --restore ${which} --over-changes`,
        },
  });
}

/**
 * Compares buckets with what was last applied to them: one by name, or every bucket of the journal. A bucket that cannot be read is a
 * failure where it was named; among all of them it is left out only when there are others, and told.
 */
export async function checkDrift(
  context: WriteContext,
  remote: Remote,
  bucket: string | undefined,
  signal?: AbortSignal,
): Promise<Result<{ reports: DriftReport[]; unreadable: { bucket: string; words: string }[] }>> {
  const journal = readJournal(context.dataDir);
  if (!journal.ok) return journal;
  const known = [...new Map(operations(journal.value, bucket).map((entry) => [`${entry.bucket} ${entry.endpoint ?? ''}`, entry])).values()];
  const targets: { bucket: string; remote: Result<Remote> }[] = known
    .filter(({ endpoint }) => remote.endpoint === undefined || endpoint?.replace(/\/+$/, '') === remote.endpoint.replace(/\/+$/, ''))
    .map((entry) => ({ bucket: entry.bucket, remote: remoteOfEntry(entry, remote) }));
  if (bucket !== undefined && targets.length === 0) targets.push({ bucket, remote: ok(remote) });
  const reports: DriftReport[] = [];
  const unreadable: { bucket: string; words: string }[] = [];
  for (const target of targets) {
    if (signal?.aborted) return err(appError('Cancelled', 'Cancelled.'));
    const report: Result<DriftReport> = target.remote.ok
      ? await withConnection(
          target.remote.value,
          target.bucket,
          signal,
          (connection) => reportOn(connection, target.bucket, journal.value, context.now(), signal),
          context.tuning,
        )
      : target.remote;
    if (report.ok) reports.push(report.value);
    else if (bucket !== undefined) return report;
    else unreadable.push({ bucket: target.bucket, words: `${report.error.code}: ${report.error.message}` });
  }
  return ok({ reports, unreadable });
}
