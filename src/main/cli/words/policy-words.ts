import type { Recommendation, Simulation } from '../../../contract/simulation.ts';
import { formatBytes, formatCount, formatInstant, formatMoney, formatSaving } from '../../../core/report/format.ts';
import { pricedAt } from './index-words.ts';
import { facts, list, paragraphs, table } from './table.ts';

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
