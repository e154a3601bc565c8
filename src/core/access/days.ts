/** The UTC days that logs of a bucket tell of: every day with at least one line, of whatever request. */
export class Days {
  /** Rows of days that follow each other, in order. */
  readonly runs: readonly { readonly first: number; readonly last: number }[];
  /** How many days the rows before each hold. */
  private readonly before: readonly number[];
  readonly size: number;

  constructor(days: Iterable<number> = []) {
    const runs: { first: number; last: number }[] = [];
    const before: number[] = [];
    let size = 0;
    for (const day of [...new Set(days)].sort((a, b) => a - b)) {
      const run = runs.at(-1);
      if (run && run.last === day - 1) run.last = day;
      else {
        runs.push({ first: day, last: day });
        before.push(size);
      }
      size += 1;
    }
    this.runs = runs;
    this.before = before;
    this.size = size;
  }

  /** How many days of [from, to] logs tell of. */
  within(from: number, to: number): number {
    return to < from ? 0 : this.upTo(to) - this.upTo(from - 1);
  }

  /** The latest day in [from, to] that no log tells of; null where all are told of. */
  lastGap(from: number, to: number): number | null {
    if (to < from) return null;
    const run = this.runs[this.runAt(to)];
    if (run === undefined || run.last < to) return to;
    return run.first <= from ? null : run.first - 1;
  }

  private upTo(day: number): number {
    const at = this.runAt(day);
    const run = this.runs[at];
    return run === undefined ? 0 : (this.before[at] as number) + Math.min(day, run.last) - run.first + 1;
  }

  /** The last row that begins at a day or before it; -1 where none does. */
  private runAt(day: number): number {
    let [low, high] = [0, this.runs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.runs[middle] as { first: number }).first <= day) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
