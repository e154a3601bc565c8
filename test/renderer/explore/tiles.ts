import type { MapLayerAnswer, MapTiles } from '../../../src/contract/map.ts';
import { TileSet } from '../../../src/renderer/explore/map/tile-set.ts';

/** A tile as a test describes it: a directory with what lies in it, a version, or a rest. */
export interface Drawn {
  readonly name: string;
  readonly bytes: number;
  readonly kind?: 'directory' | 'version' | 'rest';
  readonly entries?: number;
  readonly inside?: readonly Drawn[];
}

const KINDS = { directory: 0, version: 1, rest: 2 } as const;

const pack = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');

/** What the engine would answer for a tree of tiles. */
function tilesOf(root: Drawn, prefix = ''): MapTiles {
  const flat: { tile: Drawn; parent: number }[] = [];
  const walk = (tile: Drawn, parent: number): void => {
    const at = flat.push({ tile, parent }) - 1;
    for (const child of tile.inside ?? []) walk(child, at);
  };
  walk(root, -1);
  const versions = flat.filter(({ tile }) => tile.kind === 'version');
  const numbers = (of: (tile: Drawn) => number): string => pack(Float64Array.from(flat, ({ tile }) => of(tile)));
  return {
    asOf: '2026-11-21T00:00:00.000Z',
    prices: { region: 'us-east-1', asOf: '2026-10-03', assumed: false },
    prefix,
    count: flat.length,
    parent: pack(Int32Array.from(flat, ({ parent }) => parent)),
    kind: pack(Uint8Array.from(flat, ({ tile }) => KINDS[tile.kind ?? 'directory'])),
    names: flat.map(({ tile }) => (tile.kind === 'rest' ? '' : tile.name)),
    bytes: numbers(({ bytes }) => bytes),
    versions: numbers(() => 1),
    noncurrentBytes: numbers(() => 0),
    monthlyUsd: numbers(() => 1),
    newestWriteDay: pack(new Int32Array(flat.length).fill(20_000)),
    entries: numbers(({ entries }) => entries ?? 1),
    versionIds: versions.map(() => null),
    lastModifiedMs: pack(Float64Array.from(versions, () => Date.UTC(2026, 10, 1))),
  };
}

export const setOf = (root: Drawn, prefix = ''): TileSet => new TileSet(tilesOf(root, prefix));

/** An answer that puts each tile into the bin its number says; shares as given, or none. */
export function layerOf(
  dominant: readonly number[],
  keys: readonly string[],
  layer: MapLayerAnswer['layer'] = 'age',
  shares?: readonly number[],
): MapLayerAnswer {
  return {
    layer,
    bins: keys.map((key) => ({ key, bytes: 1, versions: 1, monthlyNanoUsd: '1' })),
    dominant: pack(Uint8Array.from(dominant)),
    shares: shares === undefined ? '' : pack(Uint8Array.from(shares)),
  };
}
