import type { AuditLine, JournalEntry, Unfinished } from '../../../contract/journal.ts';
import type { ApplyResult, BucketConfiguration, Plan } from '../../../contract/plan.ts';
import { managerInWords } from '../../../core/apply/managers.ts';
import { formatBytes, formatCount, formatInstant, formatMoney, formatSaving } from '../../../core/report/format.ts';
import { impactWords } from './impact-words.ts';
import { argument, facts, list, paragraphs, printable, table } from './table.ts';

const extent = ({ versions, bytes }: { versions: number; bytes: number }): string =>
  `${formatBytes(bytes)} in ${formatCount(versions)} versions`;

const STAGES: Readonly<Record<Plan['stage']['name'], string>> = {
  full: 'full: the rules act as the policy says',
  disabled: 'disabled: new rules are written but switched off',
  canary: 'canary: new rules reach one prefix only',
};

const changesTable = (plan: Plan): string =>
  table(
    [
      { title: 'Change', of: (change) => change.change },
      { title: 'Owner', of: (change) => change.owner },
      { title: 'Rule', of: (change) => change.ruleId },
      { title: 'What it would do', of: (change) => change.words },
    ],
    plan.changes,
  );

/** What has to be typed and shown to apply a plan. */
function applyLine(plan: Plan, path: string): string {
  const parts = [`isotherm apply ${argument(path)} --hash ${plan.hash}`];
  if (plan.confirmation !== null) parts.push(`--confirm "${plan.confirmation}"`);
  if (plan.approval.required) parts.push('--approval FILE');
  if (plan.needs.length > 0) parts.push(`--accept ${plan.needs.map(({ consent }) => consent).join(',')}`);
  return `Apply it with: ${parts.join(' ')}`;
}

const planFacts = (plan: Plan): (readonly [string, string])[] => [
  ['Bucket', plan.target.bucket],
  ['Owner', plan.target.owner ?? 'not named'],
  ['Endpoint', plan.target.endpoint ?? 'AWS'],
  ['Region', plan.target.region],
  ['Versioning', plan.facts.versioning],
  ['Object Lock', plan.facts.objectLock.status],
  ['Replication', plan.facts.replication.status],
  ...plan.facts.managers.map((manager) => ['Managed by', managerInWords(manager)] as const),
  ['Stage', STAGES[plan.stage.name] + (plan.stage.canaryPrefix === null ? '' : ` (${plan.stage.canaryPrefix})`)],
  ['Deletes', plan.deletes ? `yes: ${extent(plan.destroyed)} would be removed or hidden` : 'no'],
  ['Over twelve months', formatSaving(plan.effect.totals.savingNanoUsd)],
  ['Of which one-time', formatMoney(plan.effect.totals.oneTimeNanoUsd)],
];

const concerns = (plan: Plan): string[] => [
  list(
    'Red flags',
    plan.redFlags.map(({ score, words }) => `${score}/100 ${words}`),
  ),
  list(
    'Findings',
    plan.findings.map(({ severity, message }) => `${severity}: ${message}`),
  ),
  list(
    'Needs your consent',
    plan.needs.map(({ consent, words }) => `${consent}: ${words}`),
  ),
  list('Needs a second person', plan.approval.reasons),
  list('Warnings', plan.warnings),
];

export function planWords(plan: Plan, path: string | undefined): string {
  return paragraphs(
    facts([
      ...planFacts(plan),
      ['Expires', formatInstant(plan.expiresAt)],
      ['Hash', plan.hash],
      ...(path === undefined ? [] : [['Written to', path] as const]),
    ]),
    changesTable(plan),
    ...concerns(plan),
    path === undefined ? '' : applyLine(plan, path),
  );
}

