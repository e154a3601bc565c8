import type { DriftReport } from '../../../contract/drift.ts';
import { managerInWords } from '../../../core/apply/managers.ts';
import { formatInstant } from '../../../core/report/format.ts';
import { facts, list, paragraphs } from './table.ts';

const reportWords = ({ bucket, endpoint, baseline, drifted, findings, redFlags, facts: known, inverse }: DriftReport): string =>
  paragraphs(
    facts([
      ['Bucket', bucket],
      ['Endpoint', endpoint ?? 'AWS'],
      [
        'Compared with',
        baseline === null ? 'nothing: no operation from here is known' : `${baseline.journalId}, ${formatInstant(baseline.at)}`,
      ],
      ['Drifted', baseline === null ? 'cannot be told' : drifted ? 'yes' : 'no'],
      ['Versioning', known.versioning],
      ...known.managers.map((manager) => ['Managed by', managerInWords(manager)] as const),
    ]),
    list(
      'What changed',
      findings.map(({ severity, words }) => `${severity}: ${words}`),
    ),
    list(
      'Red flags',
      redFlags.map(({ score, words }) => `${score}/100 ${words}`),
    ),
    list(
      'Not known',
      known.unknown.map(({ what, action }) => `${what}: the right ${action} is missing`),
    ),
    inverse === null ? '' : `Put the rules back with: ${inverse.words}`,
  );

export function driftWords(result: { reports: readonly DriftReport[]; unreadable: readonly { bucket: string; words: string }[] }): string {
  if (result.reports.length + result.unreadable.length === 0) return 'The journal knows no bucket yet; name one with --bucket.';
  return paragraphs(
    ...result.reports.map(reportWords),
    list(
      'Could not be read',
      result.unreadable.map(({ bucket, words }) => `${bucket}: ${words}`),
    ),
  );
}
