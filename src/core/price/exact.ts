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

/** The one rounding: to whole nano-USD, half up (towards more). */
export function roundNanoUsd({ num, den }: ExactNanoUsd): bigint {
  const doubled = num * 2n + den;
  const rounded = doubled / (den * 2n);
  // BigInt division cuts towards zero; below zero the floor is one less unless it came out even.
  return doubled < 0n && rounded * den * 2n !== doubled ? rounded - 1n : rounded;
}
