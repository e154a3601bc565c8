import type { Snapshot } from '../../contract/index-views.ts';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { Proof, ProofFacts, ProofRun, Statement } from '../../contract/prove.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { errorsOf, policyInvalid } from '../../core/policy/validate/validate.ts';
import { dayOfDate } from '../../core/prove/context.ts';
import { type ProofInput, prove, statesOf } from '../../core/prove/prove.ts';
import { dayOf, formatDay } from '../../core/report/format.ts';
import { openIndex } from '../index/reader.ts';

export interface ProveOrder {
  readonly index?: string | undefined;
  readonly snapshotId?: string | undefined;
  readonly configuration: LifecycleConfiguration | null;
  readonly facts: ProofFacts;
  readonly asOf?: string | undefined;
  readonly statements: readonly Statement[];
}

/** What a run was made of, for whoever goes on from it. */
export interface ProvedRun {
  readonly run: ProofRun;
  readonly snapshot: Snapshot | null;
  readonly input: ProofInput;
}

function snapshotOf(
  index: string,
  snapshotId: string | undefined,
): Result<{ readonly record: Snapshot; readonly versions: NonNullable<ProofInput['snapshot']> }> {
  const reader = openIndex(index);
  if (!reader.ok) return reader;
  const snapshot = reader.value.snapshot(snapshotId);
  if (!snapshot.ok) return snapshot;
  const { snapshotId: id, fields, allVersions, coverage, prefix } = snapshot.value;
  const cube = reader.value.cube(id);
  if (!cube.ok) return cube;
  return ok({
    record: snapshot.value,
    versions: {
      cube: cube.value,
      rowsIn: (directory) => reader.value.versionsIn(id, directory),
      knowledge: { fields, allVersions, coverage, prefix },
    },
  });
}

/** What a decision rests on, read and checked: a configuration S3 would take, the snapshot, the day. */
export function openProofs(
  order: Omit<ProveOrder, 'statements'>,
  now: Date,
): Result<{ readonly input: ProofInput; readonly snapshot: Snapshot | null }> {
  const { configuration, facts } = order;
  const issues = configuration === null ? [] : errorsOf(configuration);
  if (issues.length > 0) return err(policyInvalid(issues));
  const opened = order.index === undefined ? ok(null) : snapshotOf(order.index, order.snapshotId);
  if (!opened.ok) return opened;
  const snapshot = opened.value?.record ?? null;
  const asOfDay = order.asOf !== undefined ? dayOfDate(order.asOf) : dayOf(snapshot === null ? now.getTime() : Date.parse(snapshot.asOf));
  return ok({ input: { configuration, facts, asOfDay, snapshot: opened.value?.versions }, snapshot });
}

/** Decides statements about one configuration, over any key and over a snapshot where one is named. */
export function runProofs(order: ProveOrder, now: Date, signal: AbortSignal): Result<ProvedRun> {
  const { configuration, facts, statements } = order;
  const opened = openProofs(order, now);
  if (!opened.ok) return opened;
  const { input, snapshot: record } = opened.value;
  const proofs: Proof[] = [];
  const counts: ProofRun['counts'] = { PROVED: 0, COUNTEREXAMPLE: 0, INSUFFICIENT: 0 };
  for (const statement of statements) {
    signal.throwIfAborted();
    const proof = prove(statement, input);
    if (!proof.ok) return proof;
    proofs.push(proof.value);
    counts[proof.value.verdict] += 1;
  }
  const shown = record && {
    snapshotId: record.snapshotId,
    bucket: record.bucket,
    asOf: record.asOf,
    manifestMd5: record.manifestMd5,
    rows: record.rows,
    isSample: record.isSample,
  };
  const run: ProofRun = { asOf: formatDay(input.asOfDay), snapshot: shown, configuration, facts, states: statesOf(input), proofs, counts };
  return ok({ run, snapshot: record, input });
}
