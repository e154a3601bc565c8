import { ok } from '../../../contract/result.ts';
import { allow } from '../../remote-sql/allowance.ts';
import { estimateTable } from '../../remote-sql/scan-table.ts';
import { tableDdl } from '../../remote-sql/table-ddl.ts';
import type { Handlers } from '../handler.ts';

/** Tables over inventory reports on a SQL engine. */
export const tableHandlers: Pick<Handlers, 'table.estimate' | 'table.ddl' | 'table.allow'> = {
  'table.estimate': ({ table }, { environment: { resourcesDir, now, trino = {} }, signal }) =>
    estimateTable(table, { resourcesDir, now, trino }, signal),
  'table.ddl': ({ remote, ...wanted }, { signal }) => tableDdl(wanted, remote, signal),
  'table.allow': async ({ nanoUsd }) => {
    allow(nanoUsd === 'any' ? 'any' : BigInt(nanoUsd));
    return ok({});
  },
};
