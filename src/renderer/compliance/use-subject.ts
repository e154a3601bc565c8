import { useMemo } from 'react';
import type { ParamsIn } from '../../contract/methods.ts';
import type { ProofFacts } from '../../contract/prove.ts';
import { useKnownBucket } from '../state/bucket-state.ts';
import { NOW, type PlanPolicy, usePlanPolicy } from '../state/plan-policy.ts';
import { useDesk } from '../state/scenarios.ts';
import { useAt, useSnapshot } from '../state/session.ts';

/** What statements are about: a configuration, a snapshot and what is known of the bucket. */
export interface Subject {
  readonly planned: PlanPolicy;
  readonly facts: ProofFacts;
  /** null until the rules are known. */
  readonly asked: Pick<ParamsIn<'prove.check'>, 'index' | 'snapshotId' | 'configuration' | 'facts'> | null;
}

export function useSubject(): Subject {
  const at = useAt();
  const { chosen, scenarios } = useDesk();
  const planned = usePlanPolicy(chosen, chosen === 'now' ? NOW : scenarios[chosen]);
  const facts = useFacts();
  const { configuration } = planned;
  const asked = useMemo(
    () => (at === null || configuration === undefined ? null : { ...at, configuration, facts }),
    [at, configuration, facts],
  );
  return { planned, facts, asked };
}

/** What is known of the bucket. The sample is a bucket of our own making: versioned, without Object Lock, not replicated. */
function useFacts(): ProofFacts {
  const { facts, askedAt } = useKnownBucket();
  const isSample = useSnapshot()?.isSample ?? false;
  return useMemo(
    () =>
      isSample && askedAt === null && facts.versioning === 'unknown'
        ? { ...facts, versioning: 'enabled', objectLock: 'none', replication: 'none' }
        : facts,
    [facts, isSample, askedAt],
  );
}
