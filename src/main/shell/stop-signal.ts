const CANCELLED_STATUS = 130;
/** A terminal and a parent process may both deliver the same Ctrl-C; within this time it counts once. */
const SAME_PRESS_MS = 500;

/** Aborts at the first Ctrl-C or termination, so that work can be put away; a second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let firstMs = 0;
  const stop = () => {
    if (!controller.signal.aborted) {
      firstMs = performance.now();
      controller.abort();
    } else if (performance.now() - firstMs > SAME_PRESS_MS) process.exit(CANCELLED_STATUS);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return controller.signal;
}
