import { useEffect, useMemo } from 'react';
import { create } from 'zustand';
import type { AppError } from '../../contract/errors.ts';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { Compiled } from '../../contract/scenario.ts';
import type { Simulation } from '../../contract/simulation.ts';
import { withDays } from '../../core/recommend/scenario.ts';
import { useAssumptions } from './assumptions.ts';
import { type Curve, curveOf, monthTwelve } from './curve.ts';
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

/** The bucket with the rules it has. */
export const NOW: Scenario = { name: 'as it is', intents: [] };

/** The scenario chosen, compiled for the open snapshot, and what it would cost over the horizon; live while a threshold is dragged. */
export function useForecast(): Forecast {
  const { chosen, scenarios } = useDesk();
  return useForecastOf(chosen, chosen === 'now' ? NOW : scenarios[chosen]);
}

/** Month twelve of the scenarios that were computed, by what they were computed from. */
const useKnown = create<{ readonly twelves: Readonly<Record<string, bigint>> }>()(() => ({ twelves: {} }));

/** What a scenario costs in month twelve, where that was computed before; nothing is computed for it. */
export function useTwelve(scenario: Scenario): bigint | undefined {
  const key = useKey(scenario);
  return useKnown((state) => state.twelves[key]);
}

function useKey(scenario: Scenario): string {
  const priced = usePricedAt();
  const { reads, inflow } = useAssumptions();
  return JSON.stringify([priced, reads, inflow, scenario.intents.filter(({ isOn }) => isOn)]);
}

/** The same of one scenario. */
function useForecastOf(chosen: Chosen, scenario: Scenario): Forecast {
  const at = useAt();
  const priced = usePricedAt();
  const reads = useAssumptions((state) => state.reads);
  const inflow = useAssumptions((state) => state.inflow);
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
    priced === null || policy === undefined ? null : { ...priced, policy, months: HORIZON_MONTHS, reads, inflow, excludeUnpriced: true },
  );
  const curve = useMemo(() => (simulated.data === undefined ? undefined : curveOf(simulated.data)), [simulated.data]);
  const key = useKey(scenario);
  const twelve = curve === undefined || simulated.stale ? undefined : monthTwelve(curve)?.planNanoUsd;
  useEffect(() => {
    if (twelve !== undefined) useKnown.setState(({ twelves }) => ({ twelves: { ...twelves, [key]: twelve } }));
  }, [key, twelve]);
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
