import { spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ScanResult } from '../../../src/contract/index-views.ts';
import { answer, PROGRAM } from '../../support/command-line.ts';
import { type Bench, conditionOf, makeBench, namesIn, REPORT_ROWS } from './support.ts';

const deep = process.env.ISOTHERM_DEEP === '1';
const KILLS = deep ? 100 : 6;

let bench: Bench;
beforeAll(async () => {
  bench = await makeBench('killed');
});
afterAll(() => bench.files.remove());

/** Starts a scan, kills it with everything it has after so long, unless it ended before. */
async function killedAfter(ms: number): Promise<'killed' | 'ended'> {
  const child = spawn(process.execPath, [PROGRAM, 'scan', bench.report, '--index', bench.index, '--json'], {
    env: bench.environment,
    stdio: 'ignore',
  });
  const ended = new Promise<'killed' | 'ended'>((resolve) =>
    child.once('exit', (_code, signal) => resolve(signal === 'SIGKILL' ? 'killed' : 'ended')),
  );
  await Promise.race([sleep(ms), ended]);
  child.kill('SIGKILL');
  return ended;
}

it(`a scan killed at ${KILLS} moments leaves the index as it was, and the next one tidies up`, async () => {
  const begun = performance.now();
  const copy = bench.files.path('as-before.db');
  copyFileSync(bench.index, copy);
  expect(await killedAfter(1e9)).toBe('ended');
  const wholeMs = performance.now() - begun;
  expect(conditionOf(bench)).toBe('with the new snapshot');

  const leftBehind = new Set<number>();
  for (let i = 0; i < KILLS; i++) {
    copyFileSync(copy, bench.index);
    // Evenly spread over a whole scan, each a little off.
    const end = await killedAfter(((i + Math.random()) / KILLS) * wholeMs);
    const condition = conditionOf(bench);
    expect(condition, `kill ${i}`).toBe(end === 'ended' || condition !== 'as before' ? 'with the new snapshot' : 'as before');
    leftBehind.add(namesIn(bench.folder).length);
  }
  // Some kills came while a temporary file was there: otherwise nothing was tried.
  expect(Math.max(...leftBehind)).toBeGreaterThan(1);
  copyFileSync(copy, bench.index);
  expect(await answer<ScanResult>(['scan', bench.report, '--index', bench.index], bench.environment)).toMatchObject({
    rows: REPORT_ROWS,
    unchanged: false,
  });
  expect(namesIn(bench.folder)).toEqual(['x.db']);
}, 600_000);
