import { claimsOf } from '../../src/core/classify/claims.ts';
import { DirectoryClassifier } from '../../src/core/classify/directory-classifier.ts';
import { MarkerFinder } from '../../src/core/classify/markers.ts';
import type { CompiledOverride } from '../../src/core/classify/overrides.ts';
import { TreeBuilder } from '../../src/core/cube/tree-builder.ts';
import { encodeUtf8 } from '../../src/core/cube/utf8.ts';
import { type Group, type Unit, UnitBuilder } from '../../src/core/units/unit-builder.ts';
import { CLASSIFIER } from './classify-keys.ts';

/** One version as a test of units describes it; a current version of one byte, written at 0, unless it says more. */
export interface UnitKey {
  readonly key: string;
  readonly sizeBytes?: number;
  readonly lastModifiedMs?: number;
  readonly state?: 'current' | 'noncurrent' | 'marker' | 'old marker';
}

export interface UnitsOfKeys {
  readonly units: readonly Unit[];
  readonly groups: readonly Group[];
  /** The unit of every row given, by its place; undefined for none. */
  readonly of: readonly (Unit | undefined)[];
}

/** Both passes and the units over the rows of a bucket, as a scan makes them. */
export function unitsOfKeys(rows: readonly (UnitKey | string)[], overrides: readonly CompiledOverride[] = []): UnitsOfKeys {
  const tree = new TreeBuilder();
  const finder = new MarkerFinder(CLASSIFIER, tree);
  const placed = rows.map((row, at) => {
    const given: UnitKey = typeof row === 'string' ? { key: row } : row;
    const bytes = encodeUtf8(given.key);
    const own = tree.directoryOf(bytes, 0, bytes.length);
    finder.see(own, bytes, 0, tree.nameOffset, bytes.length);
    return { at, bytes, own, nameAt: tree.nameOffset, given };
  });
  const { columns, rank } = tree.build();
  const classifier = new DirectoryClassifier(CLASSIFIER, overrides, columns, claimsOf(finder, columns, rank));
  const builder = new UnitBuilder(classifier, columns);
  const units = new Array<number>(rows.length).fill(-1);
  for (const { at, bytes, own, nameAt, given } of placed.sort((a, b) => (rank[a.own] as number) - (rank[b.own] as number) || a.at - b.at)) {
    const { state = 'current' } = given;
    classifier.enter(rank[own] as number);
    builder.enter(rank[own] as number);
    const rule = classifier.ruleOf(bytes, nameAt, bytes.length);
    units[at] = builder.see(rule, bytes, nameAt, bytes.length, {
      isLatest: state === 'current' || state === 'marker',
      isMarker: state === 'marker' || state === 'old marker',
      sizeBytes: given.sizeBytes ?? 1,
      lastModifiedMs: given.lastModifiedMs ?? 0,
    });
  }
  const made = builder.finish();
  const all = [...made.units()];
  return { units: all, groups: made.groups, of: units.map((unit) => all[unit]) };
}
