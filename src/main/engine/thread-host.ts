import { MessageChannel, Worker } from 'node:worker_threads';
import { type AppError, appError } from '../../contract/errors.ts';
import type { Transport } from '../../core/wire/transport.ts';
import { threadUrl } from './entry.ts';
import type { EngineSettings } from './environment.ts';
import { createNodePortTransport } from './port.ts';

export interface EngineHost {
  /** One more connection to the engine. */
  readonly connect: () => Transport;
  readonly close: () => Promise<void>;
}

/** The engine in a worker thread, for the loopback shell and the command line. */
export function startEngineThread(settings: EngineSettings, module: URL = threadUrl('engine-thread')): EngineHost {
  const worker = new Worker(module, { workerData: settings });
  let death: AppError | undefined;
  worker.on('error', (cause: unknown) => {
    death = appError('Internal', 'The engine of Isotherm failed.', { detail: cause instanceof Error ? cause.message : String(cause) });
  });
  worker.on('exit', (status) => {
    death ??= appError('Internal', `The engine of Isotherm ended (status ${status}).`, { next: 'Start Isotherm again.' });
  });

  return {
    connect: () => {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage(port2, [port2]);
      const transport = createNodePortTransport(port1);
      return {
        ...transport,
        // A port closes with its thread, a moment before or after the thread says why.
        onClose: (listener) => transport.onClose?.(() => setImmediate(() => listener(death))),
      };
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
