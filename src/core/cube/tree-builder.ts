import { grown } from './growable.ts';
import type { TreeColumns } from './tree.ts';
import { compareBytes, hashBytes } from './utf8.ts';

const SLASH = 0x2f;
const NONE = 0xffffffff;

/**
 * Gives every directory of a stream of keys a number, in order of arrival; 0 is the root. Works on
 * bytes, level by level, and starts at the directories shared with the key before, because
 * consecutive rows usually share theirs.
 */
export class TreeBuilder {
  count = 1;
  private parent = new Int32Array(1024).fill(-1, 0, 1);
  private nameStart = new Uint32Array(1025);
  private nameBytes = new Uint8Array(16384);
  private unitRoot = new Uint8Array(1024);
  private table = new Uint32Array(4096).fill(NONE);

  private lastKey = new Uint8Array(1024);
  private lastLength = 0;
  /** Directory after the k-th "/" of the last key, and where that "/" stands. */
  private stack = new Uint32Array(1025);
  private slashAt = new Int32Array(1025);
  private levels = 0;
  /** Offset of the last segment (the name) of the key given to `directoryOf`. */
  nameOffset = 0;

  /** The directory a key lies in; sets `nameOffset`, relative to the key's start. */
  directoryOf(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    const last = this.lastKey;
    const reach = Math.min(length, this.lastLength);
    let shared = 0;
    while (shared < reach && bytes[start + shared] === last[shared]) shared += 1;
    while (this.levels > 0 && (this.slashAt[this.levels - 1] as number) >= shared) this.levels -= 1;
    let from = this.levels === 0 ? 0 : (this.slashAt[this.levels - 1] as number) + 1;
    let directory = this.levels === 0 ? 0 : (this.stack[this.levels - 1] as number);
    for (let i = from; i < length; i++) {
      if (bytes[start + i] !== SLASH) continue;
      directory = this.child(directory, bytes, start + from, start + i);
      this.pushLevel(directory, i);
      from = i + 1;
    }
    this.remember(bytes, start, end, shared);
    this.nameOffset = from;
    return directory;
  }

  markUnitRoot(directory: number): void {
    this.unitRoot[directory] = 1;
  }

  /** The ancestor `depth` levels below the root, on the way to `directory`, which lies at `ownDepth`. */
  ancestor(directory: number, ownDepth: number, depth: number): number {
    let at = directory;
    for (let level = ownDepth; level > depth; level--) at = this.parent[at] as number;
    return at;
  }

  depthOf(directory: number): number {
    let depth = 0;
    for (let d = directory; d > 0; d = this.parent[d] as number) depth += 1;
    return depth;
  }

  /** The tree in pre-order, and the pre-order number of every number handed out. */
  build(): { readonly columns: TreeColumns; readonly rank: Uint32Array } {
    const order = this.preOrder();
    const rank = new Uint32Array(this.count);
    for (let d = 0; d < this.count; d++) rank[order[d] as number] = d;
    const parent = new Int32Array(this.count);
    const depth = new Uint16Array(this.count);
    const subtreeEnd = new Uint32Array(this.count);
    const isUnitRoot = new Uint8Array(this.count);
    const nameStart = new Uint32Array(this.count + 1);
    const nameBytes = new Uint8Array(this.nameStart[this.count] as number);
    let length = 0;
    for (let d = 0; d < this.count; d++) {
      const own = order[d] as number;
      const above = this.parent[own] as number;
      parent[d] = above < 0 ? -1 : (rank[above] as number);
      depth[d] = above < 0 ? 0 : (depth[parent[d] as number] as number) + 1;
      isUnitRoot[d] = this.unitRoot[own] as number;
      const name = this.nameBytes.subarray(this.nameStart[own], this.nameStart[own + 1]);
      nameBytes.set(name, length);
      length += name.length;
      nameStart[d + 1] = length;
      subtreeEnd[d] = d + 1;
    }
    for (let d = this.count - 1; d > 0; d--) {
      const above = parent[d] as number;
      if ((subtreeEnd[d] as number) > (subtreeEnd[above] as number)) subtreeEnd[above] = subtreeEnd[d] as number;
    }
    return { columns: { parent, depth, subtreeEnd, isUnitRoot, nameBytes, nameStart }, rank };
  }

