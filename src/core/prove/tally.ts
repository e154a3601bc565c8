import type { Gap, Outcome } from './judge.ts';

/** Versions and delete markers, and their bytes. */
interface Extent {
  rows: number;
  bytes: number;
}

/** What was found about the versions of a scope. */
export class Tally {
  readonly seen: Extent = { rows: 0, bytes: 0 };
  readonly broken: Extent = { rows: 0, bytes: 0 };
  readonly open = new Map<Gap, Extent>();
  /** The least measure among what is broken, and the directories that hold it, in pre-order. */
  worst = Number.POSITIVE_INFINITY;
  directories: number[] = [];

  count(outcome: Outcome, rows: number, bytes: number, directory: number, measure: number): void {
    add(this.seen, rows, bytes);
    if (outcome === 'holds') return;
    if (outcome !== 'broken') {
      const extent = this.open.get(outcome) ?? { rows: 0, bytes: 0 };
      add(extent, rows, bytes);
      this.open.set(outcome, extent);
      return;
    }
    add(this.broken, rows, bytes);
    if (measure > this.worst) return;
    if (measure < this.worst) {
      this.worst = measure;
      this.directories = [];
    }
    if (this.directories.at(-1) !== directory) this.directories.push(directory);
  }
}

function add(extent: Extent, rows: number, bytes: number): void {
  extent.rows += rows;
  extent.bytes += bytes;
}
