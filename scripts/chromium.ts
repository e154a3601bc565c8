import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { chromium } from 'playwright';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The Chromium named by ISOTHERM_CHROMIUM, or one that is installed. */
export function findChromium(): string | undefined {
  const named = process.env.ISOTHERM_CHROMIUM;
  if (named !== undefined && named !== '') return runs(named) ? named : undefined;
  return [...PLACES, chromium.executablePath()].find(runs);
}

export type Browser = { readonly path: string } | { readonly reason: string };

/** Finds Chromium or installs Debian's, when this is root on a Debian. */
export function chromiumOrReason(say: (words: string) => void): Browser {
  const found = findChromium();
  if (found !== undefined) return { path: found };
  if (process.env.ISOTHERM_CHROMIUM) return { reason: `ISOTHERM_CHROMIUM names ${process.env.ISOTHERM_CHROMIUM}, which does not run` };
  const how = 'install Chromium or name one in ISOTHERM_CHROMIUM';
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return { reason: `no Chromium here, and only root can install it: ${how}` };
  const apt = (args: readonly string[]) =>
    spawnSync('apt-get', ['-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: 300_000,
      killSignal: 'SIGKILL',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  if (apt(['--version']).status !== 0) return { reason: `no Chromium here, and no apt-get to install it with: ${how}` };
  say('installing Chromium from the packages of this system');
  const steps = [['update'], ['install', '-y', '--no-install-recommends', 'chromium']];
  for (const step of steps) {
    const done = apt(step);
    if (done.status !== 0) {
      const words = `${done.stdout ?? ''}\n${done.stderr ?? ''}`.trim().split('\n').slice(-2).join(' / ');
      return { reason: `apt-get ${step[0]} failed (${words}): ${how}` };
    }
  }
  const installed = findChromium();
  return installed === undefined ? { reason: `the chromium package brought no Chromium: ${how}` } : { path: installed };
}
