import * as v from 'valibot';
import { BudgetFileSchema, BudgetReportSchema } from '../budget.ts';
import { LifecycleConfigurationSchema, MinimumSizeSchema } from '../lifecycle.ts';
import { BucketTags, OwnersFileSchema } from '../owners.ts';
import { VersioningSchema } from '../simulation.ts';
import { UtcDate } from '../units.ts';
import { At, type Definition, Region } from './definition.ts';

export const BUDGET_METHODS = {
  /** What owners cost this month and next, with the error past forecasts had, against what they may cost. */
  'budget.check': {
    effect: 'read',
    isHeavy: true,
    params: v.strictObject({
      ...At,
      region: Region,
      file: OwnersFileSchema,
      bucketTags: v.optional(BucketTags, {}),
      budgets: BudgetFileSchema,
      /** The rules that are in force; null for none. */
      current: v.nullable(v.strictObject({ configuration: v.nullable(LifecycleConfigurationSchema), minimumSize: MinimumSizeSchema })),
      versioning: v.optional(VersioningSchema),
      /** Since when the rules are as they are; forecasts from before teach nothing. */
      since: v.optional(UtcDate),
    }),
    result: BudgetReportSchema,
  },
} as const satisfies Record<string, Definition>;
