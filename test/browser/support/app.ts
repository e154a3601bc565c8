import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright';
import { isStale } from '../../../scripts/build-app.ts';
import { findChromium } from '../../../scripts/chromium.ts';
import type { Available } from '../../servers/ceph/packages.ts';
import { PROGRAM, REPOSITORY } from '../../support/command-line.ts';

const SHOTS = join(REPOSITORY, 'test-results', 'screens');

export interface Shell {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** `isotherm serve` in a process of its own, on the newest build. */
export async function serve(environment: NodeJS.ProcessEnv): Promise<Shell> {
  if (isStale()) await run([join(REPOSITORY, 'scripts', 'build.ts')]);
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--no-open', '--json'], {
    cwd: REPOSITORY,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', (status) => reject(new Error(`isotherm serve ended with ${status}: ${words}`)));
    child.once('error', reject);
  });
  return {
    url: (JSON.parse(line) as { url: string }).url,
    stop: async () => {
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      child.kill('SIGTERM');
      await gone;
      clearTimeout(late);
    },
  };
}

async function run(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: REPOSITORY, stdio: ['ignore', 'ignore', 'inherit'] });
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
}

export interface Chromium {
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}

/** Chromium without its calls home; a machine without it gives the reason. */
export async function launchChromium(): Promise<Available<Chromium>> {
  const absent = process.env.ISOTHERM_CHROMIUM_ABSENT;
  if (absent) return { ok: false, reason: absent };
  const executablePath = findChromium();
  if (executablePath === undefined)
    return { ok: false, reason: 'no Chromium here: "npm test" as root on Debian installs it, or name one in ISOTHERM_CHROMIUM' };
  const home = mkdtempSync(join(tmpdir(), 'isotherm-chromium-'));
  const browser = await chromium.launch({
    executablePath,
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const close = async () => {
    await browser.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  return { ok: true, value: { browser, close } };
}

export interface AppWindow {
  readonly page: Page;
  /** Everything the page complained of: console errors and warnings, exceptions, violations, refused requests. */
  readonly complaints: string[];
  readonly close: () => Promise<void>;
}

export async function openWindow(browser: Browser, options: BrowserContextOptions = {}, initScript?: string): Promise<AppWindow> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', timezoneId: 'UTC', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} for ${new URL(response.url()).pathname}`);
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') complaints.push(`a request to ${hostname}`);
  });
  if (initScript !== undefined) await page.addInitScript({ content: initScript });
  return { page, complaints, close: () => context.close() };
}

/** Opens the shell's address and waits until the sample workspace is on screen. */
export async function openSample(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('.scope').getByText('Sample', { exact: true }).waitFor({ timeout: 120_000 });
  await page.locator('.kpi-value').first().waitFor({ timeout: 60_000 });
  await settled(page);
}

/** Waits until nothing on screen is still being computed. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('.kpi-wait, .skeleton, [aria-busy="true"], .waiting') === null && document.fonts.status === 'loaded',
    undefined,
    { timeout: 60_000 },
  );
}

const MOST_TABS = 150;

/** Presses Tab (or Shift Tab) until the control has the focus, as a person without a pointer would. */
export async function tabTo(page: Page, control: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  await control.waitFor({ state: 'attached', timeout: 30_000 });
  for (let i = 0; i < MOST_TABS; i++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
    passed.push(
      await page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.slice(0, 30) ?? '-',
      ),
    );
  }
  throw new Error(`${MOST_TABS} times ${key} never reached ${control}; they went over ${[...new Set(passed)].join(' | ')}`);
}

/** Reaches a field by keyboard and writes into it, over whatever it held. */
export async function typeInto(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

/** Reaches a control by keyboard and presses it. */
export async function press(page: Page, control: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  await tabTo(page, control);
  await page.keyboard.press(key);
}

export function shotPath(name: string): string {
  mkdirSync(SHOTS, { recursive: true });
  return join(SHOTS, `${name}.png`);
}
