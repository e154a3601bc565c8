import type { ManagerReport } from '../../../contract/manager-report.ts';
import { formatMoneyAxis, toUsd } from '../format.ts';
import { type Html, html } from '../html.ts';

const WIDTH = 340;
const HEIGHT = 118;
const LEFT = 34;
const TOP = 8;
const BOTTOM = 18;

/** Days of a month such as "2027-02". */
const daysOf = (month: string): number => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();

/** What each month costs, as it is and under the plan, the plan's fees on top. */
export function costChart(months: ManagerReport['months']): Html {
  // A partial month as if it were whole, so that it does not look cheap.
  const whole = (nanoUsd: string, { month, days }: ManagerReport['months'][number]): number =>
    days === 0 ? 0 : (toUsd(nanoUsd) * daysOf(month)) / days;
  const baseline = months.map((one) => whole(one.baselineNanoUsd, one));
  const plan = months.map((one) => whole(one.planNanoUsd, one));
  const withFees = months.map((one) => whole(one.planNanoUsd, one) + toUsd(one.feesNanoUsd));
  const most = Math.max(...baseline, ...withFees, 0) || 1;
  const x = (at: number): string => (LEFT + ((WIDTH - LEFT - 6) * at) / Math.max(1, months.length - 1)).toFixed(1);
  const y = (usd: number): string => (TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.max(0, usd) / most)).toFixed(1);
  const line = (values: readonly number[]): string => values.map((usd, at) => `${x(at)},${y(usd)}`).join(' ');
  const ticks = [0, most / 2, most].map(
    (usd) =>
      html`<line x1="${LEFT}" x2="${WIDTH - 6}" y1="${y(usd)}" y2="${y(usd)}" class="g"/><text x="${LEFT - 4}" y="${y(usd)}" class="a" dy="3">${formatMoneyAxis(usd)}</text>`,
  );
  const names = months.flatMap(({ month }, at) =>
    at % 12 === 0 || at === months.length - 1
      ? [html`<text x="${x(at)}" y="${HEIGHT - 5}" class="${at === 0 ? 's' : at === months.length - 1 ? 'a' : 'm'}">${month}</text>`]
      : [],
  );
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="What each month costs, as it is and under the plan">
${ticks}${names}
<polyline points="${line(withFees)}" class="f"/>
<polyline points="${line(baseline)}" class="b"/>
<polyline points="${line(plan)}" class="p"/>
</svg>
<p class="k"><span class="kb">as it is</span> <span class="kp">plan</span> <span class="kf">plan with its fees</span></p>`;
}
