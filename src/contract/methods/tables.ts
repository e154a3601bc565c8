import * as v from 'valibot';
import { RemoteSchema } from '../remote.ts';
import { Instant, NanoUsd, Whole } from '../units.ts';
import { type Definition, FilePath } from './definition.ts';
import { TableSchema } from './sources.ts';

/** What a roll-up of a table would read and cost, before it is begun. */
export const TableEstimateSchema = v.strictObject({
  engine: v.picklist(['Trino', 'Athena']),
  bucket: v.string(),
  report: v.nullable(v.string()),
  asOf: Instant,
  allVersions: v.boolean(),
  /** Rows of the report, counted by the engine. */
  rows: Whole,
  files: Whole,
  /** The most that the query reads: every file of the report, as often as the query passes over it. null where the sizes are not to be had. */
  bytes: v.nullable(Whole),
  /** What those bytes cost at most; null where there is no price. */
  nanoUsd: v.nullable(NanoUsd),
  /** The price of 2^40 bytes, where it holds and since when it was known; null where there is none. */
  price: v.nullable(v.strictObject({ nanoUsdPerTb: NanoUsd, region: v.string(), asOf: v.string() })),
  words: v.string(),
});
export type TableEstimate = v.InferOutput<typeof TableEstimateSchema>;

/** Tables over inventory reports on a SQL engine. */
export const TABLE_METHODS = {
  /** Counts the rows and files of a report in a table, and what a roll-up would cost. Reads no column but the bucket's name. */
  'table.estimate': { effect: 'read', isHeavy: true, params: v.strictObject({ table: TableSchema }), result: TableEstimateSchema },
  /** Statements that make a table over an inventory report, for a person to run: nothing is run here. */
  'table.ddl': {
    effect: 'read',
    params: v.strictObject({
      /** A manifest.json, as a path or s3://. */
      manifest: FilePath,
      engine: v.picklist(['athena', 'hive', 'trino']),
      /** Name of the table, with its database or catalog and schema before it, dots between. */
      table: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_$-]+(?:\.[A-Za-z0-9_$-]+){0,2}$/, 'is not the name of a table')),
      /** For Trino: the folder that holds the files of this report alone. */
      files: v.optional(v.pipe(v.string(), v.minLength(1))),
      remote: v.optional(RemoteSchema, {}),
    }),
    result: v.strictObject({ statements: v.array(v.string()), partition: v.string(), asOf: Instant, warnings: v.array(v.string()) }),
  },
  /** How much questions about rows that lie on Athena may cost together, from now on; "any" for whatever they come to. */
  'table.allow': {
    effect: 'read',
    params: v.strictObject({ nanoUsd: v.union([NanoUsd, v.literal('any')]) }),
    result: v.strictObject({}),
  },
} as const satisfies Record<string, Definition>;
