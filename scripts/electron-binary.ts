import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build-app.ts';

const CONNECT_LIMIT_MS = 10_000;
const DOWNLOAD_LIMIT_MS = 10 * 60_000;
const RETRY = 'npm start -- --retry-electron';

const packageDir = join(root, 'node_modules', 'electron');
const refusalFile = join(root, '.cache', 'electron-unavailable.json');

/** The desktop shell's binary, or why there is none, in one line that says how to try again. */
export type Binary = { readonly path: string } | { readonly reason: string };

/** The binary that is installed, or undefined; nothing is fetched. */
export function installedElectron(): string | undefined {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageDir, 'dist');
  try {
    const path = join(folder, readFileSync(join(packageDir, 'path.txt'), 'utf8'));
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

export function hasDisplay(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Finds the binary, fetching it once when it is missing. A failure is remembered until it is asked for again. */
export async function findElectron(options: { readonly retry: boolean; readonly note: (line: string) => void }): Promise<Binary> {
  if (!hasDisplay(process.platform, process.env)) {
    return { reason: 'No display for the desktop window; start again from a graphical session to get it.' };
  }
  const installed = installedElectron();
  if (installed !== undefined) return { path: installed };
  if (!existsSync(packageDir)) return { reason: 'Electron is not installed; run "npm ci" to get the desktop window.' };

  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as { version: string };
  if (options.retry) rmSync(refusalFile, { force: true });
  if (rememberedVersion() === version) return { reason: `The desktop shell could not be fetched earlier; try again with "${RETRY}".` };

  options.note('Fetching the desktop shell (once).');
  const failure = (await unreachable(version)) ?? (await install());
  const path = installedElectron();
  if (path !== undefined) return { path };
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(refusalFile, `${JSON.stringify({ version, reason: failure ?? 'unknown' })}\n`);
  return { reason: `The desktop shell could not be fetched (${failure ?? 'unknown'}); try again with "${RETRY}".` };
}

function rememberedVersion(): string | undefined {
  try {
    return (JSON.parse(readFileSync(refusalFile, 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

/** Asks for the very file that would be fetched; why it cannot be reached in time, or undefined. */
async function unreachable(version: string): Promise<string | undefined> {
  const mirror =
    process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases/download/';
  const file = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  try {
    const response = await fetch(`${mirror}v${version}/${file}`, { method: 'HEAD', signal: AbortSignal.timeout(CONNECT_LIMIT_MS) });
    return response.ok ? undefined : `its host answered ${response.status}`;
  } catch (cause) {
    return cause instanceof Error && cause.name === 'TimeoutError'
      ? `no answer within ${CONNECT_LIMIT_MS / 1000} s`
      : 'its host cannot be reached';
  }
}

/** Runs the package's own installer; why it failed, or undefined. */
function install(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(packageDir, 'install.js')], { stdio: 'ignore', timeout: DOWNLOAD_LIMIT_MS });
    child.on('error', (cause) => resolve(cause.message));
    child.on('exit', (status) => resolve(status === 0 ? undefined : 'the download failed'));
  });
}
