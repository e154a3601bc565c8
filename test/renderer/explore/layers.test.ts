import { describe, expect, test } from 'vitest';
import { announcement } from '../../../src/renderer/explore/announce.ts';
import { directoriesBetween, nodeId, parentPath, pathOfId } from '../../../src/renderer/explore/node-id.ts';
import { binOf, histogram } from '../../../src/renderer/explore/treemap/layers.ts';
import { layoutTreemap } from '../../../src/renderer/explore/treemap/layout.ts';
import { between, wholeWhen } from '../../../src/renderer/explore/treemap/zoom.ts';
import { leaf, mapNode, node } from './nodes.ts';

const TIB = 2 ** 40;

describe('the colour of a node', () => {
  test('is the age most of its bytes have, the newer one on a tie', () => {
    expect(binOf('age', node('a/', 10, { bytesByAge: [1, 0, 0, 3, 6, 0] })).key).toBe('366-730d');
    expect(binOf('age', node('a/', 10, { bytesByAge: [5, 0, 0, 5, 0, 0] })).key).toBe('0-30d');
  });

  test('a node without bytes is unknown, which has no colour', () => {
    const empty = node('a/', 0, { bytesByClass: [], bytesByCategory: [], monthlyNanoUsd: '0' });
    for (const layer of ['age', 'class', 'category', 'cost'] as const) expect(binOf(layer, empty).color).toBeNull();
  });

  test('a class nobody knows is hatched, not coloured as another', () => {
    expect(binOf('class', node('a/', 9, { bytesByClass: [['SNOWLAKE', 9]] }))).toMatchObject({ key: 'unknown', color: null });
    expect(binOf('class', node('a/', 9, { bytesByClass: [['GLACIER', 9]] }))).toMatchObject({ key: 'GLACIER', color: '--class-GFR' });
  });

  test('bytes no rule tells are hatched in the category layer', () => {
    expect(binOf('category', node('a/', 9, { bytesByCategory: [['other', 9]] })).color).toBeNull();
  });

  test.each([
    ['23550000000', '20+'],
    ['12800000000', '10-20'],
    ['4000000000', '4-10'],
    ['1010000000', '0-4'],
    [null, 'unknown'],
  ])('%s nano-USD a month for one TiB is %s', (monthlyNanoUsd, key) => {
    expect(binOf('cost', node('a/', TIB, { monthlyNanoUsd })).key).toBe(key);
  });
});

describe('the legend', () => {
  test('sums the root exactly and shows every age, even an empty one', () => {
    const root = mapNode('', [leaf('a/', 10)]);
    const bins = histogram('age', { ...root, bytesByAge: [1, 2, 0, 3, 4, 0] }, []);
    expect(bins.map(({ bytes }) => bytes)).toEqual([1, 2, 0, 3, 4, 0]);
  });

  test('shows only the classes there are, and unknown last', () => {
    const root = node('', 9, {
      bytesByClass: [
        ['ODD', 2],
        ['GLACIER', 4],
        ['STANDARD', 3],
      ],
    });
    expect(histogram('class', root, []).map(({ bin, bytes }) => [bin.key, bytes])).toEqual([
      ['STANDARD', 3],
      ['GLACIER', 4],
      ['unknown', 2],
    ]);
  });

  test('counts each closed tile whole for money', () => {
    const root = mapNode('', [leaf('a/', 2 * TIB, { monthlyNanoUsd: '50000000000' }), leaf('b/', TIB, { monthlyNanoUsd: null })]);
    const bins = histogram('cost', root, layoutTreemap(root, 400, 300));
    expect(bins.filter(({ bytes }) => bytes > 0).map(({ bin, bytes }) => [bin.key, bytes])).toEqual([
      ['20+', 2 * TIB],
      ['unknown', TIB],
    ]);
  });
});

describe('what is announced of a selection', () => {
  test('a directory says its size, its share and what most of it is', () => {
    const selected = node('checkpoints/', 4.2 * TIB, { bytesByAge: [0, 0, 0, 0, 4.2 * TIB, 0] });
    expect(announcement(selected, 11 * TIB, 'age')).toBe('checkpoints/, 4.20 TiB, 38 % of bucket, mostly 1–2 y');
  });

  test('hidden characters of a key are spoken for', () => {
    expect(announcement(node('a\u202e/', 0), 0, 'age')).toBe('a‹202E›/, 0 B');
  });
});

describe('naming nodes', () => {
  test('two versions of one key have two ids and one path', () => {
    const version = (versionId: string) => node('a/x', 1, { version: { versionId, lastModified: '2026-01-01T00:00:00.000Z' } as never });
    expect(nodeId(version('1'))).not.toBe(nodeId(version('2')));
    expect(pathOfId(nodeId(version('1')))).toBe('a/x');
  });

  test('parents keep empty segments', () => {
    expect(['a/b/', 'a/x', 'a/', 'a//', 'x'].map(parentPath)).toEqual(['a/', 'a/', '', 'a/', '']);
    expect(directoriesBetween('a/', 'a/b//c/x')).toEqual(['a/b/', 'a/b//', 'a/b//c/']);
    expect(directoriesBetween('', 'x')).toEqual([]);
  });
});

describe('the zoom', () => {
  test('starts at the tile, ends at the whole, and keeps the tile in its place in the picture around it', () => {
    const part = { x: 100, y: 50, w: 200, h: 100 };
    const whole = { x: 0, y: 0, w: 800, h: 400 };
    expect(between(part, whole, 0)).toEqual(part);
    expect(between(part, whole, 1)).toEqual(whole);
    expect(wholeWhen(part, part, whole)).toEqual(whole);
    expect(wholeWhen(part, whole, whole)).toEqual({ x: -400, y: -200, w: 3200, h: 1600 });
  });
});
