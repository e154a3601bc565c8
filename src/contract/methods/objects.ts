import * as v from 'valibot';
import { KeySearchSchema, ObjectFactsSchema } from '../objects.ts';
import { Whole } from '../units.ts';
import { At, type Definition, Page, Region } from './definition.ts';

/** Single objects: which there are, and what is known of one. */
export const OBJECT_METHODS = {
  /**
   * Looks for keys as they are typed. An answer comes within a tenth of a second with what was found by then; `next` of it, as `after`, goes on.
   * A newer search of the same `box` ends the one before it, which answers Cancelled.
   */
  'objects.search': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      /** Text anywhere in the key; with `isGlob` a pattern for the whole key, or, where it has no "/", for the last segment. */
      text: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
      isGlob: v.optional(v.boolean(), false),
      /** A to Z alone; not with `isGlob`. */
      ignoresCase: v.optional(v.boolean(), false),
      prefix: v.optional(v.string(), ''),
      after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,9}\.\d{1,9}$/, 'is not where a search goes on'))),
      limit: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(1000)), 100),
      box: v.optional(v.pipe(v.string(), v.maxLength(200))),
    }),
    result: KeySearchSchema,
  },
  /** Every field of every version of a key, or of one of them; "null" names the null version. KeyNotFound where there is none. */
  'objects.show': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      key: v.pipe(v.string(), v.minLength(1)),
      versionId: v.optional(v.pipe(v.string(), v.minLength(1))),
      region: Region,
      ...Page,
    }),
    result: ObjectFactsSchema,
  },
} as const satisfies Record<string, Definition>;
