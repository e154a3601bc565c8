import type { MapTiles } from '../../../contract/map.ts';
import type { MAP_METHODS } from '../../../contract/methods/map.ts';
import { ok, type Result } from '../../../contract/result.ts';
import type { PackedCube } from '../../../core/cube/group.ts';
import type { RowBlock } from '../../../core/cube/row-block.ts';
import { DIRECTORY_TILE, VERSION_TILE } from '../../../core/map/choose-tiles.ts';
import { layTiles, type MapScope, type MeasuredTiles, measureTiles } from '../../../core/map/map-of.ts';
import { directoryOf, openView, type View } from '../../index/views/view.ts';
import type { PricePlaces } from '../../prices.ts';
import type { Handlers } from '../handler.ts';

/** The tiles of the directories looked at last: a layer is asked for right after its tiles. */
const known = new WeakMap<PackedCube, Map<string, MeasuredTiles>>();
const MOST_KNOWN = 6;

interface Room {
  readonly index: string;
  readonly snapshotId?: string | undefined;
  readonly prefix: string;
  readonly areaPx: number;
  readonly limit: number;
  readonly region?: string | undefined;
}

interface Mapped {
  readonly view: View;
  readonly scope: MapScope;
  readonly tiles: MeasuredTiles;
}

async function mapped(room: Room, places: PricePlaces): Promise<Result<Mapped>> {
  const view = await openView(room, places);
  if (!view.ok) return view;
  const directory = directoryOf(view.value, room.prefix);
  if (!directory.ok) return directory;
  const scope = scopeOf(view.value, directory.value);
  const sets = known.get(scope.cube) ?? new Map<string, MeasuredTiles>();
  known.set(scope.cube, sets);
  const key = `${scope.under} ${room.areaPx} ${room.limit} ${view.value.prices.region}`;
  const tiles = sets.get(key) ?? measureTiles(scope, room);
  sets.delete(key);
  sets.set(key, tiles);
  const oldest = sets.size > MOST_KNOWN ? sets.keys().next().value : undefined;
  if (oldest !== undefined) sets.delete(oldest);
  return ok({ view: view.value, scope, tiles });
}

function scopeOf({ cube, price, reader, snapshotId }: View, under: number): MapScope {
  const read = new Map<number, RowBlock | undefined>();
  const rowsOf = (directory: number): RowBlock | undefined => {
    if (!read.has(directory)) {
      const rows = reader.versionsIn(snapshotId, directory);
      read.set(directory, rows.ok ? rows.value : undefined);
    }
    return read.get(directory);
  };
  return { cube, under, price, rowsOf };
}

export const mapHandlers: Pick<Handlers, keyof typeof MAP_METHODS> = {
  'map.tiles': async (params, { environment }) => {
    const map = await mapped(params, environment);
    return map.ok ? ok(tilesAnswer(map.value, params.prefix)) : map;
  },

  'map.layer': async ({ layer, ...room }, { environment }) => {
    const map = await mapped(room, environment);
    if (!map.ok) return map;
    const { bins, dominant, shares } = layTiles(map.value.scope, map.value.tiles, layer);
    return ok({ layer, bins: [...bins], dominant: pack(dominant), shares: shares === null ? '' : pack(shares) });
  },
};

function tilesAnswer({ view, scope, tiles: measured }: Mapped, prefix: string): MapTiles {
  const { tiles } = measured;
  const names: string[] = [];
  const versionIds: (string | null)[] = [];
  const modified: number[] = [];
  for (let tile = 0; tile < tiles.count; tile++) {
    const directory = tiles.directory[tile] as number;
    if (tiles.kind[tile] === DIRECTORY_TILE) names.push(scope.cube.tree.name(directory));
    else if (tiles.kind[tile] === VERSION_TILE) {
      const rows = scope.rowsOf(directory);
      const row = tiles.row[tile] as number;
      names.push(rows?.name(row) ?? '');
      versionIds.push(rows?.versionId(row) ?? null);
      modified.push(rows?.lastModifiedMs[row] ?? Number.NaN);
    } else names.push('');
  }
  return {
    asOf: view.asOf,
    prices: view.prices,
    prefix,
    count: tiles.count,
    parent: pack(tiles.parent),
    kind: pack(tiles.kind),
    names,
    bytes: pack(tiles.bytes),
    versions: pack(measured.versions),
    noncurrentBytes: pack(measured.noncurrentBytes),
    monthlyUsd: pack(measured.monthlyUsd),
    newestWriteDay: pack(measured.newestWriteDay),
    entries: pack(tiles.entries),
    versionIds,
    lastModifiedMs: pack(Float64Array.from(modified)),
  };
}

/** Every machine this runs on is little-endian, as the contract says. */
const pack = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');
