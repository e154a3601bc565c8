import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { SECURITY_HEADERS } from '../shell/security.ts';
import { findStaticFile } from '../shell/static-files.ts';
import { APP_ORIGIN } from './origin.ts';

/** Must run before the app is ready. */
export function declareAppProtocol(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

/** Serves the built renderer at app://isotherm/, with the headers of the loopback shell. */
export function handleAppProtocol(rendererDir: string): void {
  protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    if (`${url.protocol}//${url.host}` !== APP_ORIGIN || request.method !== 'GET') return notFound();
    const file = await findStaticFile(rendererDir, url.pathname);
    if (!file) return notFound();
    return new Response(new Uint8Array(await readFile(file.path)), { headers: { ...SECURITY_HEADERS, 'content-type': file.type } });
  });
}

const notFound = () =>
  new Response('There is nothing at this address.', { status: 404, headers: { ...SECURITY_HEADERS, 'content-type': 'text/plain' } });
