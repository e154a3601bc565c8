import type { Transport } from '../../core/wire/transport.ts';

/** The part of Electron's MessagePortMain that carries frames. */
export interface MainPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  close(): void;
}

/** Frames over the engine's end of a channel whose other end is in a window. */
export function createMainPortTransport(port: MainPort): Transport {
  return {
    send: (frame) => port.postMessage(frame),
    onMessage: (listener) => void port.on('message', (event) => listener(event.data)),
    onClose: (listener) => void port.on('close', () => listener()),
    close: () => port.close(),
  };
}
