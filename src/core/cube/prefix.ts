import type { DirectoryTree } from './cube.ts';

/** What a key prefix covers: whole directories, and of one directory the names that begin with `namePrefix`. */
export interface PrefixScope {
  /** Directories [from, to) lie under the prefix with everything below them. */
  readonly from: number;
  readonly to: number;
  /** Set where the prefix ends inside a name: the keys of this directory whose names begin so are covered too. */
  readonly cut: { readonly directory: number; readonly namePrefix: string } | null;
}

/** The scope of a prefix, or null where not even its directory exists. "" covers everything. */
export function prefixScope(tree: DirectoryTree, prefix: string): PrefixScope | null {
  const slash = prefix.lastIndexOf('/');
  const directory = tree.find(prefix.slice(0, slash + 1));
  if (directory < 0) return null;
  const namePrefix = prefix.slice(slash + 1);
  if (namePrefix === '') return { from: directory, to: tree.subtreeEnd[directory] as number, cut: null };
  let from = 0;
  let to = 0;
  // Siblings are in byte order, so those that share the beginning of their names follow each other.
  for (const child of tree.children(directory)) {
    if (!tree.name(child).startsWith(namePrefix)) continue;
    if (to === 0) from = child;
    to = tree.subtreeEnd[child] as number;
  }
  return { from, to, cut: { directory, namePrefix } };
}
