import type { Alert, BudgetRow, BudgetStatus, MonthForecast } from '../../contract/budget.ts';
import type { OwnerDimension } from '../../contract/owners.ts';
import { formatBytes, formatMoney } from '../report/format.ts';

const RANK: readonly BudgetStatus[] = ['none', 'ok', 'warn', 'over', 'exceeded'];

/** The worst of the statuses of a row's months. */
export const worstStatus = ({ months }: Pick<BudgetRow, 'months'>): BudgetStatus =>
  months.reduce<BudgetStatus>((worst, { status }) => (RANK.indexOf(status) > RANK.indexOf(worst) ? status : worst), 'none');

export const nameOfRow = ({ scope, owner }: Pick<BudgetRow, 'scope' | 'owner'>, by: OwnerDimension): string =>
  scope === 'everything' ? 'Everything' : owner === null ? `What is nobody's` : `${by} ${owner}`;

function budgetWords(name: string, { month, status, soFarNanoUsd, expectedNanoUsd, band }: MonthForecast, budget: string): string {
  const limit = `its budget of ${formatMoney(budget)}`;
  const range = band === null ? '' : `, between ${formatMoney(band.lowNanoUsd)} and ${formatMoney(band.highNanoUsd)} by past errors`;
  switch (status) {
    case 'exceeded':
      return `${name} has cost ${formatMoney(soFarNanoUsd)} in ${month} so far, above ${limit}; ${formatMoney(expectedNanoUsd)} are expected.`;
    case 'over':
      return `${name} would cost ${formatMoney(expectedNanoUsd)} in ${month}${range}: above ${limit}.`;
    default:
      return `${name} would cost ${formatMoney(expectedNanoUsd)} in ${month}${range}: near or possibly above ${limit}.`;
  }
}

/** What somebody should look at, the worst first. */
export function alertsOf(rows: readonly BudgetRow[], by: OwnerDimension): Alert[] {
  const alerts = rows.flatMap((row): Alert[] => {
    const { scope, owner, months, growth, budgetNanoUsd } = row;
    const name = nameOfRow(row, by);
    const budgets = months.flatMap((month): Alert[] => {
      if (budgetNanoUsd === null || month.status === 'ok' || month.status === 'none') return [];
      const level = month.status === 'warn' ? 'warn' : 'over';
      return [{ level, kind: 'budget', scope, owner, when: month.month, words: budgetWords(name, month, budgetNanoUsd) }];
    });
    if (growth?.isSpike !== true) return budgets;
    const usual = formatBytes(growth.usualBytesPerDay ?? 0);
    const words =
      `${name} grew by ${formatBytes(growth.bytesPerDay)} a day from ${growth.from} to ${growth.to}; ${usual} a day are usual, ` +
      `and ${growth.earlierSpikes} of ${growth.intervals} earlier intervals were as unusual.`;
    return [...budgets, { level: 'warn', kind: 'spike', scope, owner, when: growth.to, words }];
  });
  return alerts.sort((a, b) => Number(a.level === 'warn') - Number(b.level === 'warn'));
}
