import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Available } from '../servers/ceph/packages.ts';
import { bareEnvironment, scratch } from '../support/command-line.ts';
import {
  type AppWindow,
  type Chromium,
  launchChromium,
  openSample,
  openWindow,
  press,
  type Shell,
  serve,
  settled,
  tabTo,
  typeInto,
} from './support/app.ts';

const files = scratch('journeys');
const env = bareEnvironment(files.path('home'));
let chromium: Available<Chromium>;
let shell: Shell | undefined;
let window: AppWindow | undefined;

beforeAll(async () => {
  chromium = await launchChromium();
  if (!chromium.ok) return;
  shell = await serve(env);
  window = await openWindow(chromium.value.browser, { acceptDownloads: true });
  await openSample(window.page, shell.url);
});
afterAll(async () => {
  await window?.close();
  await shell?.stop();
  if (chromium?.ok) await chromium.value.close();
  files.remove();
});
beforeEach((context) => {
  if (!chromium.ok) context.skip(chromium.reason);
});

function page(): Page {
  if (window === undefined) throw new Error('no window');
  return window.page;
}

describe('with the keyboard alone', () => {
  it('an engineer goes from the stale checkpoints over a basket to a plan', async () => {
    await page().keyboard.press('Control+3');
    const runs = page().getByRole('grid');
    await runs.waitFor();
    await settled(page());
    await tabTo(page(), runs);
    await page().keyboard.press('Home');
    await page().keyboard.press('Space');
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Space');
    const bar = page().getByRole('region', { name: 'Marked runs' });
    await bar.getByText('2 runs marked').waitFor();
    const marked = await bar.textContent();
    // Marks stay with their runs when the order changes.
    await press(page(), page().getByRole('button', { name: /^Run/ }).first());
    expect(await bar.textContent()).toBe(marked);

    await press(page(), bar.getByRole('button', { name: 'Plan to let them go' }));
    const dialog = page().getByRole('dialog');
    const saves = dialog.locator('.figures dd').nth(2);
    await expect.poll(() => saves.textContent(), { timeout: 60_000 }).toMatch(/^\$[\d,.]+ \/mo$/);
    await typeInto(page(), dialog.getByRole('textbox'), files.path('lists'));
    await press(page(), dialog.getByRole('button', { name: 'Compile to rules' }));
    await dialog.getByText('exact', { exact: true }).waitFor({ timeout: 60_000 });
    await press(page(), dialog.getByRole('button', { name: 'Review a plan' }));
    await page().getByRole('heading', { name: 'Review & apply' }).waitFor();
    await page().getByText('checkpoints of 2 runs').waitFor();
  });

  it('a reviewer goes from a statement over its counterexample to evidence that holds', async () => {
    await page().keyboard.press('Control+5');
    await page().locator('.statements').waitFor({ timeout: 60_000 });
    await settled(page());
    await press(page(), page().getByRole('button', { name: 'Weights of models are kept 10 years' }));
    const about = page().getByRole('region', { name: 'About the statement' }).first();
    await about.getByText('The smallest witness').waitFor();
    expect(await about.locator('.witness-key bdi').textContent()).toMatch(/^models\//);
    expect(await about.textContent()).toContain('3,653 days asked for');

    const file = files.path('evidence.zip');
    await typeInto(page(), page().getByRole('textbox', { name: 'File on this machine' }), file);
    await press(page(), page().getByRole('button', { name: 'Export bundle' }));
    await page().getByText('written', { exact: true }).waitFor({ timeout: 60_000 });
    expect((await readFile(file)).subarray(0, 2).toString()).toBe('PK');
    await press(page(), page().getByRole('button', { name: 'Verify a bundle' }));
    await page().getByText('holds', { exact: true }).waitFor({ timeout: 60_000 });
  });

  it('a manager goes from the projection to one page to take along', async () => {
    await page().keyboard.press('Control+4');
    await page().locator('.month-table').waitFor({ timeout: 60_000 });
    await settled(page());
    const saving = await page().locator('.figures > div', { hasText: 'Saves /mo' }).locator('dd').textContent();
    expect(saving).toMatch(/^\$[\d,.]+$/);
    const saved = page().waitForEvent('download', { timeout: 60_000 });
    await press(page(), page().getByRole('button', { name: 'One page' }));
    const download = await saved;
    expect(download.suggestedFilename()).toMatch(/^isotherm-isotherm-sample-\d{4}-\d{2}-\d{2}\.html$/);
    await download.saveAs(files.path('page.html'));
    const text = await readFile(files.path('page.html'), 'utf8');
    expect(text).toContain('isotherm-sample');
    expect(text).not.toContain('<script');
  });

  it('and nothing complained', () => expect(window?.complaints).toEqual([]));
});
