import type { BreakEven } from '../../../contract/break-even.ts';
import { formatBytes, formatCount, formatMoney } from '../../../core/report/format.ts';
import { pricedAt } from './index-words.ts';
import { list, paragraphs, table } from './table.ts';

export function breakEvenWords({ units, total, asOf, region, priceAsOf, regionAssumed, months, assumptions }: BreakEven): string {
  const rows = units.flatMap((unit) => unit.targets.map((target) => ({ unit, target })));
  return paragraphs(
    table(
      [
        { title: 'Unit', of: ({ unit }) => `${unit.path}${unit.path.endsWith('/') ? '' : unit.name}` },
        { title: 'To', of: ({ target }) => target.storageClass },
        { title: 'Moves', align: 'right', of: ({ target }) => formatBytes(target.bytes) },
        { title: 'Fees', align: 'right', of: ({ target }) => formatMoney(target.feesNanoUsd) },
        { title: 'Saves a month', align: 'right', of: ({ target }) => formatMoney(target.monthlySavingNanoUsd) },
        { title: 'Pays from', of: ({ target }) => target.breakEvenDay ?? 'never' },
        {
          title: `Size that pays in ${months} months`,
          align: 'right',
          of: ({ target }) => (target.breakEvenObjectBytes === null ? 'none' : formatBytes(target.breakEvenObjectBytes)),
        },
      ],
      rows,
    ),
    `${formatCount(units.length)} of ${formatCount(total)} units, as of ${asOf}. ${pricedAt({ region, asOf: priceAsOf, assumed: regionAssumed })}`,
    list('Assumptions', assumptions),
  );
}
