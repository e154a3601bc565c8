import { CATEGORY_OF_KIND, type Category, KINDS, type Kind, VERSION_STATES } from '../../contract/vocabulary.ts';
import type { Cube } from '../cube/cube.ts';

const MARKER = VERSION_STATES.indexOf('marker');
const NONCURRENT = VERSION_STATES.indexOf('noncurrent');
/** Bits above the kinds' own: the same kind, noncurrent. */
const NONCURRENT_SHIFT = 16;

export const bitOf = (kind: Kind): number => 1 << KINDS.indexOf(kind);
export const bitsOf = (...kinds: Kind[]): number => kinds.reduce((bits, kind) => bits | bitOf(kind), 0);
export const noncurrentBit = (kind: Kind): number => bitOf(kind) << NONCURRENT_SHIFT;

/** Which kinds lie directly in each directory and anywhere below it, one bit each; delete markers do not count. */
export interface Presence {
  readonly direct: Int32Array;
  readonly below: Int32Array;
}

export function presenceOf(cube: Cube): Presence {
  const { tree } = cube;
  const direct = new Int32Array(tree.count);
  for (let cell = 0; cell < cube.cellCount; cell += 1) {
    if (cube.state[cell] === MARKER) continue;
    const bit = 1 << cube.kind[cell]!;
    const directory = cube.directory[cell]!;
    direct[directory]! |= cube.state[cell] === NONCURRENT ? bit | (bit << NONCURRENT_SHIFT) : bit;
  }
  const below = direct.slice();
  // Pre-order: every child comes after its parent, so one backward pass sums subtrees.
  for (let directory = tree.count - 1; directory > 0; directory -= 1) below[tree.parent[directory]!]! |= below[directory]!;
  return { direct, below };
}

/** What is at most this share of the target's bytes below a directory is next to nothing. */
const NEXT_TO_NOTHING = 1 / 50;

/** The same without the soft kinds wherever they are next to nothing beside the target. */
export function withoutCrumbs(cube: Cube, presence: Presence, target: number, soft: number): Presence {
  const bytesOf = (bits: number): Float64Array => {
    const bytes = new Float64Array(cube.tree.count);
    for (let cell = 0; cell < cube.cellCount; cell += 1) {
      if (cube.state[cell] !== MARKER && ((1 << cube.kind[cell]!) & bits) !== 0) bytes[cube.directory[cell]!]! += cube.bytes[cell]!;
    }
    for (let directory = cube.tree.count - 1; directory > 0; directory -= 1) bytes[cube.tree.parent[directory]!]! += bytes[directory]!;
    return bytes;
  };
  const [own, others] = [bytesOf(target), bytesOf(soft)];
  const below = presence.below.map((bits, directory) => (others[directory]! <= own[directory]! * NEXT_TO_NOTHING ? bits & ~soft : bits));
  return { direct: presence.direct, below };
}

export interface Extent {
  versions: number;
  bytes: number;
}

/** Versions and bytes of a range of cells by category, and by kind. */
export interface Contents {
  readonly byCategory: ReadonlyMap<Category, Extent>;
  readonly byKind: ReadonlyMap<Kind, Extent>;
  readonly noncurrent: ReadonlyMap<Kind, Extent>;
}

function addTo<K>(map: Map<K, Extent>, key: K, versions: number, bytes: number): void {
  const extent = map.get(key);
  if (extent === undefined) map.set(key, { versions, bytes });
  else {
    extent.versions += versions;
    extent.bytes += bytes;
  }
}

/** What lies in a directory: with everything below it, or directly in it only. */
export function contentsOf(cube: Cube, directory: number, directOnly: boolean): Contents {
  const byCategory = new Map<Category, Extent>();
  const byKind = new Map<Kind, Extent>();
  const noncurrent = new Map<Kind, Extent>();
  const from = cube.cellStart[directory]!;
  const to = cube.cellStart[directOnly ? directory + 1 : cube.tree.subtreeEnd[directory]!]!;
  for (let cell = from; cell < to; cell += 1) {
    if (cube.state[cell] === MARKER) continue;
    const kind = KINDS[cube.kind[cell]!]!;
    addTo(byKind, kind, cube.count[cell]!, cube.bytes[cell]!);
    addTo(byCategory, CATEGORY_OF_KIND[kind], cube.count[cell]!, cube.bytes[cell]!);
    if (cube.state[cell] === NONCURRENT) addTo(noncurrent, kind, cube.count[cell]!, cube.bytes[cell]!);
  }
  return { byCategory, byKind, noncurrent };
}
