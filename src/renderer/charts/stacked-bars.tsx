import { formatBytes } from '../../core/report/format.ts';
import { byteAxis, type Part, stack } from './geometry.ts';
import { useSize } from './use-size.ts';

export interface Series {
  readonly key: string;
  readonly label: string;
  /** Custom property of its colour. */
  readonly token: string;
}

/** Room left of the bars for the axis. */
export const BARS_LEFT = 40;
const TOP = 28;
const BOTTOM = 22;

/**
 * Bytes per bin as stacked bars from zero. Its figures must stand in a table beside it. Where `chosen` is given, what it holds
 * stands below in full colour and the rest of a bar faint above it.
 */
export function StackedBars({
  label,
  bins,
  series,
  bytes,
  chosen,
}: {
  label: string;
  bins: readonly string[];
  series: readonly Series[];
  bytes: (bin: number, series: string) => number;
  chosen?: ((bin: number, series: string) => number) | undefined;
}) {
  const { ref, width, height } = useSize<HTMLDivElement>();
  const full = bins.map((_, bin) => stack(series.map(({ key }) => [key, (chosen ?? bytes)(bin, key)] as const)));
  const faint = bins.map((_, bin) =>
    chosen === undefined ? [] : above(full[bin] ?? [], stack(series.map(({ key }) => [key, bytes(bin, key) - chosen(bin, key)] as const))),
  );
  const totals = bins.map((_, bin) => series.reduce((sum, { key }) => sum + bytes(bin, key), 0));
  const axis = byteAxis(Math.max(0, ...totals));
  const plot = Math.max(0, height - TOP - BOTTOM);
  const y = (value: number) => TOP + plot * (1 - value / axis.top);
  const step = Math.max(0, width - BARS_LEFT) / bins.length;
  const bar = Math.min(step * 0.72, 96);
  const byKey = new Map(series.map((one) => [one.key, one]));
  const rect = ({ key, from, to }: Part<string>, bin: number, isFaint: boolean) => {
    const tall = y(from) - y(to);
    const one = byKey.get(key);
    return (
      <rect
        key={`${key} ${isFaint}`}
        x={BARS_LEFT + bin * step + (step - bar) / 2}
        y={y(to)}
        width={bar}
        height={Math.max(tall - (tall > 3 ? 1 : 0), 0.5)}
        fill={`var(${one?.token ?? '--hx2'})`}
        opacity={isFaint ? 0.22 : 1}
      >
        <title>{`${one?.label ?? key}, ${bins[bin]}: ${formatBytes(to - from)}`}</title>
      </rect>
    );
  };
  return (
    <div ref={ref} className="fill">
      {width < 120 || height < 80 ? null : (
        <svg className="chart" width={width} height={height} role="img" aria-label={label}>
          {axis.ticks.map((tick) => (
            <g key={tick}>
              <line className={tick === 0 ? 'base' : 'grid'} x1={BARS_LEFT} x2={width} y1={y(tick)} y2={y(tick)} />
              <text x={BARS_LEFT - 8} y={y(tick) + 4} textAnchor="end">
                {Number((tick / axis.perUnit).toPrecision(3))}
              </text>
            </g>
          ))}
          <text x={0} y={11} className="unit">
            {axis.unit}
          </text>
          {bins.map((name, bin) => {
            const x = BARS_LEFT + bin * step + step / 2;
            const total = totals[bin] ?? 0;
            const isFaint = chosen !== undefined && (full[bin]?.length ?? 0) === 0;
            return (
              <g key={name}>
                {(full[bin] ?? []).map((part) => rect(part, bin, false))}
                {(faint[bin] ?? []).map((part) => rect(part, bin, true))}
                <text x={x} y={y(total) - 5} textAnchor="middle" className={isFaint ? 'figure faint' : 'figure'}>
                  {total === 0 ? '0' : formatBytes(total)}
                </text>
                <text x={x} y={height - 6} textAnchor="middle">
                  {name}
                </text>
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}

/** Parts laid on top of others. */
function above(below: readonly Part<string>[], parts: readonly Part<string>[]): Part<string>[] {
  const top = below.at(-1)?.to ?? 0;
  return parts.map(({ key, from, to }) => ({ key, from: from + top, to: to + top }));
}
