import { VERSION_STATES } from '../../contract/vocabulary.ts';
import type { Cube } from '../../core/cube/cube.ts';
import { REPLICATION_BLOCKED, SUPERSEDED } from '../../core/cube/cube.ts';
import type { PackedTree } from '../../core/cube/tree.ts';
import type { OracleKey, OracleVersion } from '../../core/simulate/oracle/oracle.ts';
import type { IndexReader } from '../index/reader.ts';
import { type Key, wholeKeys } from './whole-keys.ts';

const MARKER = VERSION_STATES.indexOf('marker');
const CURRENT = VERSION_STATES.indexOf('current');

/** Every key of a snapshot with its versions. */
export function* oracleKeys(reader: IndexReader, snapshotId: string, cube: Cube & { readonly tree: PackedTree }): Iterable<OracleKey> {
  for (const { keys } of wholeKeys(reader, snapshotId, cube)) for (const key of keys) yield keyOf(key, cube);
}

function keyOf({ block, from, to }: Key, { tree, classes }: Cube & { readonly tree: PackedTree }): OracleKey {
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
      tags: isMarker ? [] : (block.tags?.(row)?.map(([Key, Value]) => ({ Key, Value })) ?? null),
      lockedUntilDay: block.lockedUntilDay[row]!,
      isReplicationBlocked: (block.cubeFlags[row]! & REPLICATION_BLOCKED) !== 0,
    });
  }
  return { key: `${tree.path(block.directory[from]!)}${block.name(from)}`, versions };
}
