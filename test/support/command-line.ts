import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppError } from '../../src/contract/errors.ts';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
export const PROGRAM = join(REPOSITORY, 'bin', 'isotherm');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a user with nothing of their own: no credentials, no profile, a data folder of its own. */
export function bareEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|ISOTHERM_|VITEST|NODE_OPTIONS|NODE_ENV)/.test(name));
  const { NODE_OPTIONS, ISOTHERM_TEST_REQUESTS } = process.env;
  return {
    ...Object.fromEntries(kept),
    // The recorder of scripts/test.ts goes along into every process.
    ...(ISOTHERM_TEST_REQUESTS === undefined ? {} : { NODE_OPTIONS, ISOTHERM_TEST_REQUESTS }),
    HOME: home,
    ISOTHERM_HOME: join(home, 'data'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(home, 'aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'aws-credentials'),
  };
}

/** Runs bin/isotherm as a person would, in a process of its own. */
export async function isotherm(args: readonly string[], environment: NodeJS.ProcessEnv, cwd: string = REPOSITORY): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  return { status, stdout, stderr };
}

/** The JSON a verb prints on success; anything else fails the test with what the program said. */
export async function answer<T>(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<T> {
  const ended = await isotherm([...args, '--json'], environment);
  if (ended.status !== 0) throw new Error(`isotherm ${args.join(' ')} ended with ${ended.status}\n${ended.stdout}${ended.stderr}`);
  return JSON.parse(ended.stdout) as T;
}

/** The failure a verb ends in: its exit status and the error it prints. */
export async function failure(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ status: number | null; error: AppError }> {
  const ended = await isotherm([...args, '--json'], environment);
  if (ended.status === 0) throw new Error(`isotherm ${args.join(' ')} should have failed and printed\n${ended.stdout}`);
  let printed: { error?: AppError };
  try {
    printed = JSON.parse(ended.stdout) as { error?: AppError };
  } catch {
    throw new Error(`isotherm ${args.join(' ')} ended with ${ended.status} and printed no JSON\n${ended.stdout}${ended.stderr}`);
  }
  if (printed.error === undefined) throw new Error(`no error in ${ended.stdout}`);
  return { status: ended.status, error: printed.error };
}

export interface Scratch {
  readonly path: (...names: string[]) => string;
  readonly remove: () => void;
}

/** A folder that goes away with the test. */
export function scratch(name: string): Scratch {
  const folder = mkdtempSync(join(tmpdir(), `isotherm-${name}-`));
  return { path: (...names) => join(folder, ...names), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
