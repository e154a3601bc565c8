/** Creates, confirms or cancels a job and dies at a step of it. Arguments: JSON of the order. A run that outlives its steps ends with 0. */
import fs from 'node:fs';
import { dieAtStep } from '../../../support/dies-at-steps.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as {
  readonly step: number;
  readonly act: 'create' | 'confirm' | 'cancel';
  readonly dataDir: string;
  readonly planFile: string;
  readonly manifestFile: string;
  readonly jobId: string;
  readonly at: number;
};
dieAtStep(order.step);

const { createFromPlan, confirmJob, cancelJob } = await import('../../../../src/main/jobs/job.ts');
const plan = JSON.parse(fs.readFileSync(order.planFile, 'utf8'));
const { hash, target } = plan;
const trail = { dataDir: order.dataDir, now: () => new Date(order.at), by: 'ada' };
const remote = { endpoint: target.endpoint, region: target.region };
if (order.act === 'create') {
  await createFromPlan({ plan, hash, manifestFile: order.manifestFile, approvals: [], workspace: null, remote, trail });
} else if (order.act === 'confirm') await confirmJob(plan, hash, order.jobId, plan.confirmation, { remote, trail });
else await cancelJob({ account: target.account, remote }, order.jobId, 'no', trail);
