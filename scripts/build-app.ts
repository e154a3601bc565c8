import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtKernel } from '../src/main/kernel/build.ts';
import { KERNEL_CACHE, KERNEL_SOURCES } from '../src/main/kernel/load.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What the bundles are made of. */
const SOURCES = ['src', 'resources', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
/** What a build leaves behind. */
export const OUTPUTS = [
  'out/main/index.js',
  'out/main/engine-process.js',
  'out/main/job-thread.js',
  'out/main/kernel.wasm',
  'out/preload/index.cjs',
  'out/renderer/index.html',
];

function newestMs(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A folder counts too: its time changes when a file in it is removed.
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), stat.mtimeMs);
}

/** True when a bundle is missing or older than anything it is made of. */
export function isStale(base: string = root): boolean {
  const built = OUTPUTS.map((path) => statSync(join(base, path), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  const oldest = Math.min(...built);
  return oldest === 0 || SOURCES.some((path) => newestMs(join(base, path)) > oldest);
}

/** Bundles the desktop shell, its preload, the engine's threads and the renderer into out/. */
export async function buildApp(): Promise<void> {
  const before = process.cwd();
  process.chdir(root);
  try {
    const { build } = await import('electron-vite');
    await build({ root, logLevel: 'warn' });
    writeFileSync(join(root, 'out', 'main', 'kernel.wasm'), await builtKernel(KERNEL_SOURCES, KERNEL_CACHE));
  } finally {
    process.chdir(before);
  }
}