  private pushLevel(directory: number, slash: number): void {
    if (this.levels >= this.stack.length) {
      this.stack = grown(this.stack, this.levels + 1);
      this.slashAt = grown(this.slashAt, this.levels + 1);
    }
    this.stack[this.levels] = directory;
    this.slashAt[this.levels] = slash;
    this.levels += 1;
  }

  private remember(bytes: Uint8Array, start: number, end: number, shared: number): void {
    this.lastKey = grown(this.lastKey, end - start);
    const last = this.lastKey;
    for (let i = shared; i < end - start; i++) last[i] = bytes[start + i] as number;
    this.lastLength = end - start;
  }

  private child(parent: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.table.length - 1;
    let slot = hashBytes(bytes, start, end, parent) & mask;
    for (;;) {
      const candidate = this.table[slot] as number;
      if (candidate === NONE) return this.append(parent, bytes, start, end, slot);
      if (this.parent[candidate] === parent) {
        const nameStart = this.nameStart[candidate] as number;
        const nameEnd = this.nameStart[candidate + 1] as number;
        if (compareBytes(this.nameBytes, nameStart, nameEnd, bytes, start, end) === 0) return candidate;
      }
      slot = (slot + 1) & mask;
    }
  }

  private append(parent: number, bytes: Uint8Array, start: number, end: number, slot: number): number {
    const directory = this.count;
    this.count += 1;
    this.parent = grown(this.parent, this.count);
    this.unitRoot = grown(this.unitRoot, this.count);
    this.nameStart = grown(this.nameStart, this.count + 1);
    const at = this.nameStart[directory] as number;
    this.nameBytes = grown(this.nameBytes, at + end - start);
    for (let i = start; i < end; i++) this.nameBytes[at + i - start] = bytes[i] as number;
    this.nameStart[directory + 1] = at + end - start;
    this.parent[directory] = parent;
    this.table[slot] = directory;
    if (this.count * 2 > this.table.length) this.rehash();
    return directory;
  }

  private rehash(): void {
    const table = new Uint32Array(this.table.length * 2).fill(NONE);
    const mask = table.length - 1;
    for (let d = 1; d < this.count; d++) {
      let slot = hashBytes(this.nameBytes, this.nameStart[d] as number, this.nameStart[d + 1] as number, this.parent[d] as number) & mask;
      while (table[slot] !== NONE) slot = (slot + 1) & mask;
      table[slot] = d;
    }
    this.table = table;
  }

  private compareNames(a: number, b: number): number {
    const { nameBytes, nameStart } = this;
    return compareBytes(
      nameBytes,
      nameStart[a] as number,
      nameStart[a + 1] as number,
      nameBytes,
      nameStart[b] as number,
      nameStart[b + 1] as number,
    );
  }

  private preOrder(): Uint32Array {
    const childStart = new Uint32Array(this.count + 1);
    for (let d = 1; d < this.count; d++) {
      const slot = (this.parent[d] as number) + 1;
      childStart[slot] = (childStart[slot] as number) + 1;
    }
    for (let d = 0; d < this.count; d++) childStart[d + 1] = (childStart[d + 1] as number) + (childStart[d] as number);
    const next = childStart.slice();
    const list = new Uint32Array(this.count);
    for (let d = 1; d < this.count; d++) {
      const parent = this.parent[d] as number;
      const at = next[parent] as number;
      list[at] = d;
      next[parent] = at + 1;
    }
    const order = new Uint32Array(this.count);
    const pending: number[] = [0];
    let filled = 0;
    for (let d = pending.pop(); d !== undefined; d = pending.pop()) {
      order[filled] = d;
      filled += 1;
      const children = list.subarray(childStart[d], childStart[d + 1]);
      this.sortByName(children);
      for (let k = children.length - 1; k >= 0; k--) pending.push(children[k] as number);
    }
    return order;
  }

  private sortByName(children: Uint32Array): void {
    for (let k = 1; k < children.length; k++) {
      if (this.compareNames(children[k - 1] as number, children[k] as number) > 0) {
        children.sort((a, b) => this.compareNames(a, b));
        return;
      }
    }
  }
}
