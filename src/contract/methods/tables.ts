import * as v from 'valibot';
import { Instant, NanoUsd, Whole } from '../units.ts';
import type { Definition } from './definition.ts';
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
  /** How much questions about rows that lie on Athena may cost together, from now on; "any" for whatever they come to. */
  'table.allow': {
    effect: 'read',
    params: v.strictObject({ nanoUsd: v.union([NanoUsd, v.literal('any')]) }),
    result: v.strictObject({}),
  },
} as const satisfies Record<string, Definition>;
