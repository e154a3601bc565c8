import type { TreeColumns } from '../cube/tree.ts';
import type { MarkerFinder } from './markers.ts';

/** What holds in a directory because of a marker, by pre-order directory: rule + 1, 0 for none. */
export interface DirectoryClaims {
  /** Live tables and stores: the outermost one wins, and over every rule of a key's own. */
  readonly strong: Uint8Array;
  /** Of what lies directly in the directory, where the key's own rule is silent or yields. */
  readonly beside: Uint8Array;
  /** The innermost of what lies below its root, where nothing beside does. */
  readonly below: Uint8Array;
  /** The directories that `strong` and `below` come from; `beside` comes from the directory itself. */
  readonly strongRoot: Uint32Array;
  readonly belowRoot: Uint32Array;
}

const noClaims = (directories: number): DirectoryClaims => ({
  strong: new Uint8Array(directories),
  beside: new Uint8Array(directories),
  below: new Uint8Array(directories),
  strongRoot: new Uint32Array(directories),
  belowRoot: new Uint32Array(directories),
});

/** Hands the claims of the roots down the tree. `rank` is the pre-order number of every number of the finder's. */
export function claimsOf(finder: MarkerFinder, tree: Pick<TreeColumns, 'parent'>, rank: Uint32Array): DirectoryClaims {
  const claims = noClaims(rank.length);
  const { strong, beside, below, strongRoot, belowRoot } = claims;
  const { roots, claimRules } = finder;
  for (let own = 0; own < rank.length && own < roots.length; own++) {
    const directory = rank[own] as number;
    // The first rule wins, so that a later one does not take its place.
    for (let bits = roots[own] as number; bits !== 0; bits &= bits - 1) {
      const { rule, claim } = claimRules[31 - Math.clz32(bits & -bits)] as (typeof claimRules)[number];
      const place = claim.scope === 'beside' ? beside : claim.scope === 'below' ? below : strong;
      if (place[directory] === 0) place[directory] = rule + 1;
    }
  }
  for (let directory = 1; directory < rank.length; directory++) {
    const parent = tree.parent[directory] as number;
    const isInside = strong[parent] !== 0;
    if (isInside) strong[directory] = strong[parent] as number;
    strongRoot[directory] = isInside ? (strongRoot[parent] as number) : directory;
    const hasOwn = below[directory] !== 0;
    if (!hasOwn) below[directory] = below[parent] as number;
    belowRoot[directory] = hasOwn ? directory : (belowRoot[parent] as number);
  }
  return claims;
}
