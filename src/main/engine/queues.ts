import { appError } from '../../contract/errors.ts';
import { err, type Result } from '../../contract/result.ts';

/** One line per name: who comes later waits until those before have ended, however they ended. */
export function createQueues() {
  const tails = new Map<string, Promise<unknown>>();
  return {
    async run(name: string, signal: AbortSignal, work: () => Promise<Result<unknown>>): Promise<Result<unknown>> {
      const before = tails.get(name) ?? Promise.resolve();
      const mine = before.then(() => (signal.aborted ? err(appError('Cancelled', 'Cancelled while it waited its turn.')) : work()));
      const tail = mine.catch(() => {});
      tails.set(name, tail);
      try {
        return await mine;
      } finally {
        if (tails.get(name) === tail) tails.delete(name);
      }
    },
  };
}
