import type { MapLayer } from '../../contract/map.ts';
import { utcDay } from '../cube/cell-builder.ts';
import { groupCells, MARKER, NONCURRENT } from '../cube/group.ts';
import type { MonthlyPrice } from '../cube/monthly-price.ts';
import { NO_DAY, subtreeTotals } from '../cube/totals.ts';
import { chooseTiles, VERSION_TILE } from './choose-tiles.ts';
import { isTileLayer, type LotLayer, lotLayer, NO_BIN, tileLayer } from './layers.ts';
import { addInward, cellsUnder, eachRow, type Ground, type Placed, place, TileSums } from './tile-sums.ts';

export type MapScope = Ground & { readonly price: MonthlyPrice };

/** The tiles with what is known of each. */
export interface MeasuredTiles extends Placed {
  readonly versions: Float64Array;
  readonly noncurrentBytes: Float64Array;
  /** Dollars a month, to about a millionth; NaN where it holds versions and none has a price. */
  readonly monthlyUsd: Float64Array;
  readonly newestWriteDay: Int32Array;
}

const [VERSIONS, NONCURRENT_BYTES, NANO_USD, PRICED, WIDTH] = [0, 1, 2, 3, 4];

export function measureTiles(scope: MapScope, room: { readonly areaPx: number; readonly limit: number }): MeasuredTiles {
  const { cube, price, rowsOf } = scope;
  const placed = place(scope, chooseTiles(cube, scope.under, { ...room, ownSizes: (directory) => rowsOf(directory)?.sizeBytes }));
  const { tiles, tileOf } = placed;
  const into = new TileSums(tiles, WIDTH);
  const add = (tile: number, state: number, slot: number, count: number, bytes: number, nanoUsd: number): void => {
    into.add(tile, VERSIONS, count);
    if (state === NONCURRENT) into.add(tile, NONCURRENT_BYTES, bytes);
    if (!price.isPriced(slot)) return;
    into.add(tile, NANO_USD, nanoUsd);
    into.add(tile, PRICED, count);
  };
  const { from, to } = cellsUnder(scope);
  for (let cell = from; cell < to; cell++) {
    const state = cube.state[cell] as number;
    if (state === MARKER) continue;
    const slot = (cube.classId[cell] as number) * 2 + (cube.isSmall[cell] as number);
    const [count, bytes] = [cube.count[cell] as number, cube.bytes[cell] as number];
    add(
      tileOf[(cube.directory[cell] as number) - scope.under] as number,
      state,
      slot,
      count,
      bytes,
      price.approximately(slot, count, bytes),
    );
  }
  eachRow(scope, placed, ({ state, classId, isSmall, bytes }, tile, around) => {
    const slot = classId * 2 + isSmall;
    const nanoUsd = price.approximately(slot, 1, bytes);
    add(tile, state, slot, 1, bytes, nanoUsd);
    add(around, state, slot, -1, -bytes, -nanoUsd);
  });
  addInward(tiles, into.sums, WIDTH);
  const column = (of: number): Float64Array =>
    Float64Array.from({ length: tiles.count }, (_, tile) => Math.max(0, into.sums[tile * WIDTH + of] as number));
  const [versions, priced] = [column(VERSIONS), column(PRICED)];
  const monthlyUsd = column(NANO_USD).map((nanoUsd, tile) =>
    (versions[tile] as number) > 0 && priced[tile] === 0 ? Number.NaN : nanoUsd / 1e9,
  );
  return { ...placed, versions, noncurrentBytes: column(NONCURRENT_BYTES), monthlyUsd, newestWriteDay: newestDays(scope, placed) };
}

function newestDays({ cube, rowsOf }: MapScope, { tiles }: Placed): Int32Array {
  const { newestWriteDay } = subtreeTotals(cube);
  return Int32Array.from({ length: tiles.count }, (_, tile) => {
    const directory = tiles.directory[tile] as number;
    if (tiles.kind[tile] !== VERSION_TILE) return newestWriteDay[directory] as number;
    const writtenMs = rowsOf(directory)?.lastModifiedMs[tiles.row[tile] as number];
    return writtenMs === undefined ? NO_DAY : utcDay(writtenMs);
  });
}

