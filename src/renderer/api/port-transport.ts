import type { Transport } from '../../core/wire/transport.ts';

/** The part of a MessagePort that carries frames. */
export interface FramePort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'close', listener: (event: { readonly data?: unknown }) => void): void;
  start(): void;
  close(): void;
}

/** Frames over a MessagePort, as handed over by the desktop shell. */
export function createPortTransport(port: FramePort): Transport {
  return {
    send: (frame) => port.postMessage(frame),
    onMessage: (listener) => {
      port.addEventListener('message', (event) => listener(event.data));
      port.start();
    },
    onClose: (listener) => port.addEventListener('close', () => listener()),
    close: () => port.close(),
  };
}
