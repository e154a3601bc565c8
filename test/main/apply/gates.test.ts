import { describe, expect, test } from 'vitest';
import type { Rule } from '../../../src/contract/lifecycle.ts';
import type { Limits, Plan } from '../../../src/contract/plan.ts';
import { DEFAULT_LIMITS } from '../../../src/core/apply/limits.ts';
import { approve } from '../../../src/main/apply/approval.ts';
import { coolOff } from '../../../src/main/apply/cool-off.ts';
import { operations, readJournal } from '../../../src/main/apply/journal.ts';
import { seal } from '../../../src/main/apply/seal.ts';
import { keyLine, listKeys, makeKey, parseKeyLine } from '../../../src/main/keys/keys.ts';
import { applyBench, BUCKET, FOREIGN, MOVES, must, NOW, POLICY, refusal, SNAPSHOT } from '../../support/apply-bench.ts';

const bench = applyBench();
const hours = (count: number): Date => new Date(NOW.getTime() + count * 3_600_000);

/** A plan with other figures, sealed as if it had been made so. */
function reseal(plan: Plan, change: Partial<Plan>): Plan {
  const { seals: _seals, hash: _hash, ...content } = { ...plan, ...change };
  return seal(content) as Plan;
}
const workspace = (limits: Partial<Limits> = {}, approvers: ReturnType<typeof approverOf>[] = []) => ({
  limits: { ...DEFAULT_LIMITS, ...limits },
  approvers,
});
const approverOf = (key: { keyId: string; name: string; publicKey: string }) => ({
  keyId: key.keyId,
  name: key.name,
  publicKey: key.publicKey,
  addedAt: NOW.toISOString(),
});
const untouched = () => {
  expect(bench.server.puts).toHaveLength(0);
  expect(bench.outcomes()).toEqual([]);
};

test('refuse: a plan with another hash, other content, or another target', async () => {
  const made = must(await bench.plan());
  expect(refusal(await bench.apply(made, { hash: 'f'.repeat(64) }))).toMatchObject({ code: 'PlanHashMismatch', field: 'hash' });
  const edited = { ...made, target: { ...made.target, bucket: 'bucket-two' } };
  expect(refusal(await bench.apply(edited))).toMatchObject({ code: 'PlanHashMismatch', field: 'target' });
  const swapped = reseal(made, { proposed: { ...made.proposed, configuration: MOVES } });
  expect(refusal(await bench.apply(swapped))).toMatchObject({ code: 'PlanHashMismatch', field: 'proposed.hash' });
  untouched();
});

test('refuse: a plan past its time', async () => {
  const made = must(await bench.plan({ expiresInHours: 2 }));
  expect(refusal(await bench.apply(made, {}, { now: () => hours(2) }))).toMatchObject({ code: 'PlanExpired' });
  untouched();
  must(await bench.apply(made, {}, { now: () => hours(1) }));
});

test('refuse: a plan that deletes, without its phrase', async () => {
  const made = must(await bench.plan());
  for (const confirmation of [undefined, '', BUCKET, 'delete 1 versions, 0 bytes from bucket-one']) {
    const refused = refusal(await bench.apply(made, { confirmation }));
    expect(refused.code).toBe('ConfirmationMissing');
    expect(refused.message).toContain(made.confirmation);
  }
  untouched();
});

test('success: a plan that deletes nothing asks for no phrase', async () => {
  const made = must(await bench.plan({ policy: MOVES }));
  expect(made).toMatchObject({ deletes: false, confirmation: null });
  must(await bench.apply(made, { confirmation: undefined }));
});

test('success: what is deleted already is not asked for again', async () => {
  bench.server.xml = FOREIGN;
  expect(must(await bench.plan({ policy: MOVES }))).toMatchObject({ deletes: false, confirmation: null });
});

test('refuse: figures too old, of another bucket, or of the sample, until that is accepted', async () => {
  const made = must(await bench.plan());
  expect(made.needs).toEqual([]);
  const late = { now: () => hours(40) };
  expect(refusal(await bench.apply(made, {}, late))).toMatchObject({ code: 'SnapshotStale', field: 'staleSnapshot' });
  const other = must(await bench.plan({ snapshot: { ...SNAPSHOT, bucket: 'bucket-two' } }));
  expect(other.needs.map(({ consent }) => consent)).toEqual(['otherSnapshot']);
  expect(refusal(await bench.apply(other, { consents: [] }))).toMatchObject({ code: 'SnapshotForeign' });
  const sample = must(await bench.plan({ snapshot: { ...SNAPSHOT, isSample: true } }));
  expect(refusal(await bench.apply(sample, { consents: [] }))).toMatchObject({ code: 'SnapshotForeign' });
  untouched();
  must(await bench.apply(made, { consents: ['staleSnapshot'] }, late));
  expect(must(readJournal(bench.dataDir))[0]).toMatchObject({ consents: ['staleSnapshot'] });
});

