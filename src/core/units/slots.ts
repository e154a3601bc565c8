/**
 * What the names of a unit's files say of which of them there should be: one slot for all names alike but for their
 * numbers, such as "model-#-of-#.safetensors" or "__#_#.distcp".
 */
export class Slot {
  /** The names with every run of digits as "#", from the unit's root. */
  readonly pattern: string;
  count = 0;
  /** Files of no bytes: a shard that was never written. */
  empty = 0;
  /** The number after "-of-"; 0 for none. */
  of = 0;
  /** How many different numbers of the first kind (shard, rank), and the least and the greatest. */
  different = 0;
  least = Number.POSITIVE_INFINITY;
  greatest = -1;
  /** The greatest number of the second kind; -1 for none. */
  greatestSecond = -1;
  private seen = new Uint32Array(2);

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  add(first: number, second: number, of: number, sizeBytes: number): void {
    this.count += 1;
    if (sizeBytes === 0) this.empty += 1;
    if (of > this.of) this.of = of;
    if (second > this.greatestSecond) this.greatestSecond = second;
    if (first < 0 || first >= MOST_SHARDS) return;
    if (first < this.least) this.least = first;
    if (first > this.greatest) this.greatest = first;
    const word = first >>> 5;
    if (word >= this.seen.length) {
      const larger = new Uint32Array(Math.max(word + 1, this.seen.length * 2));
      larger.set(this.seen);
      this.seen = larger;
    }
    const bit = 1 << (first & 31);
    if (((this.seen[word] as number) & bit) !== 0) return;
    this.seen[word] = (this.seen[word] as number) | bit;
    this.different += 1;
  }

  has(first: number): boolean {
    return (((this.seen[first >>> 5] ?? 0) >>> (first & 31)) & 1) === 1;
  }

  /** Numbers missing in [from, to], at most `most` of them. */
  missing(from: number, to: number, most: number): number[] {
    const gaps: number[] = [];
    for (let number = from; number <= to && gaps.length < most; number++) if (!this.has(number)) gaps.push(number);
    return gaps;
  }
}

/** Above this a number is a time or a size, not the number of a shard. */
const MOST_SHARDS = 1 << 20;
