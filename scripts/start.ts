import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { failureWords } from '../src/main/cli/failure-words.ts';
import { stopSignal } from '../src/main/shell/stop-signal.ts';
import { serveUntilStopped } from '../src/main/web/serve.ts';
import { buildApp, isStale, root } from './build-app.ts';
import { findElectron } from './electron-binary.ts';

/** An Electron that ends with a failure this soon could not open its window. */
const START_FAILURE_MS = 10_000;

const note = (line: string) => void process.stderr.write(`${line}\n`);
const { values } = parseArgs({
  options: {
    'retry-electron': { type: 'boolean', default: false },
    web: { type: 'boolean', default: false },
    'no-open': { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
  },
});

const stop = stopSignal();

if (isStale()) {
  const started = performance.now();
  note('Building what changed.');
  await buildApp();
  note(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

const opened = values.web ? false : await openDesktop();
if (!opened && !stop.aborted) {
  const served = await serveUntilStopped({
    port: Number(values.port),
    open: !values['no-open'],
    openSample: true,
    signal: stop,
    note,
    announce: (url) => void process.stdout.write(`${url}\n`),
  });
  if (!served.ok) {
    note(failureWords(served.error));
    process.exitCode = 1;
  }
}

/** Runs the desktop shell until it is closed; false when it cannot be had, after saying why in one line. */
async function openDesktop(): Promise<boolean> {
  const binary = await findElectron({ retry: values['retry-electron'], note });
  if ('reason' in binary) {
    note(`${binary.reason} Showing Isotherm in the browser instead.`);
    return false;
  }
  const started = performance.now();
  // This variable, set by some editors' terminals, would make Electron a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const status = await new Promise<number>((resolve) => {
    const child = spawn(binary.path, [root], { stdio: 'inherit', env });
    stop.addEventListener('abort', () => child.kill());
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
  if (status === 0 || stop.aborted || performance.now() - started > START_FAILURE_MS) return true;
  note(`The desktop shell ended with status ${status}; try again with "npm start". Showing Isotherm in the browser instead.`);
  return false;
}
