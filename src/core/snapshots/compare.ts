import type { Change } from '../../contract/snapshots.ts';
import { MARKER, NONCURRENT } from '../cube/group.ts';
import type { KeyScope } from './key-scope.ts';
import type { TreeMatch } from './match-trees.ts';

/** A snapshot walked key by key, in the order of its index. Version i of the key it is at: 0 is the newest. */
export interface KeyWalk {
  /** Moves to the next key; false at the end. */
  next(): boolean;
  readonly directory: number;
  /** Versions and delete markers of the key. */
  readonly count: number;
  /** Byte order of the names, the last segments of the keys. */
  compareName(other: KeyWalk): number;
  startsWith(beginning: Uint8Array): boolean;
  /** '' for the null version. */
  versionId(i: number): string;
  hasSameId(i: number, other: KeyWalk, j: number): boolean;
  /** Whether size, time and, where both know it, ETag are the same. */
  hasSameContent(i: number, other: KeyWalk, j: number): boolean;
  sizeBytes(i: number): number;
  /** Index into VERSION_STATES. */
  state(i: number): number;
  /** A number for storage class and access tier that both snapshots share. */
  billedClass(i: number): number;
  /** The group of version i. */
  group(i: number): number;
}

export interface Side {
  readonly walk: KeyWalk;
  readonly scope: KeyScope;
  /** Whether noncurrent versions and delete markers are left out, since the other side does not know them. */
  readonly currentOnly: boolean;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] extends object ? Writable<T[K]> : T[K] };
export type Sums = Writable<Change>;

const amount = () => ({ versions: 0, bytes: 0 });
export const noChange = (): Sums => ({
  before: amount(),
  after: amount(),
  grownBytes: 0,
  added: amount(),
  removed: amount(),
  replaced: { versions: 0, bytesBefore: 0, bytesAfter: 0 },
  transitioned: amount(),
  becameNoncurrent: amount(),
  becameCurrent: amount(),
  markersAdded: 0,
  markersRemoved: 0,
  reclassifiedIn: amount(),
  reclassifiedOut: amount(),
});

/** Compares two snapshots version by version in one pass over both; sums by group. `check` is called now and then and may throw. */
export function compareSnapshots(from: Side, to: Side, match: TreeMatch, check: () => void): Map<number, Sums> {
  return new Comparison(from, to, match, check).run();
}

class Comparison {
  private readonly from: Side;
  private readonly to: Side;
  private readonly match: TreeMatch;
  private readonly check: () => void;
  private readonly sums = new Map<number, Sums>();
  private keys = 0;

  constructor(from: Side, to: Side, match: TreeMatch, check: () => void) {
    this.from = from;
    this.to = to;
    this.match = match;
    this.check = check;
  }

  run(): Map<number, Sums> {
    const a = this.from.walk;
    const b = this.to.walk;
    let [hasA, hasB] = [a.next(), b.next()];
    while (hasA || hasB) {
      if ((++this.keys & 0xfff) === 0) this.check();
      const order = hasA && hasB ? this.order(a, b) : hasA ? -1 : 1;
      if (order < 0) this.removed();
      else if (order > 0) this.added();
      else this.both();
      if (order <= 0) hasA = a.next();
      if (order >= 0) hasB = b.next();
    }
    return this.sums;
  }

  /** A directory only one side has comes whenever its turn is there: its keys are in no order to the other's. */
  private order(a: KeyWalk, b: KeyWalk): number {
    const counterpart = this.match.toOf[a.directory] as number;
    if (counterpart < 0) return -1;
    if ((this.match.fromOf[b.directory] as number) < 0) return 1;
    return counterpart - b.directory || a.compareName(b);
  }

  private of(group: number): Sums {
    let sums = this.sums.get(group);
    if (!sums) {
      sums = noChange();
      this.sums.set(group, sums);
    }
    return sums;
  }

