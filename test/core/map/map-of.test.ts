import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AGE_BINS, CATEGORIES, CATEGORY_OF_KIND, KINDS } from '../../../src/contract/vocabulary.ts';
import type { PackedCube } from '../../../src/core/cube/group.ts';
import { MonthlyPrice } from '../../../src/core/cube/monthly-price.ts';
import type { RowBlock } from '../../../src/core/cube/row-block.ts';
import { chooseTiles, DIRECTORY_TILE, REST_TILE, VERSION_TILE } from '../../../src/core/map/choose-tiles.ts';
import { layTiles, type MapScope, type MeasuredTiles, measureTiles } from '../../../src/core/map/map-of.ts';
import { buildCube, type TestVersion } from '../../support/cube-builder.ts';
import { shippedPrices } from '../../support/prices.ts';

const AS_OF = Date.parse('2026-11-21T00:00:00.000Z');
const TODAY = AS_OF / 86_400_000;
const list = shippedPrices();
const RUNS = process.env.ISOTHERM_DEEP ? 2000 : 150;

const directoryOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);

/** A scope over a handful of versions, rows included, so that single keys can be tiles. */
function scopeOf(versions: readonly TestVersion[], prefix = ''): MapScope {
  const cube = buildCube(versions, { asOfMs: AS_OF }) as PackedCube;
  const under = cube.tree.find(prefix);
  const rowsOf = (directory: number): RowBlock => {
    const own = versions.filter(({ key }) => directoryOf(key) === cube.tree.path(directory)).sort((a, b) => (a.key < b.key ? -1 : 1));
    return {
      rows: own.length,
      kind: Uint8Array.from(own, ({ kind }) => KINDS.indexOf(kind ?? 'other')),
      classId: Uint16Array.from(own, ({ storageClass }) =>
        cube.classes.findIndex((known) => known.storageClass === (storageClass ?? 'STANDARD')),
      ),
      state: Uint8Array.from(own, ({ state }) => ['current', 'noncurrent', 'marker'].indexOf(state ?? 'current')),
      sizeBytes: Float64Array.from(own, ({ sizeBytes, state }) => (state === 'marker' ? 0 : sizeBytes)),
      lastModifiedMs: Float64Array.from(own, ({ writtenDay }) => writtenDay * 86_400_000),
      name: (row: number) => own[row]?.key.slice(directoryOf(own[row]?.key ?? '').length) ?? '',
      versionId: () => null,
    } as unknown as RowBlock;
  };
  return { cube, under, rowsOf, price: new MonthlyPrice(cube, list) };
}

/** The versions a tile stands for, told by its path and by what its brothers take. */
function versionsIn(scope: MapScope, measured: MeasuredTiles, tile: number, versions: readonly TestVersion[]): TestVersion[] {
  const { tiles } = measured;
  const { tree } = scope.cube;
  const pathOf = (at: number): string => tree.path(tiles.directory[at] as number);
  const below = (at: number): TestVersion[] => {
    if (tiles.kind[at] === VERSION_TILE) {
      const name = scope.rowsOf(tiles.directory[at] as number)?.name(tiles.row[at] as number);
      return versions.filter(({ key }) => key === pathOf(at) + name);
    }
    return versions.filter(({ key }) => key.startsWith(pathOf(at)));
  };
  if (tiles.kind[tile] !== REST_TILE) return below(tile);
  const parent = tiles.parent[tile] as number;
  const taken = new Set<TestVersion>();
  for (let at = 0; at < tiles.count; at++)
    if (tiles.parent[at] === parent && at !== tile) for (const version of below(at)) taken.add(version);
  return below(parent).filter((version) => !taken.has(version));
}

