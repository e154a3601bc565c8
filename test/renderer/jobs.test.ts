import { beforeEach, expect, test, vi } from 'vitest';
import { appError } from '../../src/contract/errors.ts';
import type { Progress } from '../../src/contract/frames.ts';
import { err, ok, type Result } from '../../src/contract/result.ts';

type Options = { signal: AbortSignal; onProgress: (progress: Progress) => void };
const call = vi.hoisted(() => vi.fn<(method: string, params: unknown, options: Options) => Promise<Result<unknown>>>());
vi.mock('../../src/renderer/api/client.ts', () => ({ client: { call } }));

const { runJob, useJobs } = await import('../../src/renderer/state/jobs.ts');

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  useJobs.setState({ jobs: [], announcement: '' });
});

const scan = () => runJob('app.info', {}, 'Scanning here');

test('a job shows its phase and its rate within the phase, and leaves after its end was said', async () => {
  call.mockImplementation(async (_method, _params, { onProgress }) => {
    onProgress({ phase: 'reading', done: 1000 });
    vi.advanceTimersByTime(2000);
    onProgress({ phase: 'reading', done: 5000 });
    expect(useJobs.getState().jobs[0]).toMatchObject({ state: 'running', perSecond: 2000, progress: { done: 5000 } });
    onProgress({ phase: 'sorting', done: 0 });
    expect(useJobs.getState().jobs[0]?.perSecond).toBeUndefined();
    return ok('done');
  });
  expect(await scan()).toEqual(ok('done'));
  expect(useJobs.getState()).toMatchObject({ announcement: 'Scanning here: done', jobs: [{ state: 'done' }] });
  vi.advanceTimersByTime(10_000);
  expect(useJobs.getState().jobs).toEqual([]);
});

test('cancelling asks the engine and waits for its answer', async () => {
  call.mockImplementation(
    (_method, _params, { signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(err(appError('Cancelled', 'Stopped.'))))),
  );
  const running = scan();
  useJobs.getState().jobs[0]?.cancel();
  expect(useJobs.getState().jobs[0]?.state).toBe('cancelling');
  expect((await running).ok).toBe(false);
  expect(useJobs.getState()).toMatchObject({ announcement: 'Scanning here: cancelled', jobs: [{ state: 'cancelled' }] });
});

test('a failure comes back as it is and ends the job', async () => {
  const failure = err(appError('DiskFull', 'The disk is full.'));
  call.mockResolvedValue(failure);
  expect(await scan()).toBe(failure);
  expect(useJobs.getState().jobs[0]?.state).toBe('failed');
});
