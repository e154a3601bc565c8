import { stopSignal } from '../shell/stop-signal.ts';
import { run } from './run.ts';

// A reader that has seen enough, such as "head", is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE') process.exit(0);
    throw cause;
  });
}

process.exitCode = await run(process.argv.slice(2), stopSignal(), {
  out: (text) => void process.stdout.write(text),
  errors: process.stderr,
});
