import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JobPlan, UnfinishedJob } from '../../../src/contract/batch-job.ts';
import { METHODS } from '../../../src/contract/methods.ts';
import type { Result } from '../../../src/contract/result.ts';
import { jobHandlers } from '../../../src/main/engine/handlers/jobs.ts';
import { cancelJob, confirmJob, createFromPlan } from '../../../src/main/jobs/job.ts';
import { unfinishedJobs } from '../../../src/main/jobs/unfinished.ts';
import { type ControlStub, type StubJob, startControlStub } from '../../servers/s3-control/stub.ts';
import { must } from '../../support/apply-bench.ts';
import { FAULTS, type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { AS_OF_MS, META, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const DEEP = process.env.ISOTHERM_DEEP === '1';
const CHILD = fileURLToPath(new URL('./children/dies-at.ts', import.meta.url));
const ACCOUNT = '111122223333';
const AT = AS_OF_MS + 3_600_000;
const LATE_MS = 650;
/** Where something is spoilt what comes late has to be too late; elsewhere nothing may depend on how busy the machine is. */
const HASTY = { maxAttempts: 3, connectTimeoutMs: 500, requestTimeoutMs: 400, backoffMs: 5 };
const PATIENT = { ...HASTY, connectTimeoutMs: 60_000, requestTimeoutMs: 60_000 };
const ACTS = ['create', 'confirm', 'cancel'] as const;
type Act = (typeof ACTS)[number];

let stub: ControlStub;
let proxy: FaultProxy;
let folder: string;
beforeEach(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  folder = mkdtempSync(join(tmpdir(), 'isotherm-cut-off-'));
  stub = await startControlStub();
  proxy = await startFaultProxy(stub.endpoint.replace('localhost', '127.0.0.1'), LATE_MS);
});
afterEach(async () => {
  await proxy.close();
  expect(stub.faults).toEqual([]);
  await stub.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A job as far as it has to be for an act on it, and what there was of it then. */
interface Ready {
  readonly plan: JobPlan;
  readonly files: { readonly dataDir: string; readonly planFile: string; readonly manifestFile: string };
  readonly jobId: string;
  readonly jobs: readonly StubJob[];
  readonly objects: ReadonlyMap<string, Buffer>;
}

const trailIn = (dataDir: string) => ({ dataDir, now: () => new Date(AT), by: 'ada' });

async function ready(act: Act, endpoint: string): Promise<Ready> {
  const index = join(folder, 'x.db');
  await writeIndex(index, [row('a/b', { storageClass: 'GLACIER' }), row('a/c', { storageClass: 'GLACIER' })]);
  const files = {
    dataDir: join(folder, 'data'),
    planFile: join(folder, 'plan.json'),
    manifestFile: join(folder, 'job.manifest.csv'),
  };
  const remote = { endpoint, region: 'us-east-1' };
  const params = v.parse(METHODS['job.plan'].params, {
    index,
    bucket: META.bucket,
    account: ACCOUNT,
    remote,
    operation: { kind: 'restore', days: 7, speed: 'BULK' },
    selection: { prefix: '', versions: 'current', storageClasses: [] },
    roleArn: `arn:aws:iam::${ACCOUNT}:role/batch`,
    manifestPlace: { bucket: 'ops', key: 'lists/job.manifest.csv' },
    reportPlace: { bucket: 'ops', key: 'reports' },
    manifestFile: files.manifestFile,
  });
  const environment = { version: '0', dataDir: files.dataDir, resourcesDir: RESOURCES, now: () => new Date(AT), person: 'ada' };
  const call = { environment, signal: new AbortController().signal, progress: () => undefined };
  const plan = must(await jobHandlers['job.plan'](params, call));
  writeFileSync(files.planFile, JSON.stringify(plan));
  let jobId = '';
  if (act !== 'create') {
    ({ jobId } = must(await run('create', { plan, files, jobId, jobs: [], objects: new Map() }, files.dataDir)) as { jobId: string });
    const job = stub.jobs.get(jobId);
    if (job === undefined) throw new Error('no job');
    Object.assign(job, { state: 'Suspended', tasks: 2 });
  }
  return { plan, files, jobId, jobs: [...stub.jobs.values()].map((job) => ({ ...job })), objects: new Map(stub.objects) };
}

/** Puts the service back to what it was when all was ready. */
function again({ jobs, objects }: Ready): void {
  stub.jobs.clear();
  for (const job of jobs) stub.jobs.set(job.id, { ...job });
  stub.objects.clear();
  for (const [name, bytes] of objects) stub.objects.set(name, bytes);
}

function run(act: Act, { plan, files, jobId }: Ready, dataDir: string, tuning = PATIENT): Promise<Result<unknown>> {
  const trail = trailIn(dataDir);
  const remote = { endpoint: plan.target.endpoint ?? '', region: 'us-east-1' };
  const { hash } = plan;
  if (act === 'create') {
    const { manifestFile } = files;
    return createFromPlan({ plan, hash, manifestFile, approvals: [], workspace: null, remote, trail, tuning });
  }
  return act === 'confirm'
    ? confirmJob(plan, hash, jobId, plan.confirmation, { remote, trail, tuning })
    : cancelJob({ account: ACCOUNT, remote, tuning }, jobId, 'no', trail);
}

const open = async (dataDir: string): Promise<UnfinishedJob[]> => must(await unfinishedJobs(dataDir, new Date(AT), {}, PATIENT));

/** What an act comes to, once and for all. */
function holdsWhatWasAsked(act: Act): void {
  const jobs = [...stub.jobs.values()];
  expect(jobs).toHaveLength(1);
  const states = {
    create: ['New', 'Preparing', 'Suspended'],
    confirm: ['Ready', 'Active', 'Complete'],
    cancel: ['Cancelling', 'Cancelled'],
  };
  expect(states[act]).toContain(jobs[0]?.state);
}

/** Whether the act took effect, as the service has it. */
function tookEffect(act: Act): boolean {
  const [job, ...more] = [...stub.jobs.values()];
  expect(more).toEqual([]);
  if (act === 'create') return job !== undefined;
  return act === 'confirm' ? job?.state !== 'Suspended' : job?.state.startsWith('Cancel') === true;
}

describe('a process killed at any step', () => {
  const STRIDE = DEEP ? 1 : 6;
  test.each([
    ['create', 3],
    ['confirm', 5],
    ['cancel', 6],
  ] as const)('%s: what was cut off is told, and again ends well', { timeout: 600_000 }, async (act, first) => {
    const made = await ready(act, stub.endpoint);
    for (let step = DEEP ? 0 : first; ; step += STRIDE) {
      again(made);
      const dataDir = mkdtempSync(join(tmpdir(), 'isotherm-cut-off-'));
      try {
        cpSync(made.files.dataDir, dataDir, { recursive: true });
        const order = { ...made.files, dataDir, step, act, jobId: made.jobId, at: AT };
        const child = spawn(process.execPath, [CHILD, JSON.stringify(order)], {
          stdio: ['ignore', 'inherit', 'inherit'],
          env: process.env,
        });
        const [status, signal] = await new Promise<[number | null, string | null]>((done) => child.once('close', (...how) => done(how)));
        const told = await open(dataDir);
        if (signal !== 'SIGKILL') {
          expect(status).toBe(0);
          expect(told).toEqual([]);
          holdsWhatWasAsked(act);
          expect(step).toBeGreaterThanOrEqual(8);
          return;
        }
        if (told.length === 0) expect(tookEffect(act), `step ${step}: nothing is told`).toBe(step > 4);
        else {
          expect(told).toMatchObject([{ act, account: ACCOUNT, region: 'us-east-1' }]);
          const state = stub.jobs.get(told[0]?.jobId ?? '')?.state ?? null;
          expect(told[0]?.state, `step ${step}`).toBe(state);
        }
        // Looking moves a job of the stub on; it stays where it can be acted on.
        must(await run(act, made, dataDir));
        holdsWhatWasAsked(act);
        expect(await open(dataDir), `step ${step}: again`).toEqual([]);
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    }
  });
});

describe('a proxy that spoils one request', () => {
  test.each(ACTS.map((act, order) => ({ act, order })))(
    '$act: one job at most, never awake unasked, and again ends well',
    { timeout: 1_800_000 },
    async ({ act, order }) => {
      const made = await ready(act, proxy.endpoint.replace('127.0.0.1', 'localhost'));
      proxy.begin();
      must(await run(act, made, mkdtempSync(join(folder, 'd-'))));
      const requests = proxy.seen.length;
      const pairs = Array.from({ length: requests }, (_, at) => FAULTS.map((what) => ({ at, what }))).flat();
      const complaints: string[] = [];
      for (const [index, { at, what }] of pairs.entries()) {
        if (!DEEP && (index + order) % 11 !== 0) continue;
        again(made);
        const dataDir = mkdtempSync(join(folder, 'd-'));
        proxy.begin({ at, what });
        const result = await run(act, made, dataDir, HASTY);
        await proxy.settled();
        proxy.begin();
        const where = `${act}, request ${at}, ${what}: ${result.ok ? 'ok' : `${result.error.code} ${result.error.message}`}`;
        const jobs = [...stub.jobs.values()];
        if (jobs.length > 1) complaints.push(`${where}: ${jobs.length} jobs`);
        if (act !== 'confirm' && jobs.some(({ state }) => ['Ready', 'Active', 'Complete'].includes(state)))
          complaints.push(`${where}: awake`);
        const done = tookEffect(act);
        if (result.ok && !done) complaints.push(`${where}: it was called done`);
        const told = await open(dataDir);
        if (!result.ok && done && told.length === 0) complaints.push(`${where}: it took effect and the trail is silent`);
        const next = await run(act, made, dataDir);
        if (!next.ok) complaints.push(`${where}; again: ${next.error.code} ${next.error.message}`);
        if (!tookEffect(act) || stub.jobs.size !== 1) complaints.push(`${where}; again did not bring it about`);
        if ((await open(dataDir)).length > 0) complaints.push(`${where}; again left it open`);
      }
      expect(complaints).toEqual([]);
      if (DEEP) process.stdout.write(`job ${act}: ${requests} requests, ${pairs.length} faults\n`);
    },
  );
});
