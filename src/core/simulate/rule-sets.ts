import type { Cube, DirectoryTree } from '../cube/cube.ts';
import type { NamePrefix, RefinedCube } from '../cube/refine.ts';
import type { CompiledRule } from './compile.ts';

/** Where a prefix holds: a range of whole directories, and perhaps a part of one directory's keys. */
interface Reach {
  readonly from: number;
  readonly to: number;
  readonly names: NamePrefix | null;
}

const NOWHERE: Reach = { from: 0, to: 0, names: null };

/** Prefixes match bytes; on whole characters comparing text is the same (s3-domain 4.1). */
function reachOf(tree: DirectoryTree, prefix: string): Reach {
  const cut = prefix.lastIndexOf('/') + 1;
  const directory = tree.find(prefix.slice(0, cut));
  if (directory < 0) return NOWHERE;
  const namePrefix = prefix.slice(cut);
  if (namePrefix === '') return { from: directory, to: tree.subtreeEnd[directory]!, names: null };
  let from = -1;
  let to = -1;
  // Children are in key order, so those with a common beginning stand side by side.
  for (const child of tree.children(directory)) {
    if (!tree.name(child).startsWith(namePrefix)) {
      if (from >= 0) break;
      continue;
    }
    if (from < 0) from = child;
    to = tree.subtreeEnd[child]!;
  }
  return { from: Math.max(from, 0), to: Math.max(to, 0), names: { directory, namePrefix } };
}

/** The name prefixes for which a cube has to be refined before these rules run over it; without repeats. */
export function namePrefixesOf(cube: Cube, rules: readonly CompiledRule[]): NamePrefix[] {
  const found = new Map<string, NamePrefix>();
  for (const { prefix } of rules) {
    const { names } = reachOf(cube.tree, prefix);
    if (names === null || cube.cellStart[names.directory] === cube.cellStart[names.directory + 1]) continue;
    found.set(prefix, names);
  }
  return [...found.values()];
}

/** Which rules act on each cell; 0 is none. */
export interface RuleSets {
  readonly ofCell: (cell: number) => number;
  readonly sets: readonly (readonly CompiledRule[])[];
}

class Interner {
  readonly sets: number[][] = [[]];
  private readonly ids = new Map<string, number>([['', 0]]);
  idOf(rules: number[]): number {
    const key = rules.join(',');
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.ids.set(key, this.sets.length);
    this.sets.push(rules);
    return this.sets.length - 1;
  }
}

export function ruleSetsOf(refined: RefinedCube, rules: readonly CompiledRule[]): RuleSets {
  const { cube } = refined;
  const interner = new Interner();
  const reaches = rules.map((rule) => reachOf(cube.tree, rule.prefix));
  const ofDirectory = new Uint32Array(cube.tree.count);
  const borders = new Set<number>();
  for (const { from, to } of reaches) if (to > from) borders.add(from).add(to);
  const sorted = [...borders].sort((a, b) => a - b);
  for (const [index, from] of sorted.entries()) {
    const to = sorted[index + 1];
    if (to === undefined) break;
    const active: number[] = [];
    for (const [rule, reach] of reaches.entries()) if (reach.from <= from && from < reach.to) active.push(rule);
    ofDirectory.fill(interner.idOf(active), from, to);
  }
  const ofNames = withNames(refined, rules, reaches, ofDirectory, interner);
  const ofCell = (cell: number): number => ofNames.get(cell) ?? ofDirectory[cube.directory[cell]!]!;
  return { ofCell, sets: interner.sets.map((set) => set.map((rule) => rules[rule]!)) };
}

/** Cells whose names are reached by more rules than their directory is. */
function withNames(
  { cube, namePrefixes, matches }: RefinedCube,
  rules: readonly CompiledRule[],
  reaches: readonly Reach[],
  ofDirectory: Uint32Array,
  interner: Interner,
): Map<number, number> {
  const sets = new Map<number, number>();
  for (const [rule, { names }] of reaches.entries()) {
    if (names === null || rules[rule] === undefined) continue;
    const at = namePrefixes.findIndex((other) => other.directory === names.directory && other.namePrefix === names.namePrefix);
    const match = matches[at];
    if (match === undefined) continue;
    for (let cell = cube.cellStart[names.directory]!; cell < cube.cellStart[names.directory + 1]!; cell += 1) {
      if (match[cell] !== 1) continue;
      const before = interner.sets[sets.get(cell) ?? ofDirectory[names.directory]!]!;
      sets.set(cell, interner.idOf([...before, rule].sort((a, b) => a - b)));
    }
  }
  return sets;
}
