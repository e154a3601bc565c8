import type { Simulation } from '../../contract/simulation.ts';
import { formatMoney, formatMoneyAxis, toUsd } from '../../core/report/format.ts';
import { classToken } from '../theme/colors.ts';
import { areaPath, axisFromZero, labelEvery, linePath, type Point } from './geometry.ts';
import { classesOf, feeTop, paybackMonth, wholeMonthUsd } from './savings-data.ts';
import { useSize } from './use-size.ts';

const LEFT = 52;
const RIGHT = 12;
const TOP = 20;
const FEES = 36;
const BOTTOM = 24;

/** Storage cost per month: baseline dashed, the plan stacked by storage class, fees below zero on a scale of their own. */
export function SavingsChart({ simulation }: { simulation: Simulation }) {
  const { ref, width, height } = useSize<HTMLDivElement>();
  const { months } = simulation;
  const classes = classesOf(simulation);
  const rate = (nanoUsd: string, at: number): number => {
    const { month, days } = months[at] ?? { month: '', days: 0 };
    return wholeMonthUsd(toUsd(nanoUsd), month, days);
  };
  const baseline = months.map(({ baselineNanoUsd }, at) => rate(baselineNanoUsd, at));
  const planned = months.map(({ planNanoUsd }, at) => rate(planNanoUsd, at));
  const axis = axisFromZero(Math.max(...baseline, ...planned));
  const fees = months.map(({ feesNanoUsd }) => Math.max(0, toUsd(feesNanoUsd)));
  const mostFees = feeTop(fees);
  const zero = height - BOTTOM - FEES;
  const x = (at: number) => LEFT + (months.length < 2 ? 0 : (at / (months.length - 1)) * (width - LEFT - RIGHT));
  const y = (usd: number) => zero - (usd / axis.top) * (zero - TOP);
  const line = (usd: readonly number[]): Point[] => usd.map((value, at) => [x(at), y(value)]);

  let floor: number[] = months.map(() => 0);
  const bands = classes.map((storageClass) => {
    const below = floor;
    floor = months.map(({ planByClass }, at) => (below[at] ?? 0) + rate(planByClass[storageClass] ?? '0', at));
    return { storageClass, path: areaPath(line(floor), line(below)) };
  });

  const every = labelEvery(months.length, width - LEFT - RIGHT, 88);
  const last = months.length - 1;
  const feeWidth = Math.max(2, Math.min(16, ((width - LEFT - RIGHT) / months.length) * 0.3));
  const payback = paybackMonth(simulation);
  const paybackX = payback === null ? undefined : x(Math.min(Math.max(payback - 1, 0), last));
  const endGap = Math.abs(y(baseline[last] ?? 0) - y(planned[last] ?? 0));
  const words = `Storage cost per month over ${months.length} months: baseline ends at ${formatMoney(months[last]?.baselineNanoUsd ?? '0')}, the plan at ${formatMoney(months[last]?.planNanoUsd ?? '0')}. The table below holds every figure.`;
  return (
    <div ref={ref} className="fill">
      {width < 160 || height < 140 ? null : (
        <svg className="chart" width={width} height={height} role="img" aria-label={words}>
          {axis.ticks.map((tick) => (
            <g key={tick}>
              <line className="grid" x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
              <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
                {formatMoneyAxis(tick)}
              </text>
            </g>
          ))}
          {bands.map(({ storageClass, path }) => (
            <path key={storageClass} d={path} fill={`var(${classToken(storageClass)})`} className="band" />
          ))}
          <path d={linePath(line(planned))} className="plan-line" />
          <path d={linePath(line(baseline))} className="baseline" />
          <text x={width - RIGHT} y={y(baseline[last] ?? 0) - 6} textAnchor="end" className="figure">
            {`if nothing changes ${formatMoney(months[last]?.baselineNanoUsd ?? '0')}`}
          </text>
          {endGap < 24 ? null : (
            <text x={width - RIGHT} y={y(planned[last] ?? 0) - 6} textAnchor="end" className="figure">
              {`plan ${formatMoney(months[last]?.planNanoUsd ?? '0')}`}
            </text>
          )}
          <line className="base" x1={LEFT} x2={width - RIGHT} y1={zero} y2={zero} />
          {fees.map((usd, at) => (
            <rect
              key={months[at]?.month}
              className="fee"
              x={Math.min(Math.max(x(at) - feeWidth / 2, LEFT), width - RIGHT - feeWidth)}
              y={zero + 1}
              width={feeWidth}
              height={mostFees === 0 ? 0 : (usd / mostFees) * (FEES - 8)}
            />
          ))}
          {mostFees === 0 ? null : (
            <text x={LEFT - 8} y={zero + FEES - 6} textAnchor="end">
              {formatMoneyAxis(-mostFees)}
            </text>
          )}
          <text x={width - RIGHT} y={zero + FEES - 6} textAnchor="end">
            {mostFees === 0 ? 'no one-time fees' : 'one-time fees, own scale below zero'}
          </text>
          {paybackX === undefined || mostFees === 0 ? null : (
            <g className="marker">
              <path d={`M${paybackX} ${zero - 4}l4 4l-4 4l-4 -4Z`} />
              <text x={Math.min(paybackX + 10, width - 220)} y={zero + FEES - 6}>{`fees recovered in month ${payback}`}</text>
            </g>
          )}
          {months.map(({ month }, at) =>
            at % every === 0 ? (
              <text key={month} x={x(at)} y={height - 6} textAnchor={at === 0 ? 'start' : at === last ? 'end' : 'middle'}>
                {month}
              </text>
            ) : null,
          )}
        </svg>
      )}
    </div>
  );
}
