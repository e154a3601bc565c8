import { readFileSync, writeFileSync } from 'node:fs';
import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ScanResult, Snapshot, Summary } from '../../src/contract/index-views.ts';
import type { LifecycleConfiguration } from '../../src/contract/lifecycle.ts';
import type { ApplyResult, Plan } from '../../src/contract/plan.ts';
import type { CephServer } from '../servers/ceph/ceph.ts';
import { cephForTests } from '../servers/ceph/for-tests.ts';
import type { Available } from '../servers/ceph/packages.ts';
import { answer, bareEnvironment, failure, scratch } from '../support/command-line.ts';
import { contents, fill, groupsOf, inventoryReport, makeBucket, type Put, s3Client, totalsOf } from './support/bucket.ts';
import { HOSTILE_KEYS, population } from './support/population.ts';

type PlanAnswer = { readonly plan: string } & Pick<Plan, 'hash' | 'changes' | 'deletes' | 'confirmation'>;

const FOREIGN: LifecycleRule = {
  ID: 'ops: drop scratch',
  Status: 'Enabled',
  Filter: { Prefix: 'scratch/' },
  Expiration: { Days: 7 },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
};

const files = scratch('e2e');
let server: Available<CephServer>;
let s3: S3Client;
let bucket: string;
let held: Put[];
let env: NodeJS.ProcessEnv;
let remote: string[];
let listed: ScanResult;
const index = files.path('listing.db');

beforeAll(async () => {
  server = await cephForTests();
  if (!server.ok) return;
  const { access } = server.value;
  s3 = s3Client(access);
  env = { ...bareEnvironment(files.path('home')), AWS_ACCESS_KEY_ID: access.accessKeyId, AWS_SECRET_ACCESS_KEY: access.secretAccessKey };
  remote = ['--endpoint', access.endpoint, '--region', 'us-east-1', '--path-style'];
  bucket = await makeBucket(s3, 'ml-training', true);
  const { first, later } = population();
  await fill(s3, bucket, first);
  await fill(s3, bucket, later);
  held = await contents(s3, bucket);
  listed = await answer<ScanResult>(['scan', '--list', `s3://${bucket}`, '--index', index, ...remote], env);
});

afterAll(async () => {
  s3?.destroy();
  if (server?.ok) await server.value.stop();
  files.remove();
});

// Without the server every test here is skipped, and says why.
beforeEach((context) => {
  if (!server.ok) context.skip(server.reason);
});

const groups = (summary: Summary) => Object.fromEntries(summary.groups.map(({ key, versions, bytes }) => [key, { versions, bytes }]));
const state = (row: Put): string => (row.isLatest ? 'current' : 'noncurrent');

describe('scanning a bucket', () => {
  it('put 2,000 requests across classes and versions, hostile keys among them', () => {
    const { first, later } = population();
    expect(first.length + later.length).toBe(2_000);
    expect(held.length).toBe(2_000);
    const keys = new Set(held.map((row) => row.key));
    expect(HOSTILE_KEYS.filter((key) => !keys.has(key))).toEqual([]);
  });

  it('by listing finds what was put: rows, markers and bytes, over several pages', () => {
    expect(listed).toMatchObject({ ...totalsOf(held), coverage: 1, unchanged: false });
  });

  it.each([
    ['storageClass', (row: Put) => row.storageClass],
    ['state', state],
  ] as const)('by listing gives every %s its versions and bytes', async (by, of) => {
    const summary = await answer<Summary>(['summary', '--index', index, '--by', by], env);
    const { rows, ...totals } = totalsOf(held);
    expect(rows).toBe(totals.versions + totals.deleteMarkers);
    expect(summary.totals).toMatchObject(totals);
    expect(groups(summary)).toEqual(groupsOf(held, of));
  });

  it('by an inventory report in another bucket says the same as the listing', async () => {
    const destination = await makeBucket(s3, 'inventory', false);
    for (const { key, body } of inventoryReport(bucket, held, 'reports/')) {
      await s3.send(new PutObjectCommand({ Bucket: destination, Key: key, Body: body }));
    }
    const reported = files.path('inventory.db');
    const source = `s3://${destination}/reports/`;
    const scanned = await answer<ScanResult>(['scan', source, '--index', reported, ...remote], env);
    expect(scanned).toMatchObject({ ...totalsOf(held), coverage: 1, unchanged: false });
    for (const [by, of] of [
      ['storageClass', (row: Put) => row.storageClass],
      ['state', state],
    ] as const) {
      const summary = await answer<Summary>(['summary', '--index', reported, '--by', by], env);
      expect(groups(summary)).toEqual(groupsOf(held, of));
    }
    const byCategory = async (file: string) => groups(await answer<Summary>(['summary', '--index', file, '--by', 'category'], env));
    expect(await byCategory(reported)).toEqual(await byCategory(index));

    const again = await answer<ScanResult>(['scan', source, '--index', reported, ...remote], env);
    expect(again).toMatchObject({ snapshotId: scanned.snapshotId, unchanged: true });
    expect(await answer<Snapshot[]>(['snapshots', '--index', reported], env)).toHaveLength(1);
  });

  it('that is not versioned finds every object, over several pages', async () => {
    const plain = await makeBucket(s3, 'plain', false);
    const { first } = population();
    const objects = first.filter((item) => item.kind === 'put').slice(0, 1_200);
    await fill(
      s3,
      plain,
      [...objects, ...first.slice(-HOSTILE_KEYS.length - 1)].filter(
        (item, i, all) => all.findIndex((other) => other.key === item.key) === i,
      ),
    );
    const rows = await contents(s3, plain);
    expect(rows.length).toBeGreaterThan(1_200);
    const file = files.path('plain.db');
    const scanned = await answer<ScanResult>(['scan', '--list', `s3://${plain}`, '--index', file, ...remote], env);
    expect(scanned).toMatchObject({ ...totalsOf(rows), deleteMarkers: 0 });
    const summary = await answer<Summary>(['summary', '--index', file, '--by', 'storageClass'], env);
    expect(groups(summary)).toEqual(groupsOf(rows, (row) => row.storageClass));
    const states = await answer<Summary>(['summary', '--index', file, '--by', 'state'], env);
    expect(groups(states)).toEqual({ current: { versions: rows.length, bytes: totalsOf(rows).bytes } });
  });

  it('prints the same bytes for the same index', async () => {
    const one = await answer<Summary>(['summary', '--index', index, '--by', 'age'], env);
    const two = await answer<Summary>(['summary', '--index', index, '--by', 'age'], env);
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  });
});

