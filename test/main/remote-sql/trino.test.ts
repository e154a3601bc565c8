import { afterEach, describe, expect, test } from 'vitest';
import { appError } from '../../../src/contract/errors.ts';
import type { Result } from '../../../src/contract/result.ts';
import { err, ok } from '../../../src/contract/result.ts';
import { parseTableAddress } from '../../../src/core/sql-rollup/address.ts';
import type { QueryStats, SqlEngine, SqlRow } from '../../../src/main/remote-sql/engine.ts';
import { type TrinoCredentials, trinoEngine } from '../../../src/main/remote-sql/trino.ts';
import { type StubAnswer, startTrinoStub, type TrinoStub } from '../../servers/trino/stub.ts';

let stub: TrinoStub | undefined;
afterEach(async () => {
  await stub?.stop();
  stub = undefined;
});

function connect(address: string, credentials: TrinoCredentials = {}): SqlEngine {
  const parsed = parseTableAddress(`${address}/hive.default.t`);
  if (!parsed.ok || parsed.value.engine !== 'trino') throw new Error(JSON.stringify(parsed));
  const engine = trinoEngine(parsed.value, credentials);
  if (!engine.ok) throw new Error(engine.error.message);
  return engine.value;
}

type Asked = { readonly result: Result<QueryStats>; readonly rows: SqlRow[] };
async function ask(answer: StubAnswer, onRows?: (rows: readonly SqlRow[]) => Result<void>, stop?: AbortController): Promise<Asked> {
  stub = await startTrinoStub(() => answer);
  const rows: SqlRow[] = [];
  const result = await connect(stub.address).query('SELECT 1', {
    signal: (stop ?? new AbortController()).signal,
    onRows:
      onRows ??
      ((page) => {
        rows.push(...page);
        return ok(undefined);
      }),
  });
  return { result, rows };
}

const PAGES = [
  [[1, 'a']],
  [],
  [
    [2, null],
    [3, 'ü'],
  ],
];

test('success-pages: every row of every page, in order, and what was read', async () => {
  const { result, rows } = await ask({ pages: PAGES });
  expect(rows).toEqual([
    [1, 'a'],
    [2, null],
    [3, 'ü'],
  ]);
  expect(result.ok && result.value.state).toBe('FINISHED');
  expect(result.ok && result.value.scannedBytes).toBe(3000);
});

test('success-again: busy answers and a broken connection are asked again, and no row comes twice', async () => {
  const spoil: StubAnswer['spoil'] = (at, attempt) => (attempt > 2 ? undefined : at === 2 ? 'busy' : at === 3 ? 'drop' : undefined);
  const { result, rows } = await ask({ pages: PAGES, spoil });
  expect(result.ok).toBe(true);
  expect(rows).toHaveLength(3);
});

test('refuse-killed connection: one clear error, and the query is ended at the server', async () => {
  const { result } = await ask({ pages: PAGES, spoil: (at) => (at === 2 ? 'drop' : undefined) });
  expect(result.ok ? null : result.error.code).toBe('RemoteFailed');
  expect(stub?.cancelled).toEqual(['q1']);
});

test('refuse-answer that is none', async () => {
  const { result } = await ask({ pages: PAGES, spoil: () => 'garbage' });
  expect(result.ok ? null : result.error.code).toBe('RemoteRefused');
});

test.each([
  ['TABLE_NOT_FOUND', 'USER_ERROR', 'TableNotFound'],
  ['COLUMN_NOT_FOUND', 'USER_ERROR', 'TableShape'],
  ['PERMISSION_DENIED', 'USER_ERROR', 'AccessDenied'],
  ['EXCEEDED_GLOBAL_MEMORY_LIMIT', 'INSUFFICIENT_RESOURCES', 'QueryFailed'],
  ['GENERIC_INTERNAL_ERROR', 'INTERNAL_ERROR', 'QueryFailed'],
  ['USER_CANCELED', 'USER_ERROR', 'QueryFailed'],
])('refuse-failed query: %s', async (errorName, errorType, code) => {
  const { result, rows } = await ask({ pages: [[[1]]], error: { errorName, errorType, message: 'line 1:1: no' } });
  expect(rows).toEqual([[1]]);
  expect(result.ok ? null : result.error).toMatchObject({ code, detail: `${errorName}: line 1:1: no` });
});

test('cancel ends the query at the server', async () => {
  const stop = new AbortController();
  const { result } = await ask(
    { pages: PAGES },
    () => {
      stop.abort();
      return ok(undefined);
    },
    stop,
  );
  expect(result.ok ? null : result.error.code).toBe('Cancelled');
  expect(stub?.cancelled).toEqual(['q1']);
});

test('cancel while the server is silent ends the query too', async () => {
  const stop = new AbortController();
  const hang = (at: number) => {
    if (at !== 2) return undefined;
    setTimeout(() => stop.abort(), 50);
    return 'hang' as const;
  };
  const { result } = await ask({ pages: PAGES, spoil: hang }, undefined, stop);
  expect(result.ok ? null : result.error.code).toBe('Cancelled');
  expect(stub?.cancelled).toEqual(['q1']);
});

test('who takes rows can refuse them: the query ends and the refusal is what comes back', async () => {
  const { result } = await ask({ pages: PAGES }, () => err(appError('LimitExceeded', 'Enough.')));
  expect(result.ok ? null : result.error.code).toBe('LimitExceeded');
  expect(stub?.cancelled).toEqual(['q1']);
});

test('refuse-nobody there', async () => {
  const gone = await startTrinoStub(() => ({}));
  await gone.stop();
  const result = await connect(gone.address).columns(new AbortController().signal);
  expect(result.ok ? null : result.error.code).toBe('EndpointUnreachable');
});

describe('secrets', () => {
  test('go with every request, as a password or a token, in no other place', async () => {
    stub = await startTrinoStub(() => ({ pages: [[['key', 'varchar']]] }));
    await connect(stub.address, { user: 'me', password: 'secret' }).columns(new AbortController().signal);
    await connect(stub.address, { accessToken: 'token' }).columns(new AbortController().signal);
    expect(stub.headers.map((sent) => [sent['x-trino-user'], sent.authorization])).toEqual([
      ['me', `Basic ${Buffer.from('me:secret').toString('base64')}`],
      ['isotherm', 'Bearer token'],
    ]);
    expect(JSON.stringify(stub.statements)).not.toContain('secret');
  });

  test('are not sent without TLS to another machine', () => {
    const parsed = parseTableAddress('trino://elsewhere.example:8080/a.b.c');
    if (!parsed.ok || parsed.value.engine !== 'trino') throw new Error('no address');
    const engine = trinoEngine(parsed.value, { password: 'secret' });
    expect(engine.ok ? null : engine.error.code).toBe('Usage');
  });
});
