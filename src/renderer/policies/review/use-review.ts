import { create } from 'zustand';
import type { AppError } from '../../../contract/errors.ts';
import type { JournalEntry } from '../../../contract/journal.ts';
import type { LifecycleConfiguration } from '../../../contract/lifecycle.ts';
import type { ApplyResult, Plan } from '../../../contract/plan.ts';
import type { Remote } from '../../../contract/remote.ts';
import { client } from '../../api/client.ts';
import { learnFrom } from '../../state/bucket-state.ts';
import { useFlash } from '../../state/flash.ts';
import { runJob } from '../../state/jobs.ts';
import { useSession } from '../../state/session.ts';

type At = { index: string; snapshotId: string; region?: string };

/** The review of one change to one bucket: target, plan, what came of it, and the journal. */
interface Review {
  readonly stage: 'idle' | 'planning' | 'planned' | 'applying' | 'applied' | 'rollingBack';
  readonly plan: Plan | undefined;
  /** Where the plan's bucket was reached. */
  readonly remote: Remote;
  readonly error: AppError | undefined;
  /** What the last write came to, and which act it was. */
  readonly result: (ApplyResult & { readonly act: 'apply' | 'rollback' }) | undefined;
  readonly journal: readonly JournalEntry[];
  readonly journalError: AppError | undefined;

  /** Rules that come from elsewhere than the scenario; undefined: the scenario's. */
  readonly taken: { readonly name: string; readonly policy: LifecycleConfiguration } | undefined;
  take(taken: Review['taken']): void;
  makePlan(at: At, bucket: string, policy: LifecycleConfiguration, remote: Remote, convertLegacy: boolean): Promise<void>;
  /** `confirmation`: what the person typed; consent to everything the plan needs was given with it. */
  apply(confirmation: string): Promise<void>;
  rollback(entry: JournalEntry): Promise<void>;
  discard(): void;
  readJournal(): Promise<void>;
}

export const useReview = create<Review>()((set, get) => ({
  stage: 'idle',
  plan: undefined,
  remote: {},
  error: undefined,
  result: undefined,
  journal: [],
  journalError: undefined,
  taken: undefined,

  take: (taken) => set({ taken, stage: 'idle', plan: undefined, error: undefined, result: undefined }),

  async makePlan(at, bucket, policy, remote, convertLegacy) {
    set({ stage: 'planning', plan: undefined, error: undefined, result: undefined, remote });
    const planned = await runJob(
      'policy.plan',
      { ...at, bucket, policy, remote, consents: convertLegacy ? ['convertLegacy'] : [] },
      `Planning for ${bucket}`,
    );
    if (!planned.ok) return set({ stage: 'idle', error: planned.error });
    learnFrom(planned.value);
    set({ stage: 'planned', plan: planned.value });
  },

  async apply(confirmation) {
    const { plan, remote } = get();
    if (plan === undefined) return;
    set({ stage: 'applying', error: undefined });
    const consents = plan.needs.map(({ consent }) => consent);
    const applied = await runJob(
      'policy.apply',
      { plan, hash: plan.hash, confirmation, consents, remote },
      `Applying to ${plan.target.bucket}`,
    );
    if (applied.ok) set({ stage: 'applied', result: { ...applied.value, act: 'apply' } });
    else set({ stage: 'planned', error: applied.error });
    await get().readJournal();
  },

  async rollback(entry) {
    const before = get().stage;
    set({ stage: 'rollingBack', error: undefined });
    // The entry names the endpoint it was made at; the rest is as the form says.
    const remote: Remote = { ...get().remote, ...(entry.endpoint === null ? {} : { endpoint: entry.endpoint }) };
    const done = await runJob('policy.rollback', { bucket: entry.bucket, to: entry.journalId, remote }, `Rolling back ${entry.bucket}`);
    if (done.ok) {
      // What the plan compared with is no longer there.
      set({ stage: 'idle', plan: undefined, result: { ...done.value, act: 'rollback' } });
      useFlash.getState().note(`The configuration of ${entry.bucket} from before ${entry.journalId} is back.`);
    } else set({ stage: before, error: done.error });
    await get().readJournal();
  },

  discard: () => set({ stage: 'idle', plan: undefined, error: undefined, result: undefined }),

  async readJournal() {
    const journal = await client.call('journal.list', {});
    set(journal.ok ? { journal: journal.value, journalError: undefined } : { journalError: journal.error });
  },
}));

/** Rules that were made for one snapshot say nothing of another. */
useSession.subscribe((state, before) => {
  if (state.snapshotId !== before.snapshotId && useReview.getState().taken !== undefined) useReview.getState().take(undefined);
});
