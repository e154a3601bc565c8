import { create } from 'zustand';
import type { AppError } from '../../contract/errors.ts';
import type { Recommendation, Simulation } from '../../contract/simulation.ts';
import { useQuery } from './query.ts';
import { useAt, usePricedAt, useSession } from './session.ts';

const FIRST_PRESET = 'ml-basics';
export const HORIZON_MONTHS = 12;

interface PresetChoice {
  readonly preset: string;
  choose(preset: string): void;
}

export const usePresetChoice = create<PresetChoice>()((set) => ({ preset: FIRST_PRESET, choose: (preset) => set({ preset }) }));

export interface Forecast {
  readonly presetName: string;
  readonly recommendation: Recommendation | undefined;
  readonly simulation: Simulation | undefined;
  readonly error: AppError | undefined;
  readonly stale: boolean;
  readonly retry: () => void;
}

/** The chosen preset compiled for the open snapshot, and what it would cost over the horizon. */
export function useForecast(): Forecast {
  const preset = usePresetChoice((state) => state.preset);
  const presetName = useSession(({ info }) => info?.presets.find(({ id }) => id === preset)?.name ?? preset);
  const at = useAt();
  const priced = usePricedAt();
  const recommended = useQuery('policy.recommend', at === null ? null : { ...at, preset });
  const policy = recommended.stale ? undefined : recommended.data?.policy;
  const simulated = useQuery(
    'policy.simulate',
    priced === null || policy === undefined ? null : { ...priced, policy, months: HORIZON_MONTHS, excludeUnpriced: true },
  );
  return {
    presetName,
    recommendation: recommended.data,
    simulation: simulated.data,
    error: recommended.error ?? simulated.error,
    stale: recommended.stale || simulated.stale,
    retry: recommended.error === undefined ? simulated.retry : recommended.retry,
  };
}
