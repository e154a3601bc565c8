import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { createClient } from '../../core/wire/client.ts';
import type { Transport } from '../../core/wire/transport.ts';
import { startEngineThread } from '../engine/thread-host.ts';
import { projectDir, shellSettings } from '../shell/settings.ts';
import { openBrowser } from './open-browser.ts';
import { startWebServer } from './server.ts';

export interface ServeOptions {
  readonly port: number;
  readonly open: boolean;
  /** Makes the sample workspace ready before anyone asks for it. */
  readonly openSample?: boolean;
  readonly signal: AbortSignal;
  /** Words for the person. */
  readonly note: (line: string) => void;
  /** Receives the address once the server listens. */
  readonly announce: (url: string) => void;
}

/** Runs the loopback shell until the signal stops it. */
export async function serveUntilStopped(options: ServeOptions): Promise<Result<void>> {
  const rendererDir = join(projectDir, 'out', 'renderer');
  const built = await ensureBuilt(rendererDir, options.note);
  if (!built.ok) return built;

  const engine = startEngineThread(shellSettings());
  const server = await startWebServer({ port: options.port, rendererDir, connect: engine.connect });
  if (!server.ok) {
    await engine.close();
    return server;
  }
  options.announce(server.value.url);
  if (options.open && openBrowser(server.value.url)) options.note('Opening the browser.');
  options.note('Press Ctrl-C to stop.');
  if (options.openSample) void openSample(engine.connect(), options);
  await stopped(options.signal);
  await server.value.close();
  await engine.close();
  return ok(undefined);
}

/** A window that asks meanwhile waits for the same work. What goes wrong is told in that window. */
async function openSample(transport: Transport, options: ServeOptions): Promise<void> {
  const client = createClient(transport);
  const opened = await client.call('sample.open', {}, { signal: options.signal });
  if (opened.ok) options.note('The sample workspace is ready.');
  client.close();
}

async function ensureBuilt(rendererDir: string, note: (line: string) => void): Promise<Result<void>> {
  if (existsSync(join(rendererDir, 'index.html'))) return ok(undefined);
  const builder = join(projectDir, 'scripts', 'build-app.ts');
  if (existsSync(builder) && existsSync(join(projectDir, 'node_modules', 'electron-vite'))) {
    note('Building the window for the first time.');
    const { buildApp } = (await import(builder)) as { buildApp: () => Promise<void> };
    await buildApp();
  }
  if (existsSync(join(rendererDir, 'index.html'))) return ok(undefined);
  return err(
    appError('FileUnreadable', 'The window of Isotherm is not built.', { file: rendererDir, next: 'Run "npm ci" and "npm run build".' }),
  );
}

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
