import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Source } from '../../../src/contract/methods/sources.ts';
import { scan } from '../../../src/main/sources/scan.ts';
import { misfits } from '../../servers/athena/model.ts';
import { type AthenaAnswer, type AthenaStub, type AthenaTable, startAthenaStub } from '../../servers/athena/stub.ts';
import { RESOURCES } from '../../support/index-rows.ts';
import { fingerprint } from '../../support/report-folder.ts';

/** As AWS's own definition of the table has them (https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-athena-query.html). */
const TABLE: AthenaTable = {
  columns: [
    ['bucket', 'string'],
    ['key', 'string'],
    ['version_id', 'string'],
    ['is_latest', 'boolean'],
    ['is_delete_marker', 'boolean'],
    ['size', 'bigint'],
    ['last_modified_date', 'timestamp'],
    ['storage_class', 'string'],
    ['object_lock_retain_until_date', 'bigint'],
  ],
  partitions: [['dt', 'string']],
};

let folder: string;
let stub: AthenaStub | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-athena-'));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  expect(stub?.misfits ?? []).toEqual([]);
  await stub?.stop();
  stub = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const one = (value: string | null): AthenaAnswer => ({ columns: [['_col0', 'varchar']], rows: [[value]] });

function usual(sql: string): AthenaAnswer {
  if (sql.startsWith('UNLOAD')) return { file: sql.includes('AS first_ms') ? 'files.parquet' : 'cells.parquet' };
  if (sql.includes('$partitions')) return { failure: 'INVALID_TABLE_PROPERTY: table has no listed partitions' };
  if (sql.includes('max("dt")')) return one('2026-11-21-01-00');
  if (sql.includes('$file_size')) return { failure: "COLUMN_NOT_FOUND: line 1:62: Column '$file_size' cannot be resolved" };
  if (sql.includes('$path')) {
    return {
      columns: [
        ['$path', 'varchar'],
        ['_col1', 'bigint'],
        ['_col2', 'varchar'],
        ['_col3', 'varchar'],
        ['_col4', 'unknown'],
      ],
      rows: [
        ['s3://inv/data/a.parquet', '3', 'ml-bucket', 'ml-bucket', null],
        ['s3://inv/data/b.parquet', '2', 'ml-bucket', 'ml-bucket', null],
      ],
    };
  }
  return { columns: [['_col0', 'integer']], rows: [['1']] };
}

async function serve(...given: Parameters<typeof startAthenaStub>): Promise<void> {
  await stub?.stop();
  stub = await startAthenaStub(...given);
  vi.stubEnv('AWS_ENDPOINT_URL_ATHENA', stub.endpoint);
}

function run(extra: Partial<Extract<Source, { kind: 'table' }>> = {}, signal = new AbortController().signal) {
  return scan({
    source: {
      kind: 'table',
      address: 'athena://primary/AwsDataCatalog.inv.all',
      remote: { region: 'us-east-1', endpoint: stub?.endpoint },
      confirm: 'any',
      ...extra,
    },
    index: join(folder, 'index.db'),
    region: undefined,
    resourcesDir: RESOURCES,
    now: () => new Date('2026-11-22T00:00:00.000Z'),
    signal,
    progress: () => undefined,
  });
}

test('success-unload: the roll-up is written as Parquet, read from where the manifest says, and becomes a snapshot', async () => {
  await serve(TABLE, usual);
  expect(await run()).toMatchObject({
    ok: true,
    value: {
      rows: 5,
      versions: 4,
      deleteMarkers: 1,
      bytes: 400_000_005,
      source: 'athena://primary/AwsDataCatalog.inv.all?dt=2026-11-21-01-00',
    },
  });
  const unloads = stub?.queries.filter(({ sql }) => sql.startsWith('UNLOAD')) ?? [];
  expect(unloads).toHaveLength(2);
  for (const { sql, input } of unloads) {
    expect(sql).toMatch(
      /TO 's3:\/\/results-bucket\/athena\/isotherm\/[0-9a-f-]{36}\/' WITH \(format = 'PARQUET', compression = 'SNAPPY'\)$/,
    );
    expect(input).toMatchObject({ WorkGroup: 'primary', QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: 'inv' } });
  }
  // A request that is sent twice by mistake runs one query; two queries have two tokens.
  expect(new Set(stub?.queries.map(({ input }) => input.ClientRequestToken)).size).toBe(stub?.queries.length);
});

test('success-output: a place that is named is told to Athena and written to', async () => {
  await serve(TABLE, usual);
  expect(await run({ output: 's3://mine/results' })).toMatchObject({ ok: true });
  expect(stub?.queries.at(-1)?.sql).toContain("TO 's3://mine/results/isotherm/");
  expect(stub?.queries.at(-1)?.input.ResultConfiguration).toEqual({ OutputLocation: 's3://mine/results' });
});

test('success-busy: a service that asks to slow down is asked again', async () => {
  await serve(TABLE, usual, (operation, attempt) =>
    operation === 'GetQueryExecution' && attempt < 3
      ? { status: 400, type: 'TooManyRequestsException', message: 'Rate exceeded' }
      : undefined,
  );
  expect(await run()).toMatchObject({ ok: true });
});

