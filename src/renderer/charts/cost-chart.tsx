import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { formatMoney, formatMoneyAxis, formatUsd } from '../../core/report/format.ts';
import type { Curve, CurveMonth } from '../state/curve.ts';
import { monthLabel } from '../state/curve.ts';
import { classToken } from '../theme/colors.ts';
import { areaPath, axisFromZero, labelEvery, linePath, type Point } from './geometry.ts';
import { useSize } from './use-size.ts';

const LEFT = 52;
const RIGHT = 12;
const TOP = 20;
const FEES = 40;
const BOTTOM = 24;

/**
 * Storage cost per month: baseline dashed, the plan stacked by storage class, fees below zero on a scale of their own.
 * The pointer, or the arrows with the focus on it, read off one month; `onMonth` hears which.
 */
export function CostChart({
  curve,
  name,
  at,
  onMonth,
}: {
  curve: Curve;
  name: string;
  at: number | null;
  onMonth: (month: number | null) => void;
}) {
  const { ref, width, height } = useSize<HTMLDivElement>();
  const { months, classes, payback } = curve;
  const [isFocused, setIsFocused] = useState(false);
  const last = months.length - 1;
  const most = Math.max(0, ...months.map(({ baselineUsd, planUsd }) => Math.max(baselineUsd, planUsd)));
  const axis = axisFromZero(most);
  const mostFees = feeTop(months.map(({ feesUsd }) => feesUsd));
  const zero = height - BOTTOM - FEES;
  const x = (month: number) => LEFT + (last < 1 ? 0 : (month / last) * (width - LEFT - RIGHT));
  const y = (usd: number) => zero - (usd / axis.top) * (zero - TOP);
  const line = (usd: (month: CurveMonth) => number): Point[] => months.map((month, i) => [x(i), y(usd(month))]);

  const monthAt = (event: PointerEvent<Element>): number | null => {
    const box = ref.current?.getBoundingClientRect();
    if (box === undefined) return null;
    const share = (event.clientX - box.left - LEFT) / Math.max(1, width - LEFT - RIGHT);
    return share < -0.02 || share > 1.02 ? null : Math.round(Math.min(1, Math.max(0, share)) * last);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const here = at ?? last;
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last, PageUp: here - 12, PageDown: here + 12 }[event.key];
    if (event.key === 'Escape') onMonth(null);
    else if (to === undefined) return;
    else onMonth(Math.min(last, Math.max(0, to)));
    event.preventDefault();
  };

  let floor: number[] = months.map(() => 0);
  const bands = classes.map((storageClass) => {
    const below = floor;
    floor = months.map(({ usdByClass }, i) => (below[i] ?? 0) + (usdByClass[storageClass] ?? 0));
    const points = (values: readonly number[]): Point[] => values.map((value, i) => [x(i), y(value)]);
    return { storageClass, path: areaPath(points(floor), points(below)) };
  });
  const every = labelEvery(months.length, width - LEFT - RIGHT, 88);
  const feeWidth = Math.max(2, Math.min(16, ((width - LEFT - RIGHT) / months.length) * 0.5));
  const [end, marked] = [months[last], at === null ? undefined : months[at]];
  const readOff =
    marked === undefined
      ? ''
      : `${monthLabel(marked)}: as it is ${formatMoney(marked.baselineNanoUsd)}, ${name} ${formatMoney(marked.planNanoUsd)}`;
  return (
    <div
      ref={ref}
      className="fill cost-chart"
      role="slider"
      tabIndex={0}
      aria-label="Storage cost per month; the arrows read off a month, the table below holds every figure"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={at ?? last}
      aria-valuetext={
        readOff === '' && end !== undefined ? `${months.length} months, ending at ${formatMoney(end.planNanoUsd)} with ${name}` : readOff
      }
      onKeyDown={onKeyDown}
      onFocus={() => setIsFocused(true)}
      onBlur={() => setIsFocused(false)}
      onPointerMove={(event) => onMonth(monthAt(event))}
      onPointerLeave={() => onMonth(null)}
    >
      {width < 160 || height < 140 || end === undefined ? null : (
        <svg className={`chart ${isFocused ? 'focused' : ''}`.trim()} width={width} height={height} aria-hidden="true">
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
          <path d={linePath(line(({ planUsd }) => planUsd))} className="plan-line" />
          <path d={linePath(line(({ baselineUsd }) => baselineUsd))} className="baseline" />
          <EndLabels end={end} x={width - RIGHT} y={y} name={name} />
          <line className="base" x1={LEFT} x2={width - RIGHT} y1={zero} y2={zero} />
          {months.map(({ month, feesUsd }, i) => (
            <rect
              key={month}
              className="fee"
              x={Math.min(Math.max(x(i) - feeWidth / 2, LEFT), width - RIGHT - feeWidth)}
              y={zero + 1}
              width={feeWidth}
              height={mostFees === 0 || feesUsd === 0 ? 0 : Math.max(1, (feesUsd / mostFees) * (FEES - 12))}
            />
          ))}
          {mostFees === 0 ? null : (
            <text x={LEFT - 8} y={zero + FEES - 6} textAnchor="end">
              {formatMoneyAxis(-mostFees)}
            </text>
          )}
          <text x={width - RIGHT} y={zero + FEES - 4} textAnchor="end" className="quiet">
            {mostFees === 0 ? 'no one-time fees' : 'one-time fees, own scale below zero'}
          </text>
          {payback.month === null ? null : (
            <Marker x={x(Math.min(payback.month, last))} y={zero} words={`fees recovered on ${payback.value}`} room={width} />
          )}
          {marked === undefined || at === null ? null : (
            <Crosshair month={marked} x={x(at)} y={y} top={TOP} bottom={zero + FEES} room={width - RIGHT} name={name} />
          )}
          {months.map(({ month }, i) =>
            i % every === 0 && (i === 0 || x(last) - x(i) > 20) ? (
              <text key={month} x={x(i)} y={height - 6} textAnchor={i === 0 ? 'start' : i === last ? 'end' : 'middle'}>
                {month}
              </text>
            ) : null,
          )}
        </svg>
      )}
    </div>
  );
}

