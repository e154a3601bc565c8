import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { bareEnvironment, REPOSITORY, scratch } from '../support/command-line.ts';

/** The binary, if it was fetched before: a test never fetches it. */
function binary(): string | undefined {
  const home = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const path = join(home, 'path.txt');
  if (!existsSync(path)) return undefined;
  const file = join(home, 'dist', readFileSync(path, 'utf8').trim());
  return existsSync(file) ? file : undefined;
}

const executablePath = binary();
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const files = scratch('electron');
let app: ElectronApplication | undefined;

beforeEach((context) => {
  if (executablePath === undefined) context.skip('Electron\'s binary is not here; "npm start" fetches it once, tests never do');
  if (!hasDisplay) context.skip('there is no display to open a window on');
});

beforeAll(async () => {
  if (executablePath === undefined || !hasDisplay) return;
  const env = Object.fromEntries(
    Object.entries(bareEnvironment(files.path('home'))).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const args = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox', REPOSITORY] : [REPOSITORY];
  app = await _electron.launch({ executablePath, args, env });
});
afterAll(async () => {
  await app?.close();
  files.remove();
});

it('the desktop window opens the sample workspace', async () => {
  const page = await app?.firstWindow();
  await page?.locator('.scope').getByText('Sample', { exact: true }).waitFor({ timeout: 120_000 });
  expect(await page?.title()).toContain('Isotherm');
});

it('the page in it has no Node', async () => {
  const page = await app?.firstWindow();
  expect(await page?.evaluate(() => [typeof globalThis.process, 'require' in globalThis])).toEqual(['undefined', false]);
});
