import type { AccessPlace, Locator } from '../../core/access/fold.ts';
import type { PackedCube } from '../../core/cube/group.ts';
import type { Unit } from '../../core/units/unit-builder.ts';
import type { IndexReader } from '../index/reader.ts';
import { type IndexRows, rowNamed } from '../index/rows.ts';

/** Finds the units of keys in a snapshot. Keys that come in order cost one walk over the index. */
export class IndexLocator implements Locator {
  private readonly reader: IndexReader;
  private readonly snapshotId: string;
  private readonly cube: PackedCube;
  private readonly units: readonly Unit[];
  /** Units that are whole directories. */
  private readonly byPath = new Map<string, Unit[]>();
  private last: { readonly path: string; readonly rows: IndexRows | null } | undefined;

  constructor(reader: IndexReader, snapshotId: string, cube: PackedCube, units: readonly Unit[]) {
    this.reader = reader;
    this.snapshotId = snapshotId;
    this.cube = cube;
    this.units = units;
    for (const unit of units) {
      if (unit.stem !== '') continue;
      const own = this.byPath.get(unit.path);
      if (own) own.push(unit);
      else this.byPath.set(unit.path, [unit]);
    }
  }

  find(key: string): AccessPlace | null {
    const slash = key.lastIndexOf('/') + 1;
    const rows = this.rowsIn(key.slice(0, slash));
    if (rows === null) return null;
    const row = rowNamed(rows, key.slice(slash));
    if (row < 0) return null;
    const unit = this.units[rows.unit[row] as number];
    return unit ? placeOf(unit) : { type: 'directory', kind: '', path: key.slice(0, slash) };
  }

  /** Every unit whose directory a key lies in; where none does, the directory itself. */
  around(key: string): readonly AccessPlace[] {
    const places: AccessPlace[] = [];
    for (let slash = key.lastIndexOf('/'); slash >= 0; slash = slash === 0 ? -1 : key.lastIndexOf('/', slash - 1)) {
      for (const unit of this.byPath.get(key.slice(0, slash + 1)) ?? []) places.push(placeOf(unit));
    }
    return places.length > 0 ? places : [{ type: 'directory', kind: '', path: key.slice(0, key.lastIndexOf('/') + 1) }];
  }

  private rowsIn(path: string): IndexRows | null {
    if (this.last?.path === path) return this.last.rows;
    const directory = this.cube.tree.find(path);
    let rows: IndexRows | null = null;
    if (directory >= 0) {
      const found = this.reader.versionsIn(this.snapshotId, directory);
      if (!found.ok) throw Object.assign(new Error(found.error.message), { failure: found.error });
      rows = found.value;
    }
    this.last = { path, rows };
    return rows;
  }
}

export const placeOf = ({ kind, path }: Unit): AccessPlace => ({ type: 'unit', kind, path });
