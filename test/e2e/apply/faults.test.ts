import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPEN_OUTCOMES } from '../../../src/contract/journal.ts';
import type { Result } from '../../../src/contract/result.ts';
import { operations, readJournal } from '../../../src/main/apply/journal.ts';
import { listUnfinished } from '../../../src/main/apply/recover.ts';
import type { CephServer } from '../../servers/ceph/ceph.ts';
import { cephForTests } from '../../servers/ceph/for-tests.ts';
import type { Available } from '../../servers/ceph/packages.ts';
import { must } from '../../support/apply-bench.ts';
import { FAULTS, type Fault, type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { makeBucket, s3Client } from '../support/bucket.ts';
import { FLOWS, type Flow, holdsOneOf, type Run, rulesNow, setRules, type Target, type Tuned } from './flows.ts';

/**
 * Of all pairs of request and fault: every one in the first round of `test:deep`, a fixed share otherwise, another one for every flow and round.
 * Flows that end in an undoing watch the bucket for a while, so that fewer of them fit in.
 */
const ROUND = Number(process.env.ISOTHERM_ROUND ?? 0);
const isInShare = (flow: Flow, order: number, index: number): boolean =>
  ROUND === 1 || (index + order + ROUND) % (flow.endsIn === undefined ? 23 : 61) === 0;
const LATE_MS = 650;
/** Where something is spoilt: what comes late has to be too late. */
const HASTY: Tuned = {
  patienceMs: 300,
  settleMs: LATE_MS + 150,
  tuning: { maxAttempts: 3, connectTimeoutMs: 500, requestTimeoutMs: 400, backoffMs: 5 },
};
/** Everywhere else nothing may depend on how busy the machine is. */
const PATIENT: Tuned = {
  patienceMs: 3_000,
  settleMs: LATE_MS + 150,
  tuning: { maxAttempts: 3, connectTimeoutMs: 60_000, requestTimeoutMs: 60_000, backoffMs: 5 },
};

let server: Available<CephServer>;
/** Each flow has a bucket and a proxy of its own, so that flows, which mostly wait, go on side by side. */
interface Stage {
  readonly flow: Flow;
  readonly proxy: FaultProxy;
  readonly target: Target;
}
const stages = new Map<Flow, Stage>();
const stageOf = (flow: Flow): Stage => stages.get(flow) as Stage;

beforeAll(async () => {
  server = await cephForTests();
  if (!server.ok) return;
  const { access } = server.value;
  process.env.AWS_ACCESS_KEY_ID = access.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = access.secretAccessKey;
  const s3 = s3Client(access);
  const at = { region: 'us-east-1', pathStyle: true };
  for (const flow of FLOWS) {
    const proxy = await startFaultProxy(access.endpoint, LATE_MS);
    const target = {
      bucket: await makeBucket(s3, 'faults', true),
      s3,
      remote: { ...at, endpoint: proxy.endpoint },
      direct: { ...at, endpoint: access.endpoint },
    };
    stages.set(flow, { flow, proxy, target });
  }
});
afterAll(async () => {
  for (const { proxy } of stages.values()) await proxy.close();
  if (server?.ok) await server.value.stop();
});

beforeEach((context) => {
  if (!server.ok) context.skip(server.reason);
});

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

/** The requests a flow sends when nothing goes wrong, and that it then ends as it should. */
async function undisturbed({ flow, proxy, target }: Stage): Promise<number> {
  proxy.begin();
  const run = await flow.prepare(target, PATIENT);
  try {
    proxy.begin();
    const result = await run.go();
    expect(codeOf(result), flow.name).toBe(flow.endsIn ?? 'ok');
    expect(await holdsOneOf(target, run), flow.name).toBe('wanted');
    return proxy.seen.length;
  } finally {
    run.close();
  }
}

/** What the journal says the bucket holds, asking it the way the next start does where the operation is open. */
async function journalSays({ target }: Stage, run: Run): Promise<'old' | 'wanted' | 'nothing' | 'altered' | 'unknown'> {
  const [last] = operations(must(readJournal(run.context.dataDir)), target.bucket);
  if (last === undefined) return 'nothing';
  const side = (holds: string | undefined): 'old' | 'wanted' | 'unknown' => {
    const shown = holds === 'before' ? last.before : holds === 'after' ? last.after : undefined;
    return shown?.hash === run.wanted.hash ? 'wanted' : shown?.hash === run.old.hash ? 'old' : 'unknown';
  };
  if (!OPEN_OUTCOMES.includes(last.outcome)) return side(last.holds);
  const [open] = must(await listUnfinished(run.context, target.remote, target.bucket));
  expect(open?.entry.journalId).toBe(last.journalId);
  return open?.holds === 'altered' ? 'altered' : side(open?.holds);
}

/** One flow, one request, one fault. Every complaint comes back in words, so that one run of the suite tells all of them. */
async function disturbed(stage: Stage, at: number, what: Fault, isLasting: boolean): Promise<string[]> {
  const { flow, proxy, target } = stage;
  proxy.begin();
  const run = await flow.prepare(target, PATIENT);
  const complaints: string[] = [];
  const where = `${flow.name}, request ${at}${isLasting ? ' and all after it' : ''}, ${what}`;
  try {
    proxy.begin({ at, what, isLasting });
    const result = await run.go(HASTY);
    const sent = proxy.seen.map(({ method, about }) => `${method} ${about}`).join(', ');
    await proxy.settled();
    // From here on nothing goes wrong any more.
    proxy.begin();
    const holds = await holdsOneOf(target, run);
    const says = await journalSays(stage, run);
    const story = `${where}: ${codeOf(result)}; the bucket holds ${holds}, the journal says ${says}; sent ${sent}`;
    // A bucket that nobody can reach any more keeps what it holds; the journal then has to say that the operation is open, and how.
    const isToldAltered = isLasting && holds === 'neither' && says === 'altered';
    if (holds === 'neither' && !isToldAltered) complaints.push(`${story}: neither the old nor the new configuration`);
    if (says !== 'nothing' && says !== holds && !isToldAltered) complaints.push(`${story}: the journal is wrong`);
    if (says === 'nothing' && holds !== 'old' && flow.name !== 'plan' && run.old.hash !== run.wanted.hash)
      complaints.push(`${story}: the journal is silent`);
    if (result.ok && holds !== 'wanted') complaints.push(`${story}: it was called done`);
    const again = await run.again();
    if (codeOf(again) !== (flow.endsIn ?? 'ok')) complaints.push(`${story}; again ended in ${codeOf(again)}`);
    if ((await holdsOneOf(target, run)) !== 'wanted') complaints.push(`${story}; again did not bring the bucket to where it should be`);
    if (['unknown', 'altered'].includes(await journalSays(stage, run))) complaints.push(`${story}; again left the operation open`);
  } catch (cause) {
    complaints.push(`${where}: threw ${cause instanceof Error ? cause.stack : String(cause)}`);
  } finally {
    run.close();
  }
  return complaints;
}

describe('a proxy that spoils one request of a flow', () => {
  it.concurrent.each(FLOWS.map((flow, order) => ({ flow, order })))(
    '$flow.name: the bucket holds old or new, the journal says which, and again ends well',
    { timeout: 3_600_000 },
    async ({ flow, order }) => {
      const requests = await undisturbed(stageOf(flow));
      const pairs = Array.from({ length: requests }, (_, at) => FAULTS.map((what) => ({ at, what }))).flat();
      const complaints: string[] = [];
      let count = 0;
      for (const [index, { at, what }] of pairs.entries()) {
        if (!isInShare(flow, order, index)) continue;
        count += 1;
        complaints.push(...(await disturbed(stageOf(flow), at, what, false)));
      }
      expect(complaints).toEqual([]);
      expect(count).toBeGreaterThan(0);
      process.stdout.write(`${flow.name}: ${requests} requests, ${count} of ${pairs.length} faults\n`);
    },
  );
});

describe('a proxy that spoils a request and everything after it', () => {
  const lasting: readonly Fault[] = ['cut-before', 'cut-after', '503-before', '403-after', 'truncated-after'];
  it.concurrent.each(FLOWS.map((flow, order) => ({ flow, order })))('$flow.name', { timeout: 3_600_000 }, async ({ flow, order }) => {
    const requests = await undisturbed(stageOf(flow));
    const pairs = Array.from({ length: requests }, (_, at) => lasting.map((what) => ({ at, what }))).flat();
    const complaints: string[] = [];
    for (const [index, { at, what }] of pairs.entries()) {
      if (isInShare(flow, order, index * 3)) complaints.push(...(await disturbed(stageOf(flow), at, what, true)));
    }
    expect(complaints).toEqual([]);
  });
});

describe('a second writer', () => {
  const THEIRS = [{ ID: 'theirs', Status: 'Enabled' as const, Filter: { Prefix: 'theirs/' }, Expiration: { Days: 9 } }];

  it.concurrent.each(FLOWS)('changes the configuration before any request of: $name', { timeout: 600_000 }, async (flow) => {
    const { proxy, target } = stageOf(flow);
    const requests = await undisturbed(stageOf(flow));
    for (let step = 0; step < requests; step += 1) {
      proxy.begin();
      const run = await flow.prepare(target, PATIENT);
      try {
        proxy.begin();
        let isWrite = false;
        proxy.before = async (at, { method }) => {
          if (at !== step) return;
          isWrite = method !== 'GET';
          await setRules(target, THEIRS);
        };
        const result = await run.go();
        proxy.before = async () => undefined;
        const rules = (await rulesNow(target)).configuration?.Rules ?? [];
        const where = `${flow.name}, before request ${step}: ${codeOf(result)}`;
        if (flow.name === 'plan') {
          // A plan only reads; what it read in time is in it, and applying it is refused.
          expect(
            rules.map(({ ID }) => ID),
            where,
          ).toEqual(['theirs']);
        } else if (isWrite) {
          // Between the last look and the write S3 has no compare-and-swap: theirs is overwritten, as it would be by anyone.
          expect(['wanted', 'old'], where).toContain(await holdsOneOf(target, run));
        } else {
          expect(
            rules.map(({ ID }) => ID),
            where,
          ).toEqual(['theirs']);
          expect(codeOf(result), where).toBe('ConfigurationChanged');
        }
      } finally {
        proxy.before = async () => undefined;
        run.close();
      }
    }
  });
});