describe('planning, applying and rolling back', () => {
  const policy = files.path('policy.json');
  let target: string;

  const stored = async (): Promise<LifecycleRule[]> => {
    try {
      return (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: target }))).Rules ?? [];
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'NoSuchLifecycleConfiguration') return [];
      throw cause;
    }
  };
  const foreign = async () => (await stored()).find((rule) => rule.ID === FOREIGN.ID);
  const put = (...Rules: LifecycleRule[]) =>
    s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: target, LifecycleConfiguration: { Rules } }));
  const plan = (file: string, from = policy) =>
    answer<PlanAnswer>(['plan', '--index', index, '--bucket', target, '--policy', from, '-o', file, ...remote], env);
  const agreed = ({ hash, confirmation }: PlanAnswer) => ['--hash', hash, ...(confirmation === null ? [] : ['--confirm', confirmation])];
  const apply = (file: string, made: PlanAnswer) => answer<ApplyResult>(['apply', file, ...agreed(made), ...remote], env);

  beforeAll(async () => {
    if (!server.ok) return;
    target = bucket;
    await answer(['recommend', '--index', index, '--preset', 'ml-basics', '-o', policy], env);
  });
  beforeEach(async () => {
    if (!server.ok) return;
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket: target }));
  });

  it('recommends a configuration in the form of the SDK, with rules for what classification found', () => {
    const { Rules } = JSON.parse(readFileSync(policy, 'utf8')) as LifecycleConfiguration;
    expect(Rules.length).toBeGreaterThan(1);
    const prefixes = Rules.map((rule) => rule.Filter?.Prefix ?? rule.Filter?.And?.Prefix ?? '');
    expect(prefixes.some((prefix) => prefix.startsWith('datasets/'))).toBe(true);
    expect(prefixes.some((prefix) => prefix.startsWith('checkpoints/'))).toBe(true);
    const checkpoint = Rules.find((rule) => JSON.stringify(rule.Filter).includes('checkpoints/'));
    expect(checkpoint?.NoncurrentVersionExpiration?.NoncurrentDays).toBe(30);
    expect(checkpoint?.Expiration?.Days).toBeUndefined();
  });

  it('keeps a foreign rule through apply and rollback, and the bucket ends as it began', async () => {
    await put(FOREIGN);
    const before = await stored();
    expect(before).toHaveLength(1);
    const file = files.path('plan.json');
    const made = await plan(file);
    expect(await stored()).toEqual(before);
    expect(made.changes.find((change) => change.ruleId === FOREIGN.ID)).toMatchObject({ change: 'kept', owner: 'foreign' });

    const applied = await apply(file, made);
    expect(applied).toMatchObject({ bucket: target, planHash: made.hash, verified: true, changed: true });
    const during = await stored();
    const { Rules } = JSON.parse(readFileSync(policy, 'utf8')) as LifecycleConfiguration;
    expect(during).toHaveLength(Rules.length + 1);
    expect(await foreign()).toEqual(before[0]);
    for (const rule of Rules) {
      const found = during.find((other) => other.ID === rule.ID);
      expect(found?.Status).toBe(rule.Status);
      expect(found?.Expiration?.Days).toBe(rule.Expiration?.Days);
      expect(found?.NoncurrentVersionExpiration?.NoncurrentDays).toBe(rule.NoncurrentVersionExpiration?.NoncurrentDays);
      const moves = (found?.Transitions ?? []).map((step) => `${step.Days} ${step.StorageClass}`).sort();
      expect(moves).toEqual((rule.Transitions ?? []).map((step) => `${step.Days} ${step.StorageClass}`).sort());
    }

    const again = await plan(files.path('plan-again.json'));
    expect(again.changes.every((change) => change.change === 'kept')).toBe(true);
    expect(await apply(files.path('plan-again.json'), again)).toMatchObject({ verified: true, changed: false });

    const rolled = await answer<ApplyResult>(['rollback', '--bucket', target, '--to', applied.journalId, ...remote], env);
    expect(rolled).toMatchObject({ verified: true, changed: true });
    expect(await stored()).toEqual(before);
  });

  it('rolls back to no configuration where there was none', async () => {
    const file = files.path('plan-none.json');
    const made = await plan(file);
    const applied = await apply(file, made);
    expect((await stored()).length).toBeGreaterThan(0);
    await answer<ApplyResult>(['rollback', '--bucket', target, '--to', applied.journalId, ...remote], env);
    expect(await stored()).toEqual([]);
  });

  it('refuses a plan whose bucket was changed since, and leaves that change', async () => {
    const file = files.path('plan-stale.json');
    const made = await plan(file);
    await put(FOREIGN);
    const before = await stored();
    const refused = await failure(['apply', file, ...agreed(made), ...remote], env);
    expect(refused).toMatchObject({ status: 4, error: { code: 'ConfigurationChanged' } });
    expect(await stored()).toEqual(before);
  });

  it('refuses a plan with another hash, and an edited plan, before it speaks to the bucket', async () => {
    const file = files.path('plan-hash.json');
    const made = await plan(file);
    const other = '0'.repeat(made.hash.length);
    expect(await failure(['apply', file, '--hash', other, ...remote], env)).toMatchObject({
      status: 3,
      error: { code: 'PlanHashMismatch' },
    });
    const edited = JSON.parse(readFileSync(file, 'utf8')) as Plan;
    writeFileSync(file, JSON.stringify({ ...edited, warnings: [...edited.warnings, 'one more'] }));
    expect(await failure(['apply', file, ...agreed(made), ...remote], env)).toMatchObject({ status: 3 });
    expect(await stored()).toEqual([]);
  });

  it('finds that the server dropped a size filter, and puts the earlier configuration back', async () => {
    await put(FOREIGN);
    const before = await stored();
    const sized = files.path('sized.json');
    writeFileSync(
      sized,
      JSON.stringify({
        Rules: [
          {
            ID: 'isotherm/large-datasets',
            Status: 'Enabled',
            Filter: { And: { Prefix: 'datasets/', ObjectSizeGreaterThan: 1_000 } },
            Expiration: { Days: 400 },
          },
        ],
      }),
    );
    const file = files.path('plan-sized.json');
    const made = await plan(file, sized);
    const refused = await failure(['apply', file, ...agreed(made), ...remote], env);
    expect(refused).toMatchObject({ status: 4, error: { code: 'VerifyMismatch' } });
    expect(refused.error.message).toMatch(
      /As it was kept it would have deleted [\d,]+ versions, .* that the configuration asked for keeps/,
    );
    expect(await stored()).toEqual(before);
    const journal = await answer<{ outcome: string; planHash: string | null }[]>(['journal', '--bucket', target], env);
    expect(journal.some((entry) => entry.planHash === made.hash && entry.outcome === 'rolledBack')).toBe(true);
  });
});