function EndLabels({ end, x, y, name }: { end: CurveMonth; x: number; y: (usd: number) => number; name: string }) {
  const [baseline, plan] = [y(end.baselineUsd), y(end.planUsd)];
  return (
    <>
      <text x={x} y={baseline - 6} textAnchor="end" className="figure">
        {`as it is ${formatMoney(end.baselineNanoUsd)}`}
      </text>
      {Math.abs(baseline - plan) < 24 ? null : (
        <text x={x} y={plan - 6} textAnchor="end" className="figure">
          {`${name} ${formatMoney(end.planNanoUsd)}`}
        </text>
      )}
    </>
  );
}

function Marker({ x, y, words, room }: { x: number; y: number; words: string; room: number }) {
  return (
    <g className="marker">
      <path d={`M${x} ${y - 4}l4 4l-4 4l-4 -4Z`} />
      <text x={Math.min(x + 10, room - 320)} y={y + 16}>
        {words}
      </text>
    </g>
  );
}

/** One month read off: the distance between the lines is what the plan saves. */
function Crosshair({
  month,
  x,
  y,
  top,
  bottom,
  room,
  name,
}: {
  month: CurveMonth;
  x: number;
  y: (usd: number) => number;
  top: number;
  bottom: number;
  room: number;
  name: string;
}) {
  const [baseline, plan] = [y(month.baselineUsd), y(month.planUsd)];
  const isRight = x > room - 200;
  const saved = month.baselineUsd - month.planUsd;
  const rows = [
    monthLabel(month),
    `as it is ${formatMoney(month.baselineNanoUsd)}, ${name} ${formatMoney(month.planNanoUsd)}`,
    saved >= 0 ? `${formatUsd(saved)} /mo saved` : `${formatUsd(-saved)} /mo more`,
    ...(month.feesNanoUsd === 0n ? [] : [`fees ${formatMoney(month.feesNanoUsd)}`]),
  ];
  return (
    <g className="crosshair">
      <line className="hair" x1={x} x2={x} y1={top} y2={bottom} />
      <path className="saving" d={`M${x} ${Math.min(baseline, plan)}L${x} ${Math.max(baseline, plan)}`} />
      {rows.map((row, i) => (
        <text
          key={row}
          className={i === 2 ? 'figure saved' : 'figure'}
          x={x + (isRight ? -10 : 10)}
          y={top + 16 + i * 16}
          textAnchor={isRight ? 'end' : 'start'}
        >
          {row}
        </text>
      ))}
    </g>
  );
}

/** The end of the scale of fees: the next round figure above the largest. */
function feeTop(fees: readonly number[]): number {
  const most = Math.max(0, ...fees);
  return most === 0 ? 0 : axisFromZero(most, 1).top;
}
