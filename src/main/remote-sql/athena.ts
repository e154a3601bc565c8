import { randomUUID } from 'node:crypto';
import type { QueryExecution } from '@aws-sdk/client-athena';
import { appError } from '../../contract/errors.ts';
import type { Remote } from '../../contract/remote.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { TableAddress } from '../../core/sql-rollup/address.ts';
import type { TableColumn } from '../../core/sql-rollup/table-shape.ts';
import { type AthenaConnection, athenaError, connectAthena, queryFailure } from './athena-client.ts';
import type { QueryOptions, QueryStats, SqlEngine, SqlRow, SqlValue } from './engine.ts';
import { pause } from './pause.ts';
import { readUnloaded } from './unloaded.ts';

export interface AthenaSettings {
  /** Region and profile; the rest says how to reach results on S3. */
  readonly remote: Remote;
  /** Where results go, s3://bucket/prefix/; undefined for the workgroup's own place. */
  readonly output: string | undefined;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2_000;

/** A connection to Athena, for queries over one table. */
export async function athenaEngine(address: TableAddress & { engine: 'athena' }, settings: AthenaSettings): Promise<Result<SqlEngine>> {
  const connection = await connectAthena(settings.remote);
  return connection.ok ? ok(new Athena(connection.value, address, settings)) : connection;
}

class Athena implements SqlEngine {
  readonly name = 'Athena';
  readonly region: string;
  private readonly at: AthenaConnection;
  private readonly address: TableAddress & { engine: 'athena' };
  private readonly settings: AthenaSettings;

  constructor(at: AthenaConnection, address: TableAddress & { engine: 'athena' }, settings: AthenaSettings) {
    this.at = at;
    this.region = at.region;
    this.address = address;
    this.settings = settings;
  }

  async columns(signal: AbortSignal): Promise<Result<TableColumn[]>> {
    const { catalog, schema, table } = this.address.table;
    const { client, sdk } = this.at;
    const command = new sdk.GetTableMetadataCommand({
      CatalogName: catalog,
      DatabaseName: schema,
      TableName: table,
      WorkGroup: this.address.workgroup,
    });
    const answer = await this.asking('GetTableMetadata', signal, (options) => client.send(command, options));
    if (!answer.ok) return answer;
    const { Columns = [], PartitionKeys = [] } = answer.value.TableMetadata ?? {};
    return ok([...Columns, ...PartitionKeys].map(({ Name, Type }) => ({ name: Name ?? '', type: Type ?? '' })));
  }

  async query(sql: string, options: QueryOptions): Promise<Result<QueryStats>> {
    const { signal, isLarge = false } = options;
    const unload = isLarge ? await this.unloadOf(sql, signal) : ok(sql);
    if (!unload.ok) return unload;
    const started = await this.start(unload.value, signal);
    if (!started.ok) return started;
    const done = await this.wait(started.value, options);
    if (!done.ok) return done;
    const stats = statsOf(started.value, done.value);
    const read = isLarge
      ? await readUnloaded(done.value.Statistics?.DataManifestLocation, this.settings.remote, options)
      : await this.results(started.value, options);
    return read.ok ? ok(stats) : read;
  }

  close(): void {
    this.at.client.destroy();
  }

  private async start(sql: string, signal: AbortSignal): Promise<Result<string>> {
    const { client, sdk } = this.at;
    const { output } = this.settings;
    const command = new sdk.StartQueryExecutionCommand({
      QueryString: sql,
      // Asking twice by mistake then runs one query.
      ClientRequestToken: randomUUID(),
      QueryExecutionContext: { Catalog: this.address.table.catalog, Database: this.address.table.schema },
      WorkGroup: this.address.workgroup,
      ...(output === undefined ? {} : { ResultConfiguration: { OutputLocation: output } }),
    });
    const answer = await this.asking('StartQueryExecution', signal, (options) => client.send(command, options));
    if (!answer.ok) return answer;
    const id = answer.value.QueryExecutionId;
    return id === undefined ? err(appError('RemoteFailed', 'Athena gave the query no number.')) : ok(id);
  }

