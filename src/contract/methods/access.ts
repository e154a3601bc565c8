import * as v from 'valibot';
import { ACCESS_SORTS, AccessImportSchema, AccessSummarySchema } from '../access-views.ts';
import { RemoteSchema } from '../remote.ts';
import { At, type Definition, FilePath, Page, Region } from './definition.ts';

/** Who reads what of a bucket, as its logs tell. */
export const ACCESS_METHODS = {
  /**
   * Adds server access logs or CloudTrail data events to what is known of a bucket: a folder, a file or s3://bucket/prefix; or a table
   * over server access logs, trino://… or athena://…, whose reads the engine adds up, whole days, each once.
   */
  'access.import': {
    effect: 'index',
    isHeavy: true,
    params: v.strictObject({
      ...At,
      location: FilePath,
      remote: v.optional(RemoteSchema),
      /** Of a table of Athena: where results go, s3://bucket/prefix/. */
      output: v.optional(v.pipe(v.string(), v.regex(/^s3:\/\/[^/]+\/.*$/, 'is not an s3:// location'))),
      /** Of a table: the queries are agreed to whatever they cost, which is not known before. */
      confirm: v.optional(v.literal('any')),
    }),
    result: AccessImportSchema,
  },
  /** Window and coverage of the logs, readers, and what was read out by whom at what cost. */
  'access.summary': {
    effect: 'read',
    params: v.strictObject({
      ...At,
      prefix: v.optional(v.string(), ''),
      region: Region,
      sort: v.optional(v.picklist(ACCESS_SORTS), 'cost'),
      ...Page,
    }),
    result: AccessSummarySchema,
  },
} as const satisfies Record<string, Definition>;
