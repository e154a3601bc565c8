import { OWNER_DIMENSIONS, type OwnerDimension, type OwnersFile } from '../../contract/owners.ts';
import { prefixScope } from '../cube/prefix.ts';
import { reachOf } from '../cube/reach.ts';
import { type NamePrefix, NO_REFINEMENT, type RefinedCube, type Refinement } from '../cube/refine.ts';
import type { PackedTree } from '../cube/tree.ts';

/** Who owns something, field by field; null where nobody says. */
export type Owner = Readonly<Record<OwnerDimension, string | null>>;

type OwnerRule = OwnersFile['rules'][number];

/** The owner of what no rule speaks of: what the tags of the bucket say. */
export function bucketOwner({ bucketTags: names }: OwnersFile, tags: Readonly<Record<string, string>>): Owner {
  const said = (dimension: OwnerDimension): string | null => {
    const name = names[dimension];
    const value = name === undefined || !Object.hasOwn(tags, name) ? '' : (tags[name] ?? '').trim();
    return value === '' ? null : value;
  };
  return Object.fromEntries(OWNER_DIMENSIONS.map((dimension) => [dimension, said(dimension)])) as unknown as Owner;
}

/** Rules from the shortest prefix to the longest; of two with one prefix the later one in the file goes before the other. */
const inOrder = (rules: readonly OwnerRule[]): OwnerRule[] =>
  rules
    .map((rule, at) => ({ rule, at }))
    .sort((a, b) => a.rule.prefix.length - b.rule.prefix.length || a.at - b.at)
    .map(({ rule }) => rule);

/** A field is what the last rule that says it says. */
const merged = (base: Owner, rules: readonly OwnerRule[]): Owner =>
  Object.fromEntries(
    OWNER_DIMENSIONS.map((name) => [name, rules.findLast((rule) => rule[name] !== undefined)?.[name] ?? base[name]]),
  ) as unknown as Owner;

/** The owner of a key by the rules alone. */
export const ownerOfKey = (key: string, file: OwnersFile, base: Owner): Owner =>
  merged(
    base,
    inOrder(file.rules).filter(({ prefix }) => key.startsWith(prefix)),
  );

/** Prefixes that cut inside names: the cube has to be split there before its cells have one owner each. */
export function ownerRefinement(tree: PackedTree, { rules }: OwnersFile): Refinement {
  const namePrefixes = new Map<string, NamePrefix>();
  for (const { prefix } of rules) {
    const cut = prefixScope(tree, prefix)?.cut;
    if (cut) namePrefixes.set(prefix, cut);
  }
  return { ...NO_REFINEMENT, namePrefixes: [...namePrefixes.values()] };
}

export interface OwnedCells {
  readonly owners: readonly Owner[];
  /** Index into `owners` by cell of the refined cube. */
  readonly ofCell: Uint32Array;
}

/** The owner of every cell of a cube that was split by `ownerRefinement`. */
export function ownersOfCells({ cube, refinement, matches }: RefinedCube, file: OwnersFile, base: Owner): OwnedCells {
  const rules = inOrder(file.rules);
  const reach = reachOf(cube.tree, rules, ({ prefix }) => prefix);
  const owners: Owner[] = [];
  const ids = new Map<string, number>();
  const idOf = (owner: Owner): number => {
    const name = JSON.stringify(owner);
    const known = ids.get(name) ?? owners.push(owner) - 1;
    ids.set(name, known);
    return known;
  };
  const ofSet = reach.sets.map((set) => idOf(merged(base, set)));
  const ofCell = new Uint32Array(cube.cellCount);
  for (let directory = 0; directory < cube.tree.count; directory += 1) {
    const [from, to] = [cube.cellStart[directory] as number, cube.cellStart[directory + 1] as number];
    if (from === to) continue;
    const set = reach.setOf[directory] as number;
    const cut = reach.cut.get(directory);
    ofCell.fill(ofSet[set] as number, from, to);
    if (cut === undefined) continue;
    for (let cell = from; cell < to; cell += 1) {
      const more = cut.filter(({ prefix }) => {
        const namePrefix = prefix.slice(prefix.lastIndexOf('/') + 1);
        const at = refinement.namePrefixes.findIndex((one) => one.directory === directory && one.namePrefix === namePrefix);
        return matches[at]?.[cell] === 1;
      });
      if (more.length > 0) ofCell[cell] = idOf(merged(base, inOrder([...(reach.sets[set] as readonly OwnerRule[]), ...more])));
    }
  }
  return { owners, ofCell };
}
