import type { MessagePortMain } from 'electron';
import type { Transport } from '../../core/wire/transport.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import type { EngineSettings } from '../engine/environment.ts';
import { createMainPortTransport } from './main-port.ts';

let engine: Engine | undefined;

/** Each message from the main process brings the settings and the port of one more window. */
process.parentPort.on('message', ({ data, ports }: { data: EngineSettings; ports: MessagePortMain[] }) => {
  engine ??= createEngine(data);
  for (const port of ports) {
    const transport: Transport = createMainPortTransport(port);
    engine.serve(transport);
    port.start();
  }
});
