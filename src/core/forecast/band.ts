import { type Days, projectedOver, type Reading, realisedOver } from './reading.ts';

/** A projection made on a day, and what came by what was projected. */
interface Past {
  readonly day: number;
  readonly ratio: number;
}

/** How far off projections were before of days that lay as far ahead as these do now. */
export function pastRatios(readings: readonly Reading[], { from, to }: Days): Past[] {
  const last = readings.at(-1);
  if (last === undefined) return [];
  return readings.flatMap((origin) => {
    const days = { from: origin.day + (from - last.day), to: origin.day + (to - last.day) };
    if (days.to > last.day || origin.daily.length < days.to - origin.day) return [];
    const projected = projectedOver(origin, days);
    return projected > 0 ? [{ day: origin.day, ratio: realisedOver(readings, days) / projected }] : [];
  });
}

/** The share of the months to come that the band is to hold. */
const COVERAGE = 0.9;
/** Fewer past months that do not overlap say nothing of errors. */
const LEAST_MONTHS = 3;
/** Student's t for 5 % at either end, from 1 degree of freedom on; the normal distribution's after these. */
const STUDENT = [
  6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.74, 1.734, 1.729, 1.725,
];
const NORMAL = 1.645;

export interface Band {
  /** What projections are multiplied by: the ratio in the middle, and those at the ends. */
  readonly middle: number;
  readonly low: number;
  readonly high: number;
  /** How many past forecasts it is taken from, how many of them do not overlap, and the share of them that lies within it. */
  readonly samples: number;
  readonly apart: number;
  readonly coverage: number;
}

/**
 * A band from past errors: wide enough for all but as many of the past forecasts at either end as it may miss, and not narrower than
 * their spread allows for as few as do not overlap. Null where there are too few.
 */
export function bandOf(past: readonly Past[], { from, to }: Days): Band | null {
  const samples = past.length;
  const [first, last] = [past[0], past.at(-1)];
  if (first === undefined || last === undefined) return null;
  const apart = Math.min(samples, Math.floor((last.day - first.day) / (to - from)) + 1);
  if (apart < LEAST_MONTHS) return null;
  const sorted = past.map(({ ratio }) => ratio).sort((a, b) => a - b);
  const half = samples >> 1;
  const middle = samples % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
  const missed = Math.max(0, Math.floor(((samples + 1) * (1 - COVERAGE)) / 2) - 1);
  const spread = Math.sqrt(sorted.reduce((sum, ratio) => sum + (ratio - middle) ** 2, 0) / (samples - 1));
  const reach = (STUDENT[apart - 2] ?? NORMAL) * spread * Math.sqrt(1 + 1 / apart);
  const low = Math.max(0, Math.min(sorted[missed] as number, middle - reach));
  const high = Math.max(sorted[samples - 1 - missed] as number, middle + reach);
  return { middle, low, high, samples, apart, coverage: sorted.filter((ratio) => ratio >= low && ratio <= high).length / samples };
}
