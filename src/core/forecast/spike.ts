import type { Reading } from './reading.ts';

/** Below so many earlier intervals nobody knows what is usual. */
const LEAST_INTERVALS = 5;
/** How many times the usual spread above the usual growth is a spike (Iglewicz and Hoaglin's bound for the modified z-score). */
const SPREADS = 3.5;
/** The median distance from the median, times this, is the standard deviation where growth is normally distributed. */
const SPREAD_OF_MEDIAN = 1.4826;
/** What grows by less than this share of what is there is never a spike. */
const LEAST_SHARE = 0.01;

export interface Growth {
  readonly fromDay: number;
  readonly toDay: number;
  /** Bytes a day. */
  readonly bytesPerDay: number;
  /** The middle of earlier intervals, and above what growth is a spike; null where there are too few of them. */
  readonly usualBytesPerDay: number | null;
  readonly limitBytesPerDay: number | null;
  /** How many earlier intervals there are, and how many of them the same limit would call a spike. */
  readonly intervals: number;
  readonly earlierSpikes: number;
  readonly isSpike: boolean;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** How bytes grew since the snapshot before, against how they grew earlier; null where there is no snapshot before. */
export function growthOf(readings: readonly Reading[]): Growth | null {
  const rates = readings.slice(1).map((after, at) => {
    const before = readings[at] as Reading;
    return (after.bytes - before.bytes) / (after.day - before.day);
  });
  const [before, last] = readings.slice(-2);
  if (before === undefined || last === undefined) return null;
  const own = rates.at(-1) as number;
  const earlier = rates.slice(0, -1);
  const common = { fromDay: before.day, toDay: last.day, bytesPerDay: own, intervals: earlier.length };
  if (earlier.length < LEAST_INTERVALS) {
    return { ...common, usualBytesPerDay: null, limitBytesPerDay: null, earlierSpikes: 0, isSpike: false };
  }
  const usual = medianOf(earlier);
  const spread = SPREAD_OF_MEDIAN * medianOf(earlier.map((rate) => Math.abs(rate - usual)));
  const limit = usual + SPREADS * spread;
  const isSpike = (rate: number, from: Reading, to: Reading): boolean =>
    rate > limit && rate * (to.day - from.day) > LEAST_SHARE * from.bytes;
  return {
    ...common,
    usualBytesPerDay: usual,
    limitBytesPerDay: limit,
    earlierSpikes: earlier.filter((rate, at) => isSpike(rate, readings[at] as Reading, readings[at + 1] as Reading)).length,
    isSpike: isSpike(own, before, last),
  };
}
