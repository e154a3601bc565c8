import type { MapTiles } from '../../../contract/map.ts';
import { unpackFloat64, unpackInt32, unpackUint8 } from '../../api/packed.ts';

export const DIRECTORY = 0;
const VERSION = 1;
export const REST = 2;

/** No write is known. */
const NO_DAY = -0x80000000;

/**
 * The tiles of one directory in columns, in pre-order: what lies inside tile i is [i + 1, end[i]). Tile 0 is the directory
 * itself. Ids are those of node-id.ts; a rest has its directory's path and an ending no key can have.
 */
export class TileSet {
  readonly prefix: string;
  readonly count: number;
  readonly parent: Int32Array;
  readonly kind: Uint8Array;
  readonly end: Int32Array;
  readonly depth: Uint8Array;
  readonly bytes: Float64Array;
  readonly versions: Float64Array;
  readonly noncurrentBytes: Float64Array;
  readonly monthlyUsd: Float64Array;
  readonly entries: Float64Array;
  readonly #names: readonly string[];
  readonly #newestWriteDay: Int32Array;
  readonly #versionIds: readonly (string | null)[];
  readonly #lastModifiedMs: Float64Array;
  #byId: ReadonlyMap<string, number> | undefined;

  constructor(answer: MapTiles) {
    this.prefix = answer.prefix;
    this.count = answer.count;
    this.parent = unpackInt32(answer.parent);
    this.kind = unpackUint8(answer.kind);
    this.bytes = unpackFloat64(answer.bytes);
    this.versions = unpackFloat64(answer.versions);
    this.noncurrentBytes = unpackFloat64(answer.noncurrentBytes);
    this.monthlyUsd = unpackFloat64(answer.monthlyUsd);
    this.entries = unpackFloat64(answer.entries);
    this.#names = answer.names;
    this.#newestWriteDay = unpackInt32(answer.newestWriteDay);
    this.#versionIds = answer.versionIds;
    this.#lastModifiedMs = unpackFloat64(answer.lastModifiedMs);
    this.end = new Int32Array(this.count);
    this.depth = new Uint8Array(this.count);
    for (let tile = this.count - 1; tile >= 0; tile--) {
      const end = Math.max(this.end[tile] as number, tile + 1);
      this.end[tile] = end;
      const above = this.parent[tile] as number;
      if (above >= 0 && (this.end[above] as number) < end) this.end[above] = end;
    }
    for (let tile = 1; tile < this.count; tile++) this.depth[tile] = Math.min(255, (this.depth[this.parent[tile] as number] as number) + 1);
  }

  name(tile: number): string {
    return this.#names[tile] ?? '';
  }

  /** Whole key or prefix; of a rest, that of its directory. */
  path(tile: number): string {
    let path = '';
    for (let at = this.kind[tile] === REST ? (this.parent[tile] as number) : tile; at > 0; at = this.parent[at] as number) {
      path = `${this.name(at)}${this.kind[at] === DIRECTORY ? '/' : ''}${path}`;
    }
    return this.prefix + path;
  }

  id(tile: number): string {
    if (this.kind[tile] === DIRECTORY) return this.path(tile);
    if (this.kind[tile] === REST) return `${this.path(tile)}\u0000other`;
    const nth = this.#nthVersion(tile);
    const modified = this.#lastModifiedMs[nth] ?? Number.NaN;
    return `${this.path(tile)}\u0000${this.#versionIds[nth] ?? ''}\u0000${Number.isNaN(modified) ? '' : new Date(modified).toISOString()}`;
  }

  /** UTC day of the newest write; null where none is known. */
  newestWriteDay(tile: number): number | null {
    const day = this.#newestWriteDay[tile] as number;
    return day === NO_DAY ? null : day;
  }

  /** The tile of an id; -1 where it has none. */
  find(id: string): number {
    if (this.#byId === undefined) {
      const byId = new Map<string, number>();
      for (let tile = 1; tile < this.count; tile++) byId.set(this.id(tile), tile);
      this.#byId = byId;
    }
    return this.#byId.get(id) ?? -1;
  }

  #versionOrder: Int32Array | undefined;
  #nthVersion(tile: number): number {
    if (this.#versionOrder === undefined) {
      const order = new Int32Array(this.count);
      let nth = 0;
      for (let at = 0; at < this.count; at++) if (this.kind[at] === VERSION) order[at] = nth++;
      this.#versionOrder = order;
    }
    return this.#versionOrder[tile] as number;
  }
}
