import type { Node } from '../../contract/index-views.ts';
import { useQuery } from '../state/query.ts';
import { nodeId, parentPath, pathOfId } from './node-id.ts';
import type { Loaded } from './table/listings.ts';
import type { At } from './use-listings.ts';

/** Everything known of a selection: from the rows where they hold it, else asked for. Null until it is known. */
export function useNode(at: At, id: string, loaded: Loaded): Node | null {
  const listed = amongRows(id, loaded);
  const isDirectory = !id.includes('\u0000');
  const asked = useQuery('tree.children', listed === null && isDirectory ? { ...at, prefix: id, limit: 1 } : null);
  if (listed !== null) return listed;
  return asked.data !== undefined && !asked.stale && asked.data.parent.path === id ? asked.data.parent : null;
}

function amongRows(id: string, loaded: Loaded): Node | null {
  const parent = loaded.listings.get(parentPath(pathOfId(id)));
  for (const page of parent?.pages.values() ?? []) {
    const found = page.find((node) => nodeId(node) === id);
    if (found !== undefined) return found;
  }
  return null;
}
