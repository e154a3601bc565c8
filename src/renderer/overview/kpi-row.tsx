import type { ReactNode } from 'react';
import type { Ages } from '../../contract/ages.ts';
import type { Summary } from '../../contract/index-views.ts';
import { formatBytes, formatCountShort, formatExactBytes, formatMoney, formatSaving } from '../../core/report/format.ts';
import { type Curve, monthTwelve } from '../state/curve.ts';
import type { Forecast } from '../state/forecast.ts';
import { useSnapshot } from '../state/session.ts';
import { heldIn } from './age-sums.ts';
import { rangeWords, useBrush } from './brush.ts';

/** Five figures: what is kept, what it costs, what it would cost, what the change itself costs, when that is earned back. */
export function KpiRow({ summary, ages, forecast }: { summary: Summary | undefined; ages: Ages | undefined; forecast: Forecast }) {
  const snapshot = useSnapshot();
  const range = useBrush((state) => state.range);
  const held = range === null || ages === undefined ? undefined : heldIn(ages, range);
  const chosen = range === null ? '' : `${rangeWords(range)} · `;
  const partial = snapshot !== undefined && snapshot.coverage < 1;
  const { curve, name, stale, error } = forecast;
  const twelve = curve === undefined ? undefined : monthTwelve(curve);
  const unpriced = summary?.groups.some(({ monthlyNanoUsd }) => monthlyNanoUsd === null) ?? false;
  return (
    <dl className="kpis">
      <Kpi
        term="Stored"
        partial={partial}
        value={summary && formatBytes(held?.bytes ?? summary.totals.bytes)}
        title={summary && formatExactBytes(held?.bytes ?? summary.totals.bytes)}
        words={
          summary &&
          `${chosen}${formatCountShort(held?.versions ?? summary.totals.versions)} versions${snapshot?.allVersions === false ? ', current ones only' : ''}`
        }
      />
      <Kpi
        term="Storage cost now"
        partial={partial || unpriced || held?.monthlyNanoUsd === null}
        value={summary && formatMoney(held === undefined ? summary.totals.monthlyNanoUsd : (held.monthlyNanoUsd ?? 0n))}
        unit="/mo"
        words={summary && `${chosen}prices ${summary.prices.asOf}, ${summary.prices.region}${summary.prices.assumed ? ' assumed' : ''}`}
      />
      <Kpi
        term={name === 'now' ? 'In 12 months, as it is' : `In 12 months, with ${name}`}
        stale={stale}
        partial={curve?.isPartlyUnpriced ?? false}
        failed={error !== undefined}
        value={twelve && formatMoney(twelve.planNanoUsd)}
        unit="/mo"
        words={twelve && `not ${formatMoney(twelve.baselineNanoUsd)}; ${formatSaving(twelve.baselineNanoUsd - twelve.planNanoUsd)} /mo`}
      />
      <Kpi
        term="One-time fees"
        stale={stale}
        failed={error !== undefined}
        value={curve && formatMoney(firstYearFees(curve))}
        words="over the first 12 months"
      />
      <Kpi term="Payback" stale={stale} failed={error !== undefined} value={curve?.payback.value} words={curve?.payback.words} />
    </dl>
  );
}

/** Fees of the months up to the one a year on. */
function firstYearFees(curve: Curve): bigint {
  const end = monthTwelve(curve);
  const months = curve.months.slice(0, end === undefined ? 0 : curve.months.indexOf(end) + 1);
  return months.reduce((sum, { feesNanoUsd }) => sum + feesNanoUsd, 0n);
}

function Kpi({
  term,
  value,
  unit,
  words,
  title,
  partial = false,
  stale = false,
  failed = false,
}: {
  term: string;
  value: string | undefined;
  unit?: string;
  words: ReactNode;
  title?: string | undefined;
  partial?: boolean;
  stale?: boolean;
  failed?: boolean;
}) {
  return (
    <div className={`kpi ${stale ? 'stale' : ''}`.trim()}>
      <dt className="ellipsis">{term}</dt>
      <dd className="kpi-value" title={title}>
        {value === undefined ? (
          <span className="kpi-wait">{failed ? 'could not be computed' : 'computing'}</span>
        ) : (
          <>
            {partial ? <span title="at least; part of the source could not be read or priced">≥ </span> : null}
            {value}
            {unit === undefined ? null : <small> {unit}</small>}
          </>
        )}
      </dd>
      <dd className="kpi-words ellipsis">{value === undefined ? ' ' : words}</dd>
    </div>
  );
}
