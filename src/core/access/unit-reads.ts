import type { ReadTotals } from './fold.ts';

/** A unit as reads find it: a directory (ends in "/") or the beginning of keys, and its kind. */
export interface ReadUnit {
  readonly kind: string;
  readonly path: string;
  /** "" for a whole directory. */
  readonly stem: string;
}

const NONE: readonly ReadTotals[] = [];

/**
 * Gives the reads that touch a unit, whatever the units were when the logs were read: a read of any of its objects, or of a
 * directory or unit inside it, is a read of the unit; so is a read of a larger unit of the same kind that held it then.
 */
export class UnitReads {
  private readonly sorted: readonly ReadTotals[];
  private readonly byPath = new Map<string, ReadTotals[]>();
  /** Directories that have a read somewhere below. */
  private readonly touched = new Set<string>();
  /** By directory: reads of units that are it, or hold it. There are far fewer directories that hold units than units. */
  private readonly holding = new Map<string, readonly ReadTotals[]>();

  constructor(totals: readonly ReadTotals[]) {
    this.sorted = [...totals].sort((a, b) => (a.place.path < b.place.path ? -1 : a.place.path > b.place.path ? 1 : 0));
    for (const one of this.sorted) {
      const own = this.byPath.get(one.place.path);
      if (own) own.push(one);
      else this.byPath.set(one.place.path, [one]);
      const { path } = one.place;
      for (let end = path.lastIndexOf('/'); end >= 0; end = end === 0 ? -1 : path.lastIndexOf('/', end - 1)) {
        const above = path.slice(0, end + 1);
        if (this.touched.has(above)) break;
        this.touched.add(above);
      }
    }
  }

  of({ kind, path, stem }: ReadUnit): ReadTotals[] {
    const found: ReadTotals[] = [];
    const isDirectory = stem === '';
    if (isDirectory && (path === '' || this.touched.has(path))) {
      for (let at = this.firstFrom(path); at < this.sorted.length; at++) {
        const one = this.sorted[at] as ReadTotals;
        if (!one.place.path.startsWith(path)) break;
        // Keys that lie directly in the directory but are of no unit, or of another kind's unit of the same path, are not its own.
        if (one.place.path === path && (one.place.type === 'directory' || one.place.kind !== kind)) continue;
        found.push(one);
      }
    } else if (!isDirectory) {
      for (const one of this.byPath.get(path) ?? []) if (one.place.type === 'unit' && one.place.kind === kind) found.push(one);
    }
    const above = outerEnd(path);
    if (above >= 0) for (const one of this.holdingAt(path.slice(0, above + 1))) if (one.place.kind === kind) found.push(one);
    return found;
  }

  private holdingAt(directory: string): readonly ReadTotals[] {
    const known = this.holding.get(directory);
    if (known) return known;
    const own = (this.byPath.get(directory) ?? []).filter(({ place }) => place.type === 'unit');
    const above = outerEnd(directory);
    const outer = above < 0 ? NONE : this.holdingAt(directory.slice(0, above + 1));
    const all = own.length === 0 ? outer : [...own, ...outer];
    this.holding.set(directory, all);
    return all;
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

/** Where the "/" is that ends what holds a path; -1 where nothing but the bucket does. */
const outerEnd = (path: string): number => (path.length < 2 ? -1 : path.lastIndexOf('/', path.length - 2));
