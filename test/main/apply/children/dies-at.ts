/** Runs one flow of apply and dies at a step of it. Arguments: JSON of { step, flow }. Prints nothing; a run that outlives its steps ends with 0. */
import fs from 'node:fs';
import { dieAtStep } from '../../../support/dies-at-steps.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as {
  readonly step: number;
  readonly flow: 'apply' | 'rollback';
  readonly dataDir: string;
  readonly planFile: string;
  readonly journalId: string;
  readonly endpoint: string;
};
dieAtStep(order.step);

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
