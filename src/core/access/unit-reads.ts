import type { ReadTotals } from './fold.ts';

/** A unit as reads find it: a directory (ends in "/") or the beginning of keys, and its kind. */
export interface ReadUnit {
  readonly kind: string;
  readonly path: string;
  /** "" for a whole directory. */
  readonly stem: string;
}

/**
 * Gives the reads that touch a unit, whatever the units were when the logs were read: a read of any of its objects, or of a
 * directory or unit inside it, is a read of the unit; so is a read of a larger unit of the same kind that held it then.
 */
export class UnitReads {
  private readonly sorted: readonly ReadTotals[];
  private readonly byPath = new Map<string, ReadTotals[]>();

  constructor(totals: readonly ReadTotals[]) {
    this.sorted = [...totals].sort((a, b) => (a.place.path < b.place.path ? -1 : a.place.path > b.place.path ? 1 : 0));
    for (const one of this.sorted) {
      const own = this.byPath.get(one.place.path);
      if (own) own.push(one);
      else this.byPath.set(one.place.path, [one]);
    }
  }

  of({ kind, path, stem }: ReadUnit): ReadTotals[] {
    const found: ReadTotals[] = [];
    const isDirectory = stem === '';
    if (isDirectory) {
      for (let at = this.firstFrom(path); at < this.sorted.length; at++) {
        const one = this.sorted[at] as ReadTotals;
        if (!one.place.path.startsWith(path)) break;
        // Keys that lie directly in the directory but are of no unit, or of another kind's unit of the same path, are not its own.
        if (one.place.path === path && (one.place.type === 'directory' || one.place.kind !== kind)) continue;
        found.push(one);
      }
    } else {
      for (const one of this.byPath.get(path) ?? []) if (one.place.type === 'unit' && one.place.kind === kind) found.push(one);
    }
    for (let end = path.lastIndexOf('/', path.length - 2); end >= 0; end = end === 0 ? -1 : path.lastIndexOf('/', end - 1)) {
      for (const one of this.byPath.get(path.slice(0, end + 1)) ?? [])
        if (one.place.type === 'unit' && one.place.kind === kind) found.push(one);
    }
    return found;
  }

  private firstFrom(path: string): number {
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sorted[middle] as ReadTotals).place.path < path) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
