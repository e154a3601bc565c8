import { useEffect, useMemo } from 'react';
import { create } from 'zustand';
import type { AppError } from '../../contract/errors.ts';
import type { LifecycleConfiguration } from '../../contract/lifecycle.ts';
import type { Compiled } from '../../contract/scenario.ts';
import type { Simulation } from '../../contract/simulation.ts';
import { useAssumptions } from './assumptions.ts';
import { optionsOf, useKnownBucket } from './bucket-state.ts';
import { type Curve, curveOf, monthTwelve } from './curve.ts';
import { useLatest } from './latest.ts';
import { NOW, usePlanPolicy } from './plan-policy.ts';
import { type Chosen, type Scenario, useDesk } from './scenarios.ts';
import { usePricedAt } from './session.ts';

const HORIZON_MONTHS = 36;

export interface Forecast {
  readonly chosen: Chosen;
  /** "Plan B", or "now". */
  readonly name: string;
  readonly compiled: Compiled | undefined;
  /** Our rules with the days as they stand this moment. */
  readonly policy: LifecycleConfiguration | undefined;
  /** The same with the rules of others that are known to be there. */
  readonly configuration: LifecycleConfiguration | undefined;
  readonly simulation: Simulation | undefined;
  readonly curve: Curve | undefined;
  readonly error: AppError | undefined;
  readonly stale: boolean;
  readonly retry: () => void;
}

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
  const known = useKnownBucket();
  return JSON.stringify([priced, reads, inflow, optionsOf(known), scenario.intents.filter(({ isOn }) => isOn)]);
}

/** The same of one scenario. */
function useForecastOf(chosen: Chosen, scenario: Scenario): Forecast {
  const priced = usePricedAt();
  const known = useKnownBucket();
  const reads = useAssumptions((state) => state.reads);
  const inflow = useAssumptions((state) => state.inflow);
  const planned = usePlanPolicy(chosen, scenario);
  const { compiled, policy, configuration } = planned;
  const simulated = useLatest(
    'policy.simulate',
    priced === null || configuration === undefined
      ? null
      : {
          ...priced,
          policy: configuration ?? { Rules: [] },
          ...optionsOf(known),
          months: HORIZON_MONTHS,
          reads,
          inflow,
          excludeUnpriced: true,
        },
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
    compiled,
    policy,
    configuration: configuration ?? undefined,
    simulation: simulated.data,
    curve,
    error: planned.error ?? simulated.error,
    stale: planned.stale || (simulated.stale && simulated.data === undefined),
    retry: planned.error === undefined ? simulated.retry : planned.retry,
  };
}
