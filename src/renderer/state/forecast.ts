import { useMemo } from 'react';
import type { AppError } from '../../contract/errors.ts';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { Compiled } from '../../contract/scenario.ts';
import type { Simulation } from '../../contract/simulation.ts';
import { withDays } from '../../core/recommend/scenario.ts';
import { type Curve, curveOf } from './curve.ts';
import { useLatest } from './latest.ts';
import { useQuery } from './query.ts';
import { type Chosen, type Scenario, useDesk } from './scenarios.ts';
import { useAt, usePricedAt } from './session.ts';

const HORIZON_MONTHS = 36;

export interface Forecast {
  readonly chosen: Chosen;
  /** "Plan B", or "now". */
  readonly name: string;
  readonly compiled: Compiled | undefined;
  /** The rules with the days as they stand this moment. */
  readonly policy: LifecycleConfiguration | undefined;
  readonly simulation: Simulation | undefined;
  readonly curve: Curve | undefined;
  readonly error: AppError | undefined;
  readonly stale: boolean;
  readonly retry: () => void;
}

const NOTHING: Scenario = { name: 'Now', intents: [] };

/** The scenario chosen, compiled for the open snapshot, and what it would cost over the horizon; live while a threshold is dragged. */
export function useForecast(): Forecast {
  const { chosen, scenarios } = useDesk();
  return useForecastOf(chosen, chosen === 'now' ? NOTHING : scenarios[chosen]);
}

/** The same of one scenario. */
export function useForecastOf(chosen: Chosen, scenario: Scenario): Forecast {
  const at = useAt();
  const priced = usePricedAt();
  const intents = useMemo(() => scenario.intents.filter(({ isOn }) => isOn).map(({ isOn: _isOn, ...intent }) => intent), [scenario]);
  // Where rules lie does not hang on days: what is compiled stays while a threshold moves.
  const fixed = useMemo(() => intents.map((intent) => ({ ...intent, days: 1 })), [intents]);
  const compiled = useQuery('scenario.compile', at === null ? null : { ...at, name: `plan-${chosen.toLowerCase()}`, intents: fixed });
  const policy = useMemo(
    () => (compiled.data === undefined || compiled.stale ? undefined : withDays(compiled.data, intents)),
    [compiled.data, compiled.stale, intents],
  );
  const simulated = useLatest(
    'policy.simulate',
    priced === null || policy === undefined ? null : { ...priced, policy, months: HORIZON_MONTHS, excludeUnpriced: true },
  );
  const curve = useMemo(() => (simulated.data === undefined ? undefined : curveOf(simulated.data)), [simulated.data]);
  return {
    chosen,
    name: chosen === 'now' ? 'now' : `plan ${chosen}`,
    compiled: compiled.data,
    policy,
    simulation: simulated.data,
    curve,
    error: compiled.error ?? simulated.error,
    stale: compiled.stale || (simulated.stale && simulated.data === undefined),
    retry: compiled.error === undefined ? simulated.retry : compiled.retry,
  };
}
