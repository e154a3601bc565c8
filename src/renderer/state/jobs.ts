import { create } from 'zustand';
import type { Progress } from '../../contract/frames.ts';
import type { MethodName, ParamsIn, ResultOf } from '../../contract/methods.ts';
import type { Result } from '../../contract/result.ts';
import { client } from '../api/client.ts';

/** Something long that runs, or just ended. */
export interface Job {
  readonly id: number;
  readonly title: string;
  readonly state: 'running' | 'cancelling' | 'done' | 'failed' | 'cancelled';
  readonly startedAtMs: number;
  readonly progress: Progress | undefined;
  /** Things done per second over the phase under way; undefined until it is known. */
  readonly perSecond: number | undefined;
  cancel(): void;
}

interface Jobs {
  readonly jobs: readonly Job[];
  /** Said by the live region when a job ends. */
  readonly announcement: string;
}

const LINGER_MS = 8000;
let nextId = 1;

export const useJobs = create<Jobs>()(() => ({ jobs: [], announcement: '' }));

const change = (id: number, with_: (job: Job) => Partial<Job>) =>
  useJobs.setState(({ jobs }) => ({ jobs: jobs.map((job) => (job.id === id ? { ...job, ...with_(job) } : job)) }));

/** Runs a method as a job the status bar shows and can cancel. A failure comes back as a value; showing it is the caller's business. */
export async function runJob<M extends MethodName>(method: M, params: ParamsIn<M>, title: string): Promise<Result<ResultOf<M>>> {
  const id = nextId++;
  const stop = new AbortController();
  const cancel = () => {
    change(id, () => ({ state: 'cancelling' }));
    stop.abort();
  };
  useJobs.setState(({ jobs }) => ({
    jobs: [...jobs, { id, title, state: 'running', startedAtMs: Date.now(), progress: undefined, perSecond: undefined, cancel }],
    announcement: '',
  }));
  let phase: { name: string; atMs: number; done: number } | undefined;
  const onProgress = (progress: Progress) => {
    const nowMs = Date.now();
    if (phase?.name !== progress.phase) phase = { name: progress.phase, atMs: nowMs, done: progress.done };
    const seconds = (nowMs - phase.atMs) / 1000;
    const perSecond = seconds < 0.5 ? undefined : (progress.done - phase.done) / seconds;
    change(id, () => ({ progress, perSecond }));
  };
  const result = await client.call(method, params, { signal: stop.signal, onProgress });
  const state = result.ok ? 'done' : result.error.code === 'Cancelled' ? 'cancelled' : 'failed';
  change(id, () => ({ state }));
  useJobs.setState({ announcement: `${title}: ${END_WORDS[state]}` });
  setTimeout(() => useJobs.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) })), LINGER_MS);
  return result;
}

export const END_WORDS = { running: 'running', cancelling: 'stopping', done: 'done', failed: 'failed', cancelled: 'cancelled' } as const;
