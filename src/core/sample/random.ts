/** A seeded source of chance: the same seed gives the same numbers everywhere (xoshiro128**, https://prng.di.unimi.it/). */
export interface Random {
  /** A whole number below 2^32. */
  uint32(): number;
  /** 0 <= x < 1. */
  unit(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** A size around `mean`: log-normal-like, never more than 8 times off. */
  around(mean: number): number;
  hex(length: number): string;
  /** An RFC 4122 version 4 UUID. */
  uuid(): string;
}

export function createRandom(seed: number): Random {
  // splitmix32 spreads a small seed over the whole state.
  let mix = (seed % 4_294_967_296) ^ Math.floor(seed / 4_294_967_296);
  const next = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = next();
  let b = next();
  let c = next();
  let d = next() | 1;

  const uint32 = (): number => {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const unit = (): number => uint32() / 4_294_967_296;
  const between = (low: number, high: number): number => low + Math.floor(unit() * (high - low + 1));
  const hex = (length: number): string => {
    let text = '';
    while (text.length < length) text += uint32().toString(16).padStart(8, '0');
    return text.slice(0, length);
  };
  return {
    uint32,
    unit,
    between,
    chance: (probability) => unit() < probability,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    around: (mean) => Math.max(1, Math.round(mean * 2 ** ((unit() + unit() + unit() - 1.5) * 2))),
    hex,
    uuid: () => {
      const digits = hex(32);
      const variant = '89ab'[between(0, 3)];
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
    },
  };
}
