import type { Recommendation } from '../../../contract/simulation.ts';
import { formatBytes, formatCount } from '../../../core/report/format.ts';
import { list, paragraphs, table } from './table.ts';

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
