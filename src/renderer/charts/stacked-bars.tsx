import { formatBytes } from '../../core/report/format.ts';
import { byteAxis, stack } from './geometry.ts';
import { useSize } from './use-size.ts';

export interface Series {
  readonly key: string;
  readonly label: string;
  /** Custom property of its colour. */
  readonly token: string;
}

const LEFT = 40;
const TOP = 28;
const BOTTOM = 22;

/** Bytes per bin as stacked bars from zero. Its figures must stand in a table beside it. */
export function StackedBars({
  label,
  bins,
  series,
  bytes,
}: {
  label: string;
  bins: readonly string[];
  series: readonly Series[];
  bytes: (bin: number, series: string) => number;
}) {
  const { ref, width, height } = useSize<HTMLDivElement>();
  const stacks = bins.map((_, bin) => stack(series.map(({ key }) => [key, bytes(bin, key)] as const)));
  const axis = byteAxis(Math.max(0, ...stacks.map((parts) => parts.at(-1)?.to ?? 0)));
  const plot = Math.max(0, height - TOP - BOTTOM);
  const y = (value: number) => TOP + plot * (1 - value / axis.top);
  const step = Math.max(0, width - LEFT) / bins.length;
  const bar = Math.min(step * 0.72, 96);
  const byKey = new Map(series.map((one) => [one.key, one]));
  return (
    <div ref={ref} className="fill">
      {width < 120 || height < 80 ? null : (
        <svg className="chart" width={width} height={height} role="img" aria-label={label}>
          {axis.ticks.map((tick) => (
            <g key={tick}>
              <line className={tick === 0 ? 'base' : 'grid'} x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} />
              <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
                {Number((tick / axis.perUnit).toPrecision(3))}
              </text>
            </g>
          ))}
          <text x={0} y={11} className="unit">
            {axis.unit}
          </text>
          {stacks.map((parts, bin) => {
            const x = LEFT + bin * step + (step - bar) / 2;
            const total = parts.at(-1)?.to ?? 0;
            return (
              <g key={bins[bin]}>
                {parts.map(({ key, from, to }) => {
                  const tall = y(from) - y(to);
                  const one = byKey.get(key);
                  return (
                    <g key={key}>
                      <rect
                        x={x}
                        y={y(to)}
                        width={bar}
                        height={Math.max(tall - (tall > 3 ? 1 : 0), 0.5)}
                        fill={`var(${one?.token ?? '--hx2'})`}
                      >
                        <title>{`${one?.label ?? key}, ${bins[bin]}: ${formatBytes(to - from)}`}</title>
                      </rect>
                    </g>
                  );
                })}
                <text x={x + bar / 2} y={y(total) - 5} textAnchor="middle" className="figure">
                  {total === 0 ? '0' : formatBytes(total)}
                </text>
                <text x={x + bar / 2} y={height - 6} textAnchor="middle">
                  {bins[bin]}
                </text>
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}
