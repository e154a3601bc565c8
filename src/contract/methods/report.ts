import * as v from 'valibot';
import { LifecycleConfigurationSchema } from '../lifecycle.ts';
import { CostFrameFileSchema, ManagerReportSchema } from '../manager-report.ts';
import { BucketTags, OWNER_DIMENSIONS, OwnersFileSchema } from '../owners.ts';
import { SimulationOptions } from '../simulation.ts';
import { At, type Definition, Region } from './definition.ts';

export const REPORT_METHODS = {
  /** One page for a manager: what a plan would save over 12 and 36 months, what it costs, what it leaves, whose it is. */
  'report.manager': {
    effect: 'read',
    isHeavy: true,
    params: v.strictObject({
      ...At,
      region: Region,
      policy: LifecycleConfigurationSchema,
      ...SimulationOptions,
      title: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(120))),
      owners: v.optional(
        v.strictObject({
          file: OwnersFileSchema,
          bucketTags: v.optional(BucketTags, {}),
          by: v.optional(v.picklist(OWNER_DIMENSIONS), 'team'),
        }),
      ),
      /** The snapshot to compare with; the newest one before that is like this one unless named. */
      compareWith: v.optional(v.string()),
      /** What putting the plan costs in people's work. */
      effortUsd: v.optional(
        v.pipe(v.string(), v.regex(/^\d{1,12}(\.\d{1,2})?$/, 'an amount of US dollars such as "1200" or "49.50"')),
        '0',
      ),
      frame: v.optional(CostFrameFileSchema),
      anonymise: v.optional(v.boolean(), false),
    }),
    result: ManagerReportSchema,
  },
} as const satisfies Record<string, Definition>;
