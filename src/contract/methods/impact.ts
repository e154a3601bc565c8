import * as v from 'valibot';
import { ImpactSchema } from '../impact.ts';
import { LifecycleConfigurationSchema, MinimumSizeSchema } from '../lifecycle.ts';
import { VersioningSchema } from '../simulation.ts';
import { UtcDate } from '../units.ts';
import { At, type Definition, Horizon, Region } from './definition.ts';

const Configured = v.strictObject({ configuration: v.nullable(LifecycleConfigurationSchema), minimumSize: MinimumSizeSchema });

export const IMPACT_METHODS = {
  /** What becomes different between two configurations, version by version. RowsElsewhere where the rows are not in the index. */
  'policy.impact': {
    effect: 'read',
    isHeavy: true,
    params: v.strictObject({
      ...At,
      current: Configured,
      proposed: Configured,
      /** The day of the snapshot unless given. */
      asOf: v.optional(UtcDate),
      versioning: v.optional(VersioningSchema),
      months: v.optional(Horizon, 12),
      region: Region,
    }),
    result: ImpactSchema,
  },
} as const satisfies Record<string, Definition>;
