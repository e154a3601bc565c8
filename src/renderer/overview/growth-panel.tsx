import type { Snapshot } from '../../contract/index-views.ts';
import { formatBytes } from '../../core/report/format.ts';
import { areaPath, byteAxis, linePath, type Point } from '../charts/geometry.ts';
import { useSize } from '../charts/use-size.ts';
import { Panel } from '../components/panel.tsx';

const LEFT = 52;
const RIGHT = 60;
const TOP = 12;
const BOTTOM = 20;
const MONTH_MS = 30.4375 * 86_400_000;

/** How much was stored at each snapshot of the bucket. Needs two or more; with fewer there is nothing to tell. */
export function GrowthPanel({ snapshots }: { snapshots: readonly Snapshot[] }) {
  const { ref, width, height } = useSize<HTMLDivElement>();
  const points = snapshots
    .filter(({ coverage }) => coverage === 1)
    .map(({ asOf, bytes }) => ({ atMs: Date.parse(asOf), bytes, asOf }))
    .sort((a, b) => a.atMs - b.atMs);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const perMonth = ((last.bytes - first.bytes) / (last.atMs - first.atMs)) * MONTH_MS;
  const axis = byteAxis(Math.max(...points.map(({ bytes }) => bytes)), 2);
  const x = (atMs: number): number => LEFT + ((atMs - first.atMs) / (last.atMs - first.atMs)) * (width - LEFT - RIGHT);
  const y = (bytes: number): number => TOP + (height - TOP - BOTTOM) * (1 - bytes / axis.top);
  const line: Point[] = points.map(({ atMs, bytes }) => [x(atMs), y(bytes)]);
  const floor: Point[] = points.map(({ atMs }) => [x(atMs), y(0)]);
  const words = `From ${formatBytes(first.bytes)} on ${first.asOf.slice(0, 10)} to ${formatBytes(last.bytes)} on ${last.asOf.slice(0, 10)}`;
  return (
    <Panel title="Growth" note={`${perMonth < 0 ? '−' : '+'}${formatBytes(Math.abs(perMonth))} /mo over ${points.length} snapshots`}>
      <div ref={ref} className="fill growth">
        {width < 160 || height < 60 ? null : (
          <svg className="chart" width={width} height={height} role="img" aria-label={words}>
            {axis.ticks.map((tick) => (
              <g key={tick}>
                <line className={tick === 0 ? 'base' : 'grid'} x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} />
                <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
                  {tick === 0 ? '0' : `${Number((tick / axis.perUnit).toPrecision(3))} ${axis.unit}`}
                </text>
              </g>
            ))}
            <path d={areaPath(line, floor)} className="growth-area" />
            <path d={linePath(line)} className="plan-line" />
            {points.map(({ atMs, bytes, asOf }) => (
              <circle key={asOf} cx={x(atMs)} cy={y(bytes)} r={2} className="growth-dot">
                <title>{`${asOf.slice(0, 10)}: ${formatBytes(bytes)}`}</title>
              </circle>
            ))}
            <text x={x(last.atMs) + 8} y={y(last.bytes) + 4} className="figure">
              {formatBytes(last.bytes)}
            </text>
            <text x={LEFT} y={height - 4}>
              {first.asOf.slice(0, 7)}
            </text>
            <text x={width - RIGHT} y={height - 4} textAnchor="end">
              {last.asOf.slice(0, 7)}
            </text>
          </svg>
        )}
      </div>
    </Panel>
  );
}
