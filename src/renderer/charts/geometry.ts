/** The arithmetic of the charts: axes, stacks and paths, without drawing anything. */

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;
const STEPS = [1, 2, 2.5, 5, 10] as const;

export interface Axis {
  /** Values of the ticks, from zero up; the last is the top of the axis. */
  readonly ticks: readonly number[];
  readonly top: number;
}

/** An axis from zero whose steps are 1, 2, 2.5 or 5 times a power of ten, with at most `most` of them. */
export function axisFromZero(max: number, most = 4): Axis {
  if (!(max > 0)) return { ticks: [0, 1], top: 1 };
  const rough = max / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const count = Math.max(1, Math.ceil(max / step - 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, at) => at * step);
  return { ticks, top: count * step };
}

/** An axis of bytes in one binary unit, told once: the ticks are bytes, `perUnit` divides them for their labels. */
export function byteAxis(maxBytes: number, most = 4): Axis & { readonly unit: string; readonly perUnit: number } {
  let at = 0;
  while (maxBytes / 1024 ** at >= 1000 && at < BYTE_UNITS.length - 1) at += 1;
  const perUnit = 1024 ** at;
  const axis = axisFromZero(maxBytes / perUnit, most);
  return { ticks: axis.ticks.map((tick) => tick * perUnit), top: axis.top * perUnit, unit: BYTE_UNITS[at] ?? 'B', perUnit };
}

/** One part of a stack: from `from` up to `to`, in the values' own measure. */
export interface Part<K> {
  readonly key: K;
  readonly from: number;
  readonly to: number;
}

/** Lays values on top of each other in their order; what is not above zero takes no place. */
export function stack<K>(values: readonly (readonly [K, number])[]): Part<K>[] {
  let top = 0;
  const parts: Part<K>[] = [];
  for (const [key, value] of values) {
    if (!(value > 0)) continue;
    parts.push({ key, from: top, to: top + value });
    top += value;
  }
  return parts;
}

export type Point = readonly [x: number, y: number];

const spell = (points: readonly Point[]): string => points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L');
const round = (value: number): number => Math.round(value * 10) / 10;

export const linePath = (points: readonly Point[]): string => (points.length === 0 ? '' : `M${spell(points)}`);

/** The band between an upper and a lower line over the same x. */
export function areaPath(upper: readonly Point[], lower: readonly Point[]): string {
  return upper.length === 0 ? '' : `M${spell([...upper, ...lower.toReversed()])}Z`;
}

/** Which of `count` labels fit side by side when each wants `labelWidth`: the first, the last, and evenly between. */
export function labelEvery(count: number, width: number, labelWidth: number): number {
  const fit = Math.max(1, Math.floor(width / labelWidth));
  return Math.max(1, Math.ceil(count / fit));
}
