import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { writeFlatReport } from '../bench/flat-report.ts';
import type { Available } from '../servers/ceph/packages.ts';
import { answer, bareEnvironment, scratch } from '../support/command-line.ts';
import { writeReportFolder } from '../support/report-folder.ts';
import { type Chromium, launchChromium, openWindow, serve, settled, shotPath } from './support/app.ts';

const ROWS = 20_000;
const HOSTILE = ['logs/<img src=x onerror=alert(1)>.log', 'logs/\u202Egnp.exe', 'logs/=1+1.csv', 'models/%2F/\u{1F9CA}.pt'];
const VIEWS = ['overview', 'explore', 'checkpoints', 'policies', 'compliance', 'activity'] as const;

const files = scratch('buckets');
let chromium: Available<Chromium>;
beforeAll(async () => {
  chromium = await launchChromium();
});
afterAll(async () => {
  if (chromium?.ok) await chromium.value.close();
  files.remove();
});
beforeEach((context) => {
  if (!chromium.ok) context.skip(chromium.reason);
});

/** Every screen over one bucket, opened as the workspace that was open last. */
async function visit(name: string, report: (folder: string) => Promise<unknown>): Promise<{ complaints: string[]; faults: string[] }> {
  if (!chromium.ok) throw new Error('no Chromium');
  const home = files.path(name);
  const env = bareEnvironment(home);
  const [folder, index] = [join(home, 'report'), join(home, 'bucket.db')];
  mkdirSync(join(home, 'data'), { recursive: true });
  await report(folder);
  await answer(['scan', folder, '--index', index, '--region', 'us-east-1'], env);
  const recent = { index, bucket: name, isSample: false, hash: '', snapshotId: null };
  writeFileSync(join(home, 'data', 'desk.json'), JSON.stringify({ recents: { list: [recent] } }));
  const shell = await serve(env);
  const { page, complaints, close } = await openWindow(chromium.value.browser);
  const faults: string[] = [];
  await page.goto(shell.url);
  await page.locator('.kpi-value').first().waitFor({ timeout: 60_000 });
  for (const view of VIEWS) {
    await page.evaluate((to) => {
      location.hash = to;
    }, `#${view}`);
    await page.locator(`.rail-item[aria-current="page"][href="#${view}"]`).waitFor();
    await settled(page);
    await page.screenshot({ path: shotPath(`${name}-${view}`) });
    for (const alert of await page.getByRole('alert').allTextContents()) faults.push(`${view}: ${alert}`);
    if ((await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)) > 0)
      faults.push(`${view} overflows`);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  }
  await close();
  await shell.stop();
  return { complaints, faults };
}

it('a bucket with next to nothing in it, its keys hostile, is shown on every screen', async () => {
  const text = HOSTILE.map(
    (key) =>
      `"src","${encodeURIComponent(key).replaceAll('%2F', '/')}","v-1","true","false","5000","2024-05-06T22:44:22.000Z","STANDARD"\n`,
  );
  const seen = await visit('nearly-empty', async (folder) => writeReportFolder(folder, { parts: [['a.csv.gz', text.join('')]] }));
  expect(seen).toEqual({ complaints: [], faults: [] });
});

it('a bucket of a single enormous prefix is shown on every screen', async () => {
  const seen = await visit('one-prefix', (folder) => writeFlatReport(folder, ROWS));
  expect(seen).toEqual({ complaints: [], faults: [] });
});
