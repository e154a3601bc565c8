import type { Counterexample } from '../../contract/prove.ts';
import { ok, type Result } from '../../contract/result.ts';
import { DAY_MS } from '../../contract/units.ts';
import { VERSION_STATES } from '../../contract/vocabulary.ts';
import { REPLICATION_BLOCKED } from '../cube/cube.ts';
import { compareBytes, encodeUtf8 } from '../cube/utf8.ts';
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

/** Keys in the order of S3: by their UTF-8 bytes. */
function comparePaths(a: string, b: string): number {
  const [left, right] = [encodeUtf8(a), encodeUtf8(b)];
  return compareBytes(left, 0, left.length, right, 0, right.length);
}

/** The first row in key order among those that break the statement soonest. */
export function smallestBroken(examiner: Examiner, tally: Tally, existing: ExistingVersions): Result<Found | null> {
  const { tree } = existing.cube;
  const seen: { best: Found | null } = { best: null };
  for (const directory of tally.directories) {
    const path = tree.path(directory);
    // Every key of a directory comes after its path.
    const { best: sofar } = seen;
    if (sofar !== null && sofar.judged.measure <= tally.worst && comparePaths(path, sofar.key) > 0) continue;
    const read = examiner.rows(directory, (block, row, judged) => {
      if (judged.outcome !== 'broken') return;
      const { best } = seen;
      if (best !== null && judged.measure > best.judged.measure) return;
      const key = path + block.name(row);
      if (best !== null && judged.measure === best.judged.measure && comparePaths(key, best.key) >= 0) return;
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
