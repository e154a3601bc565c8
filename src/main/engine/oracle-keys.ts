import { VERSION_STATES } from '../../contract/vocabulary.ts';
import type { Cube } from '../../core/cube/cube.ts';
import { MULTI, REPLICATION_BLOCKED, SUPERSEDED } from '../../core/cube/cube.ts';
import type { RowBlock } from '../../core/cube/row-block.ts';
import type { PackedTree } from '../../core/cube/tree.ts';
import { eachKey } from '../../core/simulate/cube/stacks.ts';
import type { OracleKey, OracleVersion } from '../../core/simulate/oracle/oracle.ts';
import type { IndexReader } from '../index/reader.ts';

const MOST_ROWS = 65_536;
const MARKER = VERSION_STATES.indexOf('marker');
const CURRENT = VERSION_STATES.indexOf('current');

/** A failure of the index in the middle of an iteration. */
class OracleReadFailure extends Error {}

/** Every key of a snapshot with its versions, a handful of directories in memory at a time; a scan may cut a key, `stacks` does not. */
export function* oracleKeys(reader: IndexReader, snapshotId: string, cube: Cube & { readonly tree: PackedTree }): Iterable<OracleKey> {
  for (const range of rangesOf(cube)) {
    const blocks: RowBlock[] = [];
    const scanned = reader.scan(snapshotId, range, (block) => blocks.push(block));
    if (!scanned.ok) throw new OracleReadFailure(scanned.error.message);
    for (const block of blocks) yield* keysOf(block, cube, ({ cubeFlags }, row) => (cubeFlags[row]! & MULTI) === 0);
    const stacks: RowBlock[] = [];
    const stacked = reader.stacks(snapshotId, range, (block) => stacks.push(block));
    if (!stacked.ok) throw new OracleReadFailure(stacked.error.message);
    for (const block of stacks) yield* keysOf(block, cube, () => true);
  }
}

function* rangesOf({ tree, cellStart, count }: Cube): Iterable<{ from: number; to: number }> {
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

function keysOf(
  block: RowBlock,
  { tree, classes }: Cube & { readonly tree: PackedTree },
  takes: (block: RowBlock, row: number) => boolean,
): OracleKey[] {
  const keys: OracleKey[] = [];
  eachKey(block, (from, to) => {
    if (!takes(block, from)) return;
    const versions: OracleVersion[] = [];
    for (let row = from; row < to; row += 1) {
      const isMarker = block.state[row] === MARKER;
      const isLatest = block.state[row] === CURRENT || (isMarker && (block.cubeFlags[row]! & SUPERSEDED) === 0);
      const billed = classes[block.classId[row]!]!;
      versions.push({
        versionId: block.versionId(row),
        isMarker,
        isLatest,
        sizeBytes: block.sizeBytes[row]!,
        lastModifiedMs: block.lastModifiedMs[row]!,
        noncurrentSinceMs: isLatest ? null : block.clockMs[row]!,
        storageClass: isMarker ? '' : billed.storageClass,
        accessTier: isMarker ? '' : billed.accessTier,
        tags: null,
        lockedUntilDay: block.lockedUntilDay[row]!,
        isReplicationBlocked: (block.cubeFlags[row]! & REPLICATION_BLOCKED) !== 0,
      });
    }
    keys.push({ key: `${tree.path(block.directory[from]!)}${block.name(from)}`, versions });
  });
  return keys;
}
