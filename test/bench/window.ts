/**
 * `npm run bench -- window [--rows N] [--runs N] [--keep FOLDER]`: what the window takes, in real Chromium without a GPU.
 * A sample of `rows` versions, and a bucket whose `rows` keys lie in one prefix; each figure is the median of the runs.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright';
import { findChromium } from '../../scripts/chromium.ts';
import { ROOT } from '../../scripts/steps.ts';
import { writeFlatReport } from './flat-report.ts';
import { type FrameFigures, framesDuring } from './frames.ts';

const CLI = join(ROOT, 'src', 'main', 'cli', 'index.ts');
const STRETCH_MS = 5000;

function isotherm(args: readonly string[]): void {
  const child = spawnSync(process.execPath, [CLI, ...args], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (child.status !== 0) throw new Error(`${args.join(' ')} ended with ${child.status}: ${child.stderr}`);
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

async function indexes(folder: string, rows: number): Promise<{ sample: string; flat: string }> {
  const sample = join(folder, `sample-${rows}.db`);
  const flat = join(folder, `flat-${rows}.db`);
  if (!existsSync(sample)) {
    isotherm(['sample', '--out', join(folder, 'sample'), '--versions', String(rows), '--seed', '7']);
    isotherm(['scan', join(folder, 'sample'), '--index', sample, '--json']);
  }
  if (!existsSync(flat)) {
    await writeFlatReport(join(folder, 'flat'), rows);
    isotherm(['scan', join(folder, 'flat'), '--index', flat, '--region', 'us-east-1', '--json']);
  }
  return { sample, flat };
}

/** The loopback shell with one workspace as the one opened last, as a person finds it. */
async function serve(folder: string, index: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const home = mkdtempSync(join(folder, 'home-'));
  writeFileSync(
    join(home, 'desk.json'),
    JSON.stringify({ recents: { list: [{ index, bucket: 'bench', isSample: false, hash: '', snapshotId: null }] } }),
  );
  const child = spawn(process.execPath, [CLI, 'serve', '--no-open', '--json'], {
    cwd: ROOT,
    env: { ...process.env, ISOTHERM_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', () => reject(new Error('the shell ended')));
  });
  return {
    url: (JSON.parse(line) as { url: string }).url,
    stop: async () => {
      const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
      child.kill('SIGTERM');
      await gone;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const WATCH = `
window.benchLong = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.benchLong.push([entry.startTime, entry.duration]);
}).observe({ type: 'longtask', buffered: true });
window.benchReady = new Promise((resolve) => {
  const look = () => {
    const figures = [...document.querySelectorAll('.kpi-value')].slice(0, 2);
    const isThere = figures.length === 2 && figures.every((figure) => /\\d/.test(figure.textContent)) && document.querySelector('.age-panel svg') !== null;
    if (isThere) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});`;

type Figures = Record<string, number>;

async function open(browser: Browser, url: string, viewport: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({ viewport, locale: 'en-US', timezoneId: 'UTC' });
  const page = await context.newPage();
  await page.addInitScript({ content: WATCH });
  await page.goto(url);
  return page;
}

const longTasksSince = (page: Page, sinceMs: number): Promise<number> =>
  page.evaluate((since) => {
    const long = Reflect.get(window, 'benchLong') as [number, number][];
    return Math.max(0, ...long.filter(([start]) => start > since).map(([, duration]) => duration));
  }, sinceMs);

const go = async (page: Page, hash: string): Promise<void> => {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
};

async function start(browser: Browser, folder: string, index: string, figures: Figures): Promise<void> {
  const shell = await serve(folder, index);
  const page = await open(browser, shell.url, { width: 1280, height: 800 });
  const readyMs = await page.evaluate(() => Reflect.get(window, 'benchReady') as Promise<number>);
  await page.waitForTimeout(2500);
  figures['start to interactive Overview, ms'] = readyMs;
  figures['longest task after it, ms'] = await longTasksSince(page, readyMs);
  await page.context().close();
  await shell.stop();
}

async function map(browser: Browser, folder: string, index: string, figures: Figures): Promise<void> {
  const shell = await serve(folder, index);
  const page = await open(browser, shell.url, { width: 1280, height: 800 });
  await page.evaluate(() => Reflect.get(window, 'benchReady') as Promise<number>);
  await go(page, '#explore');
  const room = page.locator('.treemap');
  await room.waitFor();
  await page.waitForTimeout(2500);
  const box = (await room.boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
  const hover = await framesDuring(page, async () => {
    const until = performance.now() + STRETCH_MS;
    for (let step = 0; performance.now() < until; step++) {
      const [x, y] = [0.5 + 0.45 * Math.sin(step / 23), 0.5 + 0.45 * Math.cos(step / 37)];
      await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
      await page.waitForTimeout(8);
    }
  });
  frameRows(figures, 'map hover', hover);
  const switches: number[] = [];
  for (let i = 0; i < 5; i++) {
    switches.push(
      await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const begun = performance.now();
            const observer = new PerformanceObserver((list) => {
              const painted = list.getEntriesByName('map-paint').at(-1);
              if (painted === undefined || painted.startTime < begun) return;
              observer.disconnect();
              resolve(painted.startTime + painted.duration - begun);
            });
            observer.observe({ type: 'measure' });
            window.dispatchEvent(new KeyboardEvent('keydown', { key: 'l', bubbles: true }));
          }),
      ),
    );
    await page.waitForTimeout(300);
  }
  figures['layer switch, ms'] = Math.max(...switches);
  figures['longest task in Explore, ms'] = await longTasksSince(page, 0);
  await page.context().close();
  await shell.stop();
}

async function manyTiles(browser: Browser, folder: string, index: string, figures: Figures): Promise<void> {
  const shell = await serve(folder, index);
  const page = await open(browser, shell.url, { width: 3840, height: 2160 });
  await page.evaluate(() => Reflect.get(window, 'benchReady') as Promise<number>);
  await go(page, '#explore');
  await page.locator('.treemap').waitFor();
  await page.locator('.separator').focus();
  await page.keyboard.press('End');
  await page.waitForTimeout(4000);
  const drawn = await page.evaluate(() => {
    const last = (name: string): number => performance.getEntriesByName(name).at(-1)?.duration ?? Number.NaN;
    const detail = (performance.getEntriesByName('map-paint', 'measure').at(-1) as PerformanceMeasure | undefined)?.detail as {
      tiles?: number;
    } | null;
    return { paint: last('map-paint'), layout: last('map-layout'), tiles: detail?.tiles ?? 0 };
  });
  figures['tiles drawn on 3840 x 2160'] = drawn.tiles;
  figures['laying them out, ms'] = drawn.layout;
  figures['drawing them, ms'] = drawn.paint;
  await page.context().close();
  await shell.stop();
}

async function table(browser: Browser, folder: string, index: string, figures: Figures): Promise<void> {
  const shell = await serve(folder, index);
  const page = await open(browser, shell.url, { width: 1280, height: 800 });
  await page.evaluate(() => Reflect.get(window, 'benchReady') as Promise<number>);
  await go(page, '#explore?prefix=one-prefix/');
  await page.locator('.tree-row').first().waitFor();
  await page.waitForTimeout(1500);
  await page.evaluate(() => {
    const state = { frames: 0, blank: 0, isOn: true };
    Reflect.set(window, 'benchBlank', state);
    const look = (): void => {
      const box = document.querySelector('.tree-scroll')?.getBoundingClientRect();
      const rows = [...document.querySelectorAll('.tree-row')].filter((row) => {
        const own = row.getBoundingClientRect();
        return box !== undefined && own.bottom > box.top + 24 && own.top < box.bottom && (row.textContent ?? '').length > 10;
      });
      state.frames += 1;
      if (box === undefined || rows.length < Math.floor((box.height - 24) / 32) - 1) state.blank += 1;
      if (state.isOn) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const box = (await page.locator('.tree-scroll').boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
  await page.mouse.move(box.x + 100, box.y + 100);
  const wheel = await framesDuring(page, async () => {
    const until = performance.now() + STRETCH_MS;
    while (performance.now() < until) {
      await page.mouse.wheel(0, 240);
      await page.waitForTimeout(12);
    }
  });
  frameRows(figures, 'table by wheel', wheel);
  const drag = await framesDuring(page, async () => {
    await page.evaluate(
      (forMs) =>
        new Promise<void>((resolve) => {
          const element = document.querySelector('.tree-scroll') as HTMLElement;
          const begun = performance.now();
          const step = (now: number): void => {
            element.scrollTop = ((now - begun) / forMs) * (element.scrollHeight - element.clientHeight);
            if (now - begun < forMs) requestAnimationFrame(step);
            else resolve();
          };
          requestAnimationFrame(step);
        }),
      STRETCH_MS,
    );
  });
  frameRows(figures, 'table by scroll bar', drag);
  const blank = await page.evaluate(() => {
    const state = Reflect.get(window, 'benchBlank') as { frames: number; blank: number; isOn: boolean };
    state.isOn = false;
    return state;
  });
  figures['frames of the table looked at'] = blank.frames;
  figures['of them blank'] = blank.blank;
  await page.context().close();
  await shell.stop();
}

function frameRows(figures: Figures, what: string, found: FrameFigures): void {
  figures[`${what}: main-thread CPU a frame, p50 ms`] = found.cpu.p50;
  figures[`${what}: main-thread CPU a frame, p95 ms`] = found.cpu.p95;
  figures[`${what}: main thread taken a frame, p95 ms`] = found.wall.p95;
  figures[`${what}: frames missed, %`] = found.missed * 100;
}

async function benchWindow(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rows: { type: 'string', default: '5000000' }, runs: { type: 'string', default: '3' }, keep: { type: 'string' } },
  });
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium here; name one in ISOTHERM_CHROMIUM');
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'isotherm-bench-'));
  mkdirSync(folder, { recursive: true });
  const built = spawnSync(process.execPath, [join(ROOT, 'scripts', 'build.ts')], { cwd: ROOT, stdio: 'ignore' });
  if (built.status !== 0) throw new Error('the window could not be built');
  try {
    const { sample, flat } = await indexes(folder, Number(values.rows));
    const browser = await chromium.launch({
      executablePath,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--disable-dev-shm-usage'],
    });
    const runs: Figures[] = [];
    const loads: number[] = [];
    for (let run = 0; run < Number(values.runs); run++) {
      const figures: Figures = {};
      loads.push(loadavg()[0] ?? 0);
      await start(browser, folder, sample, figures);
      await map(browser, folder, sample, figures);
      await manyTiles(browser, folder, sample, figures);
      await table(browser, folder, flat, figures);
      runs.push(figures);
    }
    await browser.close();
    process.stdout.write(
      `${values.rows} versions, Chromium ${browser.version()} without a GPU, medians of ${values.runs} runs, ${availableParallelism()} processors, load before each run ${loads.map((load) => load.toFixed(1)).join(', ')}\n\n| what | median | all runs |\n|---|---|---|\n`,
    );
    for (const name of Object.keys(runs[0] ?? {})) {
      const all = runs.map((figures) => figures[name] ?? Number.NaN);
      process.stdout.write(`| ${name} | ${show(median(all))} | ${all.map(show).join(', ')} |\n`);
    }
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

await benchWindow(process.argv.slice(2));

function show(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
