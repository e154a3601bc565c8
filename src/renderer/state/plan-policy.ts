import { useMemo } from 'react';
import type { AppError } from '../../contract/errors.ts';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { Compiled } from '../../contract/scenario.ts';
import { withDays } from '../../core/recommend/scenario.ts';
import { useForeignRules, useKnownBucket } from './bucket-state.ts';
import { useQuery } from './query.ts';
import type { Chosen, Scenario } from './scenarios.ts';
import { useAt } from './session.ts';

/** The bucket with the rules it has. */
export const NOW: Scenario = { name: 'as it is', intents: [] };

export interface PlanPolicy {
  readonly compiled: Compiled | undefined;
  /** Our rules with the days as they stand this moment. */
  readonly policy: LifecycleConfiguration | undefined;
  /** The configuration as it would stand in the bucket, with the rules of others that are known; null: none. */
  readonly configuration: LifecycleConfiguration | null | undefined;
  readonly error: AppError | undefined;
  readonly stale: boolean;
  readonly retry: () => void;
}

/** The rules of a scenario for the open snapshot. Where they lie does not hang on days: what is compiled stays while a threshold moves. */
export function usePlanPolicy(chosen: Chosen, scenario: Scenario): PlanPolicy {
  const at = useAt();
  const intents = useMemo(() => scenario.intents.filter(({ isOn }) => isOn).map(({ isOn: _isOn, ...intent }) => intent), [scenario]);
  const fixed = useMemo(() => intents.map((intent) => ({ ...intent, days: 1 })), [intents]);
  const { data, error, stale, retry } = useQuery(
    'scenario.compile',
    at === null ? null : { ...at, name: `plan-${chosen.toLowerCase()}`, intents: fixed },
  );
  const policy = useMemo(() => (data === undefined || stale ? undefined : withDays(data, intents)), [data, stale, intents]);
  const known = useKnownBucket();
  const foreign = useForeignRules();
  const configuration = useMemo(() => {
    if (chosen === 'now') return known.configuration ?? null;
    return policy === undefined ? undefined : { Rules: [...foreign, ...policy.Rules] };
  }, [chosen, policy, known.configuration, foreign]);
  return { compiled: data, policy, configuration, error, stale, retry };
}
