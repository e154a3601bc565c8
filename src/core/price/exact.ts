/** An exact amount of nano-USD, num/den with den > 0. Kept exact until it is shown. */
export interface ExactNanoUsd {
  readonly num: bigint;
  readonly den: bigint;
}

export const ZERO: ExactNanoUsd = { num: 0n, den: 1n };

export function add(a: ExactNanoUsd, b: ExactNanoUsd): ExactNanoUsd {
  if (a.den === b.den) return { num: a.num + b.num, den: a.den };
  return { num: a.num * b.den + b.num * a.den, den: a.den * b.den };
}

/** The one rounding: to whole nano-USD, halves away from zero. */
export function roundNanoUsd({ num, den }: ExactNanoUsd): bigint {
  const negative = num < 0n;
  const doubled = (negative ? -num : num) * 2n;
  const rounded = (doubled + den) / (den * 2n);
  return negative ? -rounded : rounded;
}
