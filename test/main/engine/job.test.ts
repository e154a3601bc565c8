import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Progress } from '../../../src/contract/frames.ts';
import { createPauseSource } from '../../../src/core/wire/transport.ts';
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

const HELD_MS = 700;

/** The real job thread, writing a sample large enough to be paused at its first report. */
async function writeHeld(act: (hand: { resume: () => void; cancel: () => void }) => void) {
  const out = mkdtempSync(join(tmpdir(), 'isotherm-pause-'));
  const stop = new AbortController();
  const pause = createPauseSource();
  let reports = 0;
  let movedWhileHeld = Number.NaN;
  const look = () => {
    // What was under way when the pause came has been told by now; from here on nothing may move.
    const before = reports;
    setTimeout(() => {
      movedWhileHeld = reports - before;
      act({ resume: () => pause.set(false), cancel: () => stop.abort() });
    }, HELD_MS);
  };
  const progress = () => {
    reports += 1;
    if (reports > 1) return;
    pause.set(true);
    setTimeout(look, HELD_MS);
  };
  try {
    const context = { environment, signal: stop.signal, pause: pause.signal, progress };
    const result = await runInJobThread('sample.write', { out, versions: 150_000, seed: 1 }, context);
    return { result, movedWhileHeld };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

test('a paused job stands still, and finishes once it is let go on', async () => {
  const { result, movedWhileHeld } = await writeHeld(({ resume }) => resume());
  expect(movedWhileHeld).toBe(0);
  expect(result).toMatchObject({ ok: true, value: { rows: 150_000 } });
});

test('a paused job can be cancelled', async () => {
  const { result } = await writeHeld(({ cancel }) => cancel());
  expect(result).toMatchObject({ ok: false, error: { code: 'Cancelled' } });
});
