import type { JobPlan } from '../../contract/batch-job.ts';
import type { Approvable } from '../apply/approval.ts';

/** What an approval of a batch job is about: the versions and bytes it acts on. */
export const approvable = (plan: JobPlan): Approvable => ({
  hash: plan.hash,
  author: plan.author,
  expiresAt: plan.expiresAt,
  target: plan.target,
  destroyed: { versions: plan.versions, bytes: plan.bytes },
});
