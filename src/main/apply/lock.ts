import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { appError } from '../../contract/errors.ts';
import { err, type Result } from '../../contract/result.ts';
import { lockIndex } from '../index/lock.ts';
import { journalPath } from './journal.ts';

const PATIENCE_MS = 60_000;
const POLL_MS = 100;

const queues = new Map<string, Promise<unknown>>();

/** Runs one write at a time to a journal: in this process by a queue, across processes by a lock beside the journal. */
export function exclusively<T>(dataDir: string, run: () => Promise<Result<T>>): Promise<Result<T>> {
  const next = (queues.get(dataDir) ?? Promise.resolve()).then(() => locked(dataDir, run));
  const ended = next
    .catch(() => undefined)
    .then(() => {
      if (queues.get(dataDir) === ended) queues.delete(dataDir);
    });
  queues.set(dataDir, ended);
  return next;
}

async function locked<T>(dataDir: string, run: () => Promise<Result<T>>): Promise<Result<T>> {
  const file = journalPath(dataDir);
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    return err(
      appError('FileUnwritable', 'The folder of the journal cannot be written; nothing was sent to the bucket.', {
        file,
        detail: String(error),
      }),
    );
  }
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const lock = lockIndex(file, process.pid);
    if (lock.ok) {
      try {
        return await run();
      } finally {
        lock.value.release();
      }
    }
    if (lock.error.code !== 'IndexBusy') return lock;
    if (waitedMs >= PATIENCE_MS) return err(appError('JournalBusy', 'Another Isotherm is writing to a bucket.', { file }));
    await sleep(POLL_MS);
  }
}
