/** The UTC days that logs of a bucket tell of: every day with at least one line, of whatever request. */
export class Days {
  private readonly days: ReadonlySet<number>;
  constructor(days: Iterable<number> = []) {
    this.days = new Set(days);
  }

  has(day: number): boolean {
    return this.days.has(day);
  }

  get size(): number {
    return this.days.size;
  }

  sorted(): number[] {
    return [...this.days].sort((a, b) => a - b);
  }

  /** The latest day in [from, to] that no log tells of; null where all are told of. */
  lastGap(from: number, to: number): number | null {
    for (let day = to; day >= from; day--) if (!this.days.has(day)) return day;
    return null;
  }

  /** First day of the unbroken row that ends with `day`; null where that day itself is not told of. */
  since(day: number): number | null {
    if (!this.days.has(day)) return null;
    let first = day;
    while (this.days.has(first - 1)) first -= 1;
    return first;
  }
}
