import { expect, test } from 'vitest';
import type { Progress } from '../../../src/contract/frames.ts';
import { runInJobThread } from '../../../src/main/engine/job.ts';

const module = new URL('./job-fixture.ts', import.meta.url);
const environment = { version: '0', dataDir: '', resourcesDir: '', now: () => new Date(0) };

function run(out: string, onProgress: (progress: Progress, abort: () => void) => void = () => {}) {
  const stop = new AbortController();
  const context = { environment, signal: stop.signal, progress: (report: Progress) => onProgress(report, () => stop.abort()) };
  return runInJobThread('sample.write', { out, versions: 1, seed: 1 }, context, module);
}

test('a job returns its result and its progress', async () => {
  const phases: string[] = [];
  expect(await run('done', (report) => phases.push(report.phase))).toMatchObject({ ok: true, value: { rows: 1 } });
  expect(phases).toEqual(['done']);
});

test('a thread that ends early fails as Internal with its status', async () => {
  expect(await run('exit')).toMatchObject({ ok: false, error: { code: 'Internal', message: expect.stringContaining('status 3') } });
});

test('a thread that crashes fails as Internal with the reason', async () => {
  expect(await run('crash')).toMatchObject({ ok: false, error: { code: 'Internal', detail: 'out of everything' } });
});

test('a cancel reaches a waiting job', async () => {
  const result = await run('wait', (_report, abort) => abort());
  expect(result).toMatchObject({ ok: false, error: { code: 'Cancelled', message: 'The job heard the cancel.' } });
});

test('a cancel reaches a job that never lets go of its thread', async () => {
  const result = await run('busy', (_report, abort) => abort());
  expect(result).toMatchObject({ ok: false, error: { code: 'Cancelled', message: 'The busy loop saw the flag.' } });
});