test('refuse: a bucket that a stack owns, until that is accepted', async () => {
  bench.server.faults.tags = { 'aws:cloudformation:stack-name': 'lake', 'aws:cloudformation:logical-id': 'Bucket' };
  const made = must(await bench.plan());
  expect(made.facts.managers).toMatchObject([{ tool: 'cloudformation', stack: 'lake', resource: 'Bucket', certainty: 'certain' }]);
  const refused = refusal(await bench.apply(made, { consents: [] }));
  expect(refused).toMatchObject({ code: 'BucketManaged' });
  expect(refused.message).toContain('CloudFormation stack lake (resource Bucket)');
  untouched();
  must(await bench.apply(made, { consents: ['managedBucket'] }));
});

test('refuse: rules of our own that look like an attack, until that is accepted', async () => {
  const nuke = { Rules: [{ ID: 'isotherm/a', Status: 'Enabled' as const, Filter: {}, Expiration: { Days: 1 } }] };
  bench.server.faults.versioning = 'Suspended';
  const made = must(await bench.plan({ policy: nuke }));
  expect(made.redFlags).toMatchObject([{ ruleId: 'isotherm/a', patterns: ['withinOneDay', 'wholeBucket', 'noVersions', 'newRule'] }]);
  expect(refusal(await bench.apply(made, { consents: [] }))).toMatchObject({ code: 'ConsentMissing', field: 'redFlags' });
  untouched();
  must(await bench.apply(made, { consents: ['redFlags'] }));
});

test.each([
  ['versioning', () => (bench.server.faults.versioning = 'Suspended')],
  [
    'Object Lock',
    () =>
      (bench.server.faults.objectLock =
        '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>'),
  ],
  [
    'replication',
    () =>
      (bench.server.faults.replication =
        '<ReplicationConfiguration><Role>r</Role><Rule><ID>a</ID><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::b</Bucket></Destination></Rule></ReplicationConfiguration>'),
  ],
  ['the rules', () => (bench.server.xml = FOREIGN)],
])('refuse: %s changed since the plan', async (_what, change) => {
  const made = must(await bench.plan());
  change();
  expect(refusal(await bench.apply(made)).code).toBe('ConfigurationChanged');
  untouched();
});

test('success: a missing right is named, and what it hides cannot count as changed', async () => {
  bench.server.faults.denied = new Set(['versioning', 'object-lock', 'replication', 'tagging']);
  const made = must(await bench.plan());
  expect(made.facts).toMatchObject({ versioning: 'unknown', objectLock: { status: 'unknown' }, replication: { status: 'unknown' } });
  expect(made.facts.unknown.map(({ action }) => action)).toEqual([
    's3:GetBucketVersioning',
    's3:GetBucketObjectLockConfiguration',
    's3:GetReplicationConfiguration',
    's3:GetBucketTagging',
  ]);
  expect(made.warnings.join(' ')).toContain('s3:GetBucketTagging');
  bench.server.faults.denied = new Set();
  must(await bench.apply(made));
});

test('refuse: no plan without the right to read the rules', async () => {
  bench.server.faults.denied = new Set(['lifecycle']);
  const refused = refusal(await bench.plan());
  expect(refused).toMatchObject({ code: 'AccessDenied' });
  expect(refused.message).toContain('s3:GetLifecycleConfiguration');
});

test('refuse: more than the limits allow, when planned and when applied under stricter ones', async () => {
  const made = must(await bench.plan());
  const large = reseal(made, { destroyed: { versions: 10, bytes: 800 }, inputs: { ...made.inputs, snapshotBytes: 1000 } });
  expect(refusal(await bench.apply(large)).message).toContain('80 % of the bytes of the bucket; the limit is 75 %');
  const some = reseal(made, { destroyed: { versions: 10, bytes: 500 }, inputs: { ...made.inputs, snapshotBytes: 1000 } });
  expect(refusal(await bench.apply(some, { workspace: workspace({ maxDestroyedVersions: 9 }) })).code).toBe('BlastRadius');
  untouched();
  must(await bench.apply(some, { workspace: workspace({ maxDestroyedVersions: 10 }) }));
});

test('refuse: a policy in full that did not cool off; staged rules are written switched off or for one prefix', async () => {
  const limits = { ...DEFAULT_LIMITS, coolOffHours: 24 };
  const full = must(await bench.plan({ limits }));
  expect(refusal(await bench.apply(full))).toMatchObject({ code: 'CoolOff' });
  untouched();

  const disabled = must(await bench.plan({ limits, stage: { name: 'disabled', canaryPrefix: null } }));
  expect(disabled.proposed.configuration?.Rules.map(({ Status }) => Status)).toEqual(['Disabled', 'Disabled', 'Disabled']);
  expect(disabled).toMatchObject({ deletes: false, inputs: { policyHash: full.inputs.policyHash } });
  must(await bench.apply(disabled));
  const next = must(await bench.plan({ limits }));
  expect(refusal(await bench.apply(next, {}, { now: () => hours(23) }))).toMatchObject({ code: 'CoolOff' });
  must(await bench.apply(next, {}, { now: () => hours(24) }));
});

