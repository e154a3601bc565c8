/** What one snapshot says of some bytes: what they are, and what its day and those after it cost under the rules. */
export interface Reading {
  /** UTC day of the snapshot, and its instant in days. */
  readonly day: number;
  readonly at: number;
  readonly versions: number;
  readonly bytes: number;
  /** Nano-USD of storage a day of what was there alone, up to the day of the next reading; none where nothing was there. */
  readonly kept: readonly number[];
  /** The same with new data, as far as projected. */
  readonly daily: readonly number[];
}

/** Days [from, to). */
export interface Days {
  readonly from: number;
  readonly to: number;
}

/** What a reading projects for some days, which must lie within what it projects. */
export function projectedOver({ day, daily }: Reading, { from, to }: Days): number {
  let sum = 0;
  for (let at = from; at < to; at += 1) sum += daily[at - day] ?? 0;
  return sum;
}

const keptOn = ({ day, kept }: Reading, at: number): number => kept[at - day] ?? 0;

/**
 * What a time before the last reading cost by the readings: rules do what they do at midnight (s3-domain 4.4), and what people wrote
 * and removed between two readings came evenly. Before the first reading a day costs what it does there.
 */
export function realisedOver(readings: readonly Reading[], { from, to }: Days): number {
  const [first] = readings;
  if (first === undefined) return 0;
  let sum = Math.max(0, Math.min(to, first.at) - from) * keptOn(first, first.day);
  for (const [index, after] of readings.entries()) {
    const before = readings[index - 1];
    if (before === undefined || after.at <= from || before.at >= to) continue;
    const people = (keptOn(after, after.day) - keptOn(before, after.day)) / (after.at - before.at);
    const last = Math.min(to, after.at);
    for (let begin = Math.max(from, before.at); begin < last; ) {
      const end = Math.min(last, Math.floor(begin) + 1);
      sum += (keptOn(before, Math.floor(begin)) + people * ((begin + end) / 2 - before.at)) * (end - begin);
      begin = end;
    }
  }
  return sum;
}
