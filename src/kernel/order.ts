import { resized } from './bytes';
import { sort } from './sort';
import { Tree } from './tree';

/**
 * The pre-order of some directories with all that lie above them, siblings in the order of their names: the order of the
 * index. The order of a part agrees with that of the whole.
 */
export class Order {
  /** Place of each directory in the order last made; by number. Meaningless for directories not in it. */
  static rank: usize = 0;
  /** The directories of the order last made, in order. */
  static sorted: usize = 0;
  static length: u32 = 0;

  private static room: u32 = 0;
  private static sortedRoom: u32 = 0;
  /** By directory: whether it is in the order being made, its first child there, and the sibling that follows. */
  private static isIn: usize = 0;
  private static firstChild: usize = 0;
  private static nextSibling: usize = 0;
  private static pending: usize = 0;

  /** Makes an order of directories; `include` is called for each wanted, then `finish`. */
  static begin(): void {
    const count = Tree.count;
    if (count > Order.room) {
      const room = max(max(count, Order.room * 2), 1024);
      Order.isIn = resized(Order.isIn, room);
      memory.fill(Order.isIn + Order.room, 0, room - Order.room);
      Order.firstChild = resized(Order.firstChild, room << 2);
      Order.nextSibling = resized(Order.nextSibling, room << 2);
      Order.rank = resized(Order.rank, room << 2);
      Order.room = room;
    }
    Order.length = 0;
    Order.include(0);
  }

  /** Takes a directory and what lies above it. */
  static include(directory: u32): void {
    let at = directory;
    let below: u32 = 0;
    while (true) {
      const isKnown = load<u8>(Order.isIn + at) != 0;
      if (!isKnown) {
        store<u8>(Order.isIn + at, 1);
        store<u32>(Order.firstChild + (at << 2), 0);
        if (Order.length == Order.sortedRoom) Order.growSorted();
        store<u32>(Order.sorted + (Order.length << 2), at);
        Order.length += 1;
      }
      if (below != 0) {
        store<u32>(Order.nextSibling + (below << 2), load<u32>(Order.firstChild + (at << 2)));
        store<u32>(Order.firstChild + (at << 2), below);
      }
      if (isKnown || at == 0) return;
      below = at;
      at = Tree.parent(at);
    }
  }

  static finish(): void {
    for (let i: u32 = 0; i < Order.length; i++) store<u8>(Order.isIn + load<u32>(Order.sorted + (i << 2)), 0);
    let pending: u32 = 0;
    let done: u32 = 0;
    store<u32>(Order.pending, 0);
    pending = 1;
    while (pending > 0) {
      pending -= 1;
      const directory = load<u32>(Order.pending + (pending << 2));
      store<u32>(Order.sorted + (done << 2), directory);
      store<u32>(Order.rank + (directory << 2), done);
      done += 1;
      const from = pending;
      for (let child = load<u32>(Order.firstChild + (directory << 2)); child != 0; child = load<u32>(Order.nextSibling + (child << 2))) {
        store<u32>(Order.pending + (pending << 2), child);
        pending += 1;
      }
      sort(Order.pending + (from << 2), pending - from, greatestFirst);
    }
  }

  private static growSorted(): void {
    Order.sortedRoom = max(1024, Order.sortedRoom * 2);
    const bytes = (<usize>Order.sortedRoom + 1) << 2;
    Order.sorted = resized(Order.sorted, bytes);
    Order.pending = resized(Order.pending, bytes);
  }
}

/** The last one pending comes first. */
function greatestFirst(a: u32, b: u32): i32 {
  return Tree.compareNames(b, a);
}
