import type { KeepPolicy } from '../../contract/keep.ts';
import { formatBytes, formatCount } from '../report/format.ts';

/** "last 2, best 1 by eval_loss (min), every 1,000 steps, written in 30 days". */
export function policyInWords(policy: KeepPolicy): string {
  const parts = [`the last ${formatCount(policy.last)} complete`];
  if (policy.metric !== null) {
    const by = `by ${policy.metric.name} (${policy.metric.mode})`;
    if (policy.best > 0) parts.push(`the best ${formatCount(policy.best)} of a run ${by}`);
    if (policy.bestOfProject > 0) parts.push(`the best ${formatCount(policy.bestOfProject)} of a project ${by}`);
  }
  if (policy.everySteps !== null) parts.push(`every ${formatCount(policy.everySteps)} steps`);
  if (policy.named) parts.push('what its name calls best, last or final');
  parts.push(`what was written in ${formatCount(policy.graceDays)} days`);
  if (policy.readDays > 0) parts.push(`what was read in ${formatCount(policy.readDays)} days`);
  if (policy.budgetBytes !== null) parts.push(`more while a ${policy.budgetPer} fits into ${formatBytes(policy.budgetBytes)}`);
  return parts.join(', ');
}
