import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Snapshot } from '../../../src/contract/index-views.ts';
import type { LifecycleConfiguration } from '../../../src/contract/lifecycle.ts';
import { type Plan, PlanSchema } from '../../../src/contract/plan.ts';
import { ok, type Result } from '../../../src/contract/result.ts';
import { simulate } from '../../../src/core/simulate/simulate.ts';
import { applyPlan } from '../../../src/main/apply/apply.ts';
import { appendJournal, journalPath, operations, readJournal } from '../../../src/main/apply/journal.ts';
import { makePlan } from '../../../src/main/apply/plan.ts';
import { rollback } from '../../../src/main/apply/rollback.ts';
import { buildCube } from '../../support/cube-builder.ts';
import { type FaultServer, startFaultServer } from '../../support/lifecycle-fault-server.ts';
import { shippedPrices } from '../../support/prices.ts';

const POLICY: LifecycleConfiguration = {
  Rules: [
    {
      ID: 'isotherm/x/1',
      Status: 'Enabled',
      Filter: { And: { Prefix: 'runs/', ObjectSizeGreaterThan: 131_071 } },
      Expiration: { Days: 180 },
    },
    {
      ID: 'isotherm/x/2',
      Status: 'Enabled',
      Filter: { Prefix: 'ckpt/ü +&/' },
      NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 2 },
    },
    {
      ID: 'isotherm/x/3',
      Status: 'Enabled',
      Filter: { Prefix: 'once/' },
      Transitions: [{ Date: '2027-01-01T00:00:00.000Z', StorageClass: 'GLACIER' }],
    },
  ],
};
const FOREIGN =
  '<LifecycleConfiguration><Rule><ID>theirs</ID><Filter><Prefix>tmp/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>';
const SNAPSHOT: Snapshot = {
  snapshotId: 's1',
  bucket: 'bucket-one',
  source: 'here',
  sourceKind: 'listing',
  asOf: '2026-11-22T08:00:00.000Z',
  scannedAt: '2026-11-22T08:00:00.000Z',
  manifestMd5: null,
  allVersions: true,
  region: null,
  rows: 0,
  versions: 0,
  deleteMarkers: 0,
  bytes: 0,
  coverage: 1,
  warnings: [],
  isSample: false,
  fields: ['Key'],
  prefix: '',
};
const list = shippedPrices();

let server: FaultServer;
let dataDir: string;
const now = () => new Date('2026-11-23T00:00:00.000Z');
const context = () => ({ dataDir, now, patienceMs: 50 });
const remote = () => ({ endpoint: server.endpoint, region: 'us-east-1', pathStyle: true });