/** How the tiles fall into the bins of a layer. Numbers as in MapLayerSchema. */
interface LayerOfTiles {
  readonly bins: { key: string; bytes: number; versions: number; monthlyNanoUsd: string | null }[];
  readonly dominant: Uint8Array;
  readonly shares: Uint8Array | null;
}

export function layTiles(scope: MapScope, tiles: MeasuredTiles, layer: MapLayer): LayerOfTiles {
  return isTileLayer(layer) ? byTile(tiles, layer) : byLot(scope, tiles, lotLayer(scope.cube, layer));
}

function byLot(scope: MapScope, placed: MeasuredTiles, layer: LotLayer): LayerOfTiles {
  const { tiles } = placed;
  const width = layer.bins.length;
  const sums = bytesByBin(scope, placed, layer);
  const dominant = new Uint8Array(tiles.count).fill(NO_BIN);
  const shares = new Uint8Array(tiles.count * width);
  for (let tile = 0; tile < tiles.count; tile++) {
    const bytes = tiles.bytes[tile] as number;
    let most = 0;
    for (let bin = 0; bin < width; bin++) {
      const held = sums[tile * width + bin] as number;
      if (held > most) {
        most = held;
        dominant[tile] = bin;
      }
      // What is there at all stays visible.
      if (held > 0) shares[tile * width + bin] = Math.max(1, Math.round((held / bytes) * 255));
    }
  }
  return { bins: exactBins(scope, layer), dominant, shares };
}

function bytesByBin(scope: MapScope, placed: Placed, { bins, binOfCell, binOf }: LotLayer): Float64Array {
  const { cube, under } = scope;
  const { tiles, tileOf } = placed;
  const width = bins.length;
  const into = new TileSums(tiles, width);
  const { from, to } = cellsUnder(scope);
  for (let cell = from; cell < to; cell++) {
    const bin = binOfCell[cell] as number;
    if (bin !== NO_BIN) into.add(tileOf[(cube.directory[cell] as number) - under] as number, bin, cube.bytes[cell] as number);
  }
  eachRow(scope, placed, (lot, tile, around) => {
    into.add(tile, binOf(lot), lot.bytes);
    into.add(around, binOf(lot), -lot.bytes);
  });
  addInward(tiles, into.sums, width);
  return into.sums;
}

/** What falls into each bin, from the cells themselves and so exact to the nano-dollar. */
function exactBins(scope: MapScope, { bins, binOfCell }: LotLayer): LayerOfTiles['bins'] {
  const { groups } = groupCells(scope.cube, [cellsUnder(scope)], (cell) => binOfCell[cell] as number);
  return bins.map((key, bin) => {
    const sums = groups.get(bin);
    return {
      key,
      bytes: sums?.totalBytes ?? 0,
      versions: sums?.versions ?? 0,
      monthlyNanoUsd: sums ? scope.price.chargeOrNull(sums) : '0',
    };
  });
}

function byTile({ tiles, versions, noncurrentBytes, monthlyUsd }: MeasuredTiles, layer: 'cost' | 'dark'): LayerOfTiles {
  const { bins, binOf } = tileLayer(layer);
  const isOpen = new Uint8Array(tiles.count);
  for (let tile = 1; tile < tiles.count; tile++) isOpen[tiles.parent[tile] as number] = 1;
  const totals = bins.map((key) => ({ key, bytes: 0, versions: 0, usd: 0 }));
  const dominant = new Uint8Array(tiles.count);
  for (let tile = 0; tile < tiles.count; tile++) {
    const bytes = tiles.bytes[tile] as number;
    const usd = monthlyUsd[tile] as number;
    const bin = binOf({ bytes, noncurrentBytes: noncurrentBytes[tile] as number, monthlyUsd: usd });
    dominant[tile] = bin;
    const total = totals[bin];
    if (isOpen[tile] === 1 || total === undefined) continue;
    total.bytes += bytes;
    total.versions += versions[tile] as number;
    if (!Number.isNaN(usd)) total.usd += usd;
  }
  return {
    bins: totals.map(({ key, bytes, versions: held, usd }) => ({
      key,
      bytes,
      versions: held,
      monthlyNanoUsd: String(Math.round(usd * 1e9)),
    })),
    dominant,
    shares: null,
  };
}
