import { serveSession } from '../../core/wire/session.ts';
import type { Transport } from '../../core/wire/transport.ts';
import { createDispatch } from './dispatch.ts';
import { createLog, type EngineSettings, withClock } from './environment.ts';
import { HANDLERS, type HandlerLoaders } from './handlers/index.ts';
import { runInJobThread } from './job.ts';

export interface Engine {
  /** Serves one connection until it closes. */
  readonly serve: (transport: Transport) => void;
}

/** The engine of this thread; all its connections share one dispatcher, so writes to one bucket queue across them. */
export function createEngine(settings: EngineSettings, handlers: HandlerLoaders = HANDLERS): Engine {
  const dispatch = createDispatch({
    environment: withClock(settings),
    handlers,
    runJob: handlers === HANDLERS ? runInJobThread : undefined,
    log: createLog(settings.dataDir),
  });
  return { serve: (transport) => serveSession(transport, dispatch) };
}
