/**
 * Runs one flow of apply and kills itself, hard, at a step: before or after a line of the journal is forced to the disk, or when a request
 * leaves or its answer has come. Arguments: JSON of { step, flow }. Prints nothing; a run that outlives its steps ends with 0.
 */
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const order = JSON.parse(process.argv[2] ?? '{}') as {
  readonly step: number;
  readonly flow: 'apply' | 'rollback';
  readonly dataDir: string;
  readonly planFile: string;
  readonly journalId: string;
  readonly endpoint: string;
};
let step = 0;
const reached = (): void => {
  if (step === order.step) process.kill(process.pid, 'SIGKILL');
  step += 1;
};
const { fsyncSync } = fs;
fs.fsyncSync = (handle) => {
  reached();
  fsyncSync(handle);
  reached();
};
syncBuiltinESMExports();
subscribe('http.client.request.start', reached);
subscribe('http.client.response.finish', reached);

const { applyPlan } = await import('../../../../src/main/apply/apply.ts');
const { rollback } = await import('../../../../src/main/apply/rollback.ts');
const context = { dataDir: order.dataDir, now: () => new Date('2026-11-23T00:00:00.000Z'), patienceMs: 200, settleMs: 10 };
const remote = { endpoint: order.endpoint, region: 'us-east-1', pathStyle: true };
if (order.flow === 'apply') {
  const plan = JSON.parse(fs.readFileSync(order.planFile, 'utf8'));
  await applyPlan(
    { plan, hash: plan.hash, confirmation: plan.confirmation, approvals: [], consents: [], workspace: null },
    remote,
    context,
  );
} else {
  const to = { bucket: 'bucket-one', to: order.journalId, which: 'before' as const, overChanges: false, confirmation: undefined };
  await rollback(to, remote, context);
}
