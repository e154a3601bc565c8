import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createEngine } from './engine.ts';
import type { EngineSettings } from './environment.ts';
import { createNodePortTransport } from './port.ts';

const engine = createEngine(workerData as EngineSettings);

/** Each message from the shell brings the port of one more connection. */
parentPort?.on('message', (port: MessagePort) => engine.serve(createNodePortTransport(port)));
