import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Step {
  readonly name: string;
  readonly args: readonly string[];
}

const tool = (...path: string[]): string => join(ROOT, 'node_modules', ...path);

/** Everything that looks at the sources without running them. Each runs on this very Node. */
export const CHECKS: readonly Step[] = [
  ...['core', 'node', 'web', 'test'].map((part) => ({
    name: `types of tsconfig.${part}.json`,
    args: [tool('typescript', 'bin', 'tsc'), '-p', `tsconfig.${part}.json`],
  })),
  { name: 'kernel', args: [join('scripts', 'kernel.ts')] },
  { name: 'biome', args: [tool('@biomejs', 'biome', 'bin', 'biome'), 'ci', '--error-on-warnings'] },
  { name: 'layers', args: [join('scripts', 'layers.ts')] },
  { name: 'knip', args: [tool('knip', 'bin', 'knip.js')] },
];

/** Runs a Node program in the repository, its words passed through; true when it ends with status 0. */
export async function runNode(args: readonly string[], options: { timeoutMs: number; environment?: NodeJS.ProcessEnv }): Promise<boolean> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...options.environment },
  });
  const timer = setTimeout(() => {
    process.stderr.write(`stopped after ${options.timeoutMs / 1000} s: ${args.join(' ')}\n`);
    child.kill('SIGKILL');
  }, options.timeoutMs);
  const status = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  clearTimeout(timer);
  return status === 0;
}

/** Runs the checks one after another; the names of those that failed. */
export async function failedChecks(): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, args } of CHECKS) {
    const begun = performance.now();
    const passed = await runNode(args, { timeoutMs: 180_000 });
    process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)\n`);
    if (!passed) failed.push(name);
  }
  return failed;
}