describe('a server that says no', () => {
  const other = () => {
    if (!server.ok) throw new Error('no server');
    const { accessKeyId, secretAccessKey } = server.value.access.other;
    return { ...env, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  };

  it('gives AccessDenied to a listing, and writes no index', async () => {
    const file = files.path('denied.db');
    const refused = await failure(['scan', '--list', `s3://${bucket}`, '--index', file, ...remote], other());
    expect(refused).toMatchObject({ status: 4, error: { code: 'AccessDenied' } });
    expect(() => readFileSync(file)).toThrow();
  });

  it('gives AccessDenied to a listing into an existing index, which stays as it was', async () => {
    const before = readFileSync(index);
    await failure(['scan', '--list', `s3://${bucket}`, '--index', index, ...remote], other());
    expect(readFileSync(index).equals(before)).toBe(true);
  });

  it('gives AccessDenied to a plan', async () => {
    const policy = files.path('policy.json');
    const args = ['plan', '--index', index, '--bucket', bucket, '--policy', policy, '-o', files.path('denied.json'), ...remote];
    expect(await failure(args, other())).toMatchObject({ status: 4, error: { code: 'AccessDenied' } });
    expect(() => readFileSync(files.path('denied.json'))).toThrow();
  });

  it('gives AccessDenied to unknown keys and BucketNotFound to an unknown bucket', async () => {
    const unknown = { ...env, AWS_ACCESS_KEY_ID: 'AKIANOBODY', AWS_SECRET_ACCESS_KEY: 'nothing' };
    const args = (name: string) => ['scan', '--list', `s3://${name}`, '--index', files.path('none.db'), ...remote];
    expect(await failure(args(bucket), unknown)).toMatchObject({ status: 4, error: { code: 'AccessDenied' } });
    expect(await failure(args('no-such-bucket-here'), env)).toMatchObject({ status: 4, error: { code: 'BucketNotFound' } });
  });
});
