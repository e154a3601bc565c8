import type { Node } from '../../contract/index-views.ts';

/** Names one row or tile within a snapshot: a directory by its path, a version by its key and version ID (a key has many). */
export function nodeId(node: Pick<Node, 'type' | 'path' | 'version'>): string {
  if (node.type === 'directory') return node.path;
  return `${node.path}\u0000${node.version?.versionId ?? ''}\u0000${node.version?.lastModified ?? ''}`;
}

/** The key or prefix an id stands for. */
export const pathOfId = (id: string): string => id.split('\u0000', 1)[0] ?? '';

/** The directory a path lies in: "a/b/" -> "a/", "a/x" -> "a/", "a/" -> "". */
export function parentPath(path: string): string {
  const inner = path.endsWith('/') ? path.slice(0, -1) : path;
  return inner.slice(0, inner.lastIndexOf('/') + 1);
}

/** Every directory from just below `from` down to the one `path` lies in, outermost first. */
export function directoriesBetween(from: string, path: string): string[] {
  const between: string[] = [];
  for (let up = parentPath(path); up.length > from.length; up = parentPath(up)) between.unshift(up);
  return between;
}
