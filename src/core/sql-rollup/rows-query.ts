import { IS_DELETE_MARKER, IS_HELD, IS_LATEST, IS_REPLICATION_BLOCKED } from '../inventory/row-batch.ts';
import { keyRows, type RollUp } from './cells-query.ts';
import { type Sql, text } from './sql.ts';

/** Keys of a part of the tree: all below a directory's path, or those directly in it. */
export interface KeyPlace {
  readonly path: string;
  readonly isWhole: boolean;
}

/** A statement has room for some hundreds of places; Athena takes 262,144 bytes. */
export const MOST_PLACES = 500;

/**
 * The rows of some directories, one by one, with their clocks; `onlySeveral`: those of keys with more than one version or delete marker.
 * Fields: key, version id, flags of a batch and 16 for such keys, size, last modified, class, tier, clock, retain until, ETag.
 */
export function rowsQuery(rollUp: Omit<RollUp, 'rules'>, places: readonly KeyPlace[], onlySeveral: boolean): Sql {
  const { key } = rollUp.shape;
  const conditions = places.map(({ path, isWhole }) => {
    const below = path === '' ? 'true' : `starts_with(${key}, ${text(path)})`;
    return isWhole ? below : `(${below} AND strpos(substr(${key}, ${[...path].length + 1}), '/') = 0)`;
  });
  const flags = [
    [IS_LATEST, 'is_latest'],
    [IS_DELETE_MARKER, 'is_marker'],
    [IS_REPLICATION_BLOCKED, 'is_blocked'],
    [IS_HELD, 'is_held'],
    [16, 'is_multi'],
  ] as const;
  return `WITH ${keyRows(rollUp, `(${conditions.join(' OR ')})`)}
SELECT k, version_id, ${flags.map(([bit, condition]) => `IF(${condition}, ${bit}, 0)`).join(' + ')} AS flags, size, modified, class, tier, clock,
  retain_until, e_tag
FROM versions
WHERE fault = 0${onlySeveral ? ' AND is_multi' : ''}`;
}
