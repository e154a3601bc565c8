import { describe, expect, test } from 'vitest';
import { announcement } from '../../../src/renderer/explore/announce.ts';
import { binOf, LayerData } from '../../../src/renderer/explore/map/layers.ts';
import { between, wholeWhen } from '../../../src/renderer/explore/map/zoom.ts';
import { directoriesBetween, nodeId, parentPath, pathOfId } from '../../../src/renderer/explore/node-id.ts';
import { node } from './nodes.ts';
import { layerOf } from './tiles.ts';

const TIB = 2 ** 40;

describe('the bins of a layer', () => {
  test('have the words people use, and a class nobody knows its own name and a hatch', () => {
    expect(binOf('age', '366-730d')).toEqual({ key: '366-730d', label: '1–2 y', color: '--h4' });
    expect(binOf('class', 'GLACIER_IR')).toEqual({ key: 'GLACIER_IR', label: 'Glacier Instant', color: '--class-GIR' });
    expect(binOf('class', 'NEW_CLASS')).toEqual({ key: 'NEW_CLASS', label: 'NEW_CLASS', color: null });
    expect(binOf('category', 'other')).toMatchObject({ label: 'unknown', color: null });
    expect(binOf('dark', '30+').label).toBe('> 30 %');
  });

  test('of a scale are all shown, of a list only those that hold anything', () => {
    const answer = (layer: 'age' | 'class', keys: readonly string[]) => {
      const made = layerOf([0], keys, layer);
      return new LayerData({ ...made, bins: made.bins.map((bin, at) => ({ ...bin, versions: at === 0 ? 1 : 0 })) });
    };
    expect(answer('age', ['0-30d', '31-90d']).shown).toHaveLength(2);
    expect(answer('class', ['STANDARD', 'GLACIER']).shown).toHaveLength(1);
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
