import { create } from 'zustand';
import type { Plan } from '../../contract/plan.ts';

/** Rules of others, as the last plan found them in a bucket. */
interface BucketRules {
  readonly bucket: string | undefined;
  readonly foreign: readonly { readonly id: string; readonly words: string }[];
  remember(plan: Plan): void;
}

export const useBucketRules = create<BucketRules>()((set) => ({
  bucket: undefined,
  foreign: [],
  remember: (plan) =>
    set({
      bucket: plan.target.bucket,
      foreign: plan.changes
        .filter(({ owner, change }) => owner === 'foreign' && change !== 'removed')
        .map(({ ruleId, words }) => ({ id: ruleId, words })),
    }),
}));
