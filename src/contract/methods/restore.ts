import * as v from 'valibot';
import { RestoreDrillSchema } from '../restore.ts';
import { Whole } from '../units.ts';
import { At, type Definition, Region } from './definition.ts';

/** What reading cold data back costs and takes. Asks the index alone. */
export const RESTORE_METHODS = {
  'restore.drill': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      prefix: v.optional(v.string(), ''),
      days: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(365)), 7),
      region: Region,
    }),
    result: RestoreDrillSchema,
  },
} as const satisfies Record<string, Definition>;
