import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../src/contract/journal.ts';
import type { LifecycleConfiguration, Rule } from '../../../src/contract/lifecycle.ts';
import type { Plan } from '../../../src/contract/plan.ts';
import { canonicalRule } from '../../../src/core/policy/canonical.ts';
import { checkPolicy } from '../../../src/core/policy/validate/validate.ts';
import { applyPlan } from '../../../src/main/apply/apply.ts';
import { readAudit, readJournal } from '../../../src/main/apply/journal.ts';
import type { WriteContext } from '../../../src/main/apply/operation.ts';
import { makePlan } from '../../../src/main/apply/plan.ts';
import { rollback } from '../../../src/main/apply/rollback.ts';
import { withAlteredEffect } from '../../../src/main/engine/altered-effect.ts';
import { foreseePlan } from '../../../src/main/engine/simulate-over.ts';
import { openIndex } from '../../../src/main/index/reader.ts';
import { choosePrices } from '../../../src/main/prices.ts';
import type { CephServer } from '../../servers/ceph/ceph.ts';
import { cephForTests } from '../../servers/ceph/for-tests.ts';
import type { Available } from '../../servers/ceph/packages.ts';
import { agreeTo, must, planOrder, refusal } from '../../support/apply-bench.ts';
import { AS_OF_MS, daysAgo, META, type PlainRow, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';
import { makeBucket, s3Client } from '../support/bucket.ts';
import { CONFIGURATIONS, type Configured, HOSTILE } from './configurations.ts';
import { rulesNow, setRules, type Target } from './flows.ts';

const now = (): Date => new Date(AS_OF_MS + 3_600_000);
const SIZES = [10, 200_000, 5_000_000];
/** Newest first within a key; the rank of a noncurrent version is its place among them. */
const ROWS: readonly (PlainRow & { readonly rank: number })[] = ['ckpt/', 'runs/', 'tmp/', HOSTILE].flatMap((prefix) =>
  SIZES.flatMap((sizeBytes, at) =>
    Array.from({ length: 5 }, (_, version) => ({
      ...row(`${prefix}${at}`, {
        versionId: `v${version}`,
        state: version === 0 ? ('current' as const) : ('noncurrent' as const),
        sizeBytes: sizeBytes + version,
        lastModifiedMs: daysAgo(10 + 40 * version),
      }),
      rank: version,
    })),
  ),
);

const folder = mkdtempSync(join(tmpdir(), 'isotherm-configurations-'));
const index = join(folder, 'index.db');
const context: WriteContext = { dataDir: join(folder, 'data'), now, by: 'ada', patienceMs: 2_000, settleMs: 20 };
const environment = { version: '0.0.0', dataDir: context.dataDir, resourcesDir: RESOURCES, now, person: 'ada' };
const call = { environment, signal: new AbortController().signal, progress: () => undefined };
let server: Available<CephServer>;
let target: Target;

beforeAll(async () => {
  server = await cephForTests();
  if (!server.ok) return;
  const { access } = server.value;
  process.env.AWS_ACCESS_KEY_ID = access.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = access.secretAccessKey;
  const s3 = s3Client(access);
  const direct = { endpoint: access.endpoint, region: 'us-east-1', pathStyle: true };
  target = { bucket: await makeBucket(s3, 'configurations', true), s3, remote: direct, direct };
  await writeIndex(index, ROWS, { meta: { ...META, bucket: target.bucket } });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (server?.ok) await server.value.stop();
});
beforeEach((test) => {
  if (!server.ok) test.skip(server.reason);
});

/** As the server answers it, for comparing without the product. */
async function stored(): Promise<unknown[]> {
  try {
    return (await target.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: target.bucket }))).Rules ?? [];
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'NoSuchLifecycleConfiguration') return [];
    throw cause;
  }
}
const idsOf = (rules: readonly unknown[]): string[] => rules.map((rule) => (rule as Rule).ID ?? '').sort();
const meaningIn = (rules: readonly unknown[], { ID }: Rule): unknown => {
  const found = rules.find((rule) => (rule as Rule).ID === ID);
  return found === undefined ? undefined : canonicalRule(found as Rule);
};

