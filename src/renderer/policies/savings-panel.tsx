import { useState } from 'react';
import type { Simulation } from '../../contract/simulation.ts';
import { formatMoney } from '../../core/report/format.ts';
import { SavingsChart } from '../charts/savings-chart.tsx';
import { classesOf, daysIn, monthLabel, shownMonths } from '../charts/savings-data.ts';
import { ClassBadge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { Waiting } from '../components/states.tsx';

/** What storage would cost month by month, with and without the plan, and what the change itself costs. */
export function SavingsPanel({ simulation, presetName }: { simulation: Simulation | undefined; presetName: string }) {
  const [all, setAll] = useState(false);
  if (simulation === undefined) {
    return (
      <Panel title="Storage cost per month" className="policies-savings">
        <Waiting what="Running the rules over the snapshot" />
      </Panel>
    );
  }
  const { months, totals, assumptions, redFlags } = simulation;
  const partial = months.some(({ month, days }) => days < daysIn(month));
  return (
    <Panel
      title="Storage cost per month"
      className="policies-savings"
      note={`list price ${simulation.priceAsOf}, ${simulation.region}${simulation.regionAssumed ? ' assumed' : ''}${partial ? '; a month counted in part is drawn at its full rate' : ''}`}
      action={
        <Button kind="quiet" aria-pressed={all} onClick={() => setAll(!all)}>
          {all ? 'Fewer months' : 'Every month'}
        </Button>
      }
    >
      <ul className="legend" aria-label="Legend">
        {classesOf(simulation)
          .toReversed()
          .map((name) => (
            <li key={name}>
              <ClassBadge storageClass={name} />
            </li>
          ))}
        <li>
          <i className="dash" />
          if nothing changes
        </li>
      </ul>
      <SavingsChart simulation={simulation} />
      <ScrollArea label="Cost per month" className={`twin ${all ? 'twin-all' : ''}`.trim()}>
        <MonthTable simulation={simulation} presetName={presetName} shown={all ? months.map((_, at) => at) : shownMonths(months.length)} />
      </ScrollArea>
      <p className="savings-total">
        Over {months.length} months {presetName} would cost {formatMoney(totals.planNanoUsd)}, and {formatMoney(totals.oneTimeNanoUsd)} of
        fees once, instead of {formatMoney(totals.baselineNanoUsd)}: <strong>{difference(totals.savingNanoUsd)}</strong>.
      </p>
      {assumptions.length + redFlags.length === 0 ? null : (
        <details className="fine-print t2">
          <summary>What these figures rest on, and what they leave out</summary>
          <ul>
            {assumptions.map((line) => (
              <li key={line}>{line}</li>
            ))}
            {redFlags.map((line) => (
              <li key={line}>
                <span className="warn">Beware:</span> {line}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

/** "$919 less", in the conditional the sentence sets. */
function difference(savingNanoUsd: string): string {
  const saving = BigInt(savingNanoUsd);
  if (saving === 0n) return 'no difference';
  return saving > 0n ? `${formatMoney(saving)} less` : `${formatMoney(-saving)} more`;
}

function MonthTable({ simulation, presetName, shown }: { simulation: Simulation; presetName: string; shown: readonly number[] }) {
  const months = shown.flatMap((at) => {
    const month = simulation.months[at];
    return month === undefined ? [] : [month];
  });
  return (
    <table className="month-table">
      <caption className="quiet">
        <span className="visually-hidden">Storage cost and one-time fees per month</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">Month</th>
          {months.map(({ month, days }) => (
            <th key={month} scope="col" className="num">
              {monthLabel(month, days)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">If nothing changes</th>
          {months.map(({ month, baselineNanoUsd }) => (
            <td key={month} className="num">
              {formatMoney(baselineNanoUsd)}
            </td>
          ))}
        </tr>
        <tr>
          <th scope="row" className="strong">
            {presetName}
          </th>
          {months.map(({ month, planNanoUsd }) => (
            <td key={month} className="num strong">
              {formatMoney(planNanoUsd)}
            </td>
          ))}
        </tr>
        <tr>
          <th scope="row">Fees in month</th>
          {months.map(({ month, feesNanoUsd }) => (
            <td key={month} className="num t2">
              {feesNanoUsd === '0' ? '–' : formatMoney(feesNanoUsd)}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}
