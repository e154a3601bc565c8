import type { MessagePort, Worker } from 'node:worker_threads';
import { appError } from '../../contract/errors.ts';
import type { Transport } from '../../core/wire/transport.ts';

/** Frames over one end of a MessageChannel of Node. */
export function createNodePortTransport(port: MessagePort): Transport {
  return {
    send: (frame) => port.postMessage(frame),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', () => listener()),
    close: () => port.close(),
  };
}

/** Frames between a thread's owner and the thread itself; its death closes the transport and says why. */
export function createWorkerTransport(worker: Worker): Transport {
  return {
    send: (frame) => worker.postMessage(frame),
    onMessage: (listener) => void worker.on('message', listener),
    onClose: (listener) => {
      worker.on('error', (cause) =>
        listener(
          appError('Internal', 'A worker thread of Isotherm failed.', { detail: cause instanceof Error ? cause.message : String(cause) }),
        ),
      );
      worker.on('exit', (status) => listener(appError('Internal', `A worker thread of Isotherm ended too early (status ${status}).`)));
    },
    close: () => void worker.terminate(),
  };
}
