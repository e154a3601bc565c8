import { parentPort, workerData } from 'node:worker_threads';
import { serveSession } from '../../core/wire/session.ts';
import type { CancelSignal } from '../../core/wire/transport.ts';
import { createDispatch } from './dispatch.ts';
import { createLog, withClock } from './environment.ts';
import { HANDLERS } from './handlers/index.ts';
import type { JobData } from './job.ts';
import { createNodePortTransport } from './port.ts';

const { cancelled, paused, ...settings } = workerData as JobData;
if (parentPort === null) throw new Error('job-thread runs as a worker thread only');

const dispatch = createDispatch({ environment: withClock(settings), handlers: HANDLERS, log: createLog(settings.dataDir) });
serveSession(createNodePortTransport(parentPort), (call) => dispatch({ ...call, signal: pollingSignal(call.signal), hold }));

/** Stops the thread where it stands until the call is let go on or cancelled; what it has opened stays open. */
function hold(): void {
  while (Atomics.load(paused, 0) === 1 && Atomics.load(cancelled, 0) === 0) Atomics.wait(paused, 0, 1, 1000);
}

/** An AbortSignal that also looks at the shared flag: messages do not arrive while a synchronous loop runs. */
function pollingSignal(wire: CancelSignal): CancelSignal {
  const controller = new AbortController();
  const { signal } = controller;
  wire.addEventListener('abort', () => controller.abort());
  Object.defineProperty(signal, 'aborted', {
    get() {
      if (Atomics.load(cancelled, 0) === 1) controller.abort();
      return Reflect.get(AbortSignal.prototype, 'aborted', signal);
    },
  });
  return signal;
}