test('refuse: rules that reach past what the snapshot holds, until that is accepted', async () => {
  const snapshot = { ...SNAPSHOT, prefix: 'runs/' };
  const made = must(await bench.plan({ snapshot }));
  expect(made.needs.map(({ consent }) => consent)).toEqual(['otherSnapshot']);
  expect(made.needs[0]?.words).toContain('"runs/"');
  expect(refusal(await bench.apply(made, { consents: [] })).code).toBe('SnapshotForeign');
  const inside = { Rules: [{ ...(POLICY.Rules[0] as Rule), Filter: { Prefix: 'runs/old/' } }] };
  const within = must(await bench.plan({ snapshot, policy: inside }));
  expect(within.needs).toEqual([]);
  must(await bench.apply(within));
  // Rules that are there already are nobody's news.
  const beside = {
    Rules: [...inside.Rules, { ID: 'isotherm/y', Status: 'Enabled' as const, Filter: { Prefix: 'runs/y' }, Expiration: { Days: 9 } }],
  };
  expect(must(await bench.plan({ snapshot, policy: beside })).needs).toEqual([]);
});

describe('a cool-off counts only while the staged rules stand there', () => {
  const limits = { ...DEFAULT_LIMITS, coolOffHours: 24 };
  const stage = { name: 'disabled' as const, canaryPrefix: null };
  const staged = async (at = NOW) => must(await bench.apply(must(await bench.plan({ limits, stage, now: at })), {}, { now: () => at }));
  const full = async (hour: number) => {
    const made = must(await bench.plan({ limits, now: hours(hour) }));
    return bench.apply(made, { consents: ['staleSnapshot'] }, { now: () => hours(hour) });
  };

  test('refuse: what was rolled back meanwhile', async () => {
    const { journalId } = await staged();
    must(await bench.rollback(journalId));
    expect(refusal(await full(25))).toMatchObject({ code: 'CoolOff' });
  });
  test('refuse: what someone else took away meanwhile', async () => {
    await staged();
    bench.server.xml = FOREIGN;
    expect(refusal(await full(25)).message).toContain('stand in the bucket no more');
  });
  test('refuse: another policy since, and only the last staging counts then', async () => {
    await staged();
    must(await bench.apply(must(await bench.plan({ policy: MOVES, limits }))));
    await staged(hours(20));
    expect(refusal(await full(25)).message).toContain(hours(20).toISOString());
    must(await full(44));
  });
  test('success: a rule of others that came meanwhile, and a canary after the disabled stage, break nothing', async () => {
    await staged();
    const theirs = FOREIGN.replace(/<\/?LifecycleConfiguration>/g, '');
    bench.server.xml = bench.server.xml?.replace('<Rule>', `${theirs}<Rule>`) ?? null;
    const canary = { name: 'canary' as const, canaryPrefix: 'runs/' };
    const made = must(await bench.plan({ limits, stage: canary, now: hours(12) }));
    must(await bench.apply(made, {}, { now: () => hours(12) }));
    must(await full(24));
  });
  test('refuse: a bucket of the same name elsewhere', async () => {
    await staged();
    const made = must(await bench.plan({ limits, now: hours(25) }));
    const target = { ...made.target, endpoint: 'https://other.example' };
    const refused = coolOff({ ...made, target }, limits, must(readJournal(bench.dataDir)), hours(25));
    expect(refused).toMatchObject({ code: 'CoolOff' });
    expect(coolOff(made, limits, must(readJournal(bench.dataDir)), hours(25))).toBeNull();
  });
});

test('the newest operation is the one begun last, also when the clock was set back since', async () => {
  must(await bench.apply(must(await bench.plan()), {}, { now: () => hours(5) }));
  const second = must(await bench.apply(must(await bench.plan({ policy: MOVES }))));
  expect(operations(must(readJournal(bench.dataDir)))[0]?.journalId).toBe(second.journalId);
});

test('success: a canary reaches its prefix and nothing else', async () => {
  const stage = { name: 'canary' as const, canaryPrefix: 'runs/one/' };
  const made = must(await bench.plan({ stage }));
  expect(made.proposed.configuration?.Rules).toMatchObject([
    { ID: 'isotherm/x/1', Status: 'Enabled', Filter: { And: { Prefix: 'runs/one/', ObjectSizeGreaterThan: 131_071 } } },
    { ID: 'isotherm/x/2', Status: 'Disabled' },
    { ID: 'isotherm/x/3', Status: 'Disabled' },
  ]);
  must(await bench.apply(made));
});

