const ZERO = 0x30;
export const isDigit = (code: number): boolean => code >= ZERO && code < ZERO + 10;

/**
 * The form of a file name: two names have the same form where they differ only in digits that no rule spells out.
 * Whatever the rules say of one holds for the other, so most names of a directory need no pattern at all.
 */
export class NameShape {
  private bytes = new Uint8Array(48);
  /** 1 where any digit would do. */
  private free = new Uint8Array(48);
  private length = -1;
  /** Start and end of every run of free digits, one after the other. */
  readonly runs: number[] = [];

  /** Takes the form of a name. `fixedBehind` has 1 for every byte behind which digits are kept as they are. */
  take(bytes: Uint8Array, start: number, end: number, fixedBehind: Uint8Array): void {
    const length = end - start;
    if (length > this.bytes.length) {
      this.bytes = new Uint8Array(length * 2);
      this.free = new Uint8Array(length * 2);
    }
    this.length = length;
    this.runs.length = 0;
    let isFree = true;
    for (let i = 0; i < length; i++) {
      const code = bytes[start + i] as number;
      const isOne = isDigit(code);
      this.bytes[i] = code;
      this.free[i] = isOne && isFree ? 1 : 0;
      if (!isOne) {
        isFree = fixedBehind[code] === 0;
        continue;
      }
      if (!isFree) continue;
      if (i === 0 || this.free[i - 1] === 0) this.runs.push(i, i + 1);
      else this.runs[this.runs.length - 1] = i + 1;
    }
  }

  fits(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start !== this.length) return false;
    const { bytes: own, free } = this;
    for (let i = 0, at = start; at < end; i++, at++) {
      const code = bytes[at] as number;
      if (code !== own[i] && (free[i] === 0 || code < ZERO || code > ZERO + 9)) return false;
    }
    return true;
  }
}
