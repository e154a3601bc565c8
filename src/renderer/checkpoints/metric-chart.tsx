import type { UnitView } from '../../contract/unit-views.ts';

const HEIGHT = 88;
const INSET = 6;

/** A metric over the steps of a run; the kept ones filled. The table below it gives the figures. */
export function MetricChart({ units, width }: { units: readonly UnitView[]; width: number }) {
  const name = units.find(({ metrics }) => metrics.length > 0)?.metrics[0]?.[0];
  if (name === undefined || width <= 0) return null;
  const points = units.flatMap((unit, at) => {
    const value = unit.metrics.find(([own]) => own === name)?.[1];
    return value === undefined || !Number.isFinite(value) ? [] : [{ at, value, isKept: unit.verdict === 'keep' }];
  });
  if (points.length < 2) return null;
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (at: number): number => ((at + 0.5) * width) / units.length;
  const y = (value: number): number => INSET + (high > low ? (high - value) / (high - low) : 0.5) * (HEIGHT - 2 * INSET);
  return (
    <>
      <h3>{name} and what is kept</h3>
      <svg width={width} height={HEIGHT} className="metric-chart" aria-hidden="true">
        <polyline points={points.map(({ at, value }) => `${x(at)},${y(value)}`).join(' ')} />
        {points.map(({ at, value, isKept }) => (
          <circle key={at} cx={x(at)} cy={y(value)} r={isKept ? 3.5 : 1.5} className={isKept ? 'kept' : ''} />
        ))}
      </svg>
    </>
  );
}
