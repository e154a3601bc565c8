import * as v from 'valibot';
import { RemoteSchema } from '../remote.ts';
import { TagCoverageSchema } from '../tags.ts';
import { Whole } from '../units.ts';
import { At, type Definition } from './definition.ts';

/** Tags of objects, which no inventory and no listing tells. */
export const TAG_METHODS = {
  /**
   * Asks for the tags of every version below a prefix that are not known yet: one billed request for each. What was read stays when it is
   * stopped, and the next call goes on from there.
   */
  'tags.read': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({
      ...At,
      prefix: v.optional(v.string(), ''),
      /** How many are asked for in a second at most. */
      perSecond: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(5000)), 500),
      remote: v.optional(RemoteSchema, {}),
    }),
    result: TagCoverageSchema,
  },
  'tags.coverage': { effect: 'read', params: v.strictObject(At), result: TagCoverageSchema },
} as const satisfies Record<string, Definition>;
