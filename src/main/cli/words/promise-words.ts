import type { PromiseKept, PromiseRow } from '../../../contract/promise.ts';
import { formatBytes, formatCount, formatInstant, formatMoney } from '../../../core/report/format.ts';
import { pricedAt } from './index-words.ts';
import { list, paragraphs, printable, table } from './table.ts';

const ACTIONS: Readonly<Record<PromiseRow['action'], string>> = {
  transition: 'move to',
  hidden: 'hide',
  removed: 'remove',
  cleaned: 'remove delete markers',
};

type Amount = PromiseRow['forecast'];
const amount = ({ versions, bytes }: Amount): string => (versions === 0 ? '' : `${formatCount(versions)} (${formatBytes(bytes)})`);
const nano = (...texts: readonly [string, string]): bigint => BigInt(texts[0]) - BigInt(texts[1]);

export function promiseWords({
  bucket,
  from,
  to,
  putOn,
  graceDays,
  rows,
  untouched,
  added,
  money,
  examples,
  isKept,
  prices,
  warnings,
}: PromiseKept): string {
  return paragraphs(
    `${bucket}: ${isKept ? 'everything that was due was done' : 'not everything came as forecast'}. Put on ${putOn}; ${formatInstant(from.asOf)} against ${formatInstant(to.asOf)}, S3 given ${graceDays} days.`,
    table(
      [
        { title: 'Rule', of: ({ ruleId, rule }: PromiseRow) => printable(ruleId ?? `rule ${rule + 1}`) },
        { title: 'Does', of: ({ action, storageClass }) => `${ACTIONS[action]}${storageClass === null ? '' : ` ${storageClass}`}` },
        { title: 'Forecast', align: 'right', of: ({ forecast }) => amount(forecast) },
        { title: 'Done', align: 'right', of: ({ done }) => amount(done) },
        { title: 'Pending', align: 'right', of: ({ pending }) => amount(pending) },
        { title: 'Late', align: 'right', of: ({ late }) => amount(late) },
        { title: 'Otherwise', align: 'right', of: ({ otherwise }) => amount(otherwise) },
        { title: 'Saves a month', align: 'right', of: (row) => formatMoney(nano(row.beforeNanoUsd, row.forecastNanoUsd)) },
        { title: 'So far', align: 'right', of: (row) => formatMoney(nano(row.beforeNanoUsd, row.actualNanoUsd)) },
      ],
      rows,
    ),
    `Rules were to save ${formatMoney(money.promisedNanoUsd)} a month and save ${formatMoney(money.keptNanoUsd)}; moving was to cost ${formatMoney(money.promisedFeesNanoUsd)} and cost ${formatMoney(money.paidFeesNanoUsd)}.`,
    table(
      [
        { title: 'A month of storage', of: ([title]) => title },
        { title: '', align: 'right', of: ([, value]) => value },
      ],
      [
        ['As it was', formatMoney(money.beforeNanoUsd)],
        ['As forecast', formatMoney(money.forecastNanoUsd)],
        ['Late or pending', formatMoney(money.lateNanoUsd)],
        ['Changed by others', formatMoney(money.othersNanoUsd)],
        ['New since', formatMoney(money.addedNanoUsd)],
        ['As it is', formatMoney(money.actualNanoUsd)],
      ] as readonly (readonly [string, string])[],
    ),
    `What no rule was to touch: ${amount(untouched.same) || 'nothing'} as it was, ${amount(untouched.changed) || 'nothing'} changed. New since: ${amount(added) || 'nothing'}.`,
    list(
      'Look at',
      examples.map(({ key, versionId, words }) => `${printable(key)}${versionId === null ? '' : ` (${printable(versionId)})`}: ${words}`),
    ),
    pricedAt(prices),
    list('Warnings', warnings),
  );
}
