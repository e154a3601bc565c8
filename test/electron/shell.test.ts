import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildApp, isStale, root } from '../../scripts/build-app.ts';
import { hasDisplay, installedElectron } from '../../scripts/electron-binary.ts';

const binary = installedElectron();
const reason =
  binary === undefined
    ? 'the Electron binary is not installed; "npm start" in a graphical session fetches it'
    : hasDisplay(process.platform, process.env)
      ? undefined
      : 'there is no display';
describe('the desktop shell', () => {
  const home = mkdtempSync(join(tmpdir(), 'isotherm-electron-'));
  let app: ElectronApplication;
  let page: Page;

  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason);
  });
  beforeAll(async () => {
    if (reason !== undefined) return;
    if (isStale()) await buildApp();
    app = await _electron.launch({
      executablePath: binary ?? '',
      args: [root, `--user-data-dir=${join(home, 'profile')}`, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      env: { ...(process.env as Record<string, string>), ISOTHERM_HOME: join(home, 'data') },
    });
    page = await app.firstWindow();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(home, { recursive: true, force: true });
  });

  test('the page comes from the app protocol and has no Node in it', async () => {
    expect(page.url()).toMatch(/^app:\/\/isotherm\//);
    expect(await page.evaluate(() => [typeof Reflect.get(globalThis, 'require'), typeof Reflect.get(globalThis, 'process')])).toEqual([
      'undefined',
      'undefined',
    ]);
  });

  test('the preload hands over one frozen function and nothing else', async () => {
    expect(await page.evaluate(() => Object.keys(window.isotherm ?? {}))).toEqual(['connect']);
    expect(await page.evaluate(() => Object.isFrozen(window.isotherm))).toBe(true);
  });

  test('the window is isolated and sandboxed', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      const { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
      return { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag };
    });
    expect(preferences).toEqual({ contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false });
  });

  test('the engine answers and the sample workspace opens', async () => {
    await page
      .getByText(/sample/i)
      .first()
      .waitFor({ timeout: 60_000 });
    expect(existsSync(join(home, 'data'))).toBe(true);
  });

  test('new windows, navigation and permissions are denied', async () => {
    expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull();
    await page.evaluate(() => {
      location.href = 'https://example.org/';
    });
    await page.waitForTimeout(500);
    expect(page.url()).toMatch(/^app:\/\/isotherm\//);
    expect(app.windows()).toHaveLength(1);
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  });

  test('a second start gives way to the first', async () => {
    const second = await app.evaluate(({ app: running }) => running.requestSingleInstanceLock());
    expect(second).toBe(true);
  });
});
