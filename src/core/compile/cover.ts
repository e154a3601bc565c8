import type { ProposedAction } from '../../contract/proposals.ts';
import type { PackedCube } from '../cube/group.ts';
import { utf8Length } from '../policy/validate/filter.ts';
import { actsOn, factsOf } from '../proposals/own.ts';

/** A directory of which an action may have everything it can act on, now and later. */
export interface Covered {
  readonly directory: number;
  readonly prefix: string;
  readonly versions: number;
  readonly bytes: number;
}

/** A lifecycle filter holds no longer prefix (s3-domain 4.2). */
const MOST_PREFIX_BYTES = 1024;
const MARKER = 2;

/**
 * The largest directories in which an action acts on nothing but what is meant for it: one rule by prefix each. Together they hold
 * every version that any rule by the prefix of a directory could be made for. The root is none of them: whatever comes to a bucket
 * later would be of it.
 */
export function coverOf(cube: PackedCube, action: ProposedAction, isMeant: (cell: number) => boolean): Covered[] {
  const { tree } = cube;
  const acted = new Float64Array(tree.count);
  const meant = new Float64Array(tree.count);
  const versions = new Float64Array(tree.count);
  const bytes = new Float64Array(tree.count);
  for (let cell = 0; cell < cube.cellCount; cell++) {
    if (!actsOn(action, factsOf(cube, cell))) continue;
    const directory = cube.directory[cell] as number;
    const count = cube.count[cell] as number;
    acted[directory] = (acted[directory] as number) + count;
    if (!isMeant(cell)) continue;
    meant[directory] = (meant[directory] as number) + count;
    if (cube.state[cell] !== MARKER) versions[directory] = (versions[directory] as number) + count;
    bytes[directory] = (bytes[directory] as number) + (cube.bytes[cell] as number);
  }
  // Parents come before their children.
  for (let directory = tree.count - 1; directory > 0; directory--) {
    const parent = tree.parent[directory] as number;
    for (const sums of [acted, meant, versions, bytes]) sums[parent] = (sums[parent] as number) + (sums[directory] as number);
  }
  const found: Covered[] = [];
  for (let directory = 1; directory < tree.count; ) {
    if ((meant[directory] as number) > 0 && meant[directory] === acted[directory]) {
      const prefix = tree.path(directory);
      if (isPrefix(prefix)) {
        found.push({ directory, prefix, versions: versions[directory] as number, bytes: bytes[directory] as number });
        directory = tree.subtreeEnd[directory] as number;
        continue;
      }
    }
    // Nothing of what lies below is meant: no need to look.
    directory = meant[directory] === 0 ? (tree.subtreeEnd[directory] as number) : directory + 1;
  }
  return found;
}

/** Whether a filter can hold it: short enough, and nothing that XML has no way to write. */
function isPrefix(prefix: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are asked for
  return utf8Length(prefix) <= MOST_PREFIX_BYTES && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ufffd]/.test(prefix);
}
