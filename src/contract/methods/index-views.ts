import * as v from 'valibot';
import { ChildrenSchema, DIMENSIONS, MapNodeSchema, PivotSchema, SnapshotSchema, SORT_KEYS, SummarySchema } from '../index-views.ts';
import { Whole } from '../units.ts';
import { At, type Definition, FilePath, Page, Region } from './definition.ts';

/** Questions to an index. */
export const VIEW_METHODS = {
  'index.snapshots': { effect: 'read', params: v.strictObject({ index: FilePath }), result: v.array(SnapshotSchema) },
  'index.summary': {
    effect: 'read',
    params: v.strictObject({ ...At, by: v.picklist(DIMENSIONS), prefix: v.optional(v.string(), ''), region: Region }),
    result: SummarySchema,
  },
  'index.pivot': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      row: v.picklist(DIMENSIONS),
      column: v.picklist(DIMENSIONS),
      prefix: v.optional(v.string(), ''),
      region: Region,
    }),
    result: PivotSchema,
  },
  /** What lies directly under a directory: directories first when sorted by name, then versions. */
  'tree.children': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      prefix: v.string(),
      sort: v.optional(v.picklist(SORT_KEYS), 'bytes'),
      descending: v.optional(v.boolean(), true),
      region: Region,
      ...Page,
    }),
    result: ChildrenSchema,
  },
  /** Nested directories for the treemap: at most `limit` nodes in all, the largest first. */
  'tree.map': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      prefix: v.string(),
      depth: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(6)), 3),
      limit: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(5000)), 1500),
      region: Region,
    }),
    result: MapNodeSchema,
  },
} as const satisfies Record<string, Definition>;
