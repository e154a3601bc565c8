import type { Reconciliation } from '../../../contract/reconcile.ts';
import { formatBytes, formatInstant, formatMoney } from '../../../core/report/format.ts';
import { pricedAt } from './index-words.ts';
import { list, paragraphs, table } from './table.ts';

const amountWords = (amount: number): string => amount.toFixed(amount < 100 ? 2 : 0);

function measuredWords({
  at,
  rows,
  indexBytes,
  uploadBytes,
  measuredBytes,
  gapBytes,
  movedBytes,
}: NonNullable<Reconciliation['measured']>): string {
  const all = [...rows, { storageType: 'Everything', indexBytes, uploadBytes, measuredBytes, gapBytes }];
  return paragraphs(
    table(
      [
        { title: `CloudWatch, ${at.slice(0, 10)}`, of: ({ storageType }) => storageType },
        { title: 'Index', align: 'right', of: (row) => formatBytes(row.indexBytes) },
        { title: 'Uploads', align: 'right', of: (row) => (row.uploadBytes === 0 ? '' : formatBytes(row.uploadBytes)) },
        { title: 'Measured', align: 'right', of: (row) => formatBytes(row.measuredBytes) },
        { title: 'Not explained', align: 'right', of: (row) => formatBytes(row.gapBytes) },
      ],
      all,
    ),
    movedBytes === null ? '' : `From one day to the next CloudWatch itself moved by up to ${formatBytes(movedBytes)}.`,
  );
}

function billedWords({
  month,
  from,
  until,
  rows,
  storage,
  other,
  otherNanoUsd,
  billedNanoUsd,
  snapshots,
  lineItems,
}: NonNullable<Reconciliation['billed']>): string {
  return paragraphs(
    table(
      [
        { title: `Bill of ${month}`, of: ({ key }) => key },
        { title: 'Unit', of: ({ unit }) => unit },
        { title: 'Index', align: 'right', of: (row) => amountWords(row.indexAmount) },
        { title: 'Billed', align: 'right', of: (row) => amountWords(row.billedAmount) },
        { title: 'At list price', align: 'right', of: (row) => formatMoney(row.indexNanoUsd) },
        { title: 'Billed', align: 'right', of: (row) => formatMoney(row.billedNanoUsd) },
        { title: 'Other prices', align: 'right', of: (row) => formatMoney(row.priceNanoUsd) },
        { title: 'Not explained', align: 'right', of: (row) => formatMoney(row.unexplainedNanoUsd) },
      ],
      rows,
    ),
    `Storage from ${from} until ${until}: ${formatMoney(storage.indexNanoUsd)} by the index, ${formatMoney(storage.billedNanoUsd)} billed; ${formatMoney(storage.priceNanoUsd)} by other prices than list prices, ${formatMoney(storage.unexplainedNanoUsd)} not explained.`,
    list(
      `Beside storage, ${formatMoney(otherNanoUsd)} of ${formatMoney(billedNanoUsd)}`,
      other.map(({ what, nanoUsd }) => `${what}: ${formatMoney(nanoUsd)}`),
    ),
    `${lineItems} line items; ${snapshots.length} snapshots.`,
  );
}

export function reconciliationWords({ bucket, asOf, measured, billed, prices, warnings }: Reconciliation): string {
  return paragraphs(
    `${bucket} as of ${formatInstant(asOf)}.`,
    measured === null ? '' : measuredWords(measured),
    billed === null ? '' : billedWords(billed),
    pricedAt(prices),
    list('Warnings', warnings),
  );
}
