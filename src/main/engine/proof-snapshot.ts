import type { Snapshot } from '../../contract/index-views.ts';
import { ok, type Result } from '../../contract/result.ts';
import type { ProofSnapshot } from '../../core/prove/prove-existing.ts';
import { openIndex } from '../index/reader.ts';

/** A snapshot of an index as the prover reads it. */
export function proofSnapshot(
  index: string,
  snapshotId: string | undefined,
): Result<{ readonly snapshot: Snapshot; readonly versions: ProofSnapshot }> {
  const reader = openIndex(index);
  if (!reader.ok) return reader;
  const snapshot = reader.value.snapshot(snapshotId);
  if (!snapshot.ok) return snapshot;
  const { snapshotId: id, fields, allVersions, coverage, prefix } = snapshot.value;
  const cube = reader.value.cube(id);
  if (!cube.ok) return cube;
  const versions: ProofSnapshot = {
    cube: cube.value,
    rowsIn: (directory) => reader.value.versionsIn(id, directory),
    knowledge: { fields, allVersions, coverage, prefix },
  };
  return ok({ snapshot: snapshot.value, versions });
}
