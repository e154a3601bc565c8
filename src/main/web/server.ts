import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AppError, appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { Transport } from '../../core/wire/transport.ts';
import { SECURITY_HEADERS } from '../shell/security.ts';
import { findStaticFile } from '../shell/static-files.ts';
import { checkCaller, checkHost } from './guard.ts';
import { createSessions } from './sessions.ts';

const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

export interface WebServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** The built renderer. */
  readonly rendererDir: string;
  /** One more connection to the engine. */
  readonly connect: () => Transport;
  readonly reconnectGraceMs?: number;
}

export interface WebServer {
  readonly origin: string;
  readonly token: string;
  /** The address for the browser; the token is in the fragment, which no browser sends anywhere. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The loopback shell: the renderer's files, client frames by POST, engine frames by one event stream per window. */
export async function startWebServer(options: WebServerOptions): Promise<Result<WebServer>> {
  const token = randomBytes(32).toString('base64url');
  const sessions = createSessions(options.connect, options.reconnectGraceMs);
  let port = options.port;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    const host = checkHost(request, port);
    if (host) return refuse(response, host.status, host.error);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path !== '/api' && !path.startsWith('/api/')) return serveFile(request, response, path);

    const caller = checkCaller(request, token);
    if (caller) return refuse(response, caller.status, caller.error);
    if (path === '/api/events') return onlyMethod(request, response, 'GET') ? openStream(request, response) : undefined;
    if (path === '/api/frames') return onlyMethod(request, response, 'POST') ? takeFrame(request, response) : undefined;
    refuse(response, 404, appError('Usage', 'There is nothing at this address.'));
  }

  function openStream(request: IncomingMessage, response: ServerResponse): void {
    const id = request.headers['isotherm-session'];
    if (id === undefined) {
      sessions.open(response);
      return;
    }
    const session = sessions.find(String(id));
    if (!session || !sessions.resume(session, response, Number(request.headers['last-event-id'] ?? 0)))
      refuse(response, 410, sessionGone());
  }

  async function takeFrame(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
      return refuse(response, 415, appError('Usage', 'A frame is sent as application/json.'));
    }
    const session = sessions.find(String(request.headers['isotherm-session'] ?? ''));
    if (!session) return refuse(response, 410, sessionGone());
    const body = await readBody(request, response);
    if (body === undefined) return;
    let frame: unknown;
    try {
      frame = JSON.parse(body);
    } catch {
      return refuse(response, 400, appError('Usage', 'The frame is not JSON.'));
    }
    session.engine.send(frame);
    response.writeHead(204).end();
  }

  async function serveFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (!onlyMethod(request, response, 'GET', 'HEAD')) return;
    const file = await findStaticFile(options.rendererDir, path);
    if (!file) return refuse(response, 404, appError('Usage', 'There is nothing at this address.'));
    response.writeHead(200, {
      'content-type': file.type,
      'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
    });
    if (request.method === 'HEAD') return void response.end();
    createReadStream(file.path)
      .on('error', () => response.destroy())
      .pipe(response);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, appError('Internal', 'The loopback server failed at this request.'));
    });
  });
  // A stream of events lives as long as its window.
  server.requestTimeout = 60_000;
  server.timeout = 0;

  const listening = await new Promise<Result<void>>((resolve) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE' || cause.code === 'EACCES';
      const message = taken ? `Port ${options.port} is not free.` : 'The loopback server cannot start.';
      resolve(err(appError(taken ? 'Usage' : 'Internal', message, { detail: cause.message, field: 'port' })));
    });
    server.listen({ host: '127.0.0.1', port: options.port, exclusive: true }, () => resolve(ok(undefined)));
  });
  if (!listening.ok) return listening;
  ({ port } = server.address() as AddressInfo);
  const origin = `http://127.0.0.1:${port}`;

  return ok({
    origin,
    token,
    url: `${origin}/#token=${token}`,
    close: async () => {
      sessions.closeAll();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  });
}

const sessionGone = () =>
  appError('Internal', 'This window was away too long and its connection ended.', { next: 'Reload the page and repeat the step.' });

function onlyMethod(request: IncomingMessage, response: ServerResponse, ...methods: string[]): boolean {
  if (methods.includes(request.method ?? '')) return true;
  response.setHeader('allow', methods.join(', '));
  refuse(response, 405, appError('Usage', `This address takes ${methods.join(' and ')} only.`));
  return false;
}

function refuse(response: ServerResponse, status: number, error: AppError): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', connection: 'close' });
  response.end(JSON.stringify({ error }));
}

/** The body as text, or undefined after it was refused for its size. */
async function readBody(request: IncomingMessage, response: ServerResponse): Promise<string | undefined> {
  const tooLarge = () => refuse(response, 413, appError('LimitExceeded', 'The frame is larger than 32 MiB.'));
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) {
    tooLarge();
    return undefined;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) {
      tooLarge();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
