import type { Node } from '../../../contract/index-views.ts';
import { nodeId } from '../node-id.ts';

export const PAGE_SIZE = 200;

/** What is known of one directory's children: how many, and the pages loaded so far by page number. */
export interface Listing {
  readonly total: number;
  /** Bytes of the directory itself, what its children are a share of. */
  readonly bytes: number;
  readonly pages: ReadonlyMap<number, readonly Node[]>;
}

/** Everything the rows are made of. A directory's children follow it when `expanded` holds its path. */
export interface TreeModel {
  readonly root: string;
  readonly listings: ReadonlyMap<string, Listing>;
  readonly expanded: ReadonlySet<string>;
}

/** One visible row. `node` is null while its page is not loaded. `position` is 0-based among `siblings`. */
export interface Row {
  readonly node: Node | null;
  readonly parent: string;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  /** Bytes of the directory it lies in; 0 before they are known. */
  readonly parentBytes: number;
}

/** The open directories among one directory's loaded children, in row order, each with the rows it adds. */
interface Level {
  readonly total: number;
  readonly opened: readonly { readonly position: number; readonly path: string; readonly level: Level }[];
  readonly rows: number;
}

/** Rows by number without a list of them: looking one up costs the number of open directories, not of rows. */
export class Rows {
  readonly count: number;
  readonly #model: TreeModel;
  readonly #top: Level;

  constructor(model: TreeModel) {
    this.#model = model;
    this.#top = this.#measure(model.root, 0);
    this.count = this.#top.rows;
  }

  at(index: number): Row | null {
    if (index < 0 || index >= this.count) return null;
    return this.#find(this.#top, this.#model.root, 1, index);
  }

  /** The row number of a node by its id; -1 when it is not among the loaded, visible rows. */
  indexOf(id: string): number {
    return this.#search(this.#top, this.#model.root, id);
  }

  #measure(path: string, known: number): Level {
    const listing = this.#model.listings.get(path);
    const total = listing?.total ?? known;
    const opened: { position: number; path: string; level: Level }[] = [];
    for (const [page, nodes] of listing?.pages ?? []) {
      for (let i = 0; i < nodes.length; i++) {
        const node = nodes[i]!;
        if (node.type !== 'directory' || !this.#model.expanded.has(node.path)) continue;
        opened.push({ position: page * PAGE_SIZE + i, path: node.path, level: this.#measure(node.path, node.childCount) });
      }
    }
    opened.sort((a, b) => a.position - b.position);
    return { total, opened, rows: opened.reduce((sum, entry) => sum + entry.level.rows, total) };
  }

  #find(level: Level, parent: string, depth: number, index: number): Row | null {
    let before = 0;
    for (const entry of level.opened) {
      const start = entry.position + before + 1;
      if (index < start) break;
      if (index < start + entry.level.rows) return this.#find(entry.level, entry.path, depth + 1, index - start);
      before += entry.level.rows;
    }
    const position = index - before;
    const listing = this.#model.listings.get(parent);
    const node = listing?.pages.get(Math.floor(position / PAGE_SIZE))?.[position % PAGE_SIZE] ?? null;
    return { node, parent, level: depth, position, siblings: level.total, parentBytes: listing?.bytes ?? 0 };
  }

  #search(level: Level, parent: string, id: string): number {
    for (const [page, nodes] of this.#model.listings.get(parent)?.pages ?? []) {
      const within = nodes.findIndex((node) => nodeId(node) === id);
      if (within < 0) continue;
      const position = page * PAGE_SIZE + within;
      return position + level.opened.reduce((sum, entry) => sum + (entry.position < position ? entry.level.rows : 0), 0);
    }
    let before = 0;
    for (const entry of level.opened) {
      const found = this.#search(entry.level, entry.path, id);
      if (found >= 0) return entry.position + before + 1 + found;
      before += entry.level.rows;
    }
    return -1;
  }
}

/** The pages rows [from, to] need and that are not loaded, as directory and page number. */
export function missingPages(rows: Rows, model: TreeModel, from: number, to: number): { readonly prefix: string; readonly page: number }[] {
  const missing = new Map<string, { prefix: string; page: number }>();
  for (let index = Math.max(0, from); index <= Math.min(to, rows.count - 1); index++) {
    const row = rows.at(index);
    if (row === null || row.node !== null) continue;
    const page = Math.floor(row.position / PAGE_SIZE);
    if (!model.listings.get(row.parent)?.pages.has(page)) missing.set(`${page}\u0000${row.parent}`, { prefix: row.parent, page });
  }
  return [...missing.values()];
}
