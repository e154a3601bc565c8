import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Transport } from '../../src/core/wire/transport.ts';
import { createMainPortTransport, type MainPort } from '../../src/main/electron/main-port.ts';
import { createEngine } from '../../src/main/engine/engine.ts';
import { startEngineThread } from '../../src/main/engine/thread-host.ts';
import { startWebServer } from '../../src/main/web/server.ts';
import { createPortTransport, type FramePort } from '../../src/renderer/api/port-transport.ts';
import { createWebTransport } from '../../src/renderer/api/web-transport.ts';
import { FAKE_HANDLERS } from './fake-handlers.ts';

export interface Bench {
  /** One more connection of the client's side. */
  readonly connect: () => Transport;
  readonly close: () => Promise<void>;
}

const settings = (dataDir: string) => ({ version: '0.0.0', dataDir, resourcesDir: dataDir });
export const temporaryDir = () => mkdtempSync(join(tmpdir(), 'isotherm-test-'));
const threadModule = new URL('./fake-engine-thread.ts', import.meta.url);

/** The engine in a worker thread, as the command line has it. */
async function openThread(): Promise<Bench> {
  const dir = temporaryDir();
  const host = startEngineThread(settings(dir), threadModule);
  return {
    connect: host.connect,
    close: async () => {
      await host.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** A real loopback server and the browser's own transport. */
async function openWeb(): Promise<Bench> {
  const dir = temporaryDir();
  writeFileSync(join(dir, 'index.html'), '<!doctype html>');
  const host = startEngineThread(settings(dir), threadModule);
  const server = await startWebServer({ port: 0, rendererDir: dir, connect: host.connect, reconnectGraceMs: 200 });
  if (!server.ok) throw new Error(server.error.message);
  const { origin, token, close } = server.value;
  return {
    connect: () => createWebTransport(origin, token),
    close: async () => {
      await close();
      await host.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** Dresses Node's port as Electron's MessagePortMain, whose messages come inside an event. */
function asMainPort(port: MessagePort): MainPort {
  const on: MainPort['on'] = (event: 'message' | 'close', listener: ((event: { readonly data: unknown }) => void) | (() => void)) =>
    event === 'message' ? port.on('message', (data: unknown) => listener({ data })) : port.on('close', () => (listener as () => void)());
  return { on, postMessage: (message) => port.postMessage(message), close: () => port.close() };
}

/** The desktop shell: the renderer's and the engine process's adapters at the two ends of a real MessageChannel. */
async function openElectron(): Promise<Bench> {
  const dir = temporaryDir();
  const engine = createEngine(settings(dir), FAKE_HANDLERS);
  const open: MessagePort[] = [];
  return {
    connect: () => {
      const { port1, port2 } = new MessageChannel();
      open.push(port1);
      engine.serve(createMainPortTransport(asMainPort(port2)));
      return createPortTransport(port1 as unknown as FramePort);
    },
    close: async () => {
      for (const port of open) port.close();
      rmSync(dir, { recursive: true });
    },
  };
}

export const TRANSPORTS: readonly { readonly name: string; readonly open: () => Promise<Bench> }[] = [
  { name: 'worker thread (command line)', open: openThread },
  { name: 'loopback HTTP (browser)', open: openWeb },
  { name: 'MessageChannel (desktop)', open: openElectron },
];
