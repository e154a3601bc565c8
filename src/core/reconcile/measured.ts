import type { Reconciliation } from '../../contract/reconcile.ts';
import type { Extent } from '../price/volume.ts';
import type { DataPoint } from './cloud-watch.ts';
import { measuredBytes, uploadType } from './storage-types.ts';

/** Parts of an incomplete upload. */
export interface UploadBytes {
  readonly storageClass: string;
  readonly bytes: number;
}

/** Holds versions and uploads against the data points nearest to an instant. There is at least one. */
export function measuredAgainst(
  points: readonly DataPoint[],
  extents: readonly Extent[],
  uploads: readonly UploadBytes[],
  asOfMs: number,
): NonNullable<Reconciliation['measured']> {
  const times = [...new Set(points.map(({ atMs }) => atMs))].sort((a, b) => a - b);
  const nearest = times.reduce((best, at) => (Math.abs(at - asOfMs) < Math.abs(best - asOfMs) ? at : best), times[0] as number);
  const byTypeAt = (at: number): Map<string, number> =>
    new Map(points.filter(({ atMs }) => atMs === at).map(({ storageType, bytes }) => [storageType, bytes]));
  const totalAt = (at: number): number => [...byTypeAt(at).values()].reduce((sum, bytes) => sum + bytes, 0);
  const measured = byTypeAt(nearest);
  const held = measuredBytes(extents);
  const waiting = new Map<string, number>();
  for (const { storageClass, bytes } of uploads)
    waiting.set(uploadType(storageClass), (waiting.get(uploadType(storageClass)) ?? 0) + bytes);
  const types = [...new Set([...held.keys(), ...waiting.keys(), ...measured.keys()])];
  const rows = types.map((storageType) => {
    const [indexBytes, uploadBytes, own] = [held, waiting, measured].map((map) => map.get(storageType) ?? 0) as [number, number, number];
    return { storageType, indexBytes, uploadBytes, measuredBytes: own, gapBytes: own - indexBytes - uploadBytes };
  });
  rows.sort((a, b) => Math.abs(b.gapBytes) - Math.abs(a.gapBytes) || (a.storageType < b.storageType ? -1 : 1));
  const sum = (what: 'indexBytes' | 'uploadBytes' | 'measuredBytes' | 'gapBytes'): number => rows.reduce((all, row) => all + row[what], 0);
  const at = times.indexOf(nearest);
  const beside = [times[at - 1], times[at + 1]].flatMap((time) => (time === undefined ? [] : [Math.abs(totalAt(time) - totalAt(nearest))]));
  return {
    at: new Date(nearest).toISOString(),
    rows,
    indexBytes: sum('indexBytes'),
    uploadBytes: sum('uploadBytes'),
    measuredBytes: sum('measuredBytes'),
    gapBytes: sum('gapBytes'),
    movedBytes: beside.length === 0 ? null : Math.max(...beside),
  };
}
