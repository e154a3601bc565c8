/**
 * `npm test`: everything, on a machine that may have nothing but Node and Debian's packages.
 * What cannot be had here is skipped with its reason; the last line is `N passed, N failed, N skipped`.
 * `npm run test:deep` repeats the end-to-end tests ten times on fresh servers and runs ten times the property cases.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startCeph } from '../test/servers/ceph/ceph.ts';
import type { Tally } from '../test/support/tally-reporter.ts';
import type { chromiumOrReason } from './chromium.ts';
import { judgeRequests } from './recorded-requests.ts';
import { CHECKS, failedChecks, ROOT, runNode } from './steps.ts';

const deep = process.argv.includes('--deep');
const begun = performance.now();
let passed = 0;
const failed: string[] = [];
const skipped: { test: string; reason: string }[] = [];

/** Where every process of every suite notes the requests it sends. */
const requests = join(ROOT, 'test-results', 'requests.jsonl');
const recording = {
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${pathToFileURL(join(ROOT, 'test', 'support', 'record-requests.mjs'))}`.trim(),
  ISOTHERM_TEST_REQUESTS: requests,
};

const say = (words: string): void => {
  process.stdout.write(`\n== ${words} (${((performance.now() - begun) / 1000).toFixed(0)} s)\n`);
};

async function suite(project: string, environment: NodeJS.ProcessEnv): Promise<void> {
  say(`suite ${project}`);
  const tally = join(ROOT, 'test-results', `tally-${project}.json`);
  rmSync(tally, { force: true });
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--project', project, '--reporter', 'default', '--reporter', './test/support/tally-reporter.ts'];
  const clean = await runNode(args, {
    timeoutMs: (deep ? 60 : 10) * 60_000,
    environment: { ...environment, ...recording, ISOTHERM_TALLY: tally, ...(deep ? { ISOTHERM_DEEP: '1' } : {}) },
  });
  if (!existsSync(tally)) {
    failed.push(`${project} (the suite ended without a result)`);
    return;
  }
  const result = JSON.parse(readFileSync(tally, 'utf8')) as Tally;
  if (result.passed + result.failed.length + result.skipped.length === 0) failed.push(`${project} (no tests were found)`);
  if (!clean && result.failed.length === 0) failed.push(`${project} (vitest ended with a failure that belongs to no test)`);
  passed += result.passed;
  failed.push(...result.failed);
  skipped.push(...result.skipped);
}

type Server = { readonly environment: NodeJS.ProcessEnv; readonly stop: () => Promise<void> };

/** One S3 server, or the reason why its tests are skipped. A server that should start and does not is a failure. */
async function server(): Promise<Server> {
  try {
    const ceph = await startCeph();
    if (ceph.ok) return { environment: { ISOTHERM_TEST_CEPH: JSON.stringify(ceph.value.access) }, stop: ceph.value.stop };
    return { environment: { ISOTHERM_TEST_CEPH_ABSENT: ceph.reason }, stop: async () => undefined };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    failed.push(`the S3 server (${reason})`);
    return { environment: { ISOTHERM_TEST_CEPH_ABSENT: `it did not start: ${reason}` }, stop: async () => undefined };
  }
}

/** Chromium is looked for in a process of its own, so that an installation does not hold up the checks. */
async function browser(): Promise<NodeJS.ProcessEnv> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'find-chromium.ts')], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  const answer = JSON.parse(text || '{"reason":"the search for Chromium ended without an answer"}') as ReturnType<typeof chromiumOrReason>;
  return 'path' in answer ? { ISOTHERM_CHROMIUM: answer.path } : { ISOTHERM_CHROMIUM_ABSENT: answer.reason };
}

rmSync(requests, { force: true });
mkdirSync(dirname(requests), { recursive: true });
const chromium = browser();

say('checks');
const badChecks = await failedChecks();
failed.push(...badChecks.map((name) => `check: ${name}`));
passed += CHECKS.length - badChecks.length;

await suite('unit', {});

say('build');
const built = await runNode([join('scripts', 'build.ts')], { timeoutMs: 180_000 });
if (built) passed++;
else failed.push('build');
await suite('transports', {});

for (let round = 1; round <= (deep ? 10 : 1); round++) {
  if (deep) say(`round ${round} of 10`);
  const s3 = await server();
  try {
    await suite('e2e', { ...s3.environment, ...(deep ? { ISOTHERM_ROUND: String(round) } : {}) });
    if (round === 1) await suite('browser', { ...s3.environment, ...(await chromium) });
  } finally {
    await s3.stop();
  }
}
await suite('trino', {});
await suite('electron', {});

say('requests');
const judged = judgeRequests(requests);
process.stdout.write(
  `${Object.entries(judged.counts)
    .map(([mark, count]) => `${count} by ${mark}`)
    .join(', ')}\n`,
);
failed.push(...judged.faults.map((fault) => `request: ${fault}`));
// A suite that recorded no write proves nothing about writes.
if (judged.counts.lifecycle === undefined) failed.push('requests: no write was recorded');
else if (judged.faults.length === 0) passed++;

say('done');
if (skipped.length > 0) {
  process.stdout.write('SKIPPED\n');
  for (const { test, reason } of skipped) process.stdout.write(`  ${test}: ${reason}\n`);
}
if (failed.length > 0) {
  process.stdout.write('FAILED\n');
  for (const test of failed) process.stdout.write(`  ${test}\n`);
}
process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
process.stdout.write(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped\n`);
