import { estimateTable } from '../../remote-sql/scan-table.ts';
import type { Handlers } from '../handler.ts';

/** Tables over inventory reports on a SQL engine. */
export const tableHandlers: Pick<Handlers, 'table.estimate'> = {
  'table.estimate': ({ table }, { environment: { resourcesDir, now, trino = {} }, signal }) =>
    estimateTable(table, { resourcesDir, now, trino }, signal),
};
