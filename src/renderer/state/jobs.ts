import { create } from 'zustand';
import type { Progress } from '../../contract/frames.ts';
import type { Definition } from '../../contract/methods/definition.ts';
import { METHODS, type MethodName, type ParamsIn, type ResultOf } from '../../contract/methods.ts';
import type { Result } from '../../contract/result.ts';
import { createPauseSource } from '../../core/wire/transport.ts';
import { client } from '../api/client.ts';

/** Something long that runs, or just ended. */
export interface Job {
  readonly id: number;
  readonly title: string;
  readonly state: 'running' | 'paused' | 'cancelling' | 'done' | 'failed' | 'cancelled';
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly progress: Progress | undefined;
  /** Things done and bytes read per second over the phase under way; undefined until it is known. */
  readonly perSecond: number | undefined;
  readonly bytesPerSecond: number | undefined;
  /** Whether its method can be held and let go on. */
  readonly canPause: boolean;
  cancel(): void;
  pause(): void;
  resume(): void;
}

interface Jobs {
  readonly jobs: readonly Job[];
  /** Every job of this window, newest first, for the activity. */
  readonly past: readonly Job[];
  /** Said by the live region when a job ends. */
  readonly announcement: string;
}

const LINGER_MS = 8000;
const MOST_PAST = 50;
let nextId = 1;

export const useJobs = create<Jobs>()(() => ({ jobs: [], past: [], announcement: '' }));

const change = (id: number, with_: (job: Job) => Partial<Job>) =>
  useJobs.setState(({ jobs }) => ({ jobs: jobs.map((job) => (job.id === id ? { ...job, ...with_(job) } : job)) }));

/** Runs a method as a job the status bar shows and can pause and cancel. A failure comes back as a value; showing it is the caller's business. */
export async function runJob<M extends MethodName>(method: M, params: ParamsIn<M>, title: string): Promise<Result<ResultOf<M>>> {
  const id = nextId++;
  const stop = new AbortController();
  const pause = createPauseSource();
  const rate = createRate();
  const setPaused = (paused: boolean) => () => {
    pause.set(paused);
    rate.forget();
    change(id, ({ state }) => (state === 'running' || state === 'paused' ? { state: paused ? 'paused' : 'running' } : {}));
  };
  const cancel = () => {
    change(id, () => ({ state: 'cancelling' }));
    stop.abort();
  };
  const begun: Job = {
    id,
    title,
    state: 'running',
    startedAtMs: Date.now(),
    endedAtMs: undefined,
    progress: undefined,
    perSecond: undefined,
    bytesPerSecond: undefined,
    canPause: (METHODS[method] as Definition).isHeavy === true,
    cancel,
    pause: setPaused(true),
    resume: setPaused(false),
  };
  useJobs.setState(({ jobs }) => ({ jobs: [...jobs, begun], announcement: '' }));
  const onProgress = (progress: Progress) => change(id, () => ({ progress, ...rate.of(progress, Date.now()) }));
  const result = await client.call(method, params, { signal: stop.signal, pause: pause.signal, onProgress });
  const state = result.ok ? 'done' : result.error.code === 'Cancelled' ? 'cancelled' : 'failed';
  change(id, () => ({ state, endedAtMs: Date.now() }));
  useJobs.setState(({ jobs, past }) => ({
    announcement: `${title}: ${END_WORDS[state]}`,
    past: [...jobs.filter((job) => job.id === id), ...past].slice(0, MOST_PAST),
  }));
  setTimeout(() => useJobs.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) })), LINGER_MS);
  return result;
}

/** Rates over the phase under way, from the first report after it began or was let go on. */
function createRate() {
  let from: { phase: string; atMs: number; done: number; bytes: number } | undefined;
  return {
    forget: () => {
      from = undefined;
    },
    of: (progress: Progress, nowMs: number): Pick<Job, 'perSecond' | 'bytesPerSecond'> => {
      const bytes = progress.bytes ?? 0;
      if (from?.phase !== progress.phase) from = { phase: progress.phase, atMs: nowMs, done: progress.done, bytes };
      const seconds = (nowMs - from.atMs) / 1000;
      if (seconds < 0.5) return { perSecond: undefined, bytesPerSecond: undefined };
      return {
        perSecond: (progress.done - from.done) / seconds,
        bytesPerSecond: bytes > from.bytes ? (bytes - from.bytes) / seconds : undefined,
      };
    },
  };
}

/** Seconds the phase would still take at its rate so far; undefined where no total is known or too little was seen. */
export function secondsLeft({ progress, perSecond, state }: Pick<Job, 'progress' | 'perSecond' | 'state'>): number | undefined {
  if (state !== 'running' || progress?.total === undefined || perSecond === undefined || perSecond <= 0) return undefined;
  return Math.max(0, progress.total - progress.done) / perSecond;
}

export const END_WORDS = {
  running: 'running',
  paused: 'paused',
  cancelling: 'stopping',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;
