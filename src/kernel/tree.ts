import { compare, hash, isEqual, prefixOf } from './bytes';

/**
 * The directories met so far, numbered in order of arrival; 0 is the root. One record each, half a cache line: hash (4),
 * parent (4), where the name lies (4), its length (2), -, its first eight bytes (8), classifier state (4), - (4).
 * A directory's hash is that of its name with its parent's.
 */
const NODE: u32 = 32;

export class Tree {
  static count: u32 = 0;
  static nodes: usize = 0;
  static nodeRoom: u32 = 0;
  static names: usize = 0;
  static nameRoom: u32 = 0;
  static nameEnd: u32 = 0;
  static table: usize = 0;
  static mask: u32 = 0;

  /** Room is reserved for many; memory never written to costs nothing. */
  static init(): void {
    Tree.nodeRoom = 1 << 21;
    Tree.nodes = heap.alloc(Tree.nodeRoom * NODE);
    Tree.nameRoom = 1 << 25;
    Tree.names = heap.alloc(Tree.nameRoom + 64);
    Tree.mask = (1 << 16) - 1;
    Tree.table = heap.alloc((Tree.mask + 1) << 2);
    memory.fill(Tree.table, 0, (Tree.mask + 1) << 2);
    memory.fill(Tree.nodes, 0, NODE);
    Tree.count = 1;
    Tree.nameEnd = 0;
  }

  // @ts-ignore: decorator
  @inline static node(directory: u32): usize {
    return Tree.nodes + directory * NODE;
  }
  // @ts-ignore: decorator
  @inline static hashOf(directory: u32): u32 {
    return load<u32>(Tree.node(directory));
  }
  // @ts-ignore: decorator
  @inline static parent(directory: u32): u32 {
    return load<u32>(Tree.node(directory), 4);
  }
  // @ts-ignore: decorator
  @inline static name(directory: u32): usize {
    return Tree.names + load<u32>(Tree.node(directory), 8);
  }
  // @ts-ignore: decorator
  @inline static nameLength(directory: u32): u32 {
    return load<u16>(Tree.node(directory), 12);
  }

  // @ts-ignore: decorator
  @inline static hashBelow(parentHash: u32, name: usize, length: u32): u32 {
    return hash(name, length, parentHash);
  }

  /** Asks for what finding a directory of this hash will need, without waiting for it: the sums only keep the loads alive. */
  // @ts-ignore: decorator
  @inline static slot(h: u32): u32 {
    return load<u32>(Tree.table + ((h & Tree.mask) << 2));
  }

  /** The directory of this name in another, whose hash with it is `h`; made where it is new. */
  static child(parent: u32, name: usize, length: u32, h: u32): u32 {
    let slot = h & Tree.mask;
    while (true) {
      const known = load<u32>(Tree.table + (slot << 2));
      if (known == 0) return Tree.append(parent, name, length, h, slot);
      const node = Tree.node(known);
      if (
        load<u32>(node) == h &&
        load<u32>(node, 4) == parent &&
        load<u16>(node, 12) == length &&
        isEqual(Tree.names + load<u32>(node, 8), name, length)
      ) {
        return known;
      }
      slot = (slot + 1) & Tree.mask;
    }
  }

  private static append(parent: u32, name: usize, length: u32, h: u32, slot: u32): u32 {
    const directory = Tree.count++;
    if (Tree.count > Tree.nodeRoom) {
      Tree.nodeRoom <<= 1;
      Tree.nodes = heap.realloc(Tree.nodes, Tree.nodeRoom * NODE);
    }
    if (Tree.nameEnd + length > Tree.nameRoom) {
      Tree.nameRoom <<= 1;
      Tree.names = heap.realloc(Tree.names, Tree.nameRoom + 64);
    }
    memory.copy(Tree.names + Tree.nameEnd, name, length);
    const node = Tree.node(directory);
    store<u32>(node, h);
    store<u32>(node, parent, 4);
    store<u32>(node, Tree.nameEnd, 8);
    store<u32>(node, length, 12);
    store<u64>(node, prefixOf(name, length), 16);
    store<u64>(node, 0, 24);
    Tree.nameEnd += length;
    store<u32>(Tree.table + (slot << 2), directory);
    if (Tree.count * 4 > Tree.mask * 3) Tree.rehash();
    return directory;
  }

  private static rehash(): void {
    heap.free(Tree.table);
    Tree.mask = Tree.mask * 4 + 3;
    const bytes = (Tree.mask + 1) << 2;
    Tree.table = heap.alloc(bytes);
    memory.fill(Tree.table, 0, bytes);
    for (let directory: u32 = 1; directory < Tree.count; directory++) {
      let slot = Tree.hashOf(directory) & Tree.mask;
      while (load<u32>(Tree.table + (slot << 2)) != 0) slot = (slot + 1) & Tree.mask;
      store<u32>(Tree.table + (slot << 2), directory);
    }
  }

  /** The order of siblings: that of their names' bytes. Negative, 0 or positive. */
  static compareNames(a: u32, b: u32): i32 {
    const first = load<u64>(Tree.node(a), 16);
    const second = load<u64>(Tree.node(b), 16);
    if (first != second) return first < second ? -1 : 1;
    return compare(Tree.name(a), Tree.nameLength(a), Tree.name(b), Tree.nameLength(b));
  }
}
