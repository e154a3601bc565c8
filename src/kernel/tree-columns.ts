import { resized } from './bytes';
import { Order } from './order';
import { Tree } from './tree';

/** All directories in pre-order, as columns. */
export class TreeColumns {
  static parent: usize = 0;
  static depth: usize = 0;
  static subtreeEnd: usize = 0;
  static names: usize = 0;
  static nameLength: usize = 0;
  static namesLength: u32 = 0;
}

/** Orders all directories; the root's parent is -1. */
export function orderTree(): void {
  const count = Tree.count;
  Order.begin();
  for (let directory: u32 = 0; directory < count; directory++) Order.include(directory);
  Order.finish();
  TreeColumns.parent = resized(TreeColumns.parent, count << 2);
  TreeColumns.depth = resized(TreeColumns.depth, count << 1);
  TreeColumns.subtreeEnd = resized(TreeColumns.subtreeEnd, count << 2);
  TreeColumns.nameLength = resized(TreeColumns.nameLength, count << 1);
  TreeColumns.names = resized(TreeColumns.names, Tree.nameEnd + 64);
  let names = TreeColumns.names;
  for (let place: u32 = 0; place < count; place++) {
    const at = <usize>place;
    const directory = load<u32>(Order.sorted + (at << 2));
    const parent = directory == 0 ? -1 : load<i32>(Order.rank + (<usize>Tree.parent(directory) << 2));
    store<i32>(TreeColumns.parent + (at << 2), parent);
    store<u16>(TreeColumns.depth + (at << 1), parent < 0 ? 0 : load<u16>(TreeColumns.depth + (parent << 1)) + 1);
    store<u32>(TreeColumns.subtreeEnd + (at << 2), place + 1);
    const length = Tree.nameLength(directory);
    store<u16>(TreeColumns.nameLength + (at << 1), <u16>length);
    memory.copy(names, Tree.name(directory), length);
    names += length;
  }
  TreeColumns.namesLength = <u32>(names - TreeColumns.names);
  for (let place = count - 1; place > 0; place--) {
    const end = load<u32>(TreeColumns.subtreeEnd + (place << 2));
    const above = TreeColumns.subtreeEnd + (<usize>load<u32>(TreeColumns.parent + (place << 2)) << 2);
    if (end > load<u32>(above)) store<u32>(above, end);
  }
}
