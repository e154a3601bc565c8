import * as v from 'valibot';
import { LifecycleConfigurationSchema, MinimumSizeSchema } from '../lifecycle.ts';
import { PromiseSchema } from '../promise.ts';
import { VersioningSchema } from '../simulation.ts';
import { UtcDate, Whole } from '../units.ts';
import { type Definition, FilePath, Region } from './definition.ts';

export const PROMISE_METHODS = {
  /** Whether a configuration did what was forecast of it: every version of an earlier snapshot looked up in a later one. */
  'promise.check': {
    effect: 'read',
    isHeavy: true,
    params: v.strictObject({
      index: FilePath,
      /** The snapshot the forecast is from, and the one to hold it against; the newest unless named. */
      from: v.string(),
      to: v.optional(v.string()),
      region: Region,
      configuration: v.nullable(LifecycleConfigurationSchema),
      minimumSize: MinimumSizeSchema,
      versioning: v.optional(VersioningSchema),
      /** The day it was put; that of the earlier snapshot unless given. */
      putOn: v.optional(UtcDate),
      /** How many days S3 may take. */
      graceDays: v.optional(v.pipe(Whole, v.maxValue(30)), 2),
    }),
    result: PromiseSchema,
  },
} as const satisfies Record<string, Definition>;