  /** Polls until the query has ended; whatever ends the waiting ends the query. */
  private async wait(id: string, { signal, onStats }: QueryOptions): Promise<Result<QueryExecution>> {
    const { client, sdk } = this.at;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
      const command = new sdk.GetQueryExecutionCommand({ QueryExecutionId: id });
      const answer = await this.asking('GetQueryExecution', signal, (options) => client.send(command, options));
      if (!answer.ok) {
        await this.stop(id);
        return answer;
      }
      const execution = answer.value.QueryExecution ?? {};
      onStats?.(statsOf(id, execution));
      const state = execution.Status?.State;
      if (state === 'SUCCEEDED') return ok(execution);
      if (state === 'FAILED') return err(queryFailure(execution.Status?.StateChangeReason ?? ''));
      if (state === 'CANCELLED') {
        const detail = execution.Status?.StateChangeReason;
        return err(appError('QueryFailed', 'Someone ended the query, or a limit of the workgroup did.', { detail }));
      }
      if (!(await pause(waitMs, signal))) {
        await this.stop(id);
        return err(appError('Cancelled', 'The query was cancelled.'));
      }
    }
  }

  private async stop(id: string): Promise<void> {
    try {
      await this.at.client.send(new this.at.sdk.StopQueryExecutionCommand({ QueryExecutionId: id }));
    } catch {
      // A query that has ended already cannot be ended.
    }
  }

  /** Pages of a small result. The first row of the first page names the columns. */
  private async results(id: string, { signal, onRows }: QueryOptions): Promise<Result<void>> {
    const { client, sdk } = this.at;
    let token: string | undefined;
    let types: readonly string[] | undefined;
    do {
      const command = new sdk.GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: 1000, NextToken: token });
      const answer = await this.asking('GetQueryResults', signal, (options) => client.send(command, options));
      if (!answer.ok) return answer;
      const { Rows = [], ResultSetMetadata } = answer.value.ResultSet ?? {};
      const isFirst = types === undefined;
      types ??= (ResultSetMetadata?.ColumnInfo ?? []).map(({ Type }) => Type ?? '');
      const known = types;
      const rows = Rows.slice(isFirst ? 1 : 0).map(
        ({ Data = [] }): SqlRow => Data.map((datum, i) => toValue(datum.VarCharValue, known[i] ?? '')),
      );
      const taken = onRows(rows);
      if (!taken.ok) return taken;
      token = answer.value.NextToken;
    } while (token !== undefined);
    return ok(undefined);
  }

  /** The query as one that writes its result as Parquet, to a place of its own. */
  private async unloadOf(sql: string, signal: AbortSignal): Promise<Result<string>> {
    const place = await this.placeOfResults(signal);
    if (!place.ok) return place;
    return ok(
      `UNLOAD (${sql}) TO '${place.value.replaceAll("'", "''")}isotherm/${randomUUID()}/' WITH (format = 'PARQUET', compression = 'SNAPPY')`,
    );
  }

  /** UNLOAD has to be told a place: the one named, else where the workgroup puts the result of a query that reads nothing. */
  private async placeOfResults(signal: AbortSignal): Promise<Result<string>> {
    const { output } = this.settings;
    if (output !== undefined) return ok(output.endsWith('/') ? output : `${output}/`);
    const started = await this.start('SELECT 1', signal);
    if (!started.ok) return started;
    const done = await this.wait(started.value, { signal, onRows: () => ok(undefined) });
    if (!done.ok) return done;
    const location = done.value.ResultConfiguration?.OutputLocation ?? '';
    const folder = /^(s3:\/\/.+\/)[^/]*$/.exec(location)?.[1];
    if (folder !== undefined) return ok(folder);
    return err(
      appError('Usage', 'The workgroup keeps its results itself, where a large one cannot be read from.', {
        field: 'output',
        next: 'Name a place with --output s3://bucket/prefix/.',
      }),
    );
  }

  private async asking<T>(
    operation: string,
    signal: AbortSignal,
    ask: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<Result<T>> {
    try {
      return ok(await ask({ abortSignal: signal }));
    } catch (error) {
      return err(signal.aborted ? appError('Cancelled', 'The query was cancelled.') : athenaError(error, operation));
    }
  }
}

function statsOf(queryId: string, { Status, Statistics }: QueryExecution): QueryStats {
  return {
    queryId,
    state: Status?.State ?? 'QUEUED',
    scannedBytes: Statistics?.DataScannedInBytes ?? 0,
    elapsedMs: Statistics?.TotalExecutionTimeInMillis ?? 0,
    cpuMs: null,
    share: null,
  };
}

/** Athena writes every value as text; a missing one is null. */
function toValue(text: string | undefined, type: string): SqlValue {
  if (text === undefined) return null;
  if (/^(?:tinyint|smallint|integer|bigint|double|float|real)$/.test(type)) return Number(text);
  return type === 'boolean' ? text === 'true' : text;
}
