import { useSyncExternalStore } from 'react';
import { client } from '../api/client.ts';
import type { Sort } from './state.ts';
import { ListingStore, type Loaded } from './table/listings.ts';
import { PAGE_SIZE } from './table/rows.ts';

/** Which snapshot, priced where. */
export type At = { readonly index: string; readonly snapshotId: string; readonly region?: string };

/** Kept outside the view, so that coming back to Explore shows the same rows at once. */
let kept: { readonly at: string; readonly key: string; readonly store: ListingStore } | undefined;

function storeFor(at: At, sort: Sort): ListingStore {
  const atKey = JSON.stringify(at);
  const key = `${atKey} ${sort.key} ${sort.descending}`;
  if (kept?.key === key) return kept.store;
  const before = kept?.at === atKey ? kept.store.snapshot() : undefined;
  kept?.store.close();
  const store = new ListingStore(
    (prefix, offset, signal) =>
      client.call('tree.children', { ...at, prefix, sort: sort.key, descending: sort.descending, offset, limit: PAGE_SIZE }, { signal }),
    before,
  );
  kept = { at: atKey, key, store };
  return store;
}

/** The pages loaded so far of this snapshot in this order. */
export function useListings(at: At, sort: Sort): { readonly store: ListingStore; readonly loaded: Loaded } {
  const store = storeFor(at, sort);
  return { store, loaded: useSyncExternalStore(store.subscribe, store.snapshot) };
}
