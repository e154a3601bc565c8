import type { DirectoryTree } from './cube.ts';
import { prefixScope } from './prefix.ts';

/** Which rules can reach the keys lying directly in each directory; directories that no rule tells apart share a set. */
export interface Reach<R> {
  readonly setOf: Uint32Array;
  readonly sets: readonly (readonly R[])[];
  /** Directories whose names a rule's prefix cuts through, with those rules: only some of their keys are reached. */
  readonly cut: ReadonlyMap<number, readonly R[]>;
}

/** Rules by directory. A prefix holds for ranges of whole directories, and for some keys of at most one more. */
export function reachOf<R>(tree: DirectoryTree, rules: readonly R[], prefixOf: (rule: R) => string): Reach<R> {
  const starts = new Map<number, R[]>();
  const ends = new Map<number, R[]>();
  const cut = new Map<number, R[]>();
  const push = (map: Map<number, R[]>, at: number, rule: R) => {
    const known = map.get(at);
    if (known === undefined) map.set(at, [rule]);
    else known.push(rule);
  };
  for (const rule of rules) {
    const scope = prefixScope(tree, prefixOf(rule));
    if (scope === null) continue;
    if (scope.cut !== null) push(cut, scope.cut.directory, rule);
    if (scope.to <= scope.from) continue;
    push(starts, scope.from, rule);
    push(ends, scope.to, rule);
  }
  const setOf = new Uint32Array(tree.count);
  const sets: R[][] = [[]];
  const ids = new Map<string, number>([['', 0]]);
  const numbers = new Map(rules.map((rule, at) => [rule, at]));
  const active = new Set<R>();
  const borders = [...new Set([...starts.keys(), ...ends.keys()])].sort((a, b) => a - b);
  for (const [index, from] of borders.entries()) {
    for (const rule of ends.get(from) ?? []) active.delete(rule);
    for (const rule of starts.get(from) ?? []) active.add(rule);
    if (active.size === 0) continue;
    const list = [...active].sort((a, b) => (numbers.get(a) ?? 0) - (numbers.get(b) ?? 0));
    const name = list.map((rule) => numbers.get(rule)).join(',');
    let id = ids.get(name);
    if (id === undefined) {
      id = sets.push(list) - 1;
      ids.set(name, id);
    }
    setOf.fill(id, from, borders[index + 1] ?? tree.count);
  }
  return { setOf, sets, cut };
}
