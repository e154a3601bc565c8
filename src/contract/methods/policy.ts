import * as v from 'valibot';
import { ExplanationSchema } from '../explanation.ts';
import { LifecycleConfigurationSchema } from '../lifecycle.ts';
import { RecommendationSchema, SimulationOptions, SimulationSchema, StateSchema } from '../simulation.ts';
import { UtcDate } from '../units.ts';
import { WhatIfSchema } from '../what-if.ts';
import { At, type Definition, Horizon, Region } from './definition.ts';

const Policy = { policy: LifecycleConfigurationSchema, region: Region, ...SimulationOptions };

/** Questions to the lifecycle engine. */
export const POLICY_METHODS = {
  'policy.recommend': { effect: 'read', params: v.strictObject({ ...At, preset: v.string() }), result: RecommendationSchema },
  /** What a configuration would cost and do, month by month. PriceMissing where something has no price and is not to be left out. */
  'policy.simulate': {
    effect: 'read',
    params: v.strictObject({ ...At, ...Policy, months: v.optional(Horizon, 12) }),
    result: SimulationSchema,
  },
  /**
   * The money alone, for a hand on a slider: what a question shares with the one before stays prepared. The oracle is not asked;
   * PriceMissing as for a simulation.
   */
  'policy.whatIf': {
    effect: 'read',
    params: v.strictObject({ ...At, ...Policy, months: v.optional(Horizon, 12) }),
    result: WhatIfSchema,
  },
  /** What is there after S3's run of a day. Prices do not matter. */
  'policy.stateAt': { effect: 'read', params: v.strictObject({ ...At, ...Policy, date: UtcDate }), result: StateSchema },
  /** What happens to one key, version by version, with the rule and the money of each event. */
  'policy.explain': {
    effect: 'read',
    params: v.strictObject({ ...At, ...Policy, key: v.string(), versionId: v.optional(v.string()), months: v.optional(Horizon, 60) }),
    result: ExplanationSchema,
  },
} as const satisfies Record<string, Definition>;
