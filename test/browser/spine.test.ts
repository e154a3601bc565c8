import {
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Children, Summary } from '../../src/contract/index-views.ts';
import { formatBytes, formatExactBytes, formatMoney } from '../../src/core/report/format.ts';
import { makeBucket, s3Client } from '../e2e/support/bucket.ts';
import type { CephServer } from '../servers/ceph/ceph.ts';
import { cephForTests } from '../servers/ceph/for-tests.ts';
import type { Available } from '../servers/ceph/packages.ts';
import { answer, bareEnvironment, scratch } from '../support/command-line.ts';
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

const FOREIGN: LifecycleRule = { ID: 'ops: drop scratch', Status: 'Enabled', Filter: { Prefix: 'scratch/' }, Expiration: { Days: 7 } };

const files = scratch('browser');
let chromium: Available<Chromium>;
let ceph: Available<CephServer>;
let shell: Shell | undefined;
let window: AppWindow;
let env: NodeJS.ProcessEnv;
let sampleIndex: string;
let s3: S3Client | undefined;

beforeAll(async () => {
  chromium = await launchChromium();
  if (!chromium.ok) return;
  ceph = await cephForTests();
  env = bareEnvironment(files.path('home'));
  if (ceph.ok) {
    const { access } = ceph.value;
    s3 = s3Client(access);
    env = { ...env, AWS_ACCESS_KEY_ID: access.accessKeyId, AWS_SECRET_ACCESS_KEY: access.secretAccessKey };
  }
  shell = await serve(env);
  window = await openWindow(chromium.value.browser);
});

afterAll(async () => {
  await window?.close();
  await shell?.stop();
  if (chromium?.ok) await chromium.value.close();
  s3?.destroy();
  if (ceph?.ok) await ceph.value.stop();
  files.remove();
});

beforeEach((context) => {
  if (!chromium.ok) context.skip(chromium.reason);
});

// One window, one person, one keyboard: each step goes on where the one before ended.
/** A directory is shown with its slash. */
const shownName = (node: Children['nodes'][number] | undefined): string => `${node?.name ?? ''}${node?.type === 'directory' ? '/' : ''}`;

