import * as v from 'valibot';
import { PricedAtSchema } from './index-views.ts';
import { Instant, NanoUsd, Whole } from './units.ts';
import { KINDS } from './vocabulary.ts';

/** A unit, or a directory where keys are of none. */
const Place = v.strictObject({ path: v.string(), kind: v.picklist(KINDS), objects: Whole, stays: v.boolean() });

/** The same bytes in the same places. */
export const DuplicateGroupSchema = v.strictObject({
  places: v.array(Place),
  /** Places beyond those listed. */
  morePlaces: Whole,
  /** Different contents, and the copies of them that could go: all but one of each. */
  contents: Whole,
  copies: Whole,
  bytes: Whole,
  /** List price of a month of those copies; null where a price is missing. */
  monthlyNanoUsd: v.nullable(NanoUsd),
  /** Keys of the first content, the one that stays first. */
  example: v.strictObject({ sizeBytes: Whole, eTag: v.string(), keys: v.array(v.string()) }),
});
export type DuplicateGroup = v.InferOutput<typeof DuplicateGroupSchema>;

export const DuplicatesSchema = v.strictObject({
  bucket: v.string(),
  asOf: Instant,
  prices: PricedAtSchema,
  /** Current objects that were compared, and those that cannot be: their ETag is not known. */
  compared: Whole,
  withoutETag: Whole,
  contents: Whole,
  copies: Whole,
  bytes: Whole,
  monthlyNanoUsd: v.nullable(NanoUsd),
  /** Copies in tables, stores and feature groups, and what nobody knows: they are needed where they are. */
  neededCopies: Whole,
  total: Whole,
  groups: v.array(DuplicateGroupSchema),
  caveats: v.array(v.string()),
});
export type Duplicates = v.InferOutput<typeof DuplicatesSchema>;
