import { describe, expect, test } from 'vitest';
import { appError } from '../../../src/contract/errors.ts';
import { err, ok } from '../../../src/contract/result.ts';
import { type AskPage, ListingStore } from '../../../src/renderer/explore/table/listings.ts';
import { PAGE_SIZE } from '../../../src/renderer/explore/table/rows.ts';
import { node } from './nodes.ts';

function asked(): { ask: AskPage; calls: [string, number][]; fail: { next: boolean }; signals: AbortSignal[] } {
  const calls: [string, number][] = [];
  const signals: AbortSignal[] = [];
  const fail = { next: false };
  const ask: AskPage = async (prefix, offset, signal) => {
    calls.push([prefix, offset]);
    signals.push(signal);
    if (fail.next) return err(appError('IndexBusy', 'busy'));
    return ok({ parent: node(prefix, 7), total: 450, nodes: [node(`${prefix}k${offset}`, 1)] });
  };
  return { ask, calls, fail, signals };
}

describe('the pages of directories', () => {
  test('a page is asked for once, however often it is wanted', async () => {
    const { ask, calls } = asked();
    const store = new ListingStore(ask);
    await Promise.all([store.load('a/', 1), store.load('a/', 1)]);
    await store.load('a/', 1);
    expect(calls).toEqual([['a/', PAGE_SIZE]]);
    expect(store.snapshot().listings.get('a/')).toMatchObject({ total: 450, bytes: 7 });
  });

  test('watchers are told of every page, and a snapshot once taken does not change', async () => {
    const store = new ListingStore(asked().ask);
    let told = 0;
    const stop = store.subscribe(() => {
      told += 1;
    });
    await store.load('a/', 0);
    const before = store.snapshot();
    await store.load('a/', 1);
    expect([told, before.listings.get('a/')?.pages.size, store.snapshot().listings.get('a/')?.pages.size]).toEqual([2, 1, 2]);
    stop();
    await store.load('a/', 2);
    expect(told).toBe(2);
  });

  test('a failure is kept by directory, and asked for again only after retry', async () => {
    const { ask, calls, fail } = asked();
    const store = new ListingStore(ask);
    fail.next = true;
    await store.load('a/', 0);
    await store.load('a/', 0);
    expect([calls.length, store.snapshot().errors.get('a/')?.code]).toEqual([1, 'IndexBusy']);
    fail.next = false;
    store.retry();
    await store.load('a/', 0);
    expect([calls.length, store.snapshot().errors.size, store.snapshot().listings.has('a/')]).toEqual([2, 0, true]);
  });

  test('a new order shows the old rows until its first page is there', async () => {
    const old = new ListingStore(asked().ask);
    await old.load('', 0);
    const store = new ListingStore(asked().ask, old.snapshot());
    expect(store.snapshot()).toBe(old.snapshot());
    await store.load('', 1);
    expect([...(store.snapshot().listings.get('')?.pages.keys() ?? [])]).toEqual([1]);
  });

  test('a closed store takes its questions back and takes no answer', async () => {
    const { ask, signals } = asked();
    const store = new ListingStore(ask);
    const loading = store.load('', 0);
    store.close();
    await loading;
    expect([signals[0]?.aborted, store.snapshot().listings.size]).toEqual([true, 0]);
  });
});
