import { type AppError, appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { AccessPlace } from '../../core/access/fold.ts';
import type { Classifier } from '../../core/classify/classifier.ts';
import type { PackedCube } from '../../core/cube/group.ts';
import type { Unit } from '../../core/units/unit-builder.ts';
import type { IndexReader } from '../index/reader.ts';
import { IndexLocator, placeOf } from './index-locator.ts';

/** A key, and whether the report has it. */
export interface ToldKey {
  readonly key: string;
  readonly isIn: boolean;
}

/** The places of keys of a snapshot whose rows lie elsewhere: units by what the rules say of keys, as for rows that are fetched. */
export function placesByRule(
  reader: IndexReader,
  snapshotId: string,
  cube: PackedCube,
  units: readonly Unit[],
  classifier: Classifier,
  keys: readonly ToldKey[],
): Result<readonly (readonly AccessPlace[])[]> {
  const places = keys.map((): readonly AccessPlace[] => []);
  const locator = new IndexLocator(reader, snapshotId, cube, units);
  const inside: { readonly at: number; readonly directory: number; readonly name: string; readonly path: string }[] = [];
  for (const [at, { key, isIn }] of keys.entries()) {
    if (!isIn) {
      places[at] = locator.around(key);
      continue;
    }
    const path = key.slice(0, key.lastIndexOf('/') + 1);
    const directory = cube.tree.find(path);
    if (directory < 0) return err(changed(key));
    inside.push({ at, directory, path, name: key.slice(path.length) });
  }
  inside.sort((a, b) => a.directory - b.directory);
  const judged = reader.unitsOfKeys(snapshotId, inside, classifier);
  if (!judged.ok) return judged;
  for (const [i, { at, path }] of inside.entries()) {
    const unit = units[judged.value[i] as number];
    places[at] = [unit ? placeOf(unit) : { type: 'directory', kind: '', path }];
  }
  return ok(places);
}

const changed = (key: string): AppError =>
  appError('TableShape', `The table holds the key "${key}", which was not in it when it was rolled up.`, {
    next: 'Roll the table up again; its report has changed.',
  });
