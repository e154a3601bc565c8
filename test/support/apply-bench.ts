import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { AppError } from '../../src/contract/errors.ts';
import type { Snapshot } from '../../src/contract/index-views.ts';
import type { LifecycleConfiguration } from '../../src/contract/lifecycle.ts';
import type { ApplyResult, Plan } from '../../src/contract/plan.ts';
import type { Remote } from '../../src/contract/remote.ts';
import { ok, type Result } from '../../src/contract/result.ts';
import { DEFAULT_LIMITS } from '../../src/core/apply/limits.ts';
import type { OracleKey } from '../../src/core/simulate/oracle/oracle.ts';
import { type ApplyOrder, applyPlan } from '../../src/main/apply/apply.ts';
import { readJournal } from '../../src/main/apply/journal.ts';
import type { WriteContext } from '../../src/main/apply/operation.ts';
import { makePlan, type PlanOrder } from '../../src/main/apply/plan.ts';
import { type RollbackOrder, rollback } from '../../src/main/apply/rollback.ts';
import { USUAL_TUNING } from '../../src/main/s3/guard.ts';
import { simulateKeys } from './engines.ts';
import { impactOverKeys } from './impact.ts';
import { type FaultServer, startFaultServer } from './lifecycle-fault-server.ts';
import { dayOf } from './memory-snapshot.ts';
import { shippedPrices } from './prices.ts';

export const BUCKET = 'bucket-one';

/** Our rules as a policy, and someone else's rule as a bucket stores it. */
export const POLICY: LifecycleConfiguration = {
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
/** Nothing is ever deleted by this one. */
export const MOVES: LifecycleConfiguration = { Rules: POLICY.Rules.slice(2) };
export const FOREIGN =
  '<LifecycleConfiguration><Rule><ID>theirs</ID><Filter><Prefix>tmp/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>';

export const SNAPSHOT: Snapshot = {
  snapshotId: '1',
  bucket: BUCKET,
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
  fields: [],
  prefix: '',
  rowsAt: null,
  warnings: [],
  isSample: false,
  refusedPrefixes: [],
  incompleteUploads: null,
};
export const NOW = new Date('2026-11-23T00:00:00.000Z');

export const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message} ${result.error.detail ?? ''}`);
  return result.value;
};
export const refusal = (result: Result<unknown>): AppError => {
  if (result.ok) throw new Error(`was expected to fail and gave ${JSON.stringify(result.value)}`);
  return result.error;
};

/** Plans over an empty snapshot: for what a plan says and who may apply it, not for what it costs. */
export function planOrder(remote: Remote, more: Partial<PlanOrder> = {}): PlanOrder {
  return {
    bucket: BUCKET,
    policy: POLICY,
    minimumSize: null,
    remote,
    stage: { name: 'full', canaryPrefix: null },
    consents: [],
    expiresInHours: 72,
    limits: DEFAULT_LIMITS,
    author: { name: 'ada', keyIds: [] },
    snapshot: SNAPSHOT,
    engineVersion: '0.0.0',
    now: NOW,
    foresee: foreseeKeys([]),
    ...more,
  };
}

/** What both sides of a plan would do to keys in memory. */
const foreseeKeys =
  (keys: readonly OracleKey[]): PlanOrder['foresee'] =>
  async ({ baseline, plan }) => {
    const asOf = SNAPSHOT.asOf.slice(0, 10);
    const effect = simulateKeys(keys, plan.configuration, { asOf, baseline, versioning: 'enabled', minimumSize: plan.minimumSize });
    if (!effect.ok) return effect;
    const asOfDay = dayOf(asOf);
    const compared = { current: baseline, proposed: plan, asOfDay, versioning: 'enabled', untilDay: asOfDay + 36_525 } as const;
    const impact = impactOverKeys({ ...compared, keys, daysUntilDay: asOfDay + 365, list: shippedPrices('us-east-1') });
    return ok({ effect: effect.value, impact });
  };

/** Everything a plan asks for, given. */
export const agreeTo = (plan: Plan, more: Partial<ApplyOrder> = {}): ApplyOrder => ({
  plan,
  hash: plan.hash,
  confirmation: plan.confirmation ?? undefined,
  approvals: [],
  consents: plan.needs.map(({ consent }) => consent),
  workspace: null,
  ...more,
});

export interface ApplyBench {
  readonly server: FaultServer;
  readonly dataDir: string;
  readonly remote: Remote;
  readonly context: WriteContext;
  plan(more?: Partial<PlanOrder>): Promise<Result<Plan>>;
  apply(plan: Plan, more?: Partial<ApplyOrder>, context?: Partial<WriteContext>): Promise<Result<ApplyResult>>;
  rollback(to: string, more?: Partial<RollbackOrder>, remote?: Remote): Promise<Result<ApplyResult>>;
  /** "apply intent", "apply verified", and so on, in order. */
  outcomes(): string[];
}

/** A bench for each test of a file: a server that misbehaves on demand and a data folder of its own. */
export function applyBench(): ApplyBench {
  let server: FaultServer | undefined;
  let dataDir = '';
  const bench: ApplyBench = {
    get server() {
      if (server === undefined) throw new Error('the bench stands only while a test runs');
      return server;
    },
    get dataDir() {
      return dataDir;
    },
    get remote() {
      return { endpoint: bench.server.endpoint, region: 'us-east-1', pathStyle: true };
    },
    get context() {
      return { dataDir, now: () => NOW, by: 'ada', patienceMs: 50, settleMs: 20, tuning: { ...USUAL_TUNING, backoffMs: 1 } };
    },
    plan: (more) => makePlan(planOrder(bench.remote, more)),
    apply: (plan, more, context) => applyPlan(agreeTo(plan, more), {}, { ...bench.context, ...context }),
    rollback: (to, more, remote = bench.remote) =>
      rollback({ bucket: BUCKET, to, which: 'before', overChanges: false, confirmation: undefined, ...more }, remote, bench.context),
    outcomes: () => must(readJournal(dataDir)).map(({ action, outcome }) => `${action} ${outcome}`),
  };
  beforeEach(async () => {
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
    dataDir = mkdtempSync(join(tmpdir(), 'isotherm-apply-'));
    server = await startFaultServer();
  });
  afterEach(async () => {
    await server?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return bench;
}
