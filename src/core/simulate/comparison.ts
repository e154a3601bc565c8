import type { Side } from './side.ts';

/** Sums days [from, to) of a row of charges. */
export function sumOf(row: readonly bigint[], from: number, to: number): bigint {
  let sum = 0n;
  for (let at = from; at < to; at += 1) sum += row[at] ?? 0n;
  return sum;
}

type EntryBook = 'early' | 'earlyAtBest';

/** Both sides under one set of unknowns, and what the plan saves against the baseline. */
export class Comparison {
  readonly baseline: Side;
  readonly plan: Side;
  constructor(baseline: Side, plan: Side) {
    this.baseline = baseline;
    this.plan = plan;
  }

  /** What reads cost of the days [from, to), at so many millionths of the bytes a month. */
  readsOf(side: Side, ppm: number, from: number, to: number): bigint {
    // Quanta divide by a million, and a million more.
    return (sumOf(side.reads, from, to) * BigInt(ppm)) / 1_000_000n;
  }

  feesOf(side: Side, ppm: number, from: number, to: number, book: EntryBook = 'early'): bigint {
    return sumOf(side.transitions, from, to) + sumOf(side[book], from, to) + this.readsOf(side, ppm, from, to);
  }

  /** The fees of the plan on top of what the baseline pays itself. */
  extraFees(ppm: number, from: number, to: number, book: EntryBook = 'early'): bigint {
    return this.feesOf(this.plan, ppm, from, to, book) - this.feesOf(this.baseline, ppm, from, to, book);
  }

  saving(ppm: number, from: number, to: number, book: EntryBook = 'early'): bigint {
    return sumOf(this.baseline.storage, from, to) - sumOf(this.plan.storage, from, to) - this.extraFees(ppm, from, to, book);
  }

  /** The first day from which the saving so far is never below zero again before the end; null when the last day is below. */
  paybackAt(ppm: number, end: number): number | null {
    let soFar = 0n;
    let payback: number | null = null;
    for (let at = 0; at < end; at += 1) {
      soFar += this.saving(ppm, at, at + 1);
      if (soFar < 0n) payback = null;
      else payback ??= at;
    }
    return payback;
  }
}
