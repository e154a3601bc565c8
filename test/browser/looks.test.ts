import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
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
  type Shell,
  serve,
  settled,
  shotPath,
} from './support/app.ts';

declare global {
  interface Window {
    /** Put there by axe-core's own script. */
    readonly axe: { run(context: Document, options: RunOptions): Promise<AxeResults> };
  }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

const files = scratch('looks');
const env = bareEnvironment(files.path('home'));
let chromium: Available<Chromium>;
let shell: Shell | undefined;

beforeAll(async () => {
  chromium = await launchChromium();
  if (chromium.ok) shell = await serve(env);
});
afterAll(async () => {
  await shell?.stop();
  if (chromium?.ok) await chromium.value.close();
  files.remove();
});
beforeEach((context) => {
  if (!chromium.ok) context.skip(chromium.reason);
});

async function open(options: Parameters<typeof openWindow>[1]): Promise<AppWindow> {
  if (!chromium.ok || shell === undefined) throw new Error('no Chromium');
  const window = await openWindow(chromium.value.browser, options, AXE);
  await openSample(window.page, shell.url);
  return window;
}

const go = async (page: Page, hash: string): Promise<void> => {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await settled(page);
};

/** The tree with its rows there and the first one chosen. */
const firstRow = async (page: Page): Promise<void> => {
  await go(page, '#explore');
  await page.locator('[role="treegrid"] [aria-level="1"]').first().waitFor();
  await page.getByRole('treegrid').focus();
  await page.keyboard.press('Home');
};

/** Every screen there is, by the way to it. Each begins with no dialog open. */
const SCREENS: readonly { readonly name: string; readonly show: (page: Page) => Promise<void> }[] = [
  { name: 'overview', show: (page) => go(page, '#overview') },
  {
    name: 'overview-table',
    show: async (page) => {
      await go(page, '#overview');
      await page.getByRole('button', { name: 'Table' }).first().click();
    },
  },
  {
    name: 'explore',
    show: async (page) => {
      await go(page, '#explore');
      await page.getByRole('treegrid').waitFor();
    },
  },
  {
    name: 'explore-selected',
    show: async (page) => {
      await firstRow(page);
      await page.keyboard.press('ArrowRight');
      await page.locator('[role="treegrid"] [aria-level="2"]').first().waitFor();
      await settled(page);
    },
  },
  {
    name: 'explore-inside',
    show: async (page) => {
      await firstRow(page);
      await page.keyboard.press('Enter');
      await page.getByRole('navigation', { name: 'Where in the bucket' }).waitFor();
      await settled(page);
    },
  },
  {
    name: 'policies',
    show: async (page) => {
      await go(page, '#policies');
      await page.locator('.month-table').waitFor();
    },
  },
  {
    name: 'review',
    show: async (page) => {
      await go(page, '#policies?review');
      await page.getByText('No plan yet').waitFor();
    },
  },
  {
    name: 'checkpoints',
    show: async (page) => {
      await go(page, '#checkpoints');
      await page.getByRole('grid').waitFor();
      await settled(page);
    },
  },
  {
    name: 'compliance',
    show: async (page) => {
      await go(page, '#compliance');
      await page.locator('.statements').waitFor();
      await settled(page);
    },
  },
  { name: 'activity', show: (page) => go(page, '#activity') },
  {
    name: 'open-dialog',
    show: async (page) => {
      await go(page, '#overview');
      await page.keyboard.press('Control+o');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'help-dialog',
    show: async (page) => {
      await go(page, '#overview');
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
];

async function seriousFaults(page: Page): Promise<string[]> {
  const results = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${impact} ${id} at ${target.join(' ')}: ${failureSummary}`),
    );
}

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  it.each(SIZES)(
    'every screen at $width x $height has nothing serious for axe, does not overflow, and complains of nothing',
    async (viewport) => {
      const { page, complaints, close } = await open({ colorScheme, viewport });
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(colorScheme);
      const faults: Record<string, unknown> = {};
      for (const { name, show } of SCREENS) {
        await show(page);
        await page.screenshot({ path: shotPath(`${name}-${colorScheme}-${viewport.width}`) });
        const found = await seriousFaults(page);
        if (found.length > 0) faults[name] = found;
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (overflow > 0) faults[`${name} overflow`] = overflow;
        if ((await page.getByRole('dialog').count()) > 0) {
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
        }
      }
      await close();
      expect(faults).toEqual({});
      expect(complaints).toEqual([]);
    },
  );
});

describe('for those who need it otherwise', () => {
  it.each([
    { name: 'in forced colours', options: { forcedColors: 'active' as const }, shot: 'forced' },
    { name: 'at 1024 x 700', options: { viewport: { width: 1024, height: 700 } }, shot: '1024' },
  ])('$name every screen has nothing serious for axe and does not overflow', async ({ options, shot }) => {
    const { page, complaints, close } = await open(options);
    const faults: Record<string, unknown> = {};
    for (const { name, show } of SCREENS.filter((screen) => !screen.name.startsWith('explore-') && !screen.name.endsWith('-table'))) {
      await show(page);
      await page.screenshot({ path: shotPath(`${name}-${shot}`) });
      const found = await seriousFaults(page);
      if (found.length > 0) faults[name] = found;
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (overflow > 0) faults[`${name} overflow`] = overflow;
      if ((await page.getByRole('dialog').count()) > 0) {
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
    }
    await close();
    expect(faults).toEqual({});
    expect(complaints).toEqual([]);
  });

  it('at 200 % zoom nothing is cut off sideways, and every view is reachable', async () => {
    // 1280 x 800 at 200 %: half as many CSS pixels, each twice as large.
    const { page, complaints, close } = await open({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
    const faults: Record<string, unknown> = {};
    for (const { name, show } of SCREENS.filter((screen) =>
      ['overview', 'explore', 'checkpoints', 'policies', 'review', 'compliance', 'activity', 'open-dialog'].includes(screen.name),
    )) {
      await show(page);
      await page.screenshot({ path: shotPath(`${name}-zoom-200`) });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (overflow > 0) faults[`${name} overflow`] = overflow;
      const found = await seriousFaults(page);
      if (found.length > 0) faults[name] = found;
      if ((await page.getByRole('dialog').count()) > 0) await page.keyboard.press('Escape');
    }
    for (const name of ['Overview', 'Explore', 'Checkpoints', 'Policies', 'Compliance', 'Activity']) {
      if (!(await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).isVisible()))
        faults[name] = 'its link is not visible';
    }
    await close();
    expect(faults).toEqual({});
    expect(complaints).toEqual([]);
  });

  it('with reduced motion nothing moves', async () => {
    const { page, close } = await open({ reducedMotion: 'reduce' });
    const moving: string[] = [];
    for (const { name, show } of SCREENS.filter((screen) => !screen.name.includes('dialog'))) {
      await show(page);
      const found = await page.evaluate(() =>
        [...document.querySelectorAll('*')]
          .filter((element) => {
            const style = getComputedStyle(element);
            const longest = (text: string): number =>
              Math.max(...text.split(',').map((part) => Number.parseFloat(part) * (part.includes('ms') ? 1 : 1000)));
            const animated = style.animationName !== 'none' && longest(style.animationDuration) > 10;
            return animated || (style.transitionProperty !== 'none' && longest(style.transitionDuration) > 10);
          })
          .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`),
      );
      moving.push(...found.map((what) => `${name}: ${what}`));
    }
    await close();
    expect([...new Set(moving)]).toEqual([]);
  });
});
