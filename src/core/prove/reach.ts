import type { DirectoryTree } from '../cube/cube.ts';
import { prefixScope } from '../cube/prefix.ts';
import type { ProofRule } from './context.ts';

/** Which rules can reach the keys lying directly in each directory; directories that no rule tells apart share a set. */
export interface Reach {
  readonly setOf: Uint32Array;
  readonly sets: readonly (readonly ProofRule[])[];
  /** Directories whose names a rule's prefix cuts through, with those rules: only some of their keys are reached. */
  readonly cut: ReadonlyMap<number, readonly ProofRule[]>;
}

/** Rules by directory. A prefix holds for ranges of whole directories, and for some keys of at most one more. */
export function reachOf(tree: DirectoryTree, rules: readonly ProofRule[]): Reach {
  const starts = new Map<number, ProofRule[]>();
  const ends = new Map<number, ProofRule[]>();
  const cut = new Map<number, ProofRule[]>();
  const push = (map: Map<number, ProofRule[]>, at: number, rule: ProofRule) => {
    const known = map.get(at);
    if (known === undefined) map.set(at, [rule]);
    else known.push(rule);
  };
  for (const rule of rules) {
    const scope = prefixScope(tree, rule.box.prefix);
    if (scope === null) continue;
    if (scope.cut !== null) push(cut, scope.cut.directory, rule);
    if (scope.to <= scope.from) continue;
    push(starts, scope.from, rule);
    push(ends, scope.to, rule);
  }
  const setOf = new Uint32Array(tree.count);
  const sets: ProofRule[][] = [[]];
  const ids = new Map<string, number>([['', 0]]);
  const numbers = new Map(rules.map((rule, at) => [rule, at]));
  const active = new Set<ProofRule>();
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
