import type { Classifier } from '../../core/classify/classifier.ts';
import { MarkerFinder } from '../../core/classify/markers.ts';
import type { BilledClass } from '../../core/cube/cube.ts';
import { grown } from '../../core/cube/growable.ts';
import { TreeBuilder } from '../../core/cube/tree-builder.ts';
import { compareBytes, encodeUtf8 } from '../../core/cube/utf8.ts';

/** Versions that were added up elsewhere: alike in all a cell tells, lying in one directory, judged alike by the rules on their keys alone. */
export interface RolledUp {
  /** The directory's path, with its last "/"; "" is the root. */
  readonly directory: string;
  /** The first of their names in byte order. */
  readonly name: string;
  /** The rule their keys match by themselves, -1 for none. */
  readonly rule: number;
  /** Whether their keys can mark a place (MarkerFinder). */
  readonly isMark: boolean;
  readonly storageClass: string;
  readonly accessTier: string;
  /** Index into VERSION_STATES. */
  readonly state: number;
  /** Bits of `Cube.flags`. */
  readonly flags: number;
  readonly isSmall: number;
  readonly lockedUntilDay: number;
  readonly writtenDay: number;
  readonly clockDay: number;
  readonly count: number;
  readonly bytes: number;
}

const MARKER = 2;

/** Takes rolled-up versions as they come, in any order, and keeps them until all directories are known. */
export class RollUpCells {
  readonly tree = new TreeBuilder();
  readonly markers: MarkerFinder;
  readonly classes: BilledClass[] = [];
  size = 0;
  versions = 0;
  deleteMarkers = 0;
  bytes = 0;
  /** The tree builder's numbers. */
  directory = new Uint32Array(1024);
  rule = new Int32Array(1024);
  classId = new Uint16Array(1024);
  state = new Uint8Array(1024);
  flags = new Uint8Array(1024);
  isSmall = new Uint8Array(1024);
  lockedUntilDay = new Int32Array(1024);
  writtenDay = new Int32Array(1024);
  clockDay = new Int32Array(1024);
  count = new Float64Array(1024);
  sizes = new Float64Array(1024);
  names = new Uint8Array(65_536);
  nameStart = new Float64Array(1025);
  private readonly classIds = new Map<string, number>();
  private lastPath: string | undefined;
  private lastDirectory = 0;
  private pathBytes: Uint8Array = new Uint8Array(0);

  constructor(classifier: Classifier) {
    this.markers = new MarkerFinder(classifier, this.tree);
  }

  add(row: RolledUp): void {
    if (row.directory !== this.lastPath) this.enter(row.directory);
    const at = this.size++;
    if (this.size > this.directory.length) this.grow();
    const name = encodeUtf8(row.name);
    const from = this.nameStart[at] as number;
    this.names = grown(this.names, from + name.length);
    this.names.set(name, from);
    this.nameStart[at + 1] = from + name.length;
    if (row.isMark) this.lookAt(name);
    const isMarker = row.state === MARKER;
    // Read before the marker's blank is put aside, so that the classes are those of a scan.
    const classId = this.classIdOf(row.storageClass, row.accessTier);
    this.directory[at] = this.lastDirectory;
    this.rule[at] = row.rule;
    // A delete marker has no class; it is kept under the first one so that its blank never counts as one.
    this.classId[at] = isMarker ? 0 : classId;
    this.state[at] = row.state;
    this.flags[at] = row.flags;
    this.isSmall[at] = row.isSmall;
    this.lockedUntilDay[at] = row.lockedUntilDay;
    this.writtenDay[at] = row.writtenDay;
    this.clockDay[at] = row.clockDay;
    this.count[at] = row.count;
    this.sizes[at] = row.bytes;
    if (isMarker) this.deleteMarkers += row.count;
    else {
      this.versions += row.count;
      this.bytes += row.bytes;
    }
  }

  /** Places of the rows by directory in pre-order, then by name. */
  order(rank: Uint32Array): Uint32Array {
    const { names, nameStart, directory } = this;
    const rankOf = (at: number): number => rank[directory[at] as number] as number;
    return Uint32Array.from({ length: this.size }, (_, at) => at).sort(
      (a, b) =>
        rankOf(a) - rankOf(b) ||
        compareBytes(
          names,
          nameStart[a] as number,
          nameStart[a + 1] as number,
          names,
          nameStart[b] as number,
          nameStart[b + 1] as number,
        ) ||
        a - b,
    );
  }

  private enter(path: string): void {
    this.lastPath = path;
    this.pathBytes = encodeUtf8(path);
    this.lastDirectory = this.tree.directoryOf(this.pathBytes, 0, this.pathBytes.length);
  }

  /** One key speaks for all that have its marks and its directory. */
  private lookAt(name: Uint8Array): void {
    const key = new Uint8Array(this.pathBytes.length + name.length);
    key.set(this.pathBytes);
    key.set(name, this.pathBytes.length);
    this.markers.see(this.lastDirectory, key, 0, this.pathBytes.length, key.length);
  }

  private classIdOf(storageClass: string, accessTier: string): number {
    const name = `${storageClass}\n${accessTier}`;
    let id = this.classIds.get(name);
    if (id === undefined) {
      id = this.classes.push({ storageClass, accessTier }) - 1;
      this.classIds.set(name, id);
    }
    return id;
  }

  private grow(): void {
    const needed = this.size;
    this.directory = grown(this.directory, needed);
    this.rule = grown(this.rule, needed);
    this.classId = grown(this.classId, needed);
    this.state = grown(this.state, needed);
    this.flags = grown(this.flags, needed);
    this.isSmall = grown(this.isSmall, needed);
    this.lockedUntilDay = grown(this.lockedUntilDay, needed);
    this.writtenDay = grown(this.writtenDay, needed);
    this.clockDay = grown(this.clockDay, needed);
    this.count = grown(this.count, needed);
    this.sizes = grown(this.sizes, needed);
    this.nameStart = grown(this.nameStart, this.directory.length + 1);
  }
}
