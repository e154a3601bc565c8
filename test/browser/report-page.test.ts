import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/chromium.ts';
import type { ManagerReport } from '../../src/contract/manager-report.ts';
import { OWNER_DIMENSIONS } from '../../src/contract/owners.ts';
import { BLOCK_CODES } from '../../src/contract/simulation.ts';
import { CATEGORIES } from '../../src/contract/vocabulary.ts';
import { managerPage, PAPERS } from '../../src/core/report/manager/page.ts';
import { printPdf } from '../../src/main/cli/print-pdf.ts';
import type { Available } from '../servers/ceph/packages.ts';
import { type Chromium, launchChromium, shotPath } from './support/app.ts';

let chromium: Available<Chromium>;
beforeAll(async () => {
  chromium = await launchChromium();
});
afterAll(async () => {
  if (chromium?.ok) await chromium.value.close();
});

const MOST = '999999999999999999';
const LONG = 'a very long name of something that nobody would ever call anything / '.repeat(6);
const UNBROKEN = 'x'.repeat(400);

/** As much of everything as a report can hold, in the longest words. */
const worst: ManagerReport = {
  title: UNBROKEN,
  bucket: UNBROKEN,
  isAnonymised: false,
  appVersion: '10.20.30',
  asOf: '2026-11-20T01:00:00.000Z',
  putOn: '2026-11-20',
  prices: { region: 'us-gov-northwest-12', asOf: '2026-10-03', assumed: true },
  discountPercent: '12.3456',
  versioning: 'suspended',
  readsPercent: 20,
  now: { versions: 9_999_999_999, bytes: 2 ** 60, deleteMarkers: 9_999_999_999, noncurrentBytes: 2 ** 59, monthlyNanoUsd: MOST },
  rules: Array.from({ length: 1000 }, () => LONG),
  horizons: [12, 36].map((months) => ({
    months,
    until: '2029-11-01',
    baselineNanoUsd: MOST,
    planNanoUsd: MOST,
    feesNanoUsd: MOST,
    transitionNanoUsd: MOST,
    earlyDeletionNanoUsd: MOST,
    retrievalNanoUsd: MOST,
    savingNanoUsd: `-${MOST}`,
    range: { low: `-${MOST}`, high: MOST },
    paybackDay: null,
  })),
  firstYearNanoUsd: `-${MOST}`,
  reads: [0, 5, 20].map((percent) => ({
    percent,
    feesNanoUsd: MOST,
    firstYearNanoUsd: MOST,
    savingNanoUsd: `-${MOST}`,
    paybackDay: '2029-10-31',
  })),
  months: Array.from({ length: 36 }, (_, at) => ({
    month: new Date(Date.UTC(2026, 10 + at, 1)).toISOString().slice(0, 7),
    days: 10,
    baselineNanoUsd: MOST,
    planNanoUsd: MOST,
    feesNanoUsd: MOST,
  })),
  effects: {
    expired: { versions: 9_999_999_999, bytes: 2 ** 60 },
    hidden: { versions: 9_999_999_999, bytes: 2 ** 60 },
    transitions: ['STANDARD_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'].map((storageClass) => ({
      storageClass,
      versions: 9_999_999_999,
      bytes: 2 ** 60,
    })),
    firstExpiration: '2026-11-22',
    firstTransition: '2026-11-22',
  },
  blocked: BLOCK_CODES.map((code) => ({ code, reason: LONG, versions: 9_999_999_999, bytes: 2 ** 60 })),
  owners: {
    by: OWNER_DIMENSIONS[0],
    rows: Array.from({ length: 50 }, () => ({ owner: UNBROKEN, versions: 1, bytes: 2 ** 60, monthlyNanoUsd: MOST })),
  },
  before: {
    asOf: '2026-10-20T01:00:00.000Z',
    versions: 1,
    bytes: 1,
    monthlyNanoUsd: '0',
    categories: CATEGORIES.map((category) => ({
      category,
      bytesBefore: 0,
      bytes: 2 ** 60,
      monthlyBeforeNanoUsd: '0',
      monthlyNanoUsd: MOST,
    })),
  },
  investment: {
    months: 12,
    beforeNanoUsd: MOST,
    afterNanoUsd: MOST,
    feesNanoUsd: MOST,
    effortNanoUsd: MOST,
    savingNanoUsd: `-${MOST}`,
    returnPercent: -100,
    paybackMonth: null,
  },
  frame: {
    trainNanoUsd: MOST,
    inferNanoUsd: MOST,
    storeNanoUsd: MOST,
    storeAfterNanoUsd: MOST,
    egress: { leastNanoUsd: '0', mostNanoUsd: MOST, from: 'logs', days: 365 },
    totalNanoUsd: MOST,
  },
  redFlags: [LONG, LONG, LONG],
  assumptions: Array.from({ length: 20 }, () => LONG),
  warnings: Array.from({ length: 20 }, () => UNBROKEN),
};

describe.each(PAPERS)("the manager's page on %s", (paper) => {
  it('is one page, however much there is to say', async ({ skip }) => {
    if (!chromium.ok) return skip(chromium.reason);
    const printed = await printPdf(managerPage(worst, paper), findChromium(), new AbortController().signal);
    if (!printed.ok) throw new Error(printed.error.message);
    const pdf = Buffer.from(printed.value).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
    const [wide, high] = paper === 'a4' ? [595, 842] : [612, 792];
    expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([wide, high]);
  });

  it('lets nothing run out of it, and asks for nothing', async ({ skip }) => {
    if (!chromium.ok) return skip(chromium.reason);
    const opened = await chromium.value.browser.newContext({ viewport: { width: paper === 'a4' ? 703 : 725, height: 1000 } });
    const page = await opened.newPage();
    const requests: string[] = [];
    page.on('request', ({ url }) => requests.push(url()));
    await page.setContent(managerPage(worst, paper));
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    expect(requests).toEqual([]);
    await page.screenshot({ path: shotPath(`report-${paper}`), fullPage: true });
    await opened.close();
  });
});
