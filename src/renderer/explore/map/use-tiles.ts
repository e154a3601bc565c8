import { useEffect, useMemo, useState } from 'react';
import type { AppError } from '../../../contract/errors.ts';
import { prefetch, useQuery } from '../../state/query.ts';
import type { At } from '../use-listings.ts';
import { LAYERS, type Layer, LayerData } from './layers.ts';
import { TileSet } from './tile-set.ts';

/** A directory's tiles and how they fall into one layer; both speak of the same tiles. */
export interface Mapped {
  readonly set: TileSet;
  readonly layer: LayerData;
}

/** The tiles do not change with every pixel the map is dragged: the area goes in steps of a half. */
export function steppedArea(width: number, height: number): number {
  const area = Math.max(1, width * height);
  return Math.round(1.5 ** Math.ceil(Math.log(area) / Math.log(1.5)));
}

/** The map of a directory on so many pixels. The last one stays until the next is whole, and with it the focus. */
export function useTiles(
  at: At,
  prefix: string,
  areaPx: number,
  layer: Layer,
): { readonly mapped: Mapped | undefined; readonly error: AppError | undefined; readonly retry: () => void } {
  const room = areaPx > 1 ? { ...at, prefix, areaPx } : null;
  const tiles = useQuery('map.tiles', room);
  const laid = useQuery('map.layer', room === null ? null : { ...room, layer });
  const set = useMemo(() => (tiles.data === undefined ? undefined : new TileSet(tiles.data)), [tiles.data]);
  const data = useMemo(() => (laid.data === undefined ? undefined : new LayerData(laid.data)), [laid.data]);
  const fresh = useMemo(
    () => (set === undefined || data === undefined || tiles.stale || laid.stale ? undefined : { set, layer: data }),
    [set, data, tiles.stale, laid.stale],
  );
  const [kept, setKept] = useState(fresh);
  if (fresh !== undefined && fresh !== kept) setKept(fresh);

  const key = room === null ? '' : JSON.stringify(room);
  useEffect(() => {
    if (fresh === undefined || key === '') return;
    // The other colours are a key press away.
    const wanted = JSON.parse(key) as NonNullable<typeof room>;
    const timer = setTimeout(() => {
      for (const other of LAYERS) prefetch('map.layer', { ...wanted, layer: other });
    }, 200);
    return () => clearTimeout(timer);
  }, [fresh, key]);

  return {
    mapped: fresh ?? kept,
    error: tiles.error ?? laid.error,
    retry: tiles.error === undefined ? laid.retry : tiles.retry,
  };
}
