import * as v from 'valibot';
import { SqlAnswerSchema } from '../sql.ts';
import { Whole } from '../units.ts';
import { type Definition, FilePath } from './definition.ts';

/** Questions nobody has thought of before. */
export const SQL_METHODS = {
  /** One statement that only reads, over every table of an index and over `objects`, `directories` and `units`. */
  'index.sql': {
    effect: 'read',
    isHeavy: true,
    params: v.strictObject({
      index: FilePath,
      sql: v.pipe(v.string(), v.minLength(1), v.maxLength(100_000)),
      limit: v.optional(v.pipe(Whole, v.minValue(1), v.maxValue(1_000_000)), 1000),
    }),
    result: SqlAnswerSchema,
  },
} as const satisfies Record<string, Definition>;
