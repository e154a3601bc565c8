import type { DirectoryTree } from './cube.ts';
import { compareBytes, decodeUtf8, encodeUtf8 } from './utf8.ts';

/** A directory tree as it is stored: one entry per directory in pre-order, siblings in byte order of their names. */
export interface TreeColumns {
  readonly parent: Int32Array;
  readonly depth: Uint16Array;
  readonly subtreeEnd: Uint32Array;
  readonly isUnitRoot: Uint8Array;
  readonly nameBytes: Uint8Array;
  /** Length count + 1. */
  readonly nameStart: Uint32Array;
}

/** The tree over packed columns. Names are decoded when asked for. */
export class PackedTree implements DirectoryTree {
  readonly count: number;
  readonly parent: Int32Array;
  readonly depth: Uint16Array;
  readonly subtreeEnd: Uint32Array;
  readonly isUnitRoot: Uint8Array;
  readonly columns: TreeColumns;
  private lists: { readonly start: Uint32Array; readonly list: Uint32Array } | undefined;

  constructor(columns: TreeColumns) {
    this.columns = columns;
    this.count = columns.parent.length;
    this.parent = columns.parent;
    this.depth = columns.depth;
    this.subtreeEnd = columns.subtreeEnd;
    this.isUnitRoot = columns.isUnitRoot;
  }

  name(directory: number): string {
    const { nameBytes, nameStart } = this.columns;
    return decodeUtf8(nameBytes, nameStart[directory] as number, nameStart[directory + 1] as number);
  }

  path(directory: number): string {
    let path = '';
    for (let d = directory; d > 0; d = this.parent[d] as number) path = `${this.name(d)}/${path}`;
    return path;
  }

  find(path: string): number {
    if (path === '') return 0;
    if (!path.endsWith('/')) return -1;
    const bytes = encodeUtf8(path);
    let directory = 0;
    let start = 0;
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] !== 0x2f) continue;
      directory = this.childNamed(directory, bytes, start, i);
      if (directory < 0) return -1;
      start = i + 1;
    }
    return directory;
  }

  *children(directory: number): Iterable<number> {
    const end = this.subtreeEnd[directory] as number;
    for (let d = directory + 1; d < end; d = this.subtreeEnd[d] as number) yield d;
  }

  childCount(directory: number): number {
    const { start } = this.childLists();
    return (start[directory + 1] as number) - (start[directory] as number);
  }

  private childNamed(directory: number, bytes: Uint8Array, start: number, end: number): number {
    const { start: childStart, list } = this.childLists();
    const { nameBytes, nameStart } = this.columns;
    let low = childStart[directory] as number;
    let high = childStart[directory + 1] as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const child = list[middle] as number;
      const order = compareBytes(nameBytes, nameStart[child] as number, nameStart[child + 1] as number, bytes, start, end);
      if (order === 0) return child;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  /** Children side by side, so that a name is found by halving; made on first use. */
  private childLists(): { readonly start: Uint32Array; readonly list: Uint32Array } {
    if (this.lists) return this.lists;
    const start = new Uint32Array(this.count + 1);
    for (let d = 1; d < this.count; d++) {
      const slot = (this.parent[d] as number) + 1;
      start[slot] = (start[slot] as number) + 1;
    }
    for (let d = 0; d < this.count; d++) start[d + 1] = (start[d + 1] as number) + (start[d] as number);
    const next = start.slice();
    const list = new Uint32Array(Math.max(0, this.count - 1));
    for (let d = 1; d < this.count; d++) {
      const parent = this.parent[d] as number;
      const at = next[parent] as number;
      list[at] = d;
      next[parent] = at + 1;
    }
    this.lists = { start, list };
    return this.lists;
  }
}