beforeEach(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  dataDir = mkdtempSync(join(tmpdir(), 'isotherm-apply-'));
  server = await startFaultServer();
});
afterEach(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message} ${result.error.detail ?? ''}`);
  return result.value;
};
const refusal = (result: Result<unknown>) => {
  if (result.ok) throw new Error('was expected to fail');
  return result.error;
};
const plan = (policy = POLICY): Promise<Result<Plan>> =>
  makePlan({
    bucket: 'bucket-one',
    policy,
    remote: remote(),
    convertLegacy: false,
    snapshot: SNAPSHOT,
    engineVersion: '0.0.0',
    now: now(),
    simulate: async (sides) =>
      ok(simulate({ ...sides, cube: buildCube([], { asOfMs: Date.parse(SNAPSHOT.asOf) }), months: 12, list, assumedRegion: true })),
  });
const outcomes = () => must(readJournal(dataDir)).map(({ action, outcome }) => `${action} ${outcome}`);

test('a plan is written, verified, journalled, and rolled back to no configuration', async () => {
  const made = must(await plan());
  expect(v.safeParse(PlanSchema, JSON.parse(JSON.stringify(made))).success).toBe(true);
  expect(made.deletes).toBe(true);
  expect(made.warnings.join(' ')).toContain('objects under 128 KiB would move too');
  const applied = must(await applyPlan(JSON.parse(JSON.stringify(made)) as Plan, made.hash, {}, context()));
  expect(applied).toMatchObject({ verified: true, changed: true, planHash: made.hash, readBackHash: made.proposed.hash });
  expect(outcomes()).toEqual(['apply intent', 'apply verified']);
  const back = must(await rollback('bucket-one', applied.journalId, remote(), context()));
  expect(back).toMatchObject({ verified: true, changed: true });
  expect(server.xml).toBeNull();
  expect(server.deletes).toBe(1);
  expect(outcomes()).toEqual(['apply intent', 'apply verified', 'rollback intent', 'rollback verified']);
  expect(back.notes.join(' ')).toContain('removed versions stay removed');
});

test('a foreign rule stays, and the minimum size that was read is sent again', async () => {
  server.xml = FOREIGN;
  server.faults.minimumSize = 'varies_by_storage_class';
  const made = must(await plan());
  expect(made.changes.map(({ change, owner }) => `${change} ${owner}`)).toEqual([
    'kept foreign',
    'added isotherm',
    'added isotherm',
    'added isotherm',
  ]);
  must(await applyPlan(made, made.hash, {}, context()));
  expect(server.puts.at(-1)?.minimumSize).toBe('varies_by_storage_class');
  expect(server.xml).toContain('theirs');
});

test('a plan already in place changes nothing and is noted as unchanged', async () => {
  const made = must(await plan());
  must(await applyPlan(made, made.hash, {}, context()));
  const again = must(await applyPlan(made, made.hash, {}, context()));
  expect(again).toMatchObject({ verified: true, changed: false });
  expect(server.puts).toHaveLength(1);
  expect(outcomes().at(-1)).toBe('apply unchanged');
});

test('a lost size filter is told as widening and the earlier configuration is put back', async () => {
  server.xml = FOREIGN;
  const made = must(await plan());
  server.faults.store = (xml) => xml.replace(/<ObjectSizeGreaterThan>\d+<\/ObjectSizeGreaterThan>/, '');
  const failure = refusal(await applyPlan(made, made.hash, {}, context()));
  expect(failure.code).toBe('VerifyMismatch');
  expect(failure.message).toContain('widened: size filter lost');
  expect(server.xml).toContain('theirs');
  expect(server.xml).not.toContain('isotherm/');
  expect(outcomes()).toEqual(['apply intent', 'apply rolledBack']);
});

test('a lost NewerNoncurrentVersions is told as widening, and no configuration is restored by deleting', async () => {
  const made = must(await plan());
  server.faults.store = (xml) => xml.replace(/<NewerNoncurrentVersions>\d+<\/NewerNoncurrentVersions>/, '');
  const failure = refusal(await applyPlan(made, made.hash, {}, context()));
  expect(failure.message).toContain('widened: NewerNoncurrentVersions lost');
  expect(server.xml).toBeNull();
});

test('a configuration kept wrongly is replaced at once, however long the patience', async () => {
  const made = must(await plan());
  server.faults.store = (xml) => xml.replace(/<ObjectSizeGreaterThan>\d+<\/ObjectSizeGreaterThan>/, '');
  const start = performance.now();
  refusal(await applyPlan(made, made.hash, {}, { ...context(), patienceMs: 30_000 }));
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(server.xml).toBeNull();
});

test('changed days are a mismatch', async () => {
  const made = must(await plan());
  server.faults.store = (xml) => xml.replace('<Days>180</Days>', '<Days>18</Days>');
  expect(refusal(await applyPlan(made, made.hash, {}, context())).message).toContain('"days":18');
});

test('an earlier configuration that cannot be put back is said plainly', async () => {
  server.xml = FOREIGN;
  const made = must(await plan());
  server.faults.store = (xml) => xml.replace(/<Days>\d+<\/Days>/g, '<Days>1</Days>');
  expect(refusal(await applyPlan(made, made.hash, {}, context())).code).toBe('RollbackFailed');
  expect(outcomes()).toEqual(['apply intent', 'apply failed']);
});

test('a bucket that changed since the plan was made is left alone', async () => {
  const made = must(await plan());
  server.xml = FOREIGN;
  expect(refusal(await applyPlan(made, made.hash, {}, context())).code).toBe('ConfigurationChanged');
  expect(server.puts).toHaveLength(0);
  expect(outcomes()).toEqual([]);
});

test('a refused write leaves the bucket as it was and says so', async () => {
  const made = must(await plan());
  server.faults.putStatus = { status: 403, takesEffect: false };
  const failure = refusal(await applyPlan(made, made.hash, {}, context()));
  expect(failure.code).toBe('AccessDenied');
  expect(failure.message).toContain('s3:PutLifecycleConfiguration');
  expect(outcomes()).toEqual(['apply intent', 'apply failed']);
});

test('a write whose answer was an error but that took effect is verified', async () => {
  const made = must(await plan());
  server.faults.putStatus = { status: 400, takesEffect: true };
  expect(must(await applyPlan(made, made.hash, {}, context()))).toMatchObject({ verified: true, changed: true });
});

test('an earlier configuration that is still shown for a while is waited for', async () => {
  server.xml = FOREIGN;
  const made = must(await plan());
  let stored = '';
  let reads = 0;
  server.faults.store = (xml) => {
    stored = xml;
    return FOREIGN;
  };
  server.faults.beforeGet = () => {
    if (stored === '') return;
    reads += 1;
    if (reads === 2) server.xml = stored;
  };
  expect(must(await applyPlan(made, made.hash, {}, { ...context(), patienceMs: 5_000 })).verified).toBe(true);
});

test('a plan with another hash, other content or another endpoint is refused before anything is sent', async () => {
  const made = must(await plan());
  expect(refusal(await applyPlan(made, 'f'.repeat(64), {}, context())).code).toBe('PlanHashMismatch');
  const edited = { ...made, target: { ...made.target, bucket: 'bucket-two' } };
  expect(refusal(await applyPlan(edited, made.hash, {}, context())).code).toBe('PlanHashMismatch');
  expect(refusal(await applyPlan(made, made.hash, { endpoint: 'http://127.0.0.1:1' }, context())).code).toBe('PlanTargetMismatch');
  expect(refusal(await applyPlan(made, made.hash, { region: 'eu-west-1' }, context())).code).toBe('PlanTargetMismatch');
  expect(server.puts).toHaveLength(0);
});

test('a crash between intent and outcome is readable, and can be rolled back from', async () => {
  server.xml = FOREIGN;
  const made = must(await plan());
  const entry = must(
    appendJournal(dataDir, now(), {
      action: 'apply',
      outcome: 'intent',
      bucket: 'bucket-one',
      endpoint: server.endpoint,
      region: 'us-east-1',
      pathStyle: true,
      planHash: made.hash,
      before: made.current,
      after: made.proposed,
      error: null,
    }),
  );
  server.xml = null;
  expect(operations(must(readJournal(dataDir)))).toMatchObject([{ journalId: entry.journalId, outcome: 'intent' }]);
  must(await rollback('bucket-one', entry.journalId, remote(), context()));
  expect(server.xml).toContain('theirs');
});

test('rolling back to an unknown entry, or one of another bucket, is refused', async () => {
  const made = must(await plan());
  const { journalId } = must(await applyPlan(made, made.hash, {}, context()));
  expect(refusal(await rollback('bucket-one', 'nothing', remote(), context())).code).toBe('JournalEntryNotFound');
  expect(refusal(await rollback('bucket-two', journalId, remote(), context())).code).toBe('JournalEntryNotFound');
});

test('a journal with a changed or missing line is refused and nothing is sent', async () => {
  const made = must(await plan());
  must(await applyPlan(made, made.hash, {}, context()));
  const file = journalPath(dataDir);
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  for (const damaged of [text.replace('bucket-one', 'bucket-two'), `${lines[1]}\n`, `${text}{}\n`]) {
    writeFileSync(file, damaged);
    const read = readJournal(dataDir);
    expect(refusal(read).code).toBe('JournalDamaged');
    expect(refusal(read).row).toBeGreaterThan(0);
  }
  server.xml = null;
  expect(refusal(await applyPlan(made, made.hash, {}, context())).code).toBe('JournalDamaged');
  expect(server.puts).toHaveLength(1);
});

test('a line cut off by a crash never took effect, and the next one takes its place', async () => {
  const made = must(await plan());
  must(await applyPlan(made, made.hash, {}, context()));
  const file = journalPath(dataDir);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -10));
  expect(must(readJournal(dataDir)).map(({ outcome }) => outcome)).toEqual(['intent']);
  must(await applyPlan(made, made.hash, {}, context()));
  expect(must(readJournal(dataDir)).map(({ outcome }) => outcome)).toEqual(['intent', 'unchanged']);
});

test('two plans applied at once are written one after the other', async () => {
  const made = must(await plan());
  const results = await Promise.all([applyPlan(made, made.hash, {}, context()), applyPlan(made, made.hash, {}, context())]);
  expect(results.map((result) => must(result).changed)).toEqual([true, false]);
  expect(must(readJournal(dataDir)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});
