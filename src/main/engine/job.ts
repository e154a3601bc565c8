import { Worker } from 'node:worker_threads';
import { appError } from '../../contract/errors.ts';
import type { MethodName, ParamsIn } from '../../contract/methods.ts';
import { err, type Result } from '../../contract/result.ts';
import { createClient } from '../../core/wire/client.ts';
import { threadUrl } from './entry.ts';
import type { EngineSettings } from './environment.ts';
import type { CallContext } from './handler.ts';
import { createWorkerTransport } from './port.ts';

/**
 * What a job thread is started with. `cancelled` becomes 1 when the call is cancelled: a busy loop can look at it.
 * `paused` is 1 while the call is to hold still.
 */
export interface JobData extends EngineSettings {
  readonly cancelled: Int32Array;
  readonly paused: Int32Array;
}

/** How long a cancelled job may take to put things away before its thread is stopped. */
const CANCEL_GRACE_MS = 10_000;

/** Runs one call in a fresh thread: its memory goes with it, and its crash is only its own. */
export async function runInJobThread(
  method: MethodName,
  params: unknown,
  context: CallContext,
  module: URL = threadUrl('job-thread'),
): Promise<Result<unknown>> {
  const { now: _, ...settings } = context.environment;
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const paused = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(module, { workerData: { ...settings, cancelled, paused } satisfies JobData });
  const client = createClient(createWorkerTransport(worker));

  const setPaused = (on: boolean) => {
    Atomics.store(paused, 0, on ? 1 : 0);
    Atomics.notify(paused, 0);
  };
  const followPause = () => setPaused(context.pause?.paused ?? false);
  const stopFollowing = context.pause?.subscribe(followPause);
  followPause();

  let giveUp: NodeJS.Timeout | undefined;
  let cancel: (() => void) | undefined;
  const stopped = new Promise<Result<unknown>>((resolve) => {
    cancel = () => {
      Atomics.store(cancelled, 0, 1);
      // A job held still must wake to put things away.
      setPaused(false);
      giveUp = setTimeout(() => resolve(err(appError('Cancelled', 'Cancelled; it took too long to stop and was ended.'))), CANCEL_GRACE_MS);
    };
    if (context.signal.aborted) cancel();
    else context.signal.addEventListener('abort', cancel, { once: true });
  });
  try {
    // The parameters were parsed already; parsing again in the thread changes nothing.
    const call = client.call(method, params as ParamsIn<MethodName>, { signal: context.signal, onProgress: context.progress });
    return await Promise.race([call, stopped]);
  } finally {
    clearTimeout(giveUp);
    stopFollowing?.();
    if (cancel) context.signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}
