import type { DirectoryClassifier } from '../../core/classify/directory-classifier.ts';
import type { TreeColumns } from '../../core/cube/tree.ts';
import { decodeUtf8 } from '../../core/cube/utf8.ts';

/** Marks the directories that rules call a whole unit; one key of a directory speaks for all under one rule. */
export class UnitRoots {
  private readonly pass: DirectoryClassifier;
  private readonly tree: TreeColumns;
  private directory = -1;
  private seen = new Set<number>();

  constructor(pass: DirectoryClassifier, tree: TreeColumns) {
    this.pass = pass;
    this.tree = tree;
  }

  see(directory: number, rule: number, names: Uint8Array, start: number, end: number): void {
    if (directory !== this.directory) {
      this.directory = directory;
      this.seen.clear();
    }
    if (rule < 0 || this.seen.has(rule)) return;
    this.seen.add(rule);
    const path = this.pass.classifier.match(rule, this.pass.path + decodeUtf8(names, start, end))?.unit;
    if (!path?.endsWith('/')) return;
    let root = directory;
    for (let depth = this.tree.depth[directory] as number; depth > path.split('/').length - 1; depth--)
      root = this.tree.parent[root] as number;
    // Units inside a table are not units: the table is kept or deleted whole (s3-domain 6).
    if (root === 0) return;
    this.tree.isUnitRoot[root] = 1;
  }
}
