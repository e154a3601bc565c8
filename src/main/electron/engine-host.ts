import { fileURLToPath } from 'node:url';
import { MessageChannelMain, type UtilityProcess, utilityProcess, type WebContents } from 'electron';
import { CONNECT_MESSAGE } from '../../contract/desktop.ts';
import type { EngineSettings } from '../engine/environment.ts';

/** The engine in a process of its own. After a crash the next window that asks gets a fresh one. */
export function createEngineHost(settings: EngineSettings, onCrash: (status: number) => void) {
  let engine: UtilityProcess | undefined;
  let quitting = false;

  function start(): UtilityProcess {
    const child = utilityProcess.fork(fileURLToPath(new URL('./engine-process.js', import.meta.url)), [], {
      serviceName: 'Isotherm engine',
      stdio: 'inherit',
    });
    child.once('exit', (status) => {
      if (engine === child) engine = undefined;
      // The ports close with the process: every call under way fails in its window.
      if (!quitting) onCrash(status);
    });
    return child;
  }

  return {
    connect(window: WebContents): void {
      engine ??= start();
      const { port1, port2 } = new MessageChannelMain();
      engine.postMessage(settings, [port1]);
      window.postMessage(CONNECT_MESSAGE, null, [port2]);
    },
    stop(): void {
      quitting = true;
      engine?.kill();
    },
  };
}