async function planned(policy: LifecycleConfiguration, { stage, consents = [] }: Partial<Configured> = {}): Promise<Plan> {
  const reader = must(openIndex(index));
  const snapshot = must(reader.snapshot(undefined));
  const prices = must(await choosePrices(environment, undefined, snapshot.region));
  return must(
    await makePlan(
      planOrder(target.remote, {
        bucket: target.bucket,
        policy,
        snapshot,
        consents,
        now: now(),
        limits: { ...planOrder(target.remote).limits, maxSnapshotAgeHours: null },
        ...(stage === undefined ? {} : { stage }),
        foresee: async (sides) => foreseePlan({ reader, snapshot, sides, prices, now: now(), months: 12 }, call),
      }),
    ),
  );
}

const KEPT = CONFIGURATIONS.filter(({ drops }) => drops === undefined);
const ALTERED = CONFIGURATIONS.filter(({ drops }) => drops !== undefined);

it('are twenty and more, each of them one that S3 takes', () => {
  expect(CONFIGURATIONS.length).toBeGreaterThanOrEqual(20);
  expect(new Set(CONFIGURATIONS.map(({ name }) => name)).size).toBe(CONFIGURATIONS.length);
  for (const { name, policy } of CONFIGURATIONS) {
    const { issues } = checkPolicy({ format: 'json', configuration: { Rules: [...policy] }, minimumSize: undefined });
    expect(
      issues.filter(({ severity }) => severity === 'error' && policy.length > 0),
      name,
    ).toEqual([]);
  }
});

describe('a configuration the server keeps is applied, verified, applied again to no effect, and rolled back', () => {
  it.each(KEPT)('$name', async ({ foreign, ours = [], policy, ...more }) => {
    await setRules(target, [...foreign, ...ours]);
    const before = await stored();
    const plan = await planned({ Rules: [...policy] }, more);
    expect(await stored()).toEqual(before);

    const applied = must(await applyPlan(agreeTo(plan), {}, context));
    expect(applied).toMatchObject({ verified: true, changed: true, planHash: plan.hash });
    const during = await stored();
    expect(idsOf(during)).toEqual(idsOf([...foreign, ...policy]));
    for (const rule of foreign) expect(meaningIn(during, rule), rule.ID).toEqual(meaningIn(before, rule));

    expect(must(await applyPlan(agreeTo(await planned({ Rules: [...policy] }, more)), {}, context))).toMatchObject({ changed: false });
    expect(await stored()).toEqual(during);

    const order = { bucket: target.bucket, to: applied.journalId, which: 'before' as const, overChanges: false };
    const asked = await rollback({ ...order, confirmation: undefined }, target.remote, context);
    const typed = asked.ok ? undefined : /Confirm with: (.*)$/.exec(refusal(asked).message)?.[1];
    if (!asked.ok) must(await rollback({ ...order, confirmation: typed }, target.remote, context));
    expect(await stored()).toEqual(before);
  });
});

describe('a configuration the server widens is found out, undone, and told with what it would have deleted', () => {
  it.each(ALTERED)('$name', async ({ foreign, ours = [], policy, drops, ...more }) => {
    if (drops === undefined) throw new Error('nothing is dropped');
    await setRules(target, [...foreign, ...ours]);
    const before = await stored();
    const plan = await planned({ Rules: [...policy] }, more);
    const result = await withAlteredEffect(await applyPlan(agreeTo(plan), {}, context), target.bucket, { index }, call);
    const error = refusal(result);
    expect(error.code).toBe('VerifyMismatch');
    expect(`${error.message} ${error.detail ?? ''}`).toContain(drops.words);
    expect(await stored()).toEqual(before);
    expect((await rulesNow(target)).configuration?.Rules ?? []).toHaveLength(foreign.length + ours.length);

    const outcomes = must(readJournal(context.dataDir)).filter(({ planHash }) => planHash === plan.hash);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['intent', 'written', 'undoing', 'rolledBack']);
    const lost = ROWS.filter((one) => drops.deletes(one, one.rank));
    const told = must(readAudit(context.dataDir)).findLast(
      (line): line is AuditEvent => 'event' in line && line.event === 'alteredEffect' && line.subject === outcomes[0]?.journalId,
    );
    expect(told?.details).toMatchObject({
      versions: String(lost.length),
      bytes: String(lost.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
    });
    const keys = JSON.parse(told?.details.keys ?? '[]') as string[];
    expect(keys.length).toBe(Math.min(5, new Set(lost.map(({ key }) => key)).size));
    for (const key of keys) expect(lost.map((one) => one.key)).toContain(key);
    expect(error.message).toContain(lost.length === 0 ? 'would have deleted nothing more' : `would have deleted ${lost.length} versions`);
  });
});
