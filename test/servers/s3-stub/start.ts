import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StubSettings } from './process.ts';

export interface StubProcess {
  readonly endpoint: string;
  counted(): Promise<{ readonly counts: Record<string, number>; readonly mostInFlight: number }>;
  stop(): Promise<void>;
}

/** Starts a stub in a process of its own, so that neither side waits for the other's processor. */
export async function startStubProcess(settings: StubSettings): Promise<StubProcess> {
  const program = fileURLToPath(new URL('./process.ts', import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const next = await lines.next();
    if (next.done) throw new Error('the stub ended');
    return next.value;
  };
  const endpoint = await line();
  return {
    endpoint,
    async counted() {
      child.stdin.write('\n');
      return JSON.parse(await line());
    },
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
