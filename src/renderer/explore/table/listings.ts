import type { AppError } from '../../../contract/errors.ts';
import type { Children } from '../../../contract/index-views.ts';
import type { Result } from '../../../contract/result.ts';
import { type Listing, PAGE_SIZE } from './rows.ts';

/** What has been loaded: pages by directory, and failures by directory. */
export interface Loaded {
  readonly listings: ReadonlyMap<string, Listing>;
  readonly errors: ReadonlyMap<string, AppError>;
}

/** Asks for one page of a directory, in the order the rows are sorted. */
export type AskPage = (prefix: string, offset: number, signal: AbortSignal) => Promise<Result<Children>>;

const MOST_UNDER_WAY = 3;

const keyOf = (prefix: string, page: number): string => `${page}\u0000${prefix}`;

const NOTHING_LOADED: Loaded = { listings: new Map(), errors: new Map() };

/**
 * The pages of one snapshot in one order. Nothing is loaded that was not asked for, and nothing twice.
 * `before` is shown until the first page is there, so that sorting again does not flash.
 */
export class ListingStore {
  #loaded: Loaded = NOTHING_LOADED;
  readonly #before: Loaded;
  readonly #ask: AskPage;
  readonly #asked = new Map<string, Promise<void>>();
  readonly #watchers = new Set<() => void>();
  readonly #stop = new AbortController();
  #wanted: readonly { readonly prefix: string; readonly page: number }[] = [];
  #underWay = 0;

  constructor(ask: AskPage, before: Loaded = NOTHING_LOADED) {
    this.#ask = ask;
    this.#before = before;
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  };

  readonly snapshot = (): Loaded => (this.#loaded === NOTHING_LOADED ? this.#before : this.#loaded);

  /**
   * The pages that are in sight, the most wanted first. Only a few are asked for at a time, and what has gone out of sight
   * before its turn is not asked for at all: scrolling through millions of rows passes over thousands of pages.
   */
  want(pages: readonly { readonly prefix: string; readonly page: number }[]): void {
    this.#wanted = pages;
    this.#pump();
  }

  #pump(): void {
    for (const { prefix, page } of this.#wanted) {
      if (this.#underWay >= MOST_UNDER_WAY) return;
      if (this.#asked.has(keyOf(prefix, page))) continue;
      this.#underWay += 1;
      void this.load(prefix, page).finally(() => {
        this.#underWay -= 1;
        this.#pump();
      });
    }
  }

  /** Resolves when the page is there or has failed. */
  load(prefix: string, page: number): Promise<void> {
    const key = keyOf(prefix, page);
    const known = this.#asked.get(key);
    if (known !== undefined) return known;
    const asking = this.#ask(prefix, page * PAGE_SIZE, this.#stop.signal).then((result) => {
      if (this.#stop.signal.aborted) return;
      const { listings, errors } = this.#loaded;
      this.#set(
        result.ok
          ? { listings: withPage(listings, prefix, page, result.value), errors }
          : { listings, errors: new Map(errors).set(prefix, result.error) },
      );
    });
    this.#asked.set(key, asking);
    return asking;
  }

  /** Forgets the failures, so that what failed can be asked for again. */
  retry(): void {
    const failed = this.#loaded.errors;
    for (const [key] of this.#asked) {
      const [page, prefix] = key.split('\u0000', 2) as [string, string];
      if (failed.has(prefix) && !this.#loaded.listings.get(prefix)?.pages.has(Number(page))) this.#asked.delete(key);
    }
    this.#set({ ...this.#loaded, errors: new Map() });
  }

  /** Takes back every question still open. */
  close(): void {
    this.#stop.abort();
  }

  #set(loaded: Loaded): void {
    this.#loaded = loaded;
    for (const watcher of this.#watchers) watcher();
  }
}

function withPage(listings: Loaded['listings'], prefix: string, page: number, answer: Children): Loaded['listings'] {
  const pages = new Map(listings.get(prefix)?.pages).set(page, answer.nodes);
  return new Map(listings).set(prefix, { total: answer.total, bytes: answer.parent.bytes, pages });
}
