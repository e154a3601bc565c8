import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the stub does with a statement: columns and pages of rows, or a failure, in the words of Trino's protocol. */
export interface StubAnswer {
  readonly pages?: readonly (readonly (readonly unknown[])[])[];
  readonly error?: { readonly message: string; readonly errorName: string; readonly errorType: string };
  /** What happens when page `at` is asked for, instead of an answer; once, or each time. */
  readonly spoil?: (at: number, attempt: number) => 'drop' | 'busy' | 'hang' | 'garbage' | undefined;
}

export interface TrinoStub {
  readonly address: string;
  readonly statements: string[];
  readonly cancelled: string[];
  readonly headers: Record<string, string | string[] | undefined>[];
  stop(): Promise<void>;
}

/** A server that speaks Trino's statement protocol and answers each statement as it is told. Its own writing: no Trino inside. */
export async function startTrinoStub(answer: (sql: string) => StubAnswer): Promise<TrinoStub> {
  const statements: string[] = [];
  const cancelled: string[] = [];
  const headers: TrinoStub['headers'] = [];
  const running = new Map<string, StubAnswer>();
  const attempts = new Map<string, number>();
  let origin = '';

  const page = (id: string, at: number): object => {
    const { pages = [], error } = running.get(id) ?? {};
    const isOver = at >= pages.length && !(error && at === pages.length);
    const stats = { state: isOver ? (error ? 'FAILED' : 'FINISHED') : 'RUNNING', elapsedTimeMillis: at, physicalInputBytes: at * 1000 };
    if (isOver && error) return { id, stats, error };
    return {
      id,
      stats,
      ...(isOver ? {} : { nextUri: `${origin}/v1/statement/executing/${id}/${at + 1}` }),
      ...(pages[at - 1] ? { data: pages[at - 1] } : {}),
    };
  };

  const send = (response: ServerResponse, body: object): void => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const [, id, at] = /^\/v1\/statement\/executing\/([^/]+)\/(\d+)$/.exec(request.url ?? '') ?? [];
    if (request.method === 'POST' && request.url === '/v1/statement') {
      headers.push(request.headers);
      let sql = '';
      request.setEncoding('utf8').on('data', (part: string) => {
        sql += part;
      });
      request.on('end', () => {
        const made = `q${statements.push(sql)}`;
        running.set(made, answer(sql));
        send(response, { id: made, stats: { state: 'QUEUED' }, nextUri: `${origin}/v1/statement/executing/${made}/1` });
      });
    } else if (request.method === 'DELETE' && id !== undefined) {
      cancelled.push(id);
      response.writeHead(204).end();
    } else if (request.method === 'GET' && id !== undefined) {
      const attempt = (attempts.get(request.url ?? '') ?? 0) + 1;
      attempts.set(request.url ?? '', attempt);
      const spoilt = running.get(id)?.spoil?.(Number(at), attempt);
      if (spoilt === 'drop') request.socket.destroy();
      else if (spoilt === 'busy') response.writeHead(503).end('try later');
      else if (spoilt === 'garbage') response.writeHead(200).end('<html>');
      else if (spoilt !== 'hang') send(response, page(id, Number(at)));
    } else response.writeHead(404).end();
  };

  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address: origin.replace('http:', 'trino:'),
    statements,
    cancelled,
    headers,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