test('refuse and success: above a limit a second person approves, bound to the plan, in time, and not the author', async () => {
  const limits = { ...DEFAULT_LIMITS, approveAboveBytes: 100 };
  const own = must(makeKey(bench.dataDir, 'Ada', undefined, NOW));
  const base = must(await bench.plan({ limits, author: { name: 'ada', keyIds: [own.keyId] } }));
  const made = reseal(base, {
    destroyed: { versions: 2, bytes: 200 },
    inputs: { ...base.inputs, snapshotBytes: 1000 },
    approval: { required: true, reasons: ['it would delete 200 B'] },
  });
  const elsewhere = `${bench.dataDir}/second`;
  const second = must(makeKey(elsewhere, 'Grace Hopper', 'correct horse', NOW));
  expect(must(listKeys(elsewhere))).toMatchObject([{ keyId: second.keyId, isLocked: true }]);
  const approver = approverOf(must(parseKeyLine(keyLine(second))));
  const order = { plan: made, keyId: undefined, passphrase: 'correct horse', hours: 24, note: 'seen', now: NOW };

  expect(refusal(await bench.apply(made, { workspace: workspace({}, [approver]) }))).toMatchObject({ code: 'ApprovalMissing' });
  expect(refusal(approve(elsewhere, { ...order, passphrase: undefined }))).toMatchObject({ code: 'KeyLocked' });
  expect(refusal(approve(elsewhere, { ...order, passphrase: 'wrong horse' }))).toMatchObject({ code: 'KeyLocked' });
  expect(refusal(approve(bench.dataDir, { ...order, passphrase: undefined }))).toMatchObject({ code: 'ApprovalInvalid' });
  const approval = must(approve(elsewhere, order));
  expect(approval).toMatchObject({ planHash: made.hash, versions: 2, bytes: 200, approver: { name: 'Grace Hopper' } });

  const with_ = (more: object, context = {}) => bench.apply(made, { approvals: [approval], ...more }, context);
  expect(refusal(await with_({ workspace: null }))).toMatchObject({ code: 'ApprovalInvalid', field: 'index' });
  expect(refusal(await with_({ workspace: workspace() }))).toMatchObject({ code: 'ApprovalInvalid', field: 'approver.keyId' });
  const listed = workspace({}, [approver]);
  expect(refusal(await with_({ workspace: listed }, { now: () => hours(25) }))).toMatchObject({ field: 'expiresAt' });
  const otherPlan = reseal(made, { warnings: ['another'] });
  expect(refusal(await bench.apply(otherPlan, { approvals: [approval], workspace: listed }))).toMatchObject({ field: 'planHash' });
  const forged = { ...approval, signature: Buffer.alloc(64).toString('base64') };
  expect(refusal(await bench.apply(made, { approvals: [forged], workspace: listed }))).toMatchObject({ field: 'signature' });
  const stretched = { ...approval, expiresAt: hours(500).toISOString() };
  expect(refusal(await bench.apply(made, { approvals: [stretched], workspace: listed }))).toMatchObject({ field: 'expiresAt' });
  untouched();

  must(await with_({ workspace: listed }));
  expect(must(readJournal(bench.dataDir))[0]).toMatchObject({ approvals: [`Grace Hopper ${second.keyId}`] });
});

test('refuse: an approval by the author, even where the workspace lists them', async () => {
  const own = must(makeKey(bench.dataDir, 'Ada', undefined, NOW));
  const clean = must(await bench.plan());
  const approval = must(approve(bench.dataDir, { plan: clean, keyId: own.keyId, passphrase: undefined, hours: 1, note: '', now: NOW }));
  const made = reseal(clean, { author: { name: 'ada', keyIds: [own.keyId] } });
  const { seals: _seals, hash: _hash, signature, ...content } = { ...approval, planHash: made.hash };
  const rebound = { ...seal(content), signature };
  const listed = workspace({}, [approverOf(own)]);
  expect(refusal(await bench.apply(made, { approvals: [rebound], workspace: listed }))).toMatchObject({ code: 'ApprovalInvalid' });
  untouched();
});

test.each([
  'isotherm-ed25519 AAAA Grace',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA x',
  `isotherm-ed25519 ${'A'.repeat(43)}=`,
  '',
])('refuse: "%s" is not a public key', (line) => {
  expect(refusal(parseKeyLine(line)).code).toBe('Usage');
});

test('a policy of nothing but our rules is planned on a bucket of nothing but theirs', async () => {
  bench.server.xml = FOREIGN;
  const made = must(await bench.plan({ policy: POLICY }));
  expect(made.redFlags).toMatchObject([{ ruleId: 'theirs', patterns: ['withinThreeDays'] }]);
  expect(made.needs).toEqual([]);
});