describe('with the keyboard alone', () => {
  it('the first start shows the sample, and its figures are those of the command line', async () => {
    const { page } = window;
    await openSample(page, shell?.url ?? '');
    ({ index: sampleIndex } = await answer<{ index: string }>(['sample'], env));
    const { totals } = await answer<Summary>(['summary', '--index', sampleIndex, '--by', 'category'], env);
    const kpi = (term: string) => page.locator('.kpi', { hasText: term }).locator('.kpi-value');
    expect(await kpi('Stored').textContent()).toBe(formatBytes(totals.bytes));
    expect(await kpi('Stored').getAttribute('title')).toBe(formatExactBytes(totals.bytes));
    expect(await kpi('Storage cost now').textContent()).toContain(formatMoney(totals.monthlyNanoUsd));
    const { groups } = await answer<Summary>(['summary', '--index', sampleIndex, '--by', 'storageClass'], env);
    const shown = await page.locator('section, .panel').filter({ hasText: 'Where it lies' }).first().textContent();
    for (const { bytes } of groups) expect(shown).toContain(formatBytes(bytes));
  });

  it('the address in the browser no longer holds the token', async () => {
    expect(await window.page.evaluate(() => location.href)).not.toContain('token');
  });

  it('help opens with "?" and closes with Escape', async () => {
    const { page } = window;
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('Explore drills down in the tree and comes back up, with the figures of the command line', async () => {
    const { page } = window;
    await page.keyboard.press('Control+2');
    const grid = page.getByRole('treegrid');
    await grid.waitFor();
    await settled(page);
    const { nodes } = await answer<Children>(['tree', '--index', sampleIndex], env);
    const [largest] = nodes;
    await tabTo(page, grid);
    await page.keyboard.press('Home');
    const active = page.locator('[role="treegrid"] [aria-selected="true"]');
    await active.waitFor();
    expect(await active.locator('.cell-name bdi').textContent()).toBe(shownName(largest));
    expect(await active.locator('.cell-size').textContent()).toBe(formatBytes(largest?.bytes ?? -1));
    expect(await active.locator('.cell-size').getAttribute('title')).toBe(formatExactBytes(largest?.bytes ?? -1));

    await page.keyboard.press('ArrowRight');
    await page.locator('[role="treegrid"] [aria-level="2"]').first().waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page
      .getByRole('navigation', { name: 'Where in the bucket' })
      .getByText(largest?.name.replace(/\/$/, '') ?? '')
      .waitFor();
    await settled(page);
    const inside = await answer<Children>(['tree', '--index', sampleIndex, '--prefix', largest?.path ?? ''], env);
    await tabTo(page, grid);
    await page.keyboard.press('Home');
    await expect.poll(() => active.locator('.cell-name bdi').textContent()).toBe(shownName(inside.nodes[0]));
    expect(await active.locator('.cell-size').getAttribute('title')).toBe(formatExactBytes(inside.nodes[0]?.bytes ?? -1));

    await page.keyboard.press('Backspace');
    await page.waitForURL((url) => !url.hash.includes('prefix='));
    expect(await grid.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('Policies shows a plan, its rules and the month by month cost; a threshold moves the money, and undo moves it back', async () => {
    const { page } = window;
    await page.keyboard.press('Control+4');
    await page.getByRole('heading', { name: 'Policies' }).waitFor({ state: 'attached' });
    const plan = page.getByRole('group', { name: 'Scenario' }).getByRole('button', { name: /^Plan B/ });
    await press(page, plan);
    expect(await plan.getAttribute('aria-pressed')).toBe('true');
    await settled(page);
    expect(await page.locator('.rules .rule').count()).toBeGreaterThan(1);
    await page.locator('.month-table').waitFor();
    const saving = page.locator('.figures > div', { hasText: 'Saves /mo' }).locator('dd');
    const before = await saving.textContent();
    await tabTo(page, page.getByRole('slider', { name: 'Datasets to Glacier Instant' }));
    await page.keyboard.press('End');
    await expect.poll(() => saving.textContent(), { timeout: 20_000 }).not.toBe(before);
    await page.keyboard.press('Control+z');
    await expect.poll(() => saving.textContent(), { timeout: 20_000 }).toBe(before);
  });

  it('a plan is reviewed, applied after its phrase was typed, and rolled back, against a real S3 server', async (context) => {
    if (!ceph.ok) return context.skip(ceph.reason);
    if (s3 === undefined) throw new Error('no S3 client');
    const { page } = window;
    const client = s3;
    const bucket = await makeBucket(client, 'browser-target', true);
    const stored = async () => (await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))).Rules ?? [];
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules: [FOREIGN] } }));
    const before = await stored();

    await press(page, page.getByRole('link', { name: 'Review', exact: true }));
    await page.getByRole('heading', { name: 'Review & apply' }).waitFor();
    await typeInto(page, page.getByRole('textbox', { name: 'Bucket' }), bucket);
    await typeInto(page, page.getByRole('textbox', { name: 'Endpoint' }), ceph.value.access.endpoint);
    await typeInto(page, page.getByRole('textbox', { name: 'Region' }), 'us-east-1');
    await press(page, page.getByRole('checkbox', { name: 'Path-style addresses' }), 'Space');
    await press(page, page.getByRole('button', { name: 'Make a plan' }));

    const typed = page.locator('#typed-bucket');
    await typed.waitFor({ timeout: 60_000 });
    await page
      .locator('.changes')
      .getByText(FOREIGN.ID ?? '')
      .waitFor();
    expect(await stored()).toEqual(before);
    const apply = page.getByRole('button', { name: /^Apply/ });
    expect(await apply.isDisabled()).toBe(true);
    const phrase = (await page.locator('label[for="typed-bucket"] code').textContent()) ?? '';
    expect(phrase).toMatch(new RegExp(`^delete \\d+ versions, \\d+ bytes from ${bucket}$`));
    await typeInto(page, typed, `${phrase}x`);
    expect(await apply.isDisabled()).toBe(true);
    await page.keyboard.press('Enter');
    expect(await stored()).toEqual(before);
    await page.keyboard.press('Backspace');
    // The sample says nothing about this bucket: that has to be accepted as well.
    expect(await apply.isDisabled()).toBe(true);
    await press(page, page.getByRole('checkbox', { name: 'Apply without figures of this bucket' }), 'Space');
    await press(page, apply);
    await page.getByText('Applied and verified').waitFor({ timeout: 60_000 });
    const during = await stored();
    expect(during.length).toBeGreaterThan(1);
    expect(during.find((rule) => rule.ID === FOREIGN.ID)).toEqual(before[0]);

    await press(page, page.getByRole('button', { name: new RegExp(`^Roll back ${bucket}`) }).first());
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const confirm = dialog.getByRole('button', { name: 'Roll back', exact: true });
    expect(await confirm.isDisabled()).toBe(true);
    await typeInto(page, dialog.getByRole('textbox'), bucket);
    await press(page, confirm);
    await page.getByText('holds its earlier configuration again').waitFor({ timeout: 60_000 });
    expect(await stored()).toEqual(before);
  });

  it('a failure is told in place, with its next step', async (context) => {
    if (!ceph.ok) return context.skip(ceph.reason);
    const { page } = window;
    await typeInto(page, page.getByRole('textbox', { name: 'Bucket' }), 'there-is-no-such-bucket');
    await press(page, page.getByRole('button', { name: /^Make a plan|^Make the plan again/ }));
    const alert = page.getByRole('alert');
    await alert.waitFor({ timeout: 60_000 });
    expect(await alert.textContent()).toContain('Check the name of the bucket');
  });

  it('and nothing complained: no console error, no violation of the security policy, no request elsewhere', () => {
    expect(window.complaints).toEqual([]);
  });
});

describe('the loopback address', () => {
  it('refuses who has no token', async () => {
    if (!chromium.ok) return;
    const other = await openWindow(chromium.value.browser);
    const origin = new URL(shell?.url ?? '').origin;
    await other.page.goto(`${origin}/`);
    await expect.poll(async () => (await other.page.locator('body').textContent())?.length ?? 0).toBeGreaterThan(20);
    expect(await other.page.getByText('Sample', { exact: true }).count()).toBe(0);
    await other.close();
  });
});