/** A whole plan, for the person who reviews it. */
export function planFileWords(plan: Plan, isExpired: boolean): string {
  const { inputs, effect } = plan;
  return paragraphs(
    isExpired ? `This plan expired at ${formatInstant(plan.expiresAt)} and can no longer be applied.` : '',
    facts([
      ['Made', `${formatInstant(plan.createdAt)} by ${plan.author.name}, Isotherm ${plan.engineVersion}`],
      ['Expires', formatInstant(plan.expiresAt)],
      ...planFacts(plan),
      [
        'Snapshot',
        `of ${inputs.snapshotBucket}, ${formatInstant(inputs.snapshotAsOf)}, ${extent({ versions: inputs.snapshotVersions, bytes: inputs.snapshotBytes })}`,
      ],
      ['Manifest', inputs.manifestMd5 ?? 'none: a listing'],
      ['Prices', `${inputs.priceRegion}, ${inputs.priceAsOf}`],
      ['Policy', inputs.policyHash],
      ['First removal', effect.effects.firstExpiration ?? 'none within twelve months'],
      ['First move', effect.effects.firstTransition ?? 'none within twelve months'],
      ['Hash', plan.hash],
    ]),
    changesTable(plan),
    plan.impact === null ? '' : impactWords(plan.impact),
    ...concerns(plan),
  );
}

export function applyWords(result: ApplyResult): string {
  return paragraphs(
    facts([
      ['Bucket', result.bucket],
      ['Changed', result.changed ? 'yes' : 'no'],
      ['Verified', result.verified ? 'yes, the configuration read back means the same' : 'no'],
      ['Journal entry', result.journalId],
    ]),
    list('Notes', result.notes),
  );
}

export function configurationWords(bucket: BucketConfiguration): string {
  if (bucket.configuration === null) return 'The bucket has no lifecycle configuration.';
  return paragraphs(
    JSON.stringify(bucket.configuration, null, 2),
    `Minimum size: ${bucket.minimumSize ?? 'not returned by this endpoint'}. Hash: ${bucket.hash}`,
  );
}

export function journalWords(entries: readonly JournalEntry[]): string {
  if (entries.length === 0) return 'The journal is empty.';
  return table(
    [
      { title: 'Entry', of: (entry) => entry.journalId },
      { title: 'At', of: (entry) => formatInstant(entry.at) },
      { title: 'By', of: (entry) => entry.by ?? '' },
      { title: 'Bucket', of: (entry) => entry.bucket },
      { title: 'Action', of: (entry) => entry.action },
      { title: 'Outcome', of: (entry) => entry.outcome },
      { title: 'Bucket holds', of: (entry) => entry.holds ?? '' },
      { title: 'Error', of: (entry) => entry.error ?? '' },
    ],
    entries,
  );
}

export function unfinishedWords(open: readonly Unfinished[]): string {
  if (open.length === 0) return 'Every operation has ended; there is nothing to recover.';
  return paragraphs(
    ...open.map(({ entry, words, can }) =>
      paragraphs(
        facts([
          ['Journal entry', entry.journalId],
          ['Bucket', entry.bucket],
          ['Action', entry.action],
          ['Cut off at', `${formatInstant(entry.at)} (${entry.outcome})`],
          ['Now', words],
        ]),
        list(
          'What you can do',
          can.map((act) => `isotherm recover --${act} ${entry.journalId} --bucket ${printable(entry.bucket)}`),
        ),
      ),
    ),
  );
}

export function auditWords({ lines, head }: { lines: readonly AuditLine[]; head: string | null }): string {
  if (head === null) return 'The audit trail is empty.';
  return paragraphs(
    table(
      [
        { title: 'Line', align: 'right', of: (line) => formatCount(line.sequence) },
        { title: 'At', of: (line) => formatInstant(line.at) },
        { title: 'By', of: (line) => line.by ?? '' },
        { title: 'Bucket', of: (line) => line.bucket ?? '' },
        { title: 'What', of: (line) => ('event' in line ? line.event : `${line.action} ${line.outcome}`) },
        { title: 'About', of: (line) => ('event' in line ? line.subject : line.journalId) },
      ],
      lines,
    ),
    `The chain of ${formatCount(lines.length)} lines is sound. Head: ${head}`,
    'Note the head outside of this machine; "isotherm audit --head HASH" then tells whether the end was cut off or all of it written anew.',
  );
}
