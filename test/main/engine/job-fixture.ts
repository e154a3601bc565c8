import { parentPort, workerData } from 'node:worker_threads';
import { appError } from '../../../src/contract/errors.ts';
import type { SampleTruth } from '../../../src/contract/methods/sources.ts';
import { err, ok } from '../../../src/contract/result.ts';
import { serveSession } from '../../../src/core/wire/session.ts';
import type { JobData } from '../../../src/main/engine/job.ts';
import { createNodePortTransport } from '../../../src/main/engine/port.ts';

const { cancelled } = workerData as JobData;

/** A job thread whose one method does what its `out` says. */
if (parentPort) {
  serveSession(createNodePortTransport(parentPort), async ({ params, progress, signal }) => {
    const { out } = params as { out: string };
    progress({ phase: out, done: 1 });
    if (out === 'exit') process.exit(3);
    if (out === 'crash')
      setTimeout(() => {
        throw new RangeError('out of everything');
      }, 1);
    if (out === 'busy') {
      while (Atomics.load(cancelled, 0) === 0);
      return err(appError('Cancelled', 'The busy loop saw the flag.'));
    }
    if (out === 'done') {
      const none = { versions: 0, bytes: 0 };
      return ok({
        rows: 1,
        versions: 1,
        deleteMarkers: 0,
        bytes: 0,
        byClass: {},
        byState: { current: none, noncurrent: none, marker: none },
        staleCheckpoints: { checkpoints: 0, versions: 0, bytes: 0, billedBytes: {} },
      } satisfies SampleTruth);
    }
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    return err(appError('Cancelled', 'The job heard the cancel.'));
  });
}
