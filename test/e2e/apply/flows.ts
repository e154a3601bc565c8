import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteBucketLifecycleCommand, PutBucketLifecycleConfigurationCommand, type S3Client } from '@aws-sdk/client-s3';
import type { LifecycleConfiguration, Rule } from '../../../src/contract/lifecycle.ts';
import type { BucketConfiguration, Plan } from '../../../src/contract/plan.ts';
import type { Remote } from '../../../src/contract/remote.ts';
import type { Result } from '../../../src/contract/result.ts';
import { means } from '../../../src/core/apply/judge.ts';
import { applyPlan } from '../../../src/main/apply/apply.ts';
import { appendJournal, readJournal } from '../../../src/main/apply/journal.ts';
import type { WriteContext } from '../../../src/main/apply/operation.ts';
import { makePlan } from '../../../src/main/apply/plan.ts';
import { recover } from '../../../src/main/apply/recover.ts';
import { rollback } from '../../../src/main/apply/rollback.ts';
import { withConnection } from '../../../src/main/s3/client.ts';
import { getLifecycle, type StoredLifecycle } from '../../../src/main/s3/lifecycle.ts';
import { agreeTo, must, planOrder, SNAPSHOT } from '../../support/apply-bench.ts';

/** What a server shows who is in the way of nothing: the truth about a bucket. */
export interface Target {
  readonly bucket: string;
  /** Through the proxy, as the product goes; and past it. */
  readonly remote: Remote;
  readonly direct: Remote;
  readonly s3: S3Client;
}

const OLD: readonly Rule[] = [
  { ID: 'ops: scratch', Status: 'Enabled', Filter: { Prefix: 'scratch/' }, Expiration: { Days: 7 } },
  { ID: 'isotherm/old', Status: 'Enabled', Filter: { Prefix: 'runs/' }, Expiration: { Days: 400 } },
];
const POLICY: LifecycleConfiguration = {
  Rules: [
    { ID: 'isotherm/runs', Status: 'Enabled', Filter: { Prefix: 'runs/' }, Expiration: { Days: 90 } },
    {
      ID: 'isotherm/old-versions',
      Status: 'Enabled',
      Filter: { Prefix: 'ckpt/ü +&/' },
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    },
  ],
};
/** This server drops the size filter without a word. */
const WIDENED: LifecycleConfiguration = {
  Rules: [
    {
      ID: 'isotherm/large',
      Status: 'Enabled',
      Filter: { And: { Prefix: 'runs/', ObjectSizeGreaterThan: 1_000_000 } },
      Expiration: { Days: 30 },
    },
  ],
};

export async function setRules({ s3, bucket }: Target, rules: readonly Rule[]): Promise<void> {
  if (rules.length === 0) await s3.send(new DeleteBucketLifecycleCommand({ Bucket: bucket }));
  else {
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules: [...rules] as never } }));
  }
}

export const rulesNow = async ({ direct, bucket }: Target): Promise<StoredLifecycle> =>
  must(await withConnection(direct, bucket, undefined, (connection) => getLifecycle(connection, bucket)));

/** How patient a flow is. */
export type Tuned = Pick<WriteContext, 'patienceMs' | 'settleMs' | 'tuning'>;

/** One run of a flow: its own journal, so that runs do not meet. */
export interface Run {
  readonly context: WriteContext;
  /** What the bucket held before, and what it shall hold; the same for a flow that changes nothing or undoes itself. */
  readonly old: BucketConfiguration;
  readonly wanted: BucketConfiguration;
  /** The flow, perhaps with less patience than usual, and the flow again after whatever happened. */
  go(hasty?: Tuned): Promise<Result<unknown>>;
  again(): Promise<Result<unknown>>;
  close(): void;
}

export interface Flow {
  readonly name: string;
  /** Whether it ends well when nothing goes wrong; otherwise it ends in this code. */
  readonly endsIn?: string;
  prepare(target: Target, tuning: Tuned): Promise<Run>;
}

const now = (): Date => new Date(Date.parse(SNAPSHOT.asOf) + 3_600_000);

function contextFor(tuning: Tuned): WriteContext & { remove: () => void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'isotherm-flow-'));
  return { dataDir, now, by: 'ada', ...tuning, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}

async function planFor(target: Target, policy: LifecycleConfiguration, context: WriteContext, remote = target.remote): Promise<Plan> {
  const snapshot = { ...SNAPSHOT, bucket: target.bucket };
  const consents = policy.Rules.length === 0 ? (['removeLastRule'] as const) : [];
  return must(await makePlan(planOrder(remote, { bucket: target.bucket, policy, snapshot, consents, now: now(), tuning: context.tuning })));
}

