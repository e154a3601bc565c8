import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { misfits } from './model.ts';

/** What one query comes to. Small results come as rows of text, large ones as files of test/fixtures/unload. */
export interface AthenaAnswer {
  readonly columns?: readonly (readonly [name: string, type: string])[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly file?: 'cells.parquet' | 'files.parquet';
  readonly failure?: string;
  readonly cancelled?: string;
  /** The query never ends by itself. */
  readonly endless?: true;
}

export interface AthenaStub {
  readonly endpoint: string;
  readonly queries: { readonly sql: string; readonly input: Record<string, unknown> }[];
  readonly stopped: string[];
  /** Every message, either way, that does not fit the SDK's model. */
  readonly misfits: string[];
  stop(): Promise<void>;
}

export interface AthenaTable {
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly partitions: readonly (readonly [name: string, type: string])[];
}

const FIXTURES = fileURLToPath(new URL('../../fixtures/unload', import.meta.url));
const RESULTS = 's3://results-bucket/athena/';

type Refusal = { readonly status: number; readonly type: string; readonly message: string };

/**
 * Speaks Athena's JSON protocol and the little of S3 that results are read with, on one port. Each message is checked against
 * the SDK's own model. `refuse` may answer an operation with an error instead.
 */
export async function startAthenaStub(
  table: AthenaTable | null,
  answer: (sql: string) => AthenaAnswer,
  refuse: (operation: string, attempt: number) => Refusal | 'drop' | undefined = () => undefined,
): Promise<AthenaStub> {
  const queries: { sql: string; input: Record<string, unknown>; polls: number }[] = [];
  const stopped: string[] = [];
  const wrong: string[] = [];
  const attempts = new Map<string, number>();

  const columnsOf = (list: AthenaTable['columns']) => list.map(([Name, Type]) => ({ Name, Type }));
  const execution = (id: string): object => {
    const query = queries[Number(id)];
    if (!query) return {};
    query.polls += 1;
    const { failure, cancelled, endless } = answer(query.sql);
    const isOver = query.polls > 1 && !endless;
    const state = !isOver ? 'RUNNING' : failure !== undefined ? 'FAILED' : cancelled !== undefined ? 'CANCELLED' : 'SUCCEEDED';
    return {
      QueryExecution: {
        QueryExecutionId: id,
        Query: query.sql,
        StatementType: 'DML',
        WorkGroup: 'primary',
        ResultConfiguration: { OutputLocation: `${RESULTS}${id}.csv` },
        Status: { State: state, ...(isOver && (failure ?? cancelled) ? { StateChangeReason: failure ?? cancelled } : {}) },
        Statistics: {
          DataScannedInBytes: query.polls * 1_000_000,
          TotalExecutionTimeInMillis: query.polls * 100,
          ...(query.sql.startsWith('UNLOAD') ? { DataManifestLocation: `${RESULTS}${id}-manifest.csv` } : {}),
        },
      },
    };
  };
  const results = (id: string, token: string | undefined): object => {
    const { columns = [], rows = [] } = answer(queries[Number(id)]?.sql ?? '');
    const all = [columns.map(([name]) => name), ...rows];
    const from = token === undefined ? 0 : Number(token);
    const page = all.slice(from, from + 2);
    return {
      ResultSet: {
        Rows: page.map((row) => ({ Data: row.map((value) => (value === null ? {} : { VarCharValue: value })) })),
        ResultSetMetadata: { ColumnInfo: columns.map(([Name, Type]) => ({ Name, Type })) },
      },
      ...(from + 2 < all.length ? { NextToken: String(from + 2) } : {}),
    };
  };

  const operations = new Map<string, (input: Record<string, unknown>) => object | Refusal>([
    [
      'GetTableMetadata',
      () =>
        table === null
          ? { status: 400, type: 'MetadataException', message: 'EntityNotFoundException: Entity Not Found' }
          : {
              TableMetadata: {
                Name: 'inventory',
                TableType: 'EXTERNAL_TABLE',
                Columns: columnsOf(table.columns),
                PartitionKeys: columnsOf(table.partitions),
              },
            },
    ],
    [
      'StartQueryExecution',
      (input) => ({ QueryExecutionId: String(queries.push({ sql: String(input.QueryString), input, polls: 0 }) - 1) }),
    ],
    ['GetQueryExecution', (input) => execution(String(input.QueryExecutionId))],
    ['StopQueryExecution', (input) => ({ ...(stopped.push(String(input.QueryExecutionId)) && {}) })],
    ['GetQueryResults', (input) => results(String(input.QueryExecutionId), input.NextToken as string | undefined)],
  ]);

  const send = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  };

  /** s3://results-bucket/athena/N-manifest.csv lists one file, which is a fixture. */
  const object = (path: string, response: ServerResponse): void => {
    const [, id, part] = /^\/results-bucket\/athena\/(\d+)(-manifest\.csv|\/part-0)$/.exec(path) ?? [];
    const { file } = answer(queries[Number(id)]?.sql ?? '');
    if (id === undefined || file === undefined) response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
    else if (part === '/part-0') response.writeHead(200).end(readFileSync(`${FIXTURES}/${file}`));
    else response.writeHead(200).end(`${RESULTS}${id}/part-0\n`);
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method === 'GET') {
      object(new URL(request.url ?? '/', 'http://localhost').pathname, response);
      return;
    }
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
      const input = JSON.parse(text) as Record<string, unknown>;
      wrong.push(...misfits(operation, 'input', input));
      const attempt = (attempts.get(operation) ?? 0) + 1;
      attempts.set(operation, attempt);
      const refused = refuse(operation, attempt);
      if (refused === 'drop') {
        request.socket.destroy();
        return;
      }
      const made = refused ?? operations.get(operation)?.(input) ?? { status: 400, type: 'InvalidRequestException', message: operation };
      if ('status' in made) {
        send(response, Number(made.status), { __type: String((made as Refusal).type), Message: (made as Refusal).message });
        return;
      }
      wrong.push(...misfits(operation, 'output', made));
      send(response, 200, made);
    });
  };

  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    queries,
    stopped,
    misfits: wrong,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
