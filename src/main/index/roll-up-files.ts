import { grown } from '../../core/cube/growable.ts';
import type { TreeBuilder } from '../../core/cube/tree-builder.ts';
import { compareBytes, encodeUtf8 } from '../../core/cube/utf8.ts';

/** Rows of one directory, rule and version state whose names are alike but for one number; see filesQuery. */
export interface RolledUpFiles {
  /** The directory's path, with its last "/"; "" is the root. */
  readonly directory: string;
  /** Index into VERSION_STATES. */
  readonly state: number;
  readonly head: string;
  readonly tail: string;
  /** Digits of the number; 0 where all rows have the name `head`, or stand for the first of many. */
  readonly width: number;
  readonly first: number;
  readonly last: number;
  readonly versions: number;
  /** How many of them have no bytes. */
  readonly empty: number;
  readonly bytes: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** One row as it may have been: what sums and what names tell of all of them together is what these tell. */
interface PlayedRow {
  readonly name: Uint8Array;
  readonly isLatest: boolean;
  readonly isMarker: boolean;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
}

const MARKER = 2;

/** Keeps rolled-up files until all directories are known, and plays their rows again. */
export class RollUpFiles {
  size = 0;
  directory = new Uint32Array(1024);
  private state = new Uint8Array(1024);
  private width = new Uint8Array(1024);
  /** Six numbers each: first, last, versions, empty, bytes, firstMs, lastMs. */
  private numbers = new Float64Array(7 * 1024);
  private texts: Uint8Array = new Uint8Array(65_536);
  /** Head and tail of each, one after the other: two entries more than twice the size. */
  private textStart = new Float64Array(2 * 1024 + 1);
  private readonly tree: TreeBuilder;
  private lastPath: string | undefined;
  private lastDirectory = 0;

  constructor(tree: TreeBuilder) {
    this.tree = tree;
  }

  add(row: RolledUpFiles): void {
    if (row.directory !== this.lastPath) {
      this.lastPath = row.directory;
      const path = encodeUtf8(row.directory);
      this.lastDirectory = this.tree.directoryOf(path, 0, path.length);
    }
    const at = this.size++;
    if (this.size > this.directory.length) this.grow();
    this.directory[at] = this.lastDirectory;
    this.state[at] = row.state;
    this.width[at] = row.width;
    this.numbers.set([row.first, row.last, row.versions, row.empty, row.bytes, row.firstMs, row.lastMs], 7 * at);
    this.append(2 * at, encodeUtf8(row.head));
    this.append(2 * at + 1, encodeUtf8(row.tail));
  }

  /** Places of the rows by directory in pre-order, then by their first names. */
  order(rank: Uint32Array): Uint32Array {
    const names = Array.from({ length: this.size }, (_, at) => this.name(at, this.number(at, 0)));
    const rankOf = (at: number): number => rank[this.directory[at] as number] as number;
    const compare = (a: number, b: number): number => {
      const [left, right] = [names[a] as Uint8Array, names[b] as Uint8Array];
      return (
        rankOf(a) - rankOf(b) ||
        compareBytes(left, 0, left.length, right, 0, right.length) ||
        (this.state[a] as number) - (this.state[b] as number)
      );
    };
    return Uint32Array.from({ length: this.size }, (_, at) => at).sort(compare);
  }

  /**
   * The rows of one place, name by name. Which of them has which size and time is not known: one has all the bytes, as many
   * as are empty have none, the first has the first time and the rest the last.
   */
  *rows(at: number): Iterable<PlayedRow> {
    const [first, last, versions, empty, bytes, firstMs, lastMs] = this.numbers.subarray(7 * at, 7 * at + 7) as unknown as number[] as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const state = this.state[at] as number;
    const isMarker = state === MARKER;
    const different = (this.width[at] as number) === 0 ? 1 : last - first + 1;
    const full = versions - empty;
    for (let row = 0; row < versions; row++) {
      const isEmpty = row >= full;
      yield {
        name: this.name(at, first + Math.min(row, different - 1)),
        isLatest: state === 0,
        isMarker,
        sizeBytes: isEmpty ? 0 : row === 0 ? bytes - (full - 1) : 1,
        lastModifiedMs: row === 0 ? firstMs : lastMs,
      };
    }
  }

  private number(at: number, place: number): number {
    return this.numbers[7 * at + place] as number;
  }

  private name(at: number, value: number): Uint8Array {
    const [from, middle, to] = [
      this.textStart[2 * at] as number,
      this.textStart[2 * at + 1] as number,
      this.textStart[2 * at + 2] as number,
    ];
    const width = this.width[at] as number;
    const name = new Uint8Array(to - from + width);
    name.set(this.texts.subarray(from, middle));
    let rest = value;
    for (let digit = width - 1; digit >= 0; digit--) {
      name[middle - from + digit] = 0x30 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    name.set(this.texts.subarray(middle, to), middle - from + width);
    return name;
  }

  private append(place: number, bytes: Uint8Array): void {
    const from = this.textStart[place] as number;
    this.texts = grown(this.texts, from + bytes.length);
    this.texts.set(bytes, from);
    this.textStart[place + 1] = from + bytes.length;
  }

  private grow(): void {
    this.directory = grown(this.directory, this.size);
    const places = this.directory.length;
    this.state = grown(this.state, places);
    this.width = grown(this.width, places);
    this.numbers = grown(this.numbers, 7 * places);
    this.textStart = grown(this.textStart, 2 * places + 1);
  }
}
