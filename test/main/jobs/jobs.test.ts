import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type JobOperation, type JobPlan, JobPlanSchema } from '../../../src/contract/batch-job.ts';
import { METHODS } from '../../../src/contract/methods.ts';
import { err, ok } from '../../../src/contract/result.ts';
import { decodeManifestKey } from '../../../src/core/jobs/manifest-line.ts';
import { readAudit } from '../../../src/main/apply/journal.ts';
import { readSealedFile, writeJsonFile } from '../../../src/main/cli/files.ts';
import type { CallContext } from '../../../src/main/engine/handler.ts';
import { approvalHandlers } from '../../../src/main/engine/handlers/approval.ts';
import { jobHandlers } from '../../../src/main/engine/handlers/jobs.ts';
import { type ControlStub, startControlStub } from '../../servers/s3-control/stub.ts';
import { must, refusal } from '../../support/apply-bench.ts';
import { everyFlipIsNamed } from '../../support/flipped-bits.ts';
import { AS_OF_MS, inFolder, META, type PlainRow, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/batch`;
const GIB = 2 ** 30;
/** Right to left, an emoji, "+", "%2F", a space, empty segments, a leading "=", quotes and a comma. */
const HOSTILE = [
  'a/שלום.bin',
  'a/🧊 ice.bin',
  'a/1+1.bin',
  'a/x%2Fy.bin',
  'a//deep//z',
  'a/=cmd()',
  'a/"q",\'s\'.bin',
  `a/${'k'.repeat(1000)}`,
];

let stub: ControlStub;
beforeEach(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  stub = await startControlStub();
});
afterEach(async () => {
  // Whatever a test was about: no request had anything in it that the SDK's model does not have.
  expect(stub.faults).toEqual([]);
  await stub.close();
});

interface Bench {
  readonly folder: string;
  readonly index: string;
  readonly file: string;
  plan(operation: JobOperation, more?: object): ReturnType<(typeof jobHandlers)['job.plan']>;
  create(plan: JobPlan, more?: object): ReturnType<(typeof jobHandlers)['job.create']>;
  confirm(plan: JobPlan, jobId: string, more?: object): ReturnType<(typeof jobHandlers)['job.confirm']>;
  status(jobId: string): ReturnType<(typeof jobHandlers)['job.status']>;
  report(jobId: string): ReturnType<(typeof jobHandlers)['job.report']>;
  list(): string[][];
}
const remote = () => ({ endpoint: stub.endpoint, region: 'us-east-1' });

const callIn = (folder: string, hours = 1): CallContext => ({
  environment: { version: '0', dataDir: folder, resourcesDir: RESOURCES, now: () => new Date(AS_OF_MS + hours * 3_600_000), person: 'ada' },
  signal: new AbortController().signal,
  progress: () => undefined,
});

const withBench = (rows: readonly PlainRow[], run: (bench: Bench) => Promise<void>, meta: Partial<typeof META> = {}): Promise<void> =>
  inFolder(async (folder) => {
    const index = join(folder, 'x.db');
    await writeIndex(index, rows, { meta: { ...META, ...meta } });
    const file = join(folder, 'job.manifest.csv');
    const call = callIn(folder);
    const at = { account: ACCOUNT, remote: remote() };
    await run({
      folder,
      index,
      file,
      plan: (operation, more = {}) => {
        const params = v.parse(METHODS['job.plan'].params, {
          index,
          bucket: META.bucket,
          ...at,
          operation,
          selection: { prefix: '', versions: 'current', storageClasses: [] },
          roleArn: ROLE,
          manifestPlace: { bucket: 'ops', key: 'lists/job.manifest.csv' },
          reportPlace: { bucket: 'ops', key: 'reports' },
          manifestFile: file,
          ...more,
        });
        return jobHandlers['job.plan'](params, call);
      },
      create: (plan, more = {}) =>
        jobHandlers['job.create']({ plan, hash: plan.hash, manifestFile: file, approvals: [], remote: remote(), ...more }, call),
      confirm: (plan, jobId, more = {}) =>
        jobHandlers['job.confirm']({ plan, hash: plan.hash, jobId, confirmation: plan.confirmation, remote: remote(), ...more }, call),
      status: (jobId) => jobHandlers['job.status']({ ...at, jobId }, call),
      report: (jobId) => jobHandlers['job.report']({ ...at, jobId }, call),
      list: () =>
        readFileSync(file, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => line.split(',')),
    });
  });

/** Looks until the job stands at a state. */
async function until(bench: Bench, jobId: string, state: string): Promise<void> {
  for (let looks = 0; looks < 5; looks += 1) if (must(await bench.status(jobId)).state === state) return;
  throw new Error(`the job did not come to ${state}`);
}

const archived = (key: string, more: Partial<PlainRow> = {}): PlainRow => row(key, { storageClass: 'GLACIER', sizeBytes: GIB, ...more });
const RESTORE: JobOperation = { kind: 'restore', days: 7, speed: 'BULK' };

test('a restore is planned with its cost, created asleep, woken, followed, and its report read', () =>
  withBench([...HOSTILE.map((key) => archived(key, { versionId: 'v1' })), row('hot', { sizeBytes: GIB })], async (bench) => {
    const plan = must(await bench.plan(RESTORE));
    expect(v.safeParse(METHODS['job.plan'].result, plan).success).toBe(true);
    expect(plan).toMatchObject({ versions: 8, bytes: 8 * GIB, manifest: { rows: 8, fields: ['Bucket', 'Key', 'VersionId'] } });
    expect(plan.confirmation).toBe(`restore 8 versions, ${8 * GIB} bytes in ml-bucket`);
    // $0.25 a job, $1 a million objects, Bulk of Glacier free, copies of 8 GiB for 7 days at $0.023 a month of 30.
    expect(plan.cost.map(({ what, nanoUsd }) => `${what} ${nanoUsd}`)).toEqual([
      'the job 250000000',
      'objects of the job 8000',
      'restore requests, GLACIER BULK 0',
      'retrieval, GLACIER BULK 0',
      'restored copies for 7 days, GLACIER 42933333',
    ]);
    expect(plan.totalNanoUsd).toBe('292941333');
    const lines = bench.list().map(([bucket, key, version]) => `${bucket} ${decodeManifestKey(key ?? '')} ${version}`);
    expect(lines.sort()).toEqual(HOSTILE.map((key) => `ml-bucket ${key} v1`).sort());

    const { jobId } = must(await bench.create(plan));
    expect(stub.jobs.get(jobId)?.input).toMatchObject({
      ConfirmationRequired: true,
      Operation: { S3InitiateRestoreObject: { ExpirationInDays: 7, GlacierJobTier: 'BULK' } },
      RoleArn: ROLE,
    });
    // Asking again makes no second job, and lays no second list down.
    expect(must(await bench.create(plan)).jobId).toBe(jobId);
    expect(stub.jobs.size).toBe(1);
    await until(bench, jobId, 'Suspended');
    expect(must(await bench.status(jobId))).toMatchObject({ state: 'Suspended', total: 8 });
    expect(refusal(await bench.report(jobId))).toMatchObject({ code: 'ReportMissing' });

    stub.outcome = (line) => (line.includes('1%2B1') ? 'AccessDenied' : '');
    expect(must(await bench.confirm(plan, jobId)).state).toBe('Active');
    await until(bench, jobId, 'Complete');
    expect(must(await bench.report(jobId))).toEqual({
      jobId,
      succeeded: 7,
      failed: 1,
      byError: [{ code: 'AccessDenied', status: '403', tasks: 1 }],
      failures: [{ key: 'a/1+1.bin', versionId: 'v1', code: 'AccessDenied', status: '403', message: 'said "no", AccessDenied' }],
    });
    const trail = must(readAudit(bench.folder)).map((line) => ('event' in line ? `${line.event} ${line.by}` : ''));
    expect(trail).toEqual([
      'planned ada',
      'jobRequested ada',
      'jobCreated ada',
      'jobRequested ada',
      'jobCreated ada',
      'jobRequested ada',
      'jobConfirmed ada',
    ]);
  }));

describe('every operation is spelled as the SDK has it', () => {
  const cases: [string, JobOperation, object][] = [
    [
      'tag',
      { kind: 'tag', tags: [{ key: 'mlsl:action', value: 'expire & <go>' }] },
      { S3PutObjectTagging: { TagSet: [{ Key: 'mlsl:action', Value: 'expire & <go>' }] } },
    ],
    ['untag', { kind: 'untag' }, { S3DeleteObjectTagging: {} }],
    [
      'restore',
      { kind: 'restore', days: 1, speed: 'STANDARD' },
      { S3InitiateRestoreObject: { ExpirationInDays: 1, GlacierJobTier: 'STANDARD' } },
    ],
    [
      'retain',
      { kind: 'retain', mode: 'GOVERNANCE', until: '2027-12-31T00:00:00.000Z', bypassGovernance: true },
      {
        S3PutObjectRetention: {
          Retention: { Mode: 'GOVERNANCE', RetainUntilDate: '2027-12-31T00:00:00Z' },
          BypassGovernanceRetention: true,
        },
      },
    ],
    ['hold', { kind: 'hold', status: 'ON' }, { S3PutObjectLegalHold: { LegalHold: { Status: 'ON' } } }],
    ['release', { kind: 'hold', status: 'OFF' }, { S3PutObjectLegalHold: { LegalHold: { Status: 'OFF' } } }],
  ];
  test.each(cases)('%s', (_what, operation, spelled) =>
    withBench([archived('a')], async (bench) => {
      const plan = must(await bench.plan(operation));
      const { jobId } = must(await bench.create(plan));
      expect(stub.jobs.get(jobId)?.input.Operation).toEqual(spelled);
      await until(bench, jobId, 'Suspended');
      expect(must(await bench.confirm(plan, jobId)).state).toBe('Active');
    }),
  );
});

describe('what a list holds', () => {
  const rows = [
    row('p/a', { versionId: 'n' }),
    row('p/a', { versionId: 'o', state: 'noncurrent' }),
    row('p/gone', { versionId: 'm', state: 'marker' }),
    row('p/gone', { versionId: '', state: 'noncurrent' }),
    archived('p/cold', { versionId: 'c' }),
    row('q/b', { versionId: 'b' }),
    row('pq', { versionId: 'x' }),
  ];
  const chosen = (selection: object): Promise<string[]> =>
    new Promise((resolve, reject) => {
      withBench(rows, async (bench) => {
        must(await bench.plan({ kind: 'untag' }, { selection: { prefix: '', versions: 'current', storageClasses: [], ...selection } }));
        resolve(bench.list().map(([, key, version]) => `${key} ${version}`));
      }).catch(reject);
    });

  test('current versions, noncurrent ones, or both; never a delete marker; the null version is named so', async () => {
    expect(await chosen({})).toEqual(['pq x', 'p/a n', 'p/cold c', 'q/b b']);
    expect(await chosen({ versions: 'noncurrent' })).toEqual(['p/a o', 'p/gone null']);
    expect(await chosen({ versions: 'all', prefix: 'p/' })).toEqual(['p/a n', 'p/a o', 'p/cold c', 'p/gone null']);
  });
  test('a prefix, also one that ends inside a name, and storage classes', async () => {
    expect(await chosen({ prefix: 'p' })).toEqual(['pq x', 'p/a n', 'p/cold c']);
    expect(await chosen({ prefix: 'p/', storageClasses: ['GLACIER'] })).toEqual(['p/cold c']);
  });
  test('without versions in the report no line has one, and the plan says what that means', () =>
    withBench(
      [row('a', { versionId: '' })],
      async (bench) => {
        const plan = must(await bench.plan({ kind: 'untag' }));
        expect(plan.manifest.fields).toEqual(['Bucket', 'Key']);
        expect(bench.list()).toEqual([['ml-bucket', 'a']]);
        expect(plan.warnings.join(' ')).toContain('latest when it runs');
        expect(refusal(await bench.plan({ kind: 'untag' }, { selection: { prefix: '', versions: 'all', storageClasses: [] } })).code).toBe(
          'ColumnMissing',
        );
      },
      { allVersions: false },
    ));
  test('a region that nobody told is asked for, not assumed', () =>
    withBench(
      [archived('a')],
      async (bench) => {
        const { endpoint } = remote();
        expect(refusal(await bench.plan(RESTORE, { remote: { endpoint } }))).toMatchObject({ code: 'RegionUnknown' });
        expect(must(await bench.plan(RESTORE)).target.region).toBe('us-east-1');
      },
      { region: null },
    ));
  test('nothing to act on is a refusal, not an empty job', () =>
    withBench([row('hot')], async (bench) => {
      expect(refusal(await bench.plan(RESTORE))).toMatchObject({ code: 'NothingChosen' });
    }));
});

describe('before anything is sent', () => {
  test.each([
    ['another hash', (plan: JobPlan) => ({ hash: `0${plan.hash.slice(1)}x` }), 'PlanHashMismatch'],
    ['another operation', (plan: JobPlan) => ({ plan: { ...plan, operation: { kind: 'untag' } } }), 'PlanHashMismatch'],
  ] as const)('refuse: %s', (_what, change, code) =>
    withBench([archived('a')], async (bench) => {
      const plan = must(await bench.plan(RESTORE));
      expect(refusal(await bench.create(plan, change(plan))).code).toBe(code);
      expect(stub.calls).toEqual([]);
      expect(stub.objects.size).toBe(0);
    }),
  );
  test('refuse: a list that was changed since', () =>
    withBench([archived('a'), archived('b')], async (bench) => {
      const plan = must(await bench.plan(RESTORE));
      writeFileSync(bench.file, readFileSync(bench.file, 'utf8').split('\n').slice(0, 1).join('\n'));
      expect(refusal(await bench.create(plan))).toMatchObject({ code: 'PlanHashMismatch', field: 'manifest.sha256' });
      expect(stub.objects.size).toBe(0);
    }));
  test('refuse: another object is where the list would go; it stays', () =>
    withBench([archived('a')], async (bench) => {
      stub.objects.set('ops/lists/job.manifest.csv', Buffer.from('theirs'));
      expect(refusal(await bench.create(must(await bench.plan(RESTORE)))).code).toBe('ManifestRefused');
      expect(stub.objects.get('ops/lists/job.manifest.csv')?.toString()).toBe('theirs');
      expect(stub.calls).toEqual([]);
    }));
  test.each([
    ['endpoint', { endpoint: 'http://localhost:1' }],
    ['region', { region: 'eu-west-1' }],
    ['owner', { owner: '999988887777' }],
  ] as const)('refuse: another %s than the one of the plan', (field, other) =>
    withBench([archived('a')], async (bench) => {
      const plan = must(await bench.plan(RESTORE));
      const refused = refusal(await bench.create(plan, { remote: { ...remote(), ...other } }));
      expect(refused).toMatchObject({ code: 'PlanTargetMismatch', field });
      expect(stub.objects.size).toBe(0);
    }),
  );
  test('the account of the plan is the owner every bucket is asked for, unless another was named', () =>
    withBench([archived('a')], async (bench) => {
      must(await bench.create(must(await bench.plan(RESTORE))));
      expect([...stub.jobs.values()][0]?.input.Report).toMatchObject({ ExpectedBucketOwner: ACCOUNT });
      const other = { ...remote(), owner: '999988887777' };
      expect(must(await bench.plan(RESTORE, { remote: other })).target.owner).toBe('999988887777');
    }));
  test('refuse: a plan past its time, and figures of another bucket', () =>
    withBench([archived('a')], async (bench) => {
      const plan = must(await bench.plan(RESTORE, { expiresInHours: 1 }));
      const late = await jobHandlers['job.create'](
        { plan, hash: plan.hash, manifestFile: bench.file, approvals: [], remote: remote() },
        callIn(bench.folder, 3),
      );
      expect(refusal(late).code).toBe('PlanExpired');
      expect(refusal(await bench.create(must(await bench.plan(RESTORE, { bucket: 'other-bucket' })))).code).toBe('SnapshotForeign');
    }));
  test('refuse and success: above a limit a second person approves the very job', () =>
    withBench([archived('a')], async (bench) => {
      const call = callIn(bench.folder);
      must(await approvalHandlers['limits.set']({ index: bench.index, limits: { approveAboveNanoUsd: '1000' } }, call));
      const plan = must(await bench.plan(RESTORE));
      expect(plan.approval.required).toBe(true);
      expect(refusal(await bench.create(plan)).code).toBe('ApprovalMissing');
      const second = callIn(join(bench.folder, 'second'));
      const key = must(await approvalHandlers['keys.make']({ name: 'Grace' }, second));
      must(await approvalHandlers['approvers.add']({ index: bench.index, line: key.line }, call));
      const approval = must(await approvalHandlers['approval.make']({ plan, hash: plan.hash, hours: 1, note: '' }, second));
      expect(approval).toMatchObject({ bucket: 'ml-bucket', versions: 1, bytes: GIB });
      const other = must(await bench.plan({ ...RESTORE, days: 8 }));
      expect(refusal(await bench.create(other, { approvals: [approval] }))).toMatchObject({ code: 'ApprovalInvalid', field: 'planHash' });
      // The list is the one of the plan made last; the first plan made the same one.
      expect(must(await bench.create(plan, { approvals: [approval] })).jobId).toBeDefined();
    }));
});

test('a flipped bit anywhere in the plan of a job is refused with its place', { timeout: 600_000 }, () =>
  withBench([archived('a/שלום')], async (bench) => {
    const plan = must(await bench.plan(RESTORE));
    const file = join(bench.folder, 'job.json');
    must(await writeJsonFile(file, plan));
    const count = await everyFlipIsNamed(
      file,
      async () => {
        const read = await readSealedFile(file, JobPlanSchema, 'job plan', 'PlanInvalid');
        if (!read.ok) return read;
        const asked = { hash: read.value.hash, jobId: 'job-00001', confirmation: '', remote: remote() };
        const refused = refusal(await jobHandlers['job.confirm']({ plan: read.value, ...asked }, callIn(bench.folder)));
        // A plan that is sound gets as far as its phrase.
        return refused.code === 'ConfirmationMissing' ? ok(undefined) : err(refused);
      },
      5,
    );
    expect(count).toBeGreaterThan(500);
    expect(stub.calls).toEqual([]);
  }),
);

describe('before a job is woken', () => {
  test('refuse: without its phrase, while it is being prepared, and once it has ended', () =>
    withBench([archived('a')], async (bench) => {
      const plan = must(await bench.plan(RESTORE));
      const { jobId } = must(await bench.create(plan));
      expect(refusal(await bench.confirm(plan, jobId, { confirmation: 'yes' })).code).toBe('ConfirmationMissing');
      expect(refusal(await bench.confirm(plan, jobId)).code).toBe('JobNotWaiting');
      await until(bench, jobId, 'Suspended');
      const cancel = { account: ACCOUNT, remote: remote(), jobId, reason: 'no' };
      expect(must(await jobHandlers['job.cancel'](cancel, callIn(bench.folder))).state).toBe('Cancelled');
      expect(stub.jobs.get(jobId)?.reason).toBe('no');
      expect(refusal(await bench.confirm(plan, jobId)).code).toBe('JobNotWaiting');
    }));
  test('refuse: a job that is not the one of the plan, in its operation, its list, its role or its number of tasks', () =>
    withBench([archived('a')], async (bench) => {
      const plan = must(await bench.plan(RESTORE));
      const { jobId } = must(await bench.create(plan));
      await until(bench, jobId, 'Suspended');
      const job = stub.jobs.get(jobId);
      if (job === undefined) throw new Error('no job');
      const good = { ...job };
      for (const [spoil, why] of [
        [() => Object.assign(job, { body: job.body.replace('>7<', '>70<') }), 'its operation is another'],
        [() => Object.assign(job, { body: job.body.replace(/<ETag>[^<]*/, '<ETag>0') }), 'its list is another'],
        [() => Object.assign(job, { body: job.body.replace('lists/', 'tsil/') }), 'its list lies elsewhere'],
        [() => Object.assign(job, { input: { ...job.input, RoleArn: 'arn:aws:iam::111122223333:role/admin' } }), 'its role is another'],
        [() => Object.assign(job, { tasks: 2 }), 'it has 2 tasks instead of 1'],
      ] as const) {
        spoil();
        const refused = refusal(await bench.confirm(plan, jobId));
        expect(refused.code).toBe('JobMismatch');
        expect(refused.message).toContain(why);
        Object.assign(job, good);
      }
      expect(stub.calls).not.toContain('UpdateJobStatus');
      must(await bench.confirm(plan, jobId));
    }));
});

test('a missing right is named, an unknown job is not found, and the list of jobs is that of the account', () =>
  withBench([archived('a')], async (bench) => {
    const plan = must(await bench.plan(RESTORE));
    stub.refuse.set('CreateJob', { status: 403, code: 'AccessDenied' });
    const refused = refusal(await bench.create(plan));
    expect(refused.code).toBe('AccessDenied');
    expect(refused.message).toContain('s3:CreateJob');
    stub.refuse.clear();
    const { jobId } = must(await bench.create(plan));
    const list = (account: string) => jobHandlers['job.list']({ account, remote: remote() }, callIn(bench.folder));
    expect(must(await list(ACCOUNT))).toMatchObject([
      { jobId, operation: 'S3InitiateRestoreObject', description: expect.stringContaining('restore 1 version') },
    ]);
    expect(must(await list('999988887777'))).toEqual([]);
    expect(refusal(await bench.status('00000000-none')).code).toBe('JobNotFound');
  }));

test('a report that was changed is refused with its file', () =>
  withBench([archived('a')], async (bench) => {
    const plan = must(await bench.plan(RESTORE));
    const { jobId } = must(await bench.create(plan));
    await until(bench, jobId, 'Suspended');
    must(await bench.confirm(plan, jobId));
    await until(bench, jobId, 'Complete');
    const name = [...stub.objects.keys()].find((key) => key.includes('/results/')) ?? '';
    const bytes = stub.objects.get(name) ?? Buffer.alloc(0);
    stub.objects.set(name, Buffer.from(bytes.toString().replace('succeeded', 'failed   ')));
    expect(refusal(await bench.report(jobId))).toMatchObject({ code: 'ReportDamaged' });
    stub.objects.delete(name);
    expect(refusal(await bench.report(jobId)).message).toContain('missing');
  }));
