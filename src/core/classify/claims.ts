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
}

const noClaims = (directories: number): DirectoryClaims => ({
  strong: new Uint8Array(directories),
  beside: new Uint8Array(directories),
  below: new Uint8Array(directories),
});

/** Hands the claims of the roots down the tree. `rank` is the pre-order number of every number of the finder's. */
export function claimsOf(finder: MarkerFinder, tree: Pick<TreeColumns, 'parent'>, rank: Uint32Array): DirectoryClaims {
  const claims = noClaims(rank.length);
  const { strong, beside, below } = claims;
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
    if (strong[parent] !== 0) strong[directory] = strong[parent] as number;
    if (below[directory] === 0) below[directory] = below[parent] as number;
  }
  return claims;
}
