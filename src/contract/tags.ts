import * as v from 'valibot';
import { Instant, Whole } from './units.ts';

/** Tags that were asked for below a prefix. Versions that were refused, or were gone when asked for, are not known. */
export const TagScopeSchema = v.strictObject({
  prefix: v.string(),
  begun: Instant,
  /** null while there is more to ask: the same call goes on. */
  ended: v.nullable(Instant),
  /** Versions below the prefix; delete markers have no tags. */
  versions: Whole,
  read: Whole,
  refused: Whole,
  gone: Whole,
});
export type TagScope = v.InferOutput<typeof TagScopeSchema>;

/** How far tags of a snapshot are known: of so many of its versions. */
export const TagCoverageSchema = v.strictObject({
  snapshotId: v.string(),
  versions: Whole,
  known: Whole,
  scopes: v.array(TagScopeSchema),
});
export type TagCoverage = v.InferOutput<typeof TagCoverageSchema>;
