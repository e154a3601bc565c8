import type { Cube } from '../cube/cube.ts';
import type { Presence } from './presence.ts';
import type { Intent } from './presets.ts';

/** A place that keeps an intent's versions out of any rule: a whole directory, or only what lies directly in it. */
export interface Gap {
  readonly directory: number;
  readonly directOnly: boolean;
}

export interface Placement {
  /** Directories taken whole, in key order. */
  readonly taken: readonly number[];
  readonly gaps: readonly Gap[];
}

/**
 * Where an intent's rules would go: the highest clean directories that hold its kinds. An unclean directory is
 * entered, unless it is a unit root: units are taken or left whole. What is left is named at the highest
 * directory under which nothing was taken.
 */
export function place(cube: Cube, presence: Presence, intent: Intent): Placement {
  const { tree } = cube;
  const taken: number[] = [];

  function walk(directory: number): { readonly took: boolean; readonly gaps: readonly Gap[] } {
    if ((presence.below[directory]! & intent.target) === 0) return { took: false, gaps: [] };
    const isClean = (presence.below[directory]! & intent.blockers) === 0;
    if (isClean && (directory !== 0 || intent.mayCoverBucket)) {
      taken.push(directory);
      return { took: true, gaps: [] };
    }
    const gaps: Gap[] = [];
    let took = false;
    if (directory === 0 || tree.isUnitRoot[directory] !== 1) {
      for (const child of tree.children(directory)) {
        const below = walk(child);
        took ||= below.took;
        gaps.push(...below.gaps);
      }
    }
    if (!took) return { took, gaps: [{ directory, directOnly: false }] };
    if ((presence.direct[directory]! & intent.target) !== 0) gaps.unshift({ directory, directOnly: true });
    return { took, gaps };
  }

  return { gaps: walk(0).gaps, taken };
}
