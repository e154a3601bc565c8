import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CephAccess } from './cluster.ts';
import type { Available } from './packages.ts';

export interface CephServer {
  readonly access: CephAccess;
  /** Kills every daemon and removes their files. */
  readonly stop: () => Promise<void>;
}

type Answer = { readonly ready: CephAccess } | { readonly unavailable: string } | { readonly failed: string };

/**
 * Starts a throw-away S3 server on loopback; with `daySeconds` one that runs lifecycle rules, a day being so long. A machine that cannot have it gives a reason; a machine that can, but
 * where it does not come up after several attempts, is a fault and throws.
 */
export async function startCeph(options: { readonly quiet?: boolean; readonly daySeconds?: number } = {}): Promise<Available<CephServer>> {
  const own = options.daySeconds === undefined ? [] : [String(options.daySeconds)];
  const supervisor = spawn(process.execPath, [fileURLToPath(new URL('./supervisor.ts', import.meta.url)), ...own], {
    stdio: ['pipe', 'pipe', options.quiet ? 'ignore' : 'inherit'],
  });
  const gone = new Promise<void>((resolve) => supervisor.once('close', () => resolve()));
  supervisor.stdin?.on('error', () => undefined);
  const stop = async (): Promise<void> => {
    supervisor.stdin?.end();
    await gone;
  };
  const line = await new Promise<string | undefined>((resolve) => {
    if (supervisor.stdout === null) return resolve(undefined);
    createInterface({ input: supervisor.stdout }).once('line', resolve);
    supervisor.once('close', () => resolve(undefined));
    supervisor.once('error', () => resolve(undefined));
  });
  if (line === undefined) throw new Error('the Ceph supervisor ended without an answer');
  const answer = JSON.parse(line) as Answer;
  if ('ready' in answer) return { ok: true, value: { access: answer.ready, stop } };
  await stop();
  if ('unavailable' in answer) return { ok: false, reason: answer.unavailable };
  throw new Error(answer.failed);
}
