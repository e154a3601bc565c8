import * as v from 'valibot';
import { LifecycleConfigurationSchema } from '../lifecycle.ts';
import { RecommendationSchema, SimulationSchema } from '../simulation.ts';
import { At, type Definition, Horizon, Region } from './definition.ts';

/** Questions to the lifecycle engine. */
export const POLICY_METHODS = {
  'policy.recommend': { effect: 'read', params: v.strictObject({ ...At, preset: v.string() }), result: RecommendationSchema },
  'policy.simulate': {
    effect: 'read',
    params: v.strictObject({ ...At, policy: LifecycleConfigurationSchema, months: v.optional(Horizon, 12), region: Region }),
    result: SimulationSchema,
  },
} as const satisfies Record<string, Definition>;
