import type { ManagerReport } from '../../../contract/manager-report.ts';
import { formatBytes, formatInstant, formatMoney, formatSaving } from '../../../core/report/format.ts';
import { pricedAt } from './index-words.ts';
import { list, paragraphs, table } from './table.ts';

/** The page in a terminal: its figures, without what a page has room for. */
export function managerReportWords(report: ManagerReport): string {
  const { bucket, asOf, now, horizons, firstYearNanoUsd, reads, blocked, owners, before, investment, prices, warnings, redFlags } = report;
  const { returnPercent, savingNanoUsd, paybackMonth } = investment;
  return paragraphs(
    `${bucket}: in the first year the plan ${formatSaving(firstYearNanoUsd)}, one-time fees taken off.`,
    table(
      [
        { title: 'Months', align: 'right', of: ({ months }) => String(months) },
        { title: 'As it is', align: 'right', of: ({ baselineNanoUsd }) => formatMoney(baselineNanoUsd) },
        { title: 'Plan', align: 'right', of: ({ planNanoUsd }) => formatMoney(planNanoUsd) },
        { title: 'Fees', align: 'right', of: ({ feesNanoUsd }) => formatMoney(feesNanoUsd) },
        { title: 'Saving', align: 'right', of: ({ savingNanoUsd: saving }) => formatMoney(saving) },
        { title: 'Paid back', of: ({ paybackDay }) => paybackDay ?? 'never' },
      ],
      horizons,
    ),
    table(
      [
        { title: 'Read a month', align: 'right', of: ({ percent }) => `${percent} %` },
        { title: 'First year', align: 'right', of: (one) => formatMoney(one.firstYearNanoUsd) },
        { title: 'Paid back', of: ({ paybackDay }) => paybackDay ?? 'never' },
      ],
      reads,
    ),
    `Return in ${investment.months} months: ${formatMoney(savingNanoUsd)}${returnPercent === null ? '' : `, ${Math.round(returnPercent)} % of what it costs`}; earned by the end of ${paybackMonth ?? 'no month within 36'}.`,
    list(
      'Not touched',
      blocked.map(({ reason, bytes }) => `${formatBytes(bytes)}: ${reason}`),
    ),
    list(
      'Owners',
      (owners?.rows ?? []).map(({ owner, monthlyNanoUsd }) => `${owner ?? "nobody's"}: ${formatMoney(monthlyNanoUsd)} a month`),
    ),
    before === null
      ? ''
      : `Since ${formatInstant(before.asOf)}: ${formatBytes(before.bytes)} then, ${formatBytes(now.bytes)} now; ${formatMoney(before.monthlyNanoUsd)} a month then, ${formatMoney(now.monthlyNanoUsd)} now.`,
    list('Mind', redFlags),
    `As of ${formatInstant(asOf)}. ${pricedAt(prices)}`,
    list('Warnings', warnings),
  );
}
