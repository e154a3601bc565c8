import type { BudgetReport, BudgetRow, MonthForecast } from '../../../contract/budget.ts';
import { nameOfRow, worstStatus } from '../../../core/budget/alerts.ts';
import { formatBytes, formatInstant, formatMoney, formatShare } from '../../../core/report/format.ts';
import { headline } from '../budget-messages.ts';
import { pricedAt } from './index-words.ts';
import { list, paragraphs, table } from './table.ts';

const monthWords = (month: MonthForecast | undefined): string => {
  if (month === undefined) return '';
  const { expectedNanoUsd, band } = month;
  return band === null
    ? formatMoney(expectedNanoUsd)
    : `${formatMoney(expectedNanoUsd)} (${formatMoney(band.lowNanoUsd)} to ${formatMoney(band.highNanoUsd)})`;
};

const growthWords = ({ growth }: BudgetRow): string => (growth === null ? '' : `${formatBytes(growth.bytesPerDay)} a day`);

function errorWords({ rows }: BudgetReport): string {
  const band = rows[0]?.months[0]?.band ?? null;
  return band === null
    ? 'Too few past forecasts for a band: forecasts are as the rules project them.'
    : `Bands hold ${formatShare(band.coverage)} of ${band.samples} past forecasts.`;
}

export function budgetWords(report: BudgetReport): string {
  const names = [...new Set(report.rows.flatMap(({ months }) => months.map(({ month }) => month)))].sort();
  return paragraphs(
    table(
      [
        { title: report.by, of: (row: BudgetRow) => nameOfRow(row, report.by) },
        { title: 'Per month now', align: 'right', of: (row) => formatMoney(row.monthlyNanoUsd) },
        { title: 'Growth', align: 'right', of: growthWords },
        ...names.map((name, at) => ({ title: name, align: 'right' as const, of: (row: BudgetRow) => monthWords(row.months[at]) })),
        { title: 'Budget', align: 'right', of: (row) => (row.budgetNanoUsd === null ? '' : formatMoney(row.budgetNanoUsd)) },
        { title: 'Status', of: (row) => (row.budgetNanoUsd === null ? '' : worstStatus(row)) },
      ],
      report.rows,
    ),
    report.alerts.length === 0
      ? headline(report)
      : list(
          headline(report),
          report.alerts.map(({ level, words }) => `${level}: ${words}`),
        ),
    `${errorWords(report)} As of ${formatInstant(report.asOf)}. ${pricedAt(report.prices)}`,
    list('Assumptions', report.assumptions),
    list('Warnings', report.warnings),
  );
}
