import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Makes this process kill itself, hard, at a step: before or after a line of the journal is forced to the disk, or when a request leaves or its
 * answer has come. To be called before anything of the product is imported.
 */
export function dieAtStep(at: number): void {
  let step = 0;
  const reached = (): void => {
    if (step === at) process.kill(process.pid, 'SIGKILL');
    step += 1;
  };
  const { fsyncSync } = fs;
  fs.fsyncSync = (handle) => {
    reached();
    fsyncSync(handle);
    reached();
  };
  syncBuiltinESMExports();
  subscribe('http.client.request.start', reached);
  subscribe('http.client.response.finish', reached);
}
