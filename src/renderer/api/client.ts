import { CONNECT_MESSAGE } from '../../contract/desktop.ts';
import { appError } from '../../contract/errors.ts';
import { type CallOptions, type Client, createClient } from '../../core/wire/client.ts';
import type { Transport } from '../../core/wire/transport.ts';
import { createPortTransport } from './port-transport.ts';
import { createWebTransport } from './web-transport.ts';

declare global {
  interface Window {
    /** Put there by the desktop shell's preload; absent in a browser. The port comes back as a message to the window. */
    readonly isotherm?: { readonly connect: () => void };
  }
}

const CONNECT_TIMEOUT_MS = 15_000;
const TOKEN_KEY = 'isotherm-token';

/** True inside the desktop window, false in a browser. */
const isDesktop = typeof window !== 'undefined' && window.isotherm !== undefined;

/** Takes the token out of "#token=…" so that it stays neither in the address bar nor in the history; a reload finds it again. */
function takeToken(): string {
  const found = /^#?(.*?)(?:^|[#&;?])token=([A-Za-z0-9_-]+)[&;]?(.*)$/.exec(location.hash);
  if (found?.[2] !== undefined) {
    sessionStorage.setItem(TOKEN_KEY, found[2]);
    const rest = `${found[1] ?? ''}${found[3] ?? ''}`;
    history.replaceState(history.state, '', `${location.pathname}${location.search}${rest === '' ? '' : `#${rest}`}`);
  }
  return sessionStorage.getItem(TOKEN_KEY) ?? '';
}

/** Asks the desktop shell for a port to the engine. */
function askForPort(connect: () => void): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no port came')), CONNECT_TIMEOUT_MS);
    const receive = (event: MessageEvent) => {
      const [port] = event.ports;
      if (event.source !== window || event.data !== CONNECT_MESSAGE || !port) return;
      clearTimeout(timer);
      window.removeEventListener('message', receive);
      resolve(port);
    };
    window.addEventListener('message', receive);
    connect();
  });
}

/** Frames sent before the port is there are kept until then. */
function createDesktopTransport(connect: () => void): Transport {
  const opened = askForPort(connect).then((port) => createPortTransport(port));
  let live: Transport | undefined;
  const early: unknown[] = [];
  opened.then(
    (transport) => {
      live = transport;
      for (const frame of early.splice(0)) transport.send(frame);
    },
    () => {}, // Told to onClose below.
  );
  return {
    send: (frame) => void (live ? live.send(frame) : early.push(frame)),
    onMessage: (listener) =>
      void opened.then(
        (transport) => transport.onMessage(listener),
        () => {},
      ),
    onClose: (listener) =>
      void opened.then(
        (transport) => transport.onClose?.(listener),
        () =>
          listener(appError('Internal', 'The engine of Isotherm did not start.', { next: 'Close the window and start Isotherm again.' })),
      ),
    close: () =>
      void opened.then(
        (transport) => transport.close?.(),
        () => {},
      ),
  };
}

function openTransport(token: string): Transport {
  const desktop = window.isotherm;
  return desktop ? createDesktopTransport(desktop.connect) : createWebTransport(location.origin, token);
}

/** A client that connects on its first call and again after the connection was lost. */
function createRenderingClient(): Client {
  let current: Client | undefined;
  let token: string | undefined;
  const connect = (): Client => {
    token ??= isDesktop ? '' : takeToken();
    const transport = openTransport(token);
    const client = createClient(transport);
    transport.onClose?.(() => {
      if (current === client) current = undefined;
    });
    return client;
  };
  return {
    call: (method, params, options?: CallOptions) => {
      current ??= connect();
      return current.call(method, params, options);
    },
    close: () => current?.close(),
  };
}

/** Must run before the first route is read: the address bar's fragment still holds the token then. */
if (typeof window !== 'undefined' && !isDesktop) takeToken();

/** The one connection of this window to the engine. */
export const client: Client = createRenderingClient();
