import type { MapNode, Node } from '../../contract/index-views.ts';
import { nodeId, parentPath, pathOfId } from './node-id.ts';
import type { Loaded } from './table/listings.ts';

/** What is known of a selection: from the rows when they hold it, else from the map. Null when neither does yet. */
export function findNode(id: string, loaded: Loaded, root: MapNode | undefined): Node | null {
  const parent = loaded.listings.get(parentPath(pathOfId(id)));
  for (const page of parent?.pages.values() ?? []) {
    const found = page.find((node) => nodeId(node) === id);
    if (found !== undefined) return found;
  }
  return root === undefined ? null : inMap(id, root);
}

function inMap(id: string, node: MapNode): Node | null {
  if (nodeId(node) === id) return node;
  const path = pathOfId(id);
  for (const child of node.children) {
    if (!path.startsWith(child.path)) continue;
    const found = inMap(id, child);
    if (found !== null) return found;
  }
  return null;
}
