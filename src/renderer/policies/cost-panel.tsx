import { useState } from 'react';
import { formatMoney } from '../../core/report/format.ts';
import { CostChart } from '../charts/cost-chart.tsx';
import { ClassBadge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollArea } from '../components/scroll-area.tsx';
import { ErrorNote, Waiting } from '../components/states.tsx';
import { type Inflow, type Reads, useAssumptions } from '../state/assumptions.ts';
import { type Curve, monthLabel, shownMonths } from '../state/curve.ts';
import type { Forecast } from '../state/forecast.ts';
import { useShownMonth } from './shown-month.ts';
import { Line } from './validation-panel.tsx';

const READ_CHOICES: readonly { readonly value: Reads; readonly label: string }[] = [
  { value: 'none', label: 'none' },
  { value: '5', label: '5 % of the bytes' },
  { value: '20', label: '20 % of the bytes' },
  { value: 'observed', label: 'as the logs show' },
];

/** What storage would cost month by month, with and without the plan, and what the change itself costs. */
export function CostPanel({ forecast }: { forecast: Forecast }) {
  const { curve, error, retry, name } = forecast;
  const [all, setAll] = useState(false);
  const at = useShownMonth((state) => state.month);
  const { reads, inflow, assume } = useAssumptions();
  if (error !== undefined || curve === undefined) {
    return (
      <Panel title="Storage cost per month" className="policies-cost">
        {error === undefined ? (
          <Waiting what="Running the rules over the snapshot" />
        ) : (
          <ErrorNote error={error} title="The cost could not be computed." onRetry={retry} />
        )}
      </Panel>
    );
  }
  const partial = curve.months.some(({ isPartial }) => isPartial);
  return (
    <Panel
      title="Storage cost per month"
      className="policies-cost"
      note={`list price ${curve.priceAsOf}, ${curve.priceRegion}${curve.isRegionAssumed ? ' assumed' : ''}${partial ? '; a month counted in part is drawn at its full rate' : ''}`}
      action={
        <Button kind="quiet" aria-pressed={all} onClick={() => setAll(!all)}>
          {all ? 'Fewer months' : 'Every month'}
        </Button>
      }
    >
      <div className="row cost-given">
        <label className="row">
          <span className="t2">Reads a month</span>
          <select className="small-select" value={reads} onChange={(event) => assume({ reads: event.target.value as Reads })}>
            {READ_CHOICES.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label className="row">
          <span className="t2">New data</span>
          <select className="small-select" value={inflow} onChange={(event) => assume({ inflow: event.target.value as Inflow })}>
            <option value="none">none</option>
            <option value="observed">as observed</option>
          </select>
        </label>
        <span className="grow" />
        <ul className="legend" aria-label="Legend">
          {curve.classes.toReversed().map((storageClass) => (
            <li key={storageClass}>
              <ClassBadge storageClass={storageClass} />
            </li>
          ))}
          <li>
            <i className="dash" />
            as it is
          </li>
        </ul>
      </div>
      <CostChart curve={curve} name={name} at={at} onMonth={(month) => useShownMonth.setState({ month })} />
      <ScrollArea label="Cost per month" className={`twin ${all ? 'twin-all' : ''}`.trim()}>
        <MonthTable curve={curve} name={name} shown={all ? curve.months.map((_, i) => i) : shownMonths(curve.months.length)} />
      </ScrollArea>
      <p className="savings-total">
        Over {curve.months.length} months {name} would cost {formatMoney(curve.planNanoUsd)} and {formatMoney(curve.oneTimeNanoUsd)} in
        fees, instead of {formatMoney(curve.baselineNanoUsd)}: <strong>{difference(curve.savingNanoUsd)}</strong>
        <Range curve={curve} />.
      </p>
      {curve.redFlags.map((words) => (
        <Line key={words} tone="bad">
          {words}
        </Line>
      ))}
      {curve.assumptions.length === 0 ? null : (
        <details className="fine-print t2">
          <summary>What these figures rest on, and what they leave out</summary>
          <ul>
            {curve.assumptions.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

/** How far the saving could lie from that, over everything that is not known. */
function Range({ curve }: { curve: Curve }) {
  const { low, high } = curve.range;
  if (low === high) return null;
  return (
    <span className="t2" title="Reads of 0 to 20 % a month, entry dates, access tiers and tags that are not known">
      , between {difference(low)} and {difference(high)} over what is not known
    </span>
  );
}

/** "$919 less", in the conditional the sentence sets. */
function difference(saving: bigint): string {
  if (saving === 0n) return 'no difference';
  return saving > 0n ? `${formatMoney(saving)} less` : `${formatMoney(-saving)} more`;
}

function MonthTable({ curve, name, shown }: { curve: Curve; name: string; shown: readonly number[] }) {
  const months = shown.flatMap((i) => curve.months[i] ?? []);
  return (
    <table className="month-table">
      <caption className="quiet">
        <span className="visually-hidden">Storage cost and one-time fees per month</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">Month</th>
          {months.map((month) => (
            <th key={month.month} scope="col" className="num">
              {monthLabel(month)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">As it is</th>
          {months.map(({ month, baselineNanoUsd }) => (
            <td key={month} className="num">
              {formatMoney(baselineNanoUsd)}
            </td>
          ))}
        </tr>
        <tr>
          <th scope="row" className="strong">
            {name.charAt(0).toUpperCase() + name.slice(1)}
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
              {feesNanoUsd === 0n ? '–' : formatMoney(feesNanoUsd)}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}
