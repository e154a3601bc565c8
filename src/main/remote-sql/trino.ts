import { type AppError, appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { TableAddress } from '../../core/sql-rollup/address.ts';
import { identifier, text } from '../../core/sql-rollup/sql.ts';
import { allRows, type QueryOptions, type QueryStats, type SqlEngine } from './engine.ts';
import { askTrino, cancelTrino, type TrinoAnswer, type TrinoServer } from './trino-wire.ts';

/** Secrets of a Trino server; they come from the environment, never from an address or a file of ours. */
export interface TrinoCredentials {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly accessToken?: string | undefined;
}

/** A connection to a Trino server, for queries over one table. Nothing is asked yet. */
export function trinoEngine(address: TableAddress & { engine: 'trino' }, credentials: TrinoCredentials): Result<SqlEngine> {
  const { password, accessToken } = credentials;
  const user = address.user ?? credentials.user ?? 'isotherm';
  const isSecret = password !== undefined || accessToken !== undefined;
  const { protocol, hostname } = new URL(address.server);
  if (isSecret && protocol !== 'https:' && !/^(?:localhost|127\.|\[::1\])/.test(hostname)) {
    return err(
      appError('Usage', `A password or token is not sent to ${address.server} without TLS.`, {
        next: 'Write trino+https://host:port/…, or unset TRINO_PASSWORD and TRINO_ACCESS_TOKEN.',
      }),
    );
  }
  const secret =
    accessToken === undefined ? password && `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` : `Bearer ${accessToken}`;
  const at: TrinoServer = {
    server: address.server,
    isSecret,
    headers: {
      'X-Trino-User': user,
      'X-Trino-Source': 'isotherm',
      'X-Trino-Time-Zone': 'UTC',
      'X-Trino-Catalog': address.table.catalog,
      'X-Trino-Schema': address.table.schema,
      'User-Agent': 'isotherm',
      ...(secret === undefined ? {} : { Authorization: secret }),
    },
  };
  return ok(new Trino(at, address));
}

class Trino implements SqlEngine {
  readonly name = 'Trino';
  readonly region = null;
  private readonly at: TrinoServer;
  private readonly address: TableAddress;

  constructor(at: TrinoServer, address: TableAddress) {
    this.at = at;
    this.address = address;
  }

  async columns(signal: AbortSignal): Promise<Result<{ name: string; type: string }[]>> {
    const { catalog, schema, table } = this.address.table;
    const found = await allRows(
      this,
      `SELECT column_name, data_type FROM ${identifier(catalog)}.information_schema.columns
       WHERE table_schema = ${text(schema)} AND table_name = ${text(table)} ORDER BY ordinal_position`,
      signal,
    );
    if (!found.ok) return found;
    if (found.value.rows.length === 0)
      return err(appError('TableNotFound', `There is no table "${catalog}.${schema}.${table}" on the server, or none you may see.`));
    return ok(found.value.rows.map(([name, type]) => ({ name: String(name), type: String(type) })));
  }

  async query(sql: string, { signal, onStats, onRows }: QueryOptions): Promise<Result<QueryStats>> {
    let page = await askTrino(this.at, { method: 'POST', url: `${this.at.server}/v1/statement`, body: sql }, signal);
    let next: string | undefined;
    for (;;) {
      if (!page.ok) {
        if (next !== undefined) await cancelTrino(this.at, next);
        return page;
      }
      const { error, data, nextUri } = page.value;
      const stats = statsOf(page.value);
      onStats?.(stats);
      if (error) return err(queryError(error));
      next = nextUri;
      const taken = data && data.length > 0 ? onRows(data) : ok(undefined);
      if (!taken.ok || (signal.aborted && next !== undefined)) {
        if (next !== undefined) await cancelTrino(this.at, next);
        return taken.ok ? err(appError('Cancelled', 'The query was cancelled.')) : taken;
      }
      if (next === undefined) return ok(stats);
      page = await askTrino(this.at, { method: 'GET', url: next }, signal);
    }
  }

  close(): void {
    // Requests stand alone: there is nothing to close.
  }
}

function statsOf({ id, stats }: TrinoAnswer): QueryStats {
  return {
    queryId: id,
    state: stats.state,
    scannedBytes: stats.physicalInputBytes ?? stats.processedBytes ?? 0,
    elapsedMs: stats.elapsedTimeMillis ?? 0,
    cpuMs: stats.cpuTimeMillis ?? null,
    share: stats.progressPercentage === undefined ? null : stats.progressPercentage / 100,
  };
}

const MISSING = /^(?:TABLE_NOT_FOUND|SCHEMA_NOT_FOUND|CATALOG_NOT_FOUND|MISSING_CATALOG_NAME|NOT_FOUND)$/;

function queryError({ message = '', errorName = '', errorType = '' }: NonNullable<TrinoAnswer['error']>): AppError {
  const where = { detail: `${errorName}: ${message}` };
  if (MISSING.test(errorName)) return appError('TableNotFound', 'The server does not know the table.', where);
  if (errorName === 'COLUMN_NOT_FOUND') return appError('TableShape', 'The table is not as the server described it before.', where);
  if (errorName === 'PERMISSION_DENIED')
    return appError('AccessDenied', 'The server denies the query.', { ...where, next: 'Ask for the right to read the table.' });
  if (errorName === 'USER_CANCELED' || errorName === 'ADMINISTRATIVELY_KILLED')
    return appError('QueryFailed', 'Someone ended the query at the server.', where);
  if (errorType === 'INSUFFICIENT_RESOURCES') {
    return appError('QueryFailed', 'The server has not enough memory or time for the query.', {
      ...where,
      next: 'Ask the operator for larger limits, or try again when fewer queries run.',
    });
  }
  return appError('QueryFailed', 'The server ended the query with a failure.', where);
}
