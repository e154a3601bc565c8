import type { PROVE_METHODS } from '../../../contract/methods/prove.ts';
import type { ProofRun, Statement } from '../../../contract/prove.ts';
import { ok, type Result } from '../../../contract/result.ts';
import { DAY_MS } from '../../../contract/units.ts';
import { errorsOf, policyInvalid } from '../../../core/policy/validate/validate.ts';
import { dayOfDate } from '../../../core/prove/context.ts';
import { type ProofInput, prove } from '../../../core/prove/prove.ts';
import { dayOf, formatDay } from '../../../core/report/format.ts';
import { readBucketState } from '../../s3/bucket-state.ts';
import { withConnection } from '../../s3/client.ts';
import type { Handlers } from '../handler.ts';
import { proofSnapshot } from '../proof-snapshot.ts';

export const proveHandlers: Pick<Handlers, keyof typeof PROVE_METHODS> = {
  'prove.check': async ({ index, snapshotId, configuration, facts, asOf, statements }, { environment, signal }) => {
    const issues = configuration === null ? [] : errorsOf(configuration);
    if (issues.length > 0) return { ok: false, error: policyInvalid(issues) };
    const opened = index === undefined ? ok(null) : proofSnapshot(index, snapshotId);
    if (!opened.ok) return opened;
    const shown = opened.value?.snapshot;
    const asOfDay =
      asOf !== undefined ? dayOfDate(asOf) : shown ? Math.floor(Date.parse(shown.asOf) / DAY_MS) : dayOf(environment.now().getTime());
    const input: ProofInput = { configuration, facts, asOfDay, snapshot: opened.value?.versions };
    const proofs = decideAll(statements, input, signal);
    if (!proofs.ok) return proofs;
    const counts: ProofRun['counts'] = { PROVED: 0, COUNTEREXAMPLE: 0, INSUFFICIENT: 0 };
    for (const { verdict } of proofs.value) counts[verdict] += 1;
    const snapshot = shown && {
      snapshotId: shown.snapshotId,
      bucket: shown.bucket,
      asOf: shown.asOf,
      manifestMd5: shown.manifestMd5,
      rows: shown.rows,
      isSample: shown.isSample,
    };
    return ok({ asOf: formatDay(asOfDay), snapshot: snapshot ?? null, configuration, facts, proofs: proofs.value, counts });
  },

  'bucket.facts': ({ bucket, remote }, { signal }) =>
    withConnection(remote, bucket, signal, (connection) => readBucketState(connection, bucket, signal)),
};

function decideAll(statements: readonly Statement[], input: ProofInput, signal: AbortSignal): Result<ProofRun['proofs']> {
  const proofs: ProofRun['proofs'] = [];
  for (const statement of statements) {
    signal.throwIfAborted();
    const proof = prove(statement, input);
    if (!proof.ok) return proof;
    proofs.push(proof.value);
  }
  return ok(proofs);
}