  /** Whether version i takes part. */
  private takes({ walk, scope, currentOnly }: Side, i: number): boolean {
    if (currentOnly && walk.state(i) !== 0) return false;
    return scope.has(walk.directory, (beginning) => walk.startsWith(beginning));
  }

  private removed(): void {
    for (let i = 0; i < this.from.walk.count; i++) if (this.takes(this.from, i)) this.leave(i);
  }

  private added(): void {
    for (let j = 0; j < this.to.walk.count; j++) if (this.takes(this.to, j)) this.enter(j);
  }

  private leave(i: number): void {
    const { walk } = this.from;
    const sums = this.of(walk.group(i));
    if (walk.state(i) === MARKER) sums.markersRemoved++;
    else {
      add(sums.before, walk.sizeBytes(i));
      add(sums.removed, walk.sizeBytes(i));
    }
  }

  private enter(j: number): void {
    const { walk } = this.to;
    const sums = this.of(walk.group(j));
    if (walk.state(j) === MARKER) sums.markersAdded++;
    else {
      add(sums.after, walk.sizeBytes(j));
      add(sums.added, walk.sizeBytes(j));
    }
  }

  /** One key on both sides: its versions by their ids. */
  private both(): void {
    const a = this.from.walk;
    const b = this.to.walk;
    if (a.count === 1 && b.count === 1) {
      const [takesA, takesB] = [this.takes(this.from, 0), this.takes(this.to, 0)];
      const isSame = takesA && takesB && a.hasSameId(0, b, 0);
      if (isSame) this.stay(0, 0);
      if (takesA && !isSame) this.leave(0);
      if (takesB && !isSame) this.enter(0);
      return;
    }
    const known = new Map<string, number>();
    for (let i = 0; i < a.count; i++) if (this.takes(this.from, i)) known.set(a.versionId(i), i);
    for (let j = 0; j < b.count; j++) {
      if (!this.takes(this.to, j)) continue;
      const id = b.versionId(j);
      const i = known.get(id);
      if (i === undefined) this.enter(j);
      else {
        known.delete(id);
        this.stay(i, j);
      }
    }
    for (const i of known.values()) this.leave(i);
  }

  private stay(i: number, j: number): void {
    const a = this.from.walk;
    const b = this.to.walk;
    const [wasMarker, isMarker] = [a.state(i) === MARKER, b.state(j) === MARKER];
    if (wasMarker !== isMarker) {
      this.leave(i);
      this.enter(j);
      return;
    }
    if (isMarker) return;
    const [bytesBefore, bytesAfter] = [a.sizeBytes(i), b.sizeBytes(j)];
    const before = this.of(a.group(i));
    const after = this.of(b.group(j));
    add(before.before, bytesBefore);
    add(after.after, bytesAfter);
    if (before !== after) {
      add(before.reclassifiedOut, bytesBefore);
      add(after.reclassifiedIn, bytesBefore);
    }
    if (!a.hasSameContent(i, b, j)) {
      after.replaced.versions++;
      after.replaced.bytesBefore += bytesBefore;
      after.replaced.bytesAfter += bytesAfter;
    } else if (a.billedClass(i) !== b.billedClass(j)) add(after.transitioned, bytesAfter);
    if (a.state(i) === b.state(j)) return;
    add(b.state(j) === NONCURRENT ? after.becameNoncurrent : after.becameCurrent, bytesAfter);
  }
}

/** Adds one sum to another; the one added to. */
export function addChange(to: Sums, more: Sums): Sums {
  for (const [name, value] of Object.entries(more) as [keyof Sums, Sums[keyof Sums]][]) {
    if (typeof value === 'number') (to[name] as number) += value;
    else {
      const own = to[name] as Record<string, number>;
      for (const [part, amount] of Object.entries(value)) own[part] = (own[part] ?? 0) + amount;
    }
  }
  return to;
}

function add(to: { versions: number; bytes: number }, bytes: number): void {
  to.versions++;
  to.bytes += bytes;
}
