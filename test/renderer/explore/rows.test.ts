import { describe, expect, test } from 'vitest';
import type { Node } from '../../../src/contract/index-views.ts';
import { nodeId } from '../../../src/renderer/explore/node-id.ts';
import { actOn, parentRow } from '../../../src/renderer/explore/table/keyboard.ts';
import { type Listing, missingPages, PAGE_SIZE, Rows, type TreeModel } from '../../../src/renderer/explore/table/rows.ts';
import { node } from './nodes.ts';

const listing = (nodes: readonly Node[], total = nodes.length): Listing => ({ total, bytes: 100, pages: new Map([[0, nodes]]) });
const key = (name: string, more = {}) => ({ key: name, altKey: false, ctrlKey: false, metaKey: false, ...more });

/** a/ (open: a/x, a/b/ (open: a/b/y)), c/ (closed) */
const model: TreeModel = {
  root: '',
  listings: new Map([
    ['', listing([node('a/', 60, { childCount: 2 }), node('c/', 40, { childCount: 5 })])],
    ['a/', listing([node('a/x', 10), node('a/b/', 50)])],
    ['a/b/', listing([node('a/b/y', 50)])],
  ]),
  expanded: new Set(['a/', 'a/b/']),
};
const paths = (rows: Rows): (string | undefined)[] => Array.from({ length: rows.count }, (_, i) => rows.at(i)?.node?.path);

describe('the rows of the tree', () => {
  test('the children of an open directory follow it, one level deeper', () => {
    const rows = new Rows(model);
    expect(paths(rows)).toEqual(['a/', 'a/x', 'a/b/', 'a/b/y', 'c/']);
    expect([0, 1, 2, 3, 4].map((i) => rows.at(i)?.level)).toEqual([1, 2, 2, 3, 1]);
    expect(rows.at(4)).toMatchObject({ position: 1, siblings: 2, parentBytes: 100 });
  });

  test('each row is found again by its id', () => {
    const rows = new Rows(model);
    for (let i = 0; i < rows.count; i++) expect(rows.indexOf(nodeId(rows.at(i)!.node!))).toBe(i);
    expect(rows.indexOf('nowhere/')).toBe(-1);
  });

  test('closing a directory takes everything below it out of the rows', () => {
    const closed = new Rows({ ...model, expanded: new Set(['a/b/']) });
    expect(paths(closed)).toEqual(['a/', 'c/']);
    expect(closed.indexOf('a/b/')).toBe(-1);
  });

  test('a directory that opens takes its room before its children are loaded', () => {
    const rows = new Rows({ ...model, expanded: new Set(['a/', 'c/']) });
    expect(rows.count).toBe(2 + 2 + 5);
    expect(rows.at(rows.count - 1)).toMatchObject({ node: null, parent: 'c/', level: 2, position: 4 });
  });

  test('a directory of a million children answers for its last row without listing them', () => {
    const huge: TreeModel = { root: '', listings: new Map([['', listing([node('a/', 1)], 900_000)]]), expanded: new Set() };
    const rows = new Rows(huge);
    expect(rows.at(899_999)).toMatchObject({ node: null, position: 899_999 });
    const over = new Rows({ ...huge, listings: new Map([['', listing([], 50_000_000)]]) });
    expect(over.at(49_999_999)).toMatchObject({ node: null, position: 49_999_999 });
  });

  test('only the pages in sight that are not there are asked for', () => {
    const huge: TreeModel = { root: '', listings: new Map([['', listing([node('a/', 1)], 1000)]]), expanded: new Set() };
    expect(missingPages(new Rows(huge), huge, PAGE_SIZE * 2 - 5, PAGE_SIZE * 2 + 5)).toEqual([
      { prefix: '', page: 1 },
      { prefix: '', page: 2 },
    ]);
    expect(missingPages(new Rows(huge), huge, 0, 0)).toEqual([]);
    const opened = { ...model, expanded: new Set(['a/', 'c/']) };
    expect(missingPages(new Rows(opened), opened, 0, 20)).toEqual([{ prefix: 'c/', page: 0 }]);
  });
});

describe('keys in the tree', () => {
  const rows = new Rows(model);
  const act = (name: string, at: number, more = {}) => actOn(key(name, more), rows, at, model.expanded, 3);

  test('arrows, Home, End and the page keys move within the rows', () => {
    expect(act('ArrowDown', 0)).toEqual({ do: 'move', to: 1 });
    expect(act('ArrowDown', 4)).toEqual({ do: 'move', to: 4 });
    expect(act('ArrowUp', 0)).toEqual({ do: 'move', to: 0 });
    expect(act('ArrowDown', -1)).toEqual({ do: 'move', to: 0 });
    expect(act('End', 0)).toEqual({ do: 'move', to: 4 });
    expect(act('Home', 4)).toEqual({ do: 'move', to: 0 });
    expect(act('PageDown', 0)).toEqual({ do: 'move', to: 3 });
    expect(act('PageUp', 2)).toEqual({ do: 'move', to: 0 });
  });

  test('Right opens a closed directory, then goes to its first child', () => {
    expect(act('ArrowRight', 4)).toEqual({ do: 'expand', path: 'c/' });
    expect(act('ArrowRight', 0)).toEqual({ do: 'move', to: 1 });
    expect(act('ArrowRight', 1)).toBeNull();
  });

  test('Left closes an open directory, elsewhere it goes to the parent', () => {
    expect(act('ArrowLeft', 0)).toEqual({ do: 'collapse', path: 'a/' });
    expect(act('ArrowLeft', 3)).toEqual({ do: 'move', to: 2 });
    expect(act('ArrowLeft', 4)).toBeNull();
    expect(parentRow(rows, 1)).toBe(0);
  });

  test('Enter goes into a directory and does nothing on a version', () => {
    expect(act('Enter', 2)).toEqual({ do: 'drill', path: 'a/b/' });
    expect(act('Enter', 1)).toBeNull();
  });

  test('Backspace and Alt Up go up, keys of the system are left alone', () => {
    expect(act('Backspace', 0)).toEqual({ do: 'up' });
    expect(act('ArrowUp', 2, { altKey: true })).toEqual({ do: 'up' });
    expect(act('ArrowDown', 0, { ctrlKey: true })).toBeNull();
    expect(act('ArrowLeft', 0, { altKey: true })).toBeNull();
  });
});
