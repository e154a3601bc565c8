import { type AppError, appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { SqlRow } from './engine.ts';
import { pause } from './pause.ts';

/** An answer of the statement protocol (https://trino.io/docs/current/develop/client-protocol.html). */
export interface TrinoAnswer {
  readonly id: string;
  readonly nextUri?: string;
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly data?: readonly SqlRow[];
  readonly stats: {
    readonly state: string;
    readonly elapsedTimeMillis?: number;
    readonly cpuTimeMillis?: number;
    readonly physicalInputBytes?: number;
    readonly processedBytes?: number;
    readonly progressPercentage?: number;
  };
  readonly error?: { readonly message?: string; readonly errorName?: string; readonly errorType?: string; readonly errorCode?: number };
}

export interface TrinoServer {
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the headers hold a secret, which goes to this server alone. */
  readonly isSecret: boolean;
}

/** Answers that mean "ask again": the coordinator is busy, or something before it is. */
const AGAIN = new Set([429, 502, 503, 504]);
const ATTEMPTS = 6;
const FIRST_WAIT_MS = 100;
const ANSWER_WITHIN_MS = 60_000;

/** One request of the protocol. Asking for the same page again is harmless, so a broken connection is tried again. */
export async function askTrino(
  at: TrinoServer,
  request: { readonly method: 'POST' | 'GET'; readonly url: string; readonly body?: string },
  signal: AbortSignal,
): Promise<Result<TrinoAnswer>> {
  const { origin } = new URL(at.server);
  if (at.isSecret && new URL(request.url).origin !== origin) {
    return err(
      appError('RemoteRefused', `The server at ${origin} sends the client on to ${new URL(request.url).origin}.`, {
        next: 'Name the server by the address it gives itself (behind a proxy: http-server.process-forwarded=true).',
      }),
    );
  }
  let failure = appError('EndpointUnreachable', `${origin} could not be reached.`);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0 && !(await pause(FIRST_WAIT_MS * 2 ** (attempt - 1), signal))) break;
    try {
      const answer = await fetch(request.url, {
        method: request.method,
        headers: at.headers,
        ...(request.body === undefined ? {} : { body: request.body }),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      if (answer.ok) return ok((await answer.json()) as TrinoAnswer);
      const words = (await answer.text()).slice(0, 500);
      if (!AGAIN.has(answer.status)) return err(refusal(answer.status, origin, words));
      failure = appError('RemoteFailed', `The server at ${origin} is busy or failing (status ${answer.status}).`, { detail: words });
    } catch (cause) {
      if (signal.aborted) break;
      failure = connectionFailure(cause, origin);
      // A statement that may have arrived is not sent twice; a port nobody listens at is soon told.
      if (request.method === 'POST' && (failure.code !== 'EndpointUnreachable' || attempt >= 2)) break;
    }
  }
  return err(signal.aborted ? appError('Cancelled', 'The query was cancelled.') : failure);
}

/** Ends a query at the server; what comes of it no longer matters. */
export async function cancelTrino(at: TrinoServer, url: string): Promise<void> {
  try {
    await fetch(url, { method: 'DELETE', headers: at.headers, redirect: 'error', signal: AbortSignal.timeout(5_000) });
  } catch {
    // The server drops a query by itself when nobody asks for its pages any more.
  }
}

function refusal(status: number, origin: string, words: string): AppError {
  const where = { detail: words === '' ? undefined : words };
  if (status === 401) {
    return appError('CredentialsMissing', `The server at ${origin} asks for credentials.`, {
      ...where,
      next: 'Set TRINO_PASSWORD or TRINO_ACCESS_TOKEN in the environment, and name the user in the address (trino://user@host…).',
    });
  }
  if (status === 403)
    return appError('AccessDenied', `The server at ${origin} denies access.`, {
      ...where,
      next: 'Ask its operator, or name another user.',
    });
  if (status >= 500) return appError('RemoteFailed', `The server at ${origin} failed (status ${status}).`, where);
  return appError('RemoteRefused', `${origin} is not a Trino server, or refuses the request (status ${status}).`, where);
}

const UNREACHABLE = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL)/;

function connectionFailure(cause: unknown, origin: string): AppError {
  const root = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = typeof root === 'object' && root !== null && 'code' in root ? String(root.code) : '';
  const detail = root instanceof Error ? `${root.name}: ${root.message}` : String(root);
  if (cause instanceof Error && cause.name === 'TimeoutError')
    return appError('RemoteTimeout', `The server at ${origin} did not answer in time.`);
  if (UNREACHABLE.test(code)) return appError('EndpointUnreachable', `${origin} could not be reached.`, { detail });
  if (cause instanceof SyntaxError) return appError('RemoteRefused', `${origin} does not answer as a Trino server does.`, { detail });
  return appError('RemoteFailed', `The connection to ${origin} broke off.`, { detail });
}
