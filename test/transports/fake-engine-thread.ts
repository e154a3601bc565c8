import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createEngine } from '../../src/main/engine/engine.ts';
import type { EngineSettings } from '../../src/main/engine/environment.ts';
import { createNodePortTransport } from '../../src/main/engine/port.ts';
import { FAKE_HANDLERS } from './fake-handlers.ts';

const engine = createEngine(workerData as EngineSettings, FAKE_HANDLERS);

parentPort?.on('message', (port: MessagePort) => engine.serve(createNodePortTransport(port)));
