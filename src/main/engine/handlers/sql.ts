import type { SQL_METHODS } from '../../../contract/methods/sql.ts';
import { runSql } from '../../index/sql/run-sql.ts';
import type { Handlers } from '../handler.ts';

export const sqlHandlers: Pick<Handlers, keyof typeof SQL_METHODS> = {
  'index.sql': async ({ index, sql, limit }, { signal }) => runSql(index, sql, limit, signal),
};