const anyVersions = fc
  .array(
    fc.record({
      directory: fc.constantFrom('', 'a/', 'a/b/', 'a/b/c/', 'a//', '=x/', 'é/😀/', 'runs/1/', 'runs/2/'),
      sizeBytes: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 100_000, max: 5_000_000 }), fc.constant(40_000_000)),
      storageClass: fc.constantFrom('STANDARD', 'STANDARD_IA', 'GLACIER_IR', 'DEEP_ARCHIVE', 'NEW_CLASS'),
      kind: fc.constantFrom(...KINDS),
      state: fc.constantFrom('current' as const, 'current' as const, 'noncurrent' as const, 'marker' as const),
      age: fc.integer({ min: -2, max: 1200 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((rows) =>
    rows.map(
      ({ directory, age, state, ...row }, at): TestVersion => ({ ...row, state, key: `${directory}k${at}`, writtenDay: TODAY - age }),
    ),
  );
const anyRoom = fc.record({ areaPx: fc.integer({ min: 16, max: 20_000 }), limit: fc.constantFrom(1, 3, 50_000) });

describe('the tiles of a map', () => {
  test('stand for every version once, in pre-order, brothers by bytes', () => {
    fc.assert(
      fc.property(anyVersions, anyRoom, (versions, room) => {
        const scope = scopeOf(versions);
        const { tiles } = measureTiles(scope, room);
        const isOpen = new Set(tiles.parent);
        let closed = 0;
        for (let tile = 0; tile < tiles.count; tile++) {
          const above = tiles.parent[tile] as number;
          expect(above).toBeLessThan(tile);
          if (!isOpen.has(tile)) closed += tiles.bytes[tile] as number;
          const inside = [...tiles.parent.keys()].filter((at) => tiles.parent[at] === tile);
          if (inside.length > 0) expect(inside.reduce((sum, at) => sum + (tiles.bytes[at] as number), 0)).toBe(tiles.bytes[tile]);
          const largeFirst = inside.filter((at) => tiles.kind[at] !== REST_TILE).map((at) => tiles.bytes[at] as number);
          expect(largeFirst).toEqual([...largeFirst].sort((a, b) => b - a));
          expect(inside.filter((at) => tiles.kind[at] === REST_TILE).every((at) => at === inside.at(-1))).toBe(true);
        }
        const all = versions.reduce((sum, { sizeBytes, state }) => sum + (state === 'marker' ? 0 : sizeBytes), 0);
        expect(closed).toBe(all);
      }),
      { seed: 20261124, numRuns: RUNS },
    );
  });

  test('tell the versions, the noncurrent bytes and the money of what they stand for', () => {
    fc.assert(
      fc.property(anyVersions, anyRoom, (versions, room) => {
        const scope = scopeOf(versions);
        const measured = measureTiles(scope, room);
        for (let tile = 0; tile < measured.tiles.count; tile++) {
          const own = versionsIn(scope, measured, tile, versions).filter(({ state }) => state !== 'marker');
          expect(measured.versions[tile]).toBe(own.length);
          expect(measured.tiles.bytes[tile]).toBe(own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
          const noncurrent = own.filter(({ state }) => state === 'noncurrent').reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
          expect(measured.noncurrentBytes[tile]).toBe(noncurrent);
          const priced = own.filter(({ storageClass }) => storageClass !== 'NEW_CLASS');
          if (own.length > 0 && priced.length === 0) expect(measured.monthlyUsd[tile]).toBeNaN();
        }
      }),
      { seed: 20261124, numRuns: RUNS },
    );
  });

  test.each(['age', 'class', 'category'] as const)('fall into the bins of %s as their versions do', (layer) => {
    const binOf = (version: TestVersion): string => {
      if (layer === 'class') return version.storageClass ?? 'STANDARD';
      if (layer === 'category') return CATEGORY_OF_KIND[version.kind ?? 'other'];
      const age = Math.max(0, TODAY - version.writtenDay);
      return AGE_BINS.find(({ toDays }) => toDays === null || age <= toDays)?.key ?? '';
    };
    fc.assert(
      fc.property(anyVersions, anyRoom, (versions, room) => {
        const scope = scopeOf(versions);
        const measured = measureTiles(scope, room);
        const laid = layTiles(scope, measured, layer);
        const keys = laid.bins.map(({ key }) => key);
        const stored = versions.filter(({ state }) => state !== 'marker');
        for (const bin of laid.bins) {
          const own = stored.filter((version) => binOf(version) === bin.key);
          expect([bin.versions, bin.bytes]).toEqual([own.length, own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)]);
        }
        for (let tile = 0; tile < measured.tiles.count; tile++) {
          const sums = keys.map((key) =>
            versionsIn(scope, measured, tile, stored)
              .filter((version) => binOf(version) === key)
              .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
          );
          const most = Math.max(...sums);
          expect(laid.dominant[tile]).toBe(most === 0 ? 255 : sums.indexOf(most));
          sums.forEach((bytes, bin) => {
            const share = laid.shares?.[tile * keys.length + bin] ?? 0;
            expect(share > 0).toBe(bytes > 0);
          });
        }
      }),
      { seed: 20261124, numRuns: RUNS },
    );
  });
});

const big = (key: string, sizeBytes: number): TestVersion => ({ key, sizeBytes, writtenDay: TODAY - 5 });

describe('what has a tile of its own', () => {
  test('a directory too small for the area is in the rest, which counts it', () => {
    const scope = scopeOf([big('large/a', 1_000_000), big('small/a', 10), big('small/b/c', 10)]);
    const { tiles } = measureTiles(scope, { areaPx: 1000, limit: 100 });
    expect([...tiles.kind]).toEqual([DIRECTORY_TILE, DIRECTORY_TILE, REST_TILE]);
    expect([...tiles.entries]).toEqual([1, 1, 1]);
    expect(tiles.bytes[2]).toBe(20);
  });

  test('a flat directory shows its keys where they are large enough', () => {
    const scope = scopeOf(Array.from({ length: 10 }, (_, at) => big(`flat/k${at}`, 1000 + at)));
    const { tiles } = measureTiles(scope, { areaPx: 10_000, limit: 100 });
    expect([...tiles.kind].filter((kind) => kind === VERSION_TILE)).toHaveLength(10);
    expect(scope.rowsOf(tiles.directory[2] as number)?.name(tiles.row[2] as number)).toBe('k9');
  });

  test('a few crumbs beside one large rest stay together', () => {
    const crumbs = Array.from({ length: 2000 }, (_, at) => big(`flat/s${at}`, 10));
    const scope = scopeOf([big('flat/large', 2000), ...crumbs]);
    expect([...measureTiles(scope, { areaPx: 4000, limit: 100 }).tiles.kind]).toEqual([DIRECTORY_TILE, DIRECTORY_TILE]);
  });

  test('a directory whose keys could not be read is drawn closed', () => {
    const scope = scopeOf([big('flat/a', 10), big('flat/b', 10)]);
    const tiles = chooseTiles(scope.cube, 0, { areaPx: 10_000, limit: 10, ownSizes: () => undefined });
    expect([...tiles.kind]).toEqual([DIRECTORY_TILE, DIRECTORY_TILE]);
  });

  test('dark and cost give each tile one bin', () => {
    const scope = scopeOf([
      { ...big('a/x', 1000), state: 'noncurrent' },
      { ...big('b/x', 900), storageClass: 'DEEP_ARCHIVE' },
      { ...big('c/x', 800), storageClass: 'NEW_CLASS' },
    ]);
    const measured = measureTiles(scope, { areaPx: 10_000, limit: 10 });
    const nameOf = (tile: number): string => scope.cube.tree.name(measured.tiles.directory[tile] as number);
    const binsOf = (layer: 'dark' | 'cost'): Record<string, string | undefined> => {
      const laid = layTiles(scope, measured, layer);
      return Object.fromEntries([1, 2, 3].map((tile) => [nameOf(tile), laid.bins[laid.dominant[tile] as number]?.key]));
    };
    expect(binsOf('dark')).toEqual({ a: '30+', b: '0-5', c: '0-5' });
    expect(binsOf('cost')).toMatchObject({ a: '20+', c: undefined });
  });
});

test('categories keep their order whatever is there', () => {
  const scope = scopeOf([big('a', 1)]);
  expect(layTiles(scope, measureTiles(scope, { areaPx: 100, limit: 1 }), 'category').bins.map(({ key }) => key)).toEqual([...CATEGORIES]);
});
