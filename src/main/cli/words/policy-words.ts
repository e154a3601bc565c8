import type { ApplyResult, BucketConfiguration, JournalEntry, Plan } from '../../../contract/plan.ts';
import type { Recommendation, Simulation } from '../../../contract/simulation.ts';
import { formatBytes, formatCount, formatInstant, formatMoney, formatSaving } from '../../../core/report/format.ts';
import { pricedAt } from './index-words.ts';
import { facts, list, paragraphs, printable, table } from './table.ts';

const extent = (part: { versions: number; bytes: number }): string =>
  `${formatBytes(part.bytes)} in ${formatCount(part.versions)} versions`;

export function recommendationWords(recommendation: Recommendation): string {
  return paragraphs(
    table(
      [
        { title: 'Rule', of: (rule) => rule.ruleId },
        { title: 'Prefix', of: (rule) => rule.prefix || '(the whole bucket)' },
        { title: 'Bytes', align: 'right', of: (rule) => formatBytes(rule.bytes) },
        { title: 'What it would do', of: (rule) => rule.words },
      ],
      recommendation.rules,
    ),
    list(
      'Held back',
      recommendation.heldBack.map((held) => `${held.prefix || '(the whole bucket)'} (${held.category}, ${extent(held)}): ${held.reason}`),
    ),
    list('Warnings', recommendation.warnings),
  );
}

export function simulationWords(simulation: Simulation): string {
  const { totals, effects } = simulation;
  return paragraphs(
    table(
      [
        { title: 'Month', of: (month) => month.month },
        { title: 'Baseline', align: 'right', of: (month) => formatMoney(month.baseline.storageNanoUsd) },
        { title: 'Plan', align: 'right', of: (month) => formatMoney(month.plan.storageNanoUsd) },
        { title: 'Transition fees', align: 'right', of: (month) => formatMoney(month.plan.transitionNanoUsd) },
      ],
      simulation.months,
    ),
    facts([
      ['Baseline', formatMoney(totals.baselineNanoUsd)],
      ['Plan', formatMoney(totals.planNanoUsd)],
      ['Of which transition fees', formatMoney(totals.transitionNanoUsd)],
      ['In all', formatSaving(totals.savingNanoUsd)],
      ['Pays back', totals.paybackMonth === null ? 'not within these months' : `in month ${totals.paybackMonth}`],
      ['Would expire', extent(effects.expired)],
      ['Would be hidden', extent(effects.hidden)],
      ...effects.transitions.map((move) => [`Would move to ${move.storageClass}`, extent(move)] as const),
    ]),
    `As of ${formatInstant(simulation.asOf)}. ${pricedAt(simulation.prices)}`,
    list('Assumptions', simulation.assumptions),
    list('Not covered', simulation.notCovered),
    list(
      'Blocked',
      simulation.blocked.map((blocked) => `${extent(blocked)}: ${blocked.reason}`),
    ),
  );
}

export function planWords(plan: Plan, path: string | undefined): string {
  return paragraphs(
    facts([
      ['Bucket', plan.target.bucket],
      ['Endpoint', plan.target.endpoint ?? 'AWS'],
      ['Region', plan.target.region],
      ['Versioning', plan.versioning],
      ['Deletes', plan.deletes ? 'yes: bytes would be removed for good or hidden' : 'no'],
      ['Over twelve months', formatSaving(plan.effect.totals.savingNanoUsd)],
      ['Hash', plan.hash],
      ...(path === undefined ? [] : [['Written to', path] as const]),
    ]),
    table(
      [
        { title: 'Change', of: (change) => change.change },
        { title: 'Owner', of: (change) => change.owner },
        { title: 'Rule', of: (change) => change.ruleId },
        { title: 'What it would do', of: (change) => change.words },
      ],
      plan.changes,
    ),
    list('Warnings', plan.warnings),
    path === undefined ? '' : `Apply it with: isotherm apply ${printable(path)} --hash ${plan.hash}`,
  );
}

export function applyWords(result: ApplyResult): string {
  return paragraphs(
    facts([
      ['Bucket', result.bucket],
      ['Changed', result.changed ? 'yes' : 'no, the bucket already held this configuration'],
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
      { title: 'Bucket', of: (entry) => entry.bucket },
      { title: 'Action', of: (entry) => entry.action },
      { title: 'Outcome', of: (entry) => entry.outcome },
      { title: 'Error', of: (entry) => entry.error ?? '' },
    ],
    entries,
  );
}
