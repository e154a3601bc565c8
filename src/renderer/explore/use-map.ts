import { useMemo, useState } from 'react';
import type { AppError } from '../../contract/errors.ts';
import type { Children, MapNode } from '../../contract/index-views.ts';
import { useQuery } from '../state/query.ts';
import type { At } from './use-listings.ts';

const DEPTH = 4;
const MOST_TILES = 1500;
const MOST_VERSIONS = 500;

/** The directory as the treemap draws it. Where only versions lie directly in it, the largest of them are its tiles. */
export function useMap(
  at: At,
  prefix: string,
): { readonly root: MapNode | undefined; readonly error: AppError | undefined; readonly retry: () => void } {
  const map = useQuery('tree.map', { ...at, prefix, depth: DEPTH, limit: MOST_TILES });
  const hasOnlyVersions = map.data !== undefined && !map.stale && map.data.children.length === 0 && map.data.childCount > 0;
  const versions = useQuery(
    'tree.children',
    hasOnlyVersions ? { ...at, prefix, sort: 'bytes', descending: true, limit: MOST_VERSIONS } : null,
  );
  const fresh = useMemo(() => {
    if (map.data === undefined) return undefined;
    if (!hasOnlyVersions) return map.data;
    return versions.data === undefined || versions.stale ? undefined : withVersions(map.data, versions.data);
  }, [map.data, hasOnlyVersions, versions.data, versions.stale]);
  // The last picture stays until the next is whole, and with it the focus.
  const [kept, setKept] = useState(fresh);
  if (fresh !== undefined && fresh !== kept) setKept(fresh);
  const root = fresh ?? kept;
  return { root, error: map.error ?? versions.error, retry: map.error === undefined ? versions.retry : map.retry };
}

function withVersions(root: MapNode, listed: Children): MapNode {
  const children = listed.nodes.map((node) => ({ ...node, children: [], rest: { count: 0, bytes: 0 } }));
  const bytes = children.reduce((sum, child) => sum + child.bytes, 0);
  return { ...root, children, rest: { count: listed.total - children.length, bytes: Math.max(0, root.bytes - bytes) } };
}
