import { MULTI, REPLICATION_BLOCKED, SUPERSEDED } from '../../core/cube/cube.ts';
import { IS_DELETE_MARKER, IS_LATEST, IS_REPLICATION_BLOCKED } from '../../core/inventory/row-batch.ts';

/**
 * Bits of the flags rows are stored with, above those of a batch: the key has more than one version or delete marker; the row is of
 * the same key as the row before it; it has a retention date. src/kernel/rows.ts sets them.
 */
const IS_MULTI = 16;
export const IS_SAME_KEY = 32;
export const IS_RETAINED = 64;

/** The flags of the cell a row belongs to. */
export function cellFlags(flags: number): number {
  return (
    ((flags & IS_REPLICATION_BLOCKED) !== 0 ? REPLICATION_BLOCKED : 0) |
    ((flags & IS_MULTI) !== 0 ? MULTI : 0) |
    ((flags & (IS_DELETE_MARKER | IS_LATEST)) === IS_DELETE_MARKER ? SUPERSEDED : 0)
  );
}

/** Index into VERSION_STATES. */
export const stateOf = (flags: number): number => ((flags & IS_DELETE_MARKER) !== 0 ? 2 : (flags & IS_LATEST) !== 0 ? 0 : 1);
