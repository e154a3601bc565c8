import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Transport } from '../../../src/core/wire/transport.ts';
import { startWebServer, type WebServer } from '../../../src/main/web/server.ts';
import { temporaryDir } from '../../transports/transports.ts';

const dir = temporaryDir();
const rendererDir = join(dir, 'renderer');
let server: WebServer;
let port: number;
let openConnections = 0;

/** An engine that answers nothing and counts who is connected. */
function silentEngine(): Transport {
  openConnections += 1;
  return {
    send: () => {},
    onMessage: () => {},
    close: () => {
      openConnections -= 1;
    },
  };
}

beforeAll(async () => {
  mkdirSync(join(rendererDir, 'assets'), { recursive: true });
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>Isotherm</title>');
  writeFileSync(join(rendererDir, 'assets', 'main-abc.js'), 'export {};');
  writeFileSync(join(rendererDir, '.hidden.js'), 'hidden');
  writeFileSync(join(rendererDir, 'binary.exe'), 'unknown kind');
  writeFileSync(join(dir, 'secret.js'), 'secret');
  symlinkSync(join(dir, 'secret.js'), join(rendererDir, 'link.js'));
  const started = await startWebServer({ port: 0, rendererDir, connect: silentEngine, reconnectGraceMs: 100 });
  if (!started.ok) throw new Error(started.error.message);
  server = started.value;
  port = Number(new URL(server.origin).port);
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request with exactly the path and headers given; nothing is normalised. */
function ask(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers: options.headers ?? {} }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

const bearer = () => ({ authorization: `Bearer ${server.token}` });
const codeOf = (answer: Answer): string => (JSON.parse(answer.text) as { error: { code: string } }).error.code;

/** Opens an event stream and returns its session and the hand that ends it. */
async function openStream(extra: Record<string, string> = {}): Promise<{ session: string; stop: () => void; status: number }> {
  const stop = new AbortController();
  const response = await fetch(`${server.origin}/api/events`, { headers: { ...bearer(), ...extra }, signal: stop.signal });
  if (!response.ok || !response.body) return { session: '', stop: () => stop.abort(), status: response.status };
  const { value } = await response.body.getReader().read();
  const session = /"session":"([0-9a-f]+)"/.exec(new TextDecoder().decode(value))?.[1] ?? '';
  return { session, stop: () => stop.abort(), status: response.status };
}

describe('who may call', () => {
  test('the token has 256 bits and travels in the fragment only', () => {
    expect(Buffer.from(server.token, 'base64url')).toHaveLength(32);
    expect(server.url).toBe(`http://127.0.0.1:${port}/#token=${server.token}`);
  });

  test.each([
    ['no token', {}],
    ['a wrong token', { authorization: `Bearer ${'A'.repeat(43)}` }],
    ['the right token under another scheme', { authorization: 'Basic abc' }],
  ])('%s is refused with 401', async (_words, headers) => {
    const answer = await ask('/api/frames', { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(401);
    expect(codeOf(answer)).toBe('AccessDenied');
    expect((await ask('/api/events', { headers })).status).toBe(401);
  });

  test('a token in the query counts for nothing', async () => {
    expect((await ask(`/api/events?token=${server.token}`)).status).toBe(401);
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '[::1]', 'localhost.evil.example'])(
    'the host "%s" is refused with 403, for files too',
    async (host) => {
      expect((await ask('/', { headers: { host } })).status).toBe(403);
      expect((await ask('/api/events', { headers: { ...bearer(), host } })).status).toBe(403);
    },
  );

  test('localhost is this machine as well', async () => {
    expect((await ask('/', { headers: { host: `localhost:${port}` } })).status).toBe(200);
  });

  test.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'the origin "%s" is refused with 403',
    async (origin) => {
      const answer = await ask('/api/events', { headers: { ...bearer(), origin } });
      expect(answer.status).toBe(403);
      expect(codeOf(answer)).toBe('AccessDenied');
    },
  );

  test('a request another site started is refused with 403', async () => {
    expect((await ask('/api/events', { headers: { ...bearer(), 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });

  test('no answer invites other origins', async () => {
    for (const path of ['/', '/api/frames']) {
      const answer = await ask(path, {
        method: 'OPTIONS',
        headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('it listens on 127.0.0.1 and on no other address of this machine', async () => {
    const refused = await new Promise<string>((resolve) => {
      const socket = connect({ host: '127.0.0.2', port, timeout: 2000 });
      socket.on('connect', () => resolve('connected'));
      socket.on('error', (cause: NodeJS.ErrnoException) => resolve(cause.code ?? 'error'));
    });
    expect(refused).not.toBe('connected');
  });
});

describe('what may be asked', () => {
  test.each([
    ['/api/frames', 'GET', 'POST'],
    ['/api/events', 'POST', 'GET'],
    ['/', 'POST', 'GET, HEAD'],
  ])('%s does not take %s', async (path, method, allow) => {
    const answer = await ask(path, { method, headers: bearer() });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe(allow);
  });

  test('an unknown address of the API is refused with 404', async () => {
    expect((await ask('/api/other', { headers: bearer() })).status).toBe(404);
  });

  test('a body over the limit is refused with 413, whether it says its length or not', async () => {
    const { session, stop } = await openStream();
    const headers = { ...bearer(), 'isotherm-session': session, 'content-type': 'application/json' };
    const declared = await ask('/api/frames', { method: 'POST', headers: { ...headers, 'content-length': String(2 ** 40) } }).catch(
      () => undefined,
    );
    expect(declared?.status).toBe(413);
    const chunk = 'x'.repeat(1024 * 1024);
    const status = await fetch(`${server.origin}/api/frames`, {
      method: 'POST',
      headers,
      body: new ReadableStream({
        pull: (() => {
          let sent = 0;
          return (controller: ReadableStreamDefaultController<Uint8Array>) => {
            sent += 1;
            if (sent > 40) controller.close();
            else controller.enqueue(new TextEncoder().encode(chunk));
          };
        })(),
      }),
      duplex: 'half',
    } as RequestInit & { duplex: 'half' }).then(
      (response) => response.status,
      () => 'broken off',
    );
    expect([413, 'broken off']).toContain(status);
    stop();
  });

  test('what is not JSON, or not called JSON, is refused', async () => {
    const { session, stop } = await openStream();
    const headers = { ...bearer(), 'isotherm-session': session };
    const post = (type: string, body: string) =>
      ask('/api/frames', { method: 'POST', headers: { ...headers, 'content-type': type }, body });
    expect((await post('application/json', '{')).status).toBe(400);
    expect((await post('text/plain', '{}')).status).toBe(415);
    stop();
  });

  test('a frame for a session that is not there is refused with 410', async () => {
    const headers = { ...bearer(), 'isotherm-session': 'f'.repeat(32), 'content-type': 'application/json' };
    expect((await ask('/api/frames', { method: 'POST', headers, body: '{}' })).status).toBe(410);
  });
});

describe('sessions', () => {
  test('a stream that comes back in time keeps its session; one that stays away loses it and its engine connection', async () => {
    await vi.waitFor(() => expect(openConnections).toBe(0), { timeout: 3000 });
    const before = openConnections;
    const first = await openStream();
    expect(openConnections).toBe(before + 1);
    first.stop();
    const second = await openStream({ 'isotherm-session': first.session });
    expect(second.session).toBe(first.session);
    expect(openConnections).toBe(before + 1);
    second.stop();
    await vi.waitFor(() => expect(openConnections).toBe(before), { timeout: 3000 });
    expect((await openStream({ 'isotherm-session': first.session })).status).toBe(410);
  });
});

describe('files', () => {
  test('the page comes with a policy without inline code and with its guards', async () => {
    const answer = await ask('/');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });

  test('files with a hash in their name may be kept', async () => {
    const answer = await ask('/assets/main-abc.js');
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(answer.headers['cache-control']).toContain('immutable');
  });

  test.each([
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets/../../secret.js',
    '/%2e%2e%5csecret.js',
    '//etc/passwd',
    '/link.js',
    '/.hidden.js',
    '/binary.exe',
    '/assets',
    '/assets/',
    '/missing.js',
    '/%00.js',
    '/%zz.js',
    '/index',
  ])('"%s" is not found', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('secret');
  });
});

test('a port that is taken is a usage failure', async () => {
  const second = await startWebServer({ port, rendererDir, connect: silentEngine });
  expect(second).toMatchObject({ ok: false, error: { code: 'Usage', field: 'port' } });
});
