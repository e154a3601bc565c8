import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type AppError, appError } from '../../contract/errors.ts';

export interface Refusal {
  readonly status: 401 | 403;
  readonly error: AppError;
}

const OPEN_AGAIN = 'Open the address that "isotherm serve" printed, with everything after "#".';

/** Every request: it must be addressed to this very machine by its own name, so that no rebound name reaches it. */
export function checkHost(request: IncomingMessage, port: number): Refusal | undefined {
  const host = request.headers.host;
  if (host === `127.0.0.1:${port}` || host === `localhost:${port}`) return undefined;
  return { status: 403, error: appError('AccessDenied', 'This server answers to 127.0.0.1 only.', { next: OPEN_AGAIN }) };
}

/** Every request to the API: from our own page where the browser says where from, and with the token. */
export function checkCaller(request: IncomingMessage, token: string): Refusal | undefined {
  const { origin, host, authorization } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if ((origin !== undefined && origin !== `http://${host}`) || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
    return { status: 403, error: appError('AccessDenied', 'Another site may not use this server.', { next: OPEN_AGAIN }) };
  }
  if (!sameText(authorization ?? '', `Bearer ${token}`)) {
    return { status: 401, error: appError('AccessDenied', 'The token of this address is missing or wrong.', { next: OPEN_AGAIN }) };
  }
  return undefined;
}

/** Equal or not, in a time that tells nothing of where they differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