describe('refusals leave the index as it was', () => {
  const failing = (what: string, failure: string) => (sql: string) => (sql.includes(what) ? { failure } : usual(sql));
  const without = (name: string): AthenaTable => ({ ...TABLE, columns: TABLE.columns.filter(([column]) => column !== name) });
  const refusing = (operation: string, type: string, message: string) => (asked: string) =>
    asked === operation ? { status: 400, type, message } : undefined;
  const cases: readonly (readonly [string, Parameters<typeof startAthenaStub>, string])[] = [
    ['no table', [null, usual], 'TableNotFound'],
    ['missing column', [without('size'), usual], 'ColumnMissing'],
    ['wrong shape', [{ ...TABLE, columns: TABLE.columns.map(([n, t]) => [n, n === 'key' ? 'bigint' : t] as const) }, usual], 'TableShape'],
    ['failed query', [TABLE, failing('UNLOAD', 'GENERIC_INTERNAL_ERROR: worker lost')], 'QueryFailed'],
    ['exhausted', [TABLE, failing('UNLOAD', 'Query exhausted resources at this scale factor')], 'QueryFailed'],
    ['denied data', [TABLE, failing('UNLOAD', 'Access Denied (Service: Amazon S3; Status Code: 403)')], 'AccessDenied'],
    ['bad files', [TABLE, failing('UNLOAD', 'HIVE_BAD_DATA: Field size is BINARY')], 'TableShape'],
    [
      'ended by someone',
      [TABLE, (sql) => (sql.startsWith('UNLOAD') ? { cancelled: 'Bytes scanned limit was exceeded' } : usual(sql))],
      'QueryFailed',
    ],
    [
      'no workgroup',
      [TABLE, usual, refusing('StartQueryExecution', 'InvalidRequestException', 'WorkGroup primary is not found.')],
      'SourceNotFound',
    ],
    [
      'no place for results',
      [TABLE, usual, refusing('StartQueryExecution', 'InvalidRequestException', 'No output location provided.')],
      'Usage',
    ],
    ['denied', [TABLE, usual, refusing('StartQueryExecution', 'AccessDeniedException', 'You are not authorized')], 'AccessDenied'],
    ['killed connection', [TABLE, usual, (operation) => (operation === 'GetQueryResults' ? 'drop' : undefined)], 'RemoteFailed'],
    ['a result that is not there', [TABLE, (sql) => (sql.startsWith('UNLOAD') ? {} : usual(sql))], 'RemoteRefused'],
  ];
  test.each(cases)('refuse-%s', async (_, given, code) => {
    await serve(TABLE, usual);
    expect(await run()).toMatchObject({ ok: true });
    const before = fingerprint(folder);
    await serve(...given);
    const result = await run({ report: '2026-11-14-01-00' });
    expect(result.ok ? null : result.error.code).toBe(code);
    expect(result.ok ? '' : result.error.next).not.toBe('');
    expect(fingerprint(folder)).toEqual(before);
  });

  test('refuse-cancelled: the query is stopped at Athena', async () => {
    await serve(TABLE, (sql) => (sql.startsWith('UNLOAD') ? { endless: true } : usual(sql)));
    const stop = new AbortController();
    const running = run({}, stop.signal);
    await vi.waitFor(() => expect(stub?.queries.at(-1)?.sql.startsWith('UNLOAD')).toBe(true), 20_000);
    stop.abort();
    const result = await running;
    expect(result.ok ? null : result.error.code).toBe('Cancelled');
    expect(stub?.stopped).toEqual([String((stub?.queries.length ?? 0) - 1)]);
    expect(fingerprint(folder)).toEqual({});
  });
});

test('the price of the region is in the refusal that asks for consent', async () => {
  await serve(TABLE, usual);
  const result = await run({ confirm: undefined });
  expect(result).toMatchObject({ ok: false, error: { code: 'CostNotConfirmed' } });
  expect(stub?.queries.some(({ sql }) => sql.startsWith('UNLOAD'))).toBe(false);
});

test('the check against the model can fail', () => {
  expect(misfits('StartQueryExecution', 'input', { QueryString: 'SELECT 1', WorkGroup: 'x' })).toEqual([]);
  expect(misfits('StartQueryExecution', 'input', { Querystring: 'SELECT 1', WorkGroup: 7 })).toEqual([
    'StartQueryExecution.QueryString is missing',
    'StartQueryExecution.Querystring is not in the model',
    'StartQueryExecution.WorkGroup is a number where the model has a string',
  ]);
  expect(misfits('GetQueryResults', 'output', { ResultSet: { Rows: [{ Data: [{ VarCharValue: 'a' }, { Text: 'b' }] }] } })).toEqual([
    'GetQueryResults.ResultSet.Rows[0].Data[1].Text is not in the model',
  ]);
  expect(misfits('StartQuery', 'input', {})).toEqual(['the model knows no operation StartQuery']);
});
