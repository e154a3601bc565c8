import type { Explanation } from '../../../contract/explanation.ts';
import type { SimulatedState, Simulation } from '../../../contract/simulation.ts';
import type { WhatIf } from '../../../contract/what-if.ts';
import { formatBytes, formatCount, formatInstant, formatMoney, formatSaving } from '../../../core/report/format.ts';
import { pricedAt } from './index-words.ts';
import { facts, list, paragraphs, table } from './table.ts';

const extent = (part: { versions: number; bytes: number }): string =>
  `${formatBytes(part.bytes)} in ${formatCount(part.versions)} versions`;

const monthsTable = (months: WhatIf['months']): string =>
  table(
    [
      { title: 'Month', of: (month) => month.month },
      { title: 'Baseline', align: 'right', of: (month) => formatMoney(month.baselineNanoUsd) },
      { title: 'Plan', align: 'right', of: (month) => formatMoney(month.planNanoUsd) },
      { title: 'Fees', align: 'right', of: (month) => formatMoney(month.feesNanoUsd) },
    ],
    months,
  );

const totalFacts = (totals: WhatIf['totals']): [string, string][] => [
  ['Baseline', formatMoney(totals.baselineNanoUsd)],
  ['Plan', formatMoney(totals.planNanoUsd)],
  ['One-time fees', formatMoney(totals.oneTimeNanoUsd)],
  ['In all', formatSaving(totals.savingNanoUsd)],
  ['In the first year', formatSaving(totals.firstYearNanoUsd)],
  ['Pays back', totals.paybackDay === null ? 'not within these months' : `from ${totals.paybackDay} on`],
];

export function simulationWords(simulation: Simulation): string {
  const { totals, effects, range, redFlags, assumptions, issues } = simulation;
  const isLevel = range.low === range.high;
  return paragraphs(
    monthsTable(simulation.months),
    facts([
      ...totalFacts(totals),
      ...(isLevel ? [] : [['Between', `${formatSaving(range.low)} and ${formatSaving(range.high)}`] as const]),
      ['Would expire', extent(effects.expired)],
      ['Would be hidden', extent(effects.hidden)],
      ...effects.transitions.map((move) => [`Would move to ${move.storageClass}`, extent(move)] as const),
    ]),
    `As of ${simulation.asOf}. ${pricedAt({ region: simulation.region, asOf: simulation.priceAsOf, assumed: simulation.regionAssumed })}`,
    list('Beware', redFlags),
    list(
      'S3 would refuse this configuration',
      issues.map(({ message }) => message),
    ),
    list(
      'Blocked',
      simulation.blocked.map((blocked) => `${extent(blocked)}: ${blocked.reason}`),
    ),
    list('Assumptions', assumptions),
  );
}

export function whatIfWords({ months, totals, asOf, region, priceAsOf }: WhatIf): string {
  return paragraphs(
    monthsTable(months),
    facts(totalFacts(totals)),
    `As of ${asOf}. ${pricedAt({ region, asOf: priceAsOf, assumed: false })}`,
  );
}

export function stateWords(state: SimulatedState): string {
  const rows = Object.entries(state.byClass).flatMap(([storageClass, { current, noncurrent }]) => [
    { storageClass, state: 'current', ...current },
    { storageClass, state: 'noncurrent', ...noncurrent },
  ]);
  return paragraphs(
    `After the run of ${state.date}:`,
    table(
      [
        { title: 'Class', of: (row) => row.storageClass },
        { title: 'State', of: (row) => row.state },
        { title: 'Versions', align: 'right', of: (row) => formatCount(row.versions) },
        { title: 'Bytes', align: 'right', of: (row) => formatBytes(row.bytes) },
      ],
      rows.filter(({ versions }) => versions > 0),
    ),
    facts([
      ['Delete markers', formatCount(state.deleteMarkers)],
      ['Removed for good', extent({ versions: state.expiredVersions, bytes: state.expiredBytes })],
    ]),
  );
}

const fee = (name: string, nanoUsd: string | null): string[] =>
  nanoUsd === null || nanoUsd === '0' ? [] : [`${name} $${(Number(nanoUsd) / 1e9).toFixed(9)}`];

export function explanationWords(explanation: Explanation): string {
  const versions = explanation.versions.map((version) => {
    const state = version.isDeleteMarker ? 'delete marker' : `${version.storageClass}, ${formatBytes(version.sizeBytes)}`;
    const lines = version.events.map((event) => {
      const by = event.rule === null ? '' : ` by ${event.ruleId === null ? `rule ${event.rule + 1}` : `rule "${event.ruleId}"`}`;
      const money = [...fee('request', event.transitionNanoUsd), ...fee('early deletion', event.earlyDeletionNanoUsd)];
      return `${event.date}: ${event.words}${by}${money.length === 0 ? '' : ` (${money.join(', ')})`}`;
    });
    const title = `${version.versionId ?? 'null version'}, ${version.isLatest ? 'latest' : `noncurrent since ${formatInstant(version.noncurrentSince ?? version.lastModified)}`}: ${state}, written ${formatInstant(version.lastModified)}`;
    return list(title, lines.length === 0 ? [`Nothing happens to it before ${explanation.until}.`] : lines);
  });
  return paragraphs(explanation.key, ...versions, list('Assumptions', explanation.assumptions));
}
