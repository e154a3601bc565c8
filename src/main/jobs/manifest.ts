import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import type { JobOperation, JobPlan, JobSelection } from '../../contract/batch-job.ts';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { VERSION_STATES } from '../../contract/vocabulary.ts';
import { prefixScope } from '../../core/cube/prefix.ts';
import type { RowBlock } from '../../core/cube/row-block.ts';
import { manifestLine } from '../../core/jobs/manifest-line.ts';
import { archiveOf } from '../../core/price/operation-prices.ts';
import type { IndexReader } from '../index/reader.ts';
import { ListWriter } from './list-writer.ts';

const CURRENT = VERSION_STATES.indexOf('current');
const NONCURRENT = VERSION_STATES.indexOf('noncurrent');
/** One request lays the list down; S3 takes 5 GiB in one. */
const MOST_BYTES = 5 * 2 ** 30;

export interface ManifestOrder {
  readonly reader: IndexReader;
  readonly snapshotId: string;
  readonly bucket: string;
  readonly selection: JobSelection;
  readonly operation: JobOperation;
  /** Whether every line has a version id; without, S3 acts on what is latest when the job runs. */
  readonly withVersion: boolean;
  readonly file: string;
  readonly signal: AbortSignal;
}

type Written = Pick<JobPlan['manifest'], 'rows' | 'sizeBytes' | 'md5' | 'sha256'> & Pick<JobPlan, 'versions' | 'bytes' | 'byClass'>;

/** Raised inside a scan when the signal says so; never leaves this file. */
class Stopped extends Error {}

/** Writes the list of what a job acts on, in the order of the index, whole or not at all. Memory stays the same however long it is. */
export function writeManifest(order: ManifestOrder): Result<Written> {
  const { reader, snapshotId, selection, file, signal } = order;
  const cube = reader.cube(snapshotId);
  if (!cube.ok) return cube;
  const { tree, classes } = cube.value;
  const scope = prefixScope(tree, selection.prefix);
  const temporary = `${file}.tmp`;
  let handle: number | undefined;
  try {
    handle = openSync(temporary, 'w', 0o600);
    const out = new ListWriter(handle);
    const byClass = new Map<number, { versions: number; bytes: number }>();
    const isWanted = classes.map(({ storageClass, accessTier }) => isForOperation(order, storageClass, accessTier));
    let path = '';
    let directory = -1;
    const take = (block: RowBlock, isCovered: (name: string) => boolean): void => {
      if (signal.aborted) throw new Stopped();
      for (let row = 0; row < block.rows; row += 1) {
        const classId = block.classId[row]!;
        if (isWanted[classId] !== true || !isState(selection.versions, block.state[row]!)) continue;
        const name = block.name(row);
        if (!isCovered(name)) continue;
        if (block.directory[row] !== directory) {
          directory = block.directory[row]!;
          path = tree.path(directory);
        }
        out.add(manifestLine(order.bucket, `${path}${name}`, block.versionId(row), order.withVersion));
        const sum = byClass.get(classId) ?? { versions: 0, bytes: 0 };
        byClass.set(classId, { versions: sum.versions + 1, bytes: sum.bytes + block.sizeBytes[row]! });
      }
    };
    if (scope !== null) {
      const { cut, from, to } = scope;
      if (cut !== null) {
        const range = { from: cut.directory, to: cut.directory + 1 };
        const scanned = reader.scan(snapshotId, range, (block) => take(block, (name) => name.startsWith(cut.namePrefix)));
        if (!scanned.ok) return scanned;
      }
      const scanned = to > from ? reader.scan(snapshotId, { from, to }, (block) => take(block, () => true)) : ok(undefined);
      if (!scanned.ok) return scanned;
    }
    const sums = out.finish();
    if (sums.sizeBytes > MOST_BYTES) return err(appError('LimitExceeded', 'The list is larger than 5 GiB, which S3 takes in one request.'));
    fsyncSync(handle);
    closeSync(handle);
    handle = undefined;
    renameSync(temporary, file);
    const parts = [...byClass].map(([classId, sum]) => ({ ...classes[classId]!, ...sum })).sort((a, b) => b.bytes - a.bytes);
    return ok({
      ...sums,
      versions: sums.rows,
      bytes: parts.reduce((total, { bytes }) => total + bytes, 0),
      byClass: parts.map(({ storageClass, accessTier, versions, bytes }) => ({ storageClass, accessTier, versions, bytes })),
    });
  } catch (cause) {
    if (cause instanceof Stopped) return err(appError('Cancelled', 'The list was not finished.'));
    const isFull = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
    return err(appError(isFull ? 'DiskFull' : 'FileUnwritable', 'The list of the job cannot be written.', { file, detail: String(cause) }));
  } finally {
    if (handle !== undefined) closeSync(handle);
    rmSync(temporary, { force: true });
  }
}

/** Restores act on what is archived, everything else on any class; further classes only as they were named. */
function isForOperation({ operation, selection }: ManifestOrder, storageClass: string, accessTier: string): boolean {
  if (selection.storageClasses.length > 0 && !selection.storageClasses.includes(storageClass)) return false;
  return operation.kind !== 'restore' || archiveOf(storageClass, accessTier) !== null;
}

function isState(versions: JobSelection['versions'], state: number): boolean {
  if (versions === 'all') return state === CURRENT || state === NONCURRENT;
  return state === (versions === 'current' ? CURRENT : NONCURRENT);
}
