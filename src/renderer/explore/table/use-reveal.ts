import { useEffect } from 'react';
import { directoriesBetween, nodeId, parentPath, pathOfId } from '../node-id.ts';
import { useExplore } from '../state.ts';
import type { ListingStore } from './listings.ts';
import { PAGE_SIZE } from './rows.ts';

/** How many pages of one directory are looked through for something selected in the map. */
const MOST_PAGES = 10;

/** Opens the directories a selection lies in, loading what is needed to know their rows. */
export function useReveal(store: ListingStore, prefix: string, selection: string | null): void {
  useEffect(() => {
    if (selection === null) return;
    const path = pathOfId(selection);
    if (!path.startsWith(prefix) || path === prefix) return;
    let isWanted = true;
    const reveal = async (): Promise<void> => {
      const opened = directoriesBetween(prefix, path);
      const wanted = [...opened, selection];
      for (const id of wanted) {
        const found = await find(store, parentPath(pathOfId(id)), id);
        if (!found || !isWanted) return;
      }
      useExplore.getState().expand(opened);
    };
    void reveal();
    return () => {
      isWanted = false;
    };
  }, [store, prefix, selection]);
}

async function find(store: ListingStore, directory: string, id: string): Promise<boolean> {
  for (let page = 0; page < MOST_PAGES; page++) {
    await store.load(directory, page);
    const listing = store.snapshot().listings.get(directory);
    if (listing === undefined) return false;
    if (listing.pages.get(page)?.some((node) => nodeId(node) === id)) return true;
    if ((page + 1) * PAGE_SIZE >= listing.total) return false;
  }
  return false;
}
