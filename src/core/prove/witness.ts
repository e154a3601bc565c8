import type { Counterexample } from '../../contract/prove.ts';
import { ok, type Result } from '../../contract/result.ts';
import { DAY_MS } from '../../contract/units.ts';
import { VERSION_STATES } from '../../contract/vocabulary.ts';
import { REPLICATION_BLOCKED } from '../cube/cube.ts';
import { compareKeys } from '../cube/key-order.ts';
import type { PackedTree } from '../cube/tree.ts';
import type { Examiner, ExistingVersions } from './existing.ts';
import type { Judgement } from './question.ts';
import type { Tally } from './tally.ts';

/** One row that breaks a statement. */
export interface Found {
  readonly directory: number;
  readonly lockedUntilDay: number;
  readonly isBlocked: boolean;
  readonly key: string;
  readonly versionId: string | null;
  readonly state: Counterexample['state'];
  readonly sizeBytes: number;
  /** The day of the write, and the midnight that follows it. */
  readonly writtenOn: number;
  readonly writtenDay: number;
  readonly judged: Judgement;
}

/** The first directory behind all that share what makes a path greater than a key: everything below that ancestor is greater too. */
function behindGreater(tree: PackedTree, path: string, key: string): number {
  let at = 0;
  while (at < key.length && path[at] === key[at]) at += 1;
  const ancestor = tree.find(path.slice(0, path.indexOf('/', at) + 1));
  return tree.subtreeEnd[ancestor] as number;
}

/** The place of the first of ascending numbers that is not below one. */
function placeOf(numbers: readonly number[], least: number, from: number): number {
  let [low, high] = [from, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first row in key order among those that break the statement soonest. */
export function smallestBroken(examiner: Examiner, tally: Tally, existing: ExistingVersions): Result<Found | null> {
  const { tree } = existing.cube;
  const seen: { best: Found | null } = { best: null };
  const { directories } = tally;
  for (let at = 0; at < directories.length; at += 1) {
    const directory = directories[at] as number;
    const path = tree.path(directory);
    // Every key of a directory comes after its path.
    const { best: sofar } = seen;
    if (sofar !== null && sofar.judged.measure <= tally.worst && compareKeys(path, sofar.key) > 0) {
      at = placeOf(directories, behindGreater(tree, path, sofar.key), at + 1) - 1;
      continue;
    }
    const read = examiner.rows(directory, (block, row, judged) => {
      if (judged.outcome !== 'broken') return;
      const { best } = seen;
      if (best !== null && judged.measure > best.judged.measure) return;
      const key = path + block.name(row);
      if (best !== null && judged.measure === best.judged.measure && compareKeys(key, best.key) >= 0) return;
      seen.best = {
        directory,
        lockedUntilDay: block.lockedUntilDay[row] as number,
        isBlocked: ((block.cubeFlags[row] as number) & REPLICATION_BLOCKED) !== 0,
        key,
        versionId: block.versionId(row),
        state: VERSION_STATES[block.state[row] as number] as Found['state'],
        sizeBytes: block.sizeBytes[row] as number,
        writtenOn: Math.floor((block.lastModifiedMs[row] as number) / DAY_MS),
        writtenDay: Math.ceil((block.lastModifiedMs[row] as number) / DAY_MS),
        judged,
      };
    });
    if (!read.ok) return read;
  }
  return ok(seen.best);
}