function applyFlow(name: string, from: readonly Rule[], policy: LifecycleConfiguration, endsIn?: string): Flow {
  return {
    name,
    ...(endsIn === undefined ? {} : { endsIn }),
    prepare: async (target, tuning) => {
      const context = contextFor(tuning);
      await setRules(target, from);
      const plan = await planFor(target, policy, context);
      const go = (hasty?: Tuned) => applyPlan(agreeTo(plan), {}, { ...context, ...hasty });
      return {
        context,
        old: plan.current,
        wanted: endsIn === undefined ? plan.proposed : plan.current,
        go,
        again: () => go(),
        close: context.remove,
      };
    },
  };
}

function rollbackFlow(name: string, from: readonly Rule[]): Flow {
  return {
    name,
    prepare: async (target, tuning) => {
      const context = contextFor(tuning);
      await setRules(target, from);
      const plan = await planFor(target, POLICY, context);
      const { journalId } = must(await applyPlan(agreeTo(plan), {}, context));
      const order = {
        bucket: target.bucket,
        to: journalId,
        which: 'before' as const,
        overChanges: false,
        confirmation: `restore 1 deleting rule in ${target.bucket}`,
      };
      const go = (hasty?: Tuned) => rollback(order, target.remote, { ...context, ...hasty });
      return { context, old: plan.proposed, wanted: plan.current, go, again: () => go(), close: context.remove };
    },
  };
}

/** An apply that was killed after its intent, with its request on the server or not. */
function recoverFlow(act: 'finish' | 'undo', isOnServer: boolean): Flow {
  return {
    name: `recover ${act}, ${isOnServer ? 'after' : 'before'} the request took effect`,
    prepare: async (target, tuning) => {
      const context = contextFor(tuning);
      await setRules(target, OLD);
      const plan = await planFor(target, POLICY, context);
      const entry = must(
        appendJournal(context.dataDir, now(), {
          action: 'apply',
          outcome: 'intent',
          bucket: target.bucket,
          endpoint: plan.target.endpoint,
          region: plan.target.region,
          pathStyle: true,
          planHash: plan.hash,
          before: plan.current,
          after: plan.proposed,
          error: null,
        }),
      );
      if (isOnServer) await setRules(target, plan.proposed.configuration?.Rules ?? []);
      const go = (hasty?: Tuned) => recover(target.bucket, entry.journalId, act, target.remote, { ...context, ...hasty });
      const again = async (): Promise<Result<unknown>> => {
        const last = must(readJournal(context.dataDir)).at(-1);
        const isOpen = last !== undefined && ['intent', 'written', 'undoing', 'unknown'].includes(last.outcome);
        return isOpen ? go() : act === 'finish' ? applyPlan(agreeTo(plan), {}, context) : { ok: true, value: 'closed' };
      };
      const [old, wanted] = act === 'finish' ? [plan.current, plan.proposed] : [plan.proposed, plan.current];
      return { context, old, wanted, go, again, close: context.remove };
    },
  };
}

const planFlow: Flow = {
  name: 'plan',
  prepare: async (target, tuning) => {
    const context = contextFor(tuning);
    await setRules(target, OLD);
    const plan = await planFor(target, POLICY, context, target.direct);
    const snapshot = { ...SNAPSHOT, bucket: target.bucket };
    const order = planOrder(target.remote, { bucket: target.bucket, policy: POLICY, snapshot, now: now(), tuning: context.tuning });
    const go = (hasty?: Tuned) => makePlan({ ...order, tuning: hasty?.tuning ?? order.tuning });
    return { context, old: plan.current, wanted: plan.current, go, again: () => go(), close: context.remove };
  },
};

/** Every way the product speaks to a bucket's rules. */
export const FLOWS: readonly Flow[] = [
  planFlow,
  applyFlow('apply', OLD, POLICY),
  applyFlow('apply on a bucket without rules', [], POLICY),
  applyFlow('apply that removes the last rule', OLD.slice(1), { Rules: [] }),
  applyFlow('apply that the server widens', OLD, WIDENED, 'VerifyMismatch'),
  applyFlow('apply that the server widens, on a bucket without rules', [], WIDENED, 'VerifyMismatch'),
  rollbackFlow('rollback', OLD),
  rollbackFlow('rollback to no rules', []),
  recoverFlow('finish', false),
  recoverFlow('finish', true),
  recoverFlow('undo', false),
  recoverFlow('undo', true),
];

/** Whether the bucket holds one of two configurations by now, and which; a late request may still change it. */
export async function holdsOneOf(target: Target, run: Run): Promise<'old' | 'wanted' | 'neither'> {
  const found = await rulesNow(target);
  if (means(run.wanted, found)) return 'wanted';
  return means(run.old, found) ? 'old' : 'neither';
}
