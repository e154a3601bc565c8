import type { Ages } from '../../contract/ages.ts';
import { formatBytes, formatExactBytes, formatMoney } from '../../core/report/format.ts';
import { MixBar } from '../components/bars.tsx';
import { Panel } from '../components/panel.tsx';
import { Waiting } from '../components/states.tsx';
import { ageToken } from '../theme/colors.ts';
import { rowsBy } from './age-sums.ts';
import { useBrush } from './brush.ts';
import { AGE_LABELS, CATEGORY_WORDS, isCategory } from './pivot-table.ts';

/** What is kept, by category, each bar coloured by the age of its bytes. */
export function WhatPanel({ ages }: { ages: Ages | undefined }) {
  const range = useBrush((state) => state.range);
  const rows = ages === undefined ? [] : rowsBy(ages, 'category', range);
  const most = rows[0]?.bytes ?? 0;
  return (
    <Panel title="What it is" note="bytes, $ /mo; coloured by age in days">
      {ages === undefined ? (
        <Waiting what="Adding up categories" />
      ) : (
        <>
          <table className="plain what-table">
            <caption className="quiet">
              <span className="visually-hidden">Bytes and monthly cost by category</span>
            </caption>
            <thead className="bare-head">
              <tr>
                <th scope="col">
                  <span className="visually-hidden">Category</span>
                </th>
                <th scope="col">
                  <span className="visually-hidden">Ages</span>
                </th>
                <th scope="col">
                  <span className="visually-hidden">Bytes</span>
                </th>
                <th scope="col">
                  <span className="visually-hidden">Cost per month</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key}>
                  <th scope="row">{isCategory(row.key) ? CATEGORY_WORDS[row.key] : row.key}</th>
                  <td>
                    <MixBar
                      height={12}
                      share={most === 0 ? 0 : row.bytes / most}
                      parts={row.chosenByAge.map((value, bin) => ({ key: AGE_LABELS[bin] ?? '', value, token: ageToken(bin) }))}
                    />
                  </td>
                  <td className="num strong" title={formatExactBytes(row.bytes)}>
                    {formatBytes(row.bytes)}
                  </td>
                  <td className="num t2">{row.monthlyNanoUsd === null ? 'no price' : formatMoney(row.monthlyNanoUsd)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <ul className="legend what-legend" aria-label="Ages">
            {AGE_LABELS.map((label, bin) => (
              <li key={label}>
                <MixBar height={10} parts={[{ key: label, value: 1, token: ageToken(bin) }]} />
                {label.replace(' d', '')}
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
