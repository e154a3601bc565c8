import { type Cube, MULTI } from '../../core/cube/cube.ts';
import type { DirectoryRange, RowBlock } from '../../core/cube/row-block.ts';
import type { PackedTree } from '../../core/cube/tree.ts';
import { eachKey } from '../../core/simulate/cube/stacks.ts';
import type { IndexReader } from '../index/reader.ts';

const MOST_ROWS = 65_536;

/** A failure of the index in the middle of an iteration. */
class KeyReadFailure extends Error {}

/** One key: rows [from, to) of a block, newest first. */
export interface Key {
  readonly block: RowBlock;
  readonly from: number;
  readonly to: number;
}

/** Every key of a snapshot, a handful of directories in memory at a time; a scan may cut a key, `stacks` does not. */
export function* wholeKeys(
  reader: IndexReader,
  snapshotId: string,
  cube: Cube & { readonly tree: PackedTree },
): Iterable<{ readonly range: DirectoryRange; readonly keys: Iterable<Key> }> {
  for (const range of rangesOf(cube)) {
    const blocks: RowBlock[] = [];
    const scanned = reader.scan(snapshotId, range, (block) => blocks.push(block));
    if (!scanned.ok) throw new KeyReadFailure(scanned.error.message);
    const stacks: RowBlock[] = [];
    const stacked = reader.stacks(snapshotId, range, (block) => stacks.push(block));
    if (!stacked.ok) throw new KeyReadFailure(stacked.error.message);
    yield { range, keys: keysOf(blocks, stacks) };
  }
}

function* keysOf(blocks: readonly RowBlock[], stacks: readonly RowBlock[]): Iterable<Key> {
  for (const block of blocks) yield* keysIn(block, (row) => ((block.cubeFlags[row] as number) & MULTI) === 0);
  for (const block of stacks) yield* keysIn(block, () => true);
}

function keysIn(block: RowBlock, takes: (row: number) => boolean): Key[] {
  const keys: Key[] = [];
  eachKey(block, (from, to) => {
    if (takes(from)) keys.push({ block, from, to });
  });
  return keys;
}

function* rangesOf({ tree, cellStart, count }: Cube): Iterable<DirectoryRange> {
  let from = 0;
  let rows = 0;
  for (let directory = 0; directory < tree.count; directory += 1) {
    for (let cell = cellStart[directory]!; cell < cellStart[directory + 1]!; cell += 1) rows += count[cell]!;
    if (rows < MOST_ROWS && directory < tree.count - 1) continue;
    yield { from, to: directory + 1 };
    from = directory + 1;
    rows = 0;
  }
}
