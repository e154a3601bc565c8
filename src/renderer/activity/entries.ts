import type { DriftReport } from '../../contract/drift.ts';
import type { Snapshot } from '../../contract/index-views.ts';
import type { AuditEvent, AuditLine, JournalEntry } from '../../contract/journal.ts';
import { formatCount, formatDuration, formatInstant } from '../../core/report/format.ts';
import type { Job } from '../state/jobs.ts';

export type Kind = 'crawl' | 'change' | 'undo point' | 'plan' | 'key' | 'job' | 'drift';
export type Tone = 'ok' | 'warn' | 'bad' | undefined;

/** One line of the activity: when, what kind, what, and how it stands. */
export interface Entry {
  readonly id: string;
  /** ISO instant, UTC. */
  readonly at: string;
  readonly kind: Kind;
  readonly what: string;
  readonly state: string;
  readonly tone: Tone;
  /** A journal entry whose earlier configuration can be put back. */
  readonly undo?: JournalEntry;
  /** The same in full, for the details. */
  readonly line?: AuditLine;
  readonly drift?: DriftReport;
}

const OUTCOMES: Readonly<Record<JournalEntry['outcome'], readonly [string, Tone]>> = {
  intent: ['cut off', 'warn'],
  written: ['cut off', 'warn'],
  undoing: ['cut off', 'warn'],
  unknown: ['not known', 'bad'],
  verified: ['verified', 'ok'],
  unchanged: ['unchanged', undefined],
  failed: ['failed', 'bad'],
  rolledBack: ['put back', 'warn'],
  overtaken: ['overtaken', 'warn'],
};
const LEFT_SOMETHING: readonly JournalEntry['outcome'][] = ['verified', 'overtaken', 'unknown', 'written'];

const EVENTS: Readonly<Record<AuditEvent['event'], readonly [Kind, string, string, Tone]>> = {
  planned: ['plan', 'Plan made', 'proposed', undefined],
  approved: ['plan', 'Plan approved', 'approved', 'ok'],
  approverAdded: ['key', 'Approver listed', 'listed', undefined],
  approverRemoved: ['key', 'Approver taken off the list', 'removed', undefined],
  limitsSet: ['key', 'Limits of the workspace set', 'set', undefined],
  keyMade: ['key', 'Signing key made', 'made', undefined],
  jobRequested: ['job', 'Batch job: request sent', 'sent', undefined],
  jobRefused: ['job', 'Batch job: request refused', 'refused', 'warn'],
  jobCreated: ['job', 'Batch job created', 'waits for confirmation', 'warn'],
  jobConfirmed: ['job', 'Batch job confirmed', 'confirmed', 'ok'],
  jobCancelled: ['job', 'Batch job cancelled', 'cancelled', undefined],
  alteredEffect: ['change', 'What a bucket kept instead would have deleted', 'counted', 'bad'],
};

const isEvent = (line: AuditLine): line is AuditEvent => 'event' in line;

/** Everything that happened, newest first: crawls of this workspace, jobs of this window, and the audit trail of this machine. */
export function entriesOf(
  snapshots: readonly Snapshot[],
  jobs: readonly Job[],
  lines: readonly AuditLine[],
  drifts: readonly DriftReport[],
): Entry[] {
  return [
    ...jobs.filter(({ title }) => title !== '').map(jobEntry),
    ...snapshots.map(crawlEntry),
    ...lines.filter(isEvent).map(eventEntry),
    ...lastLines(lines.filter((line) => !isEvent(line)) as JournalEntry[]).flatMap(changeEntries),
    ...drifts.filter(({ drifted, redFlags }) => drifted || redFlags.length > 0).map(driftEntry),
  ].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

/** Of each operation its last line. */
function lastLines(lines: readonly JournalEntry[]): JournalEntry[] {
  const last = new Map<string, JournalEntry>();
  for (const line of lines) if ((last.get(line.journalId)?.sequence ?? -1) < line.sequence) last.set(line.journalId, line);
  return [...last.values()];
}

function jobEntry(job: Job): Entry {
  const isOver = job.endedAtMs !== undefined;
  const took = isOver ? ` in ${formatDuration(((job.endedAtMs ?? 0) - job.startedAtMs) / 1000)}` : '';
  const total = job.progress?.total;
  const share = total === undefined || total === 0 ? '' : `, ${Math.floor(((job.progress?.done ?? 0) / total) * 100)} %`;
  const tone: Tone = job.state === 'done' ? 'ok' : job.state === 'failed' ? 'bad' : job.state === 'paused' ? 'warn' : undefined;
  return {
    id: `job ${job.id}`,
    at: new Date(job.startedAtMs).toISOString(),
    kind: 'crawl',
    what: job.title,
    state: `${job.state}${isOver ? took : share}`,
    tone,
  };
}

function crawlEntry(snapshot: Snapshot): Entry {
  const kind = snapshot.sourceKind === 'inventory' ? 'Inventory' : 'Listing';
  const isWhole = snapshot.coverage === 1;
  return {
    id: `snapshot ${snapshot.snapshotId}`,
    at: snapshot.scannedAt,
    kind: 'crawl',
    what: `${kind} of ${snapshot.bucket}, ${formatInstant(snapshot.asOf)}: ${formatCount(snapshot.rows)} rows`,
    state: isWhole ? 'indexed whole' : 'read in part',
    tone: isWhole ? 'ok' : 'warn',
  };
}

function eventEntry(line: AuditEvent): Entry {
  const [kind, words, state, tone] = EVENTS[line.event];
  const where = line.bucket === null ? '' : ` for ${line.bucket}`;
  return { id: `audit ${line.sequence}`, at: line.at, kind, what: `${words}${where} by ${line.by}`, state, tone, line };
}

function changeEntries(line: JournalEntry): Entry[] {
  const [state, tone] = OUTCOMES[line.outcome];
  const by = line.by === undefined ? '' : ` by ${line.by}`;
  const stage = line.stage === undefined || line.stage === 'full' ? '' : `, ${line.stage}`;
  const after = line.after.configuration?.Rules.length ?? 0;
  const before = line.before.configuration?.Rules.length ?? 0;
  const change: Entry = {
    id: `journal ${line.journalId}`,
    at: line.at,
    kind: 'change',
    what: `${line.action === 'apply' ? 'Apply to' : 'Roll back'} ${line.bucket}: ${rules(after)}${stage}${by}`,
    state,
    tone,
    line,
  };
  if (!LEFT_SOMETHING.includes(line.outcome)) return [change];
  const undo: Entry = {
    id: `undo ${line.journalId}`,
    at: line.at,
    kind: 'undo point',
    what: `Configuration of ${line.bucket} before it: ${rules(before)}`,
    state: 'Restore',
    tone: undefined,
    undo: line,
    line,
  };
  return [change, undo];
}

function driftEntry(report: DriftReport): Entry {
  const [first] = report.findings;
  const isDangerous = report.findings.some(({ severity }) => severity === 'danger') || report.redFlags.length > 0;
  return {
    id: `drift ${report.bucket} ${report.at}`,
    at: report.at,
    kind: 'drift',
    what: `${report.bucket}: ${first?.words ?? report.redFlags[0]?.words ?? 'changed outside Isotherm'}`,
    state: isDangerous ? 'dangerous' : 'seen',
    tone: isDangerous ? 'bad' : 'warn',
    drift: report,
  };
}

const rules = (count: number): string => (count === 0 ? 'no rules' : count === 1 ? '1 rule' : `${formatCount(count)} rules`);
