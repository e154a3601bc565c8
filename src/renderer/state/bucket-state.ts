import { useMemo } from 'react';
import * as v from 'valibot';
import { create } from 'zustand';
import type { AppError } from '../../contract/errors.ts';
import { type LifecycleConfiguration, LifecycleConfigurationSchema } from '../../contract/lifecycle.ts';
import type { ParamsIn } from '../../contract/methods.ts';
import type { Plan } from '../../contract/plan.ts';
import { type ProofFacts, ProofFactsSchema } from '../../contract/prove.ts';
import type { Remote } from '../../contract/remote.ts';
import { Instant } from '../../contract/units.ts';
import { isOwned } from '../../core/policy/diff.ts';
import { client } from '../api/client.ts';
import { keep } from './desk.ts';
import { useSession } from './session.ts';

/** What is known of the bucket beside what lies in it. Nothing here changes the bucket. */
const KnownSchema = v.strictObject({
  facts: ProofFactsSchema,
  /** Its rules; undefined where nobody asked, null where it has none. */
  configuration: v.optional(v.nullable(LifecycleConfigurationSchema)),
  /** What could not be asked, and the right it takes. */
  unknown: v.array(v.string()),
  /** When the bucket was asked; null where a person said it. */
  askedAt: v.nullable(Instant),
});
export type KnownBucket = v.InferOutput<typeof KnownSchema>;

const NOTHING: KnownBucket = { facts: v.parse(ProofFactsSchema, {}), unknown: [], askedAt: null };
const MOST_WORKSPACES = 20;

interface BucketState {
  readonly byIndex: Readonly<Record<string, KnownBucket>>;
}

const useBucketState = create<BucketState>()(() => ({ byIndex: {} }));
keep(useBucketState, 'bucket', v.object({ byIndex: v.record(v.string(), KnownSchema) }), ({ byIndex }) => ({ byIndex }));

/** What is known of the bucket of the open workspace. */
export function useKnownBucket(): KnownBucket {
  const index = useSession((state) => state.index) ?? '';
  return useBucketState((state) => state.byIndex[index]) ?? NOTHING;
}

function remember(known: KnownBucket): void {
  const index = useSession.getState().index ?? '';
  useBucketState.setState(({ byIndex }) => {
    const { [index]: _before, ...others } = byIndex;
    return { byIndex: { ...Object.fromEntries(Object.entries(others).slice(1 - MOST_WORKSPACES)), [index]: known } };
  });
}

/** What a person says of the bucket; its rules stay as they are known. */
export function sayFacts(facts: ProofFacts): void {
  const index = useSession.getState().index ?? '';
  const before = useBucketState.getState().byIndex[index] ?? NOTHING;
  remember({ ...before, facts, askedAt: null });
}

/** Asks the bucket itself: rules, versioning, Object Lock, replication. */
export async function askBucket(bucket: string, remote: Remote): Promise<AppError | undefined> {
  const answer = await client.call('bucket.facts', { bucket, remote });
  if (!answer.ok) return answer.error;
  const { configuration, facts, unknown } = answer.value;
  remember({ configuration, facts, unknown, askedAt: new Date().toISOString() });
  return undefined;
}

/** A plan was made for the bucket the workspace is about: what it found there is known from now on. */
export function learnFrom(plan: Plan): void {
  const { index, snapshots, snapshotId } = useSession.getState();
  const bucket = snapshots.find((snapshot) => snapshot.snapshotId === snapshotId)?.bucket;
  if (index === undefined || bucket !== plan.target.bucket || plan.inputs.isSample) return;
  const before = useBucketState.getState().byIndex[index] ?? NOTHING;
  const { versioning } = plan.facts;
  remember({ ...before, configuration: plan.current.configuration, facts: { ...before.facts, versioning } });
}

/** Rules of others in the bucket, which stay as they are whatever plan is applied. */
export function useForeignRules(): NonNullable<LifecycleConfiguration['Rules']> {
  const { configuration } = useKnownBucket();
  return useMemo(() => (configuration?.Rules ?? []).filter((rule) => !isOwned(rule)), [configuration]);
}

/** The same as a forecast takes it: what is not known is left out. */
export function optionsOf({
  configuration,
  facts,
}: KnownBucket): Pick<ParamsIn<'policy.simulate'>, 'current' | 'minimumSize' | 'versioning'> {
  const { versioning, minimumSize } = facts;
  return {
    ...(configuration === undefined ? {} : { current: { configuration, minimumSize } }),
    ...(versioning === 'unknown' ? {} : { versioning }),
    minimumSize,
  };
}
