import type { Cube } from '../../cube/cube.ts';
import { type PrefixScope, prefixScope } from '../../cube/prefix.ts';
import type { NamePrefix, RefinedCube, Refinement } from '../../cube/refine.ts';
import type { DirectoryRange } from '../../cube/row-block.ts';
import { distinctFilters } from '../../cube/tag-groups.ts';
import type { Versioning } from '../options.ts';
import { type ActiveRule, sizeBoundsOf } from '../rules.ts';

const NOWHERE: PrefixScope = { from: 0, to: 0, cut: null };

const scopeOf = (cube: Cube, { scope }: ActiveRule): PrefixScope => prefixScope(cube.tree, scope.prefix) ?? NOWHERE;

/** Where a cube has to be refined before these rules can run over it. */
export function refinementOf(cube: Cube, rules: readonly ActiveRule[], versioning: Versioning): Refinement {
  const namePrefixes = new Map<string, NamePrefix>();
  const sizeRanges: DirectoryRange[] = [];
  const tagRanges: DirectoryRange[] = [];
  for (const rule of rules) {
    const { from, to, cut } = scopeOf(cube, rule);
    const isHere = cut !== null && cube.cellStart[cut.directory] !== cube.cellStart[cut.directory + 1];
    if (isHere) namePrefixes.set(rule.scope.prefix, cut);
    const ranges = [...(to > from ? [{ from, to }] : []), ...(isHere ? [{ from: cut.directory, to: cut.directory + 1 }] : [])];
    if (sizeBoundsOf([rule]).length > 0) sizeRanges.push(...ranges);
    if (rule.scope.tags.length > 0) tagRanges.push(...ranges);
  }
  return {
    namePrefixes: [...namePrefixes.values()],
    sizeBounds: sizeBoundsOf(rules),
    sizeRanges,
    splitsNull: versioning === 'suspended' && rules.some(({ expiration }) => expiration !== null),
    tagFilters: distinctFilters(rules.map(({ scope }) => scope.tags)),
    tagRanges,
  };
}

/** Which rules' prefixes hold where. Set 0 holds no rule. */
export interface Scopes {
  /** Indexes into the rules, ascending. */
  readonly sets: readonly (readonly number[])[];
  readonly ofDirectory: Uint32Array;
  /** Cells whose names are reached by more rules than their directory is. */
  readonly ofNames: ReadonlyMap<number, number>;
  /** Rules whose prefix ends inside a name, by the directory those names lie in. */
  readonly cuts: ReadonlyMap<number, readonly { readonly rule: number; readonly namePrefix: string }[]>;
  /** The set that holds the rules of another and some more, made where it is new. */
  union(set: number, more: readonly number[]): number;
}

export function scopesOf({ cube, refinement, matches }: RefinedCube, rules: readonly ActiveRule[]): Scopes {
  const sets: number[][] = [[]];
  const ids = new Map<string, number>([['', 0]]);
  const idOf = (list: readonly number[]): number => {
    const key = list.join(',');
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, sets.length);
    return sets.push([...list]) - 1;
  };
  const union = (set: number, more: readonly number[]): number => idOf([...new Set([...sets[set]!, ...more])].sort((a, b) => a - b));
  const reaches = rules.map((rule) => scopeOf(cube, rule));
  const ofDirectory = new Uint32Array(cube.tree.count);
  const borders = new Set<number>();
  for (const { from, to } of reaches) if (to > from) borders.add(from).add(to);
  const sorted = [...borders].sort((a, b) => a - b);
  for (const [at, from] of sorted.entries()) {
    const to = sorted[at + 1];
    if (to === undefined) break;
    const active: number[] = [];
    for (const [rule, reach] of reaches.entries()) if (reach.from <= from && from < reach.to) active.push(rule);
    ofDirectory.fill(idOf(active), from, to);
  }
  const ofNames = new Map<number, number>();
  const cuts = new Map<number, { rule: number; namePrefix: string }[]>();
  for (const [rule, { cut }] of reaches.entries()) {
    if (cut === null) continue;
    const { directory, namePrefix } = cut;
    cuts.set(directory, [...(cuts.get(directory) ?? []), { rule, namePrefix }]);
    const at = refinement.namePrefixes.findIndex((one) => one.directory === directory && one.namePrefix === namePrefix);
    const match = matches[at];
    if (match === undefined) continue;
    for (let cell = cube.cellStart[directory]!; cell < cube.cellStart[directory + 1]!; cell += 1) {
      if (match[cell] !== 1) continue;
      ofNames.set(cell, union(ofNames.get(cell) ?? ofDirectory[directory]!, [rule]));
    }
  }
  return { sets, ofDirectory, ofNames, cuts, union };
}
