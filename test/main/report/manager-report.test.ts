import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ManagerReport } from '../../../src/contract/manager-report.ts';
import { POLICY_METHODS } from '../../../src/contract/methods/policy.ts';
import { REPORT_METHODS } from '../../../src/contract/methods/report.ts';
import type { Simulation } from '../../../src/contract/simulation.ts';
import { csvLines } from '../../../src/core/report/csv-lines.ts';
import { formatBytes, formatCount, formatMoney } from '../../../src/core/report/format.ts';
import { managerCsv } from '../../../src/core/report/manager/csv.ts';
import { managerPage } from '../../../src/core/report/manager/page.ts';
import type { EngineEnvironment } from '../../../src/main/engine/handler.ts';
import { policyHandlers } from '../../../src/main/engine/handlers/policy.ts';
import { reportHandlers } from '../../../src/main/engine/handlers/report.ts';
import { scratch } from '../../support/command-line.ts';
import { AS_OF_MS, daysAgo, META, type PlainRow, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const folder = scratch('report');
afterAll(folder.remove);
const environment: EngineEnvironment = { version: '9.9', dataDir: '/nowhere', resourcesDir: RESOURCES, now: () => new Date(AS_OF_MS) };
const context = { environment, signal: new AbortController().signal, progress: () => {} };
const index = folder.path('x.db');

const GB = 2 ** 30;
const DAY = 86_400_000;
/** us-east-1 (s3-domain 3.2): dollars a GB-month, a GB read back, a transition in. */
const STORE: Readonly<Record<string, number>> = { STANDARD: 0.023, STANDARD_IA: 0.0125, GLACIER_IR: 0.004 };
const READ: Readonly<Record<string, number>> = { STANDARD: 0, STANDARD_IA: 0.01, GLACIER_IR: 0.03 };
const INTO_GLACIER_IR = 0.02 / 1000;

const many = (count: number, prefix: string, facts: Partial<PlainRow>): PlainRow[] =>
  Array.from({ length: count }, (_, at) => row(`${prefix}${at}`, facts));

/** What each group of rows is, and the day (after the as-of day) on which a rule acts on it. */
const GROUPS = [
  { rows: many(30, 'data/', { sizeBytes: 40 * GB, lastModifiedMs: daysAgo(10) }), from: 'STANDARD', to: 'GLACIER_IR', after: 21 },
  { rows: many(20, 'tmp/=1+1/', { sizeBytes: 5 * GB, lastModifiedMs: daysAgo(3) }), from: 'STANDARD', to: null, after: 5 },
  {
    rows: many(15, 'ia/', { sizeBytes: 10 * GB, lastModifiedMs: daysAgo(5), storageClass: 'STANDARD_IA' }),
    from: 'STANDARD_IA',
    to: null,
    after: 16,
  },
  { rows: many(25, 'data/small/', { sizeBytes: 1000, lastModifiedMs: daysAgo(40) }), from: 'STANDARD', to: 'STANDARD', after: 0 },
  { rows: many(5, 'models/\u202egnp.', { sizeBytes: 7 * GB, lastModifiedMs: daysAgo(200) }), from: 'STANDARD', to: 'STANDARD', after: 0 },
] as const;
const IA_MISSING_DAYS = 30 - 16;

const policy = {
  Rules: [
    { ID: 'secret-data', Status: 'Enabled' as const, Filter: { Prefix: 'data/' }, Transitions: [{ Days: 30, StorageClass: 'GLACIER_IR' }] },
    { ID: 'secret-tmp', Status: 'Enabled' as const, Filter: { Prefix: 'tmp/' }, Expiration: { Days: 7 } },
    { ID: 'secret-ia', Status: 'Enabled' as const, Filter: { And: { Prefix: 'ia/', ObjectSizeGreaterThan: 5 } }, Expiration: { Days: 20 } },
    { ID: 'secret-tag', Status: 'Enabled' as const, Filter: { Tag: { Key: 'hush', Value: 'quiet' } }, Expiration: { Days: 900 } },
  ],
};
const owners = {
  file: {
    format: 'isotherm-owners/1' as const,
    rules: [
      { prefix: 'data/', team: '=cmd|calc' },
      { prefix: 'tmp/', team: 'blue' },
    ],
  },
};
const frame = {
  format: 'isotherm-cost-frame/1' as const,
  items: [
    {
      name: 'H100',
      purpose: 'train' as const,
      cost: { instances: 3, hoursPerMonth: 100, usdPerHour: '10', spot: { sharePercent: 40, usdPerHour: '2.5' } },
    },
    { name: 'serve', purpose: 'infer' as const, cost: { monthlyUsd: '123.45' } },
  ],
  egressMonthlyUsd: '7.5',
};

beforeAll(async () => {
  const rows = GROUPS.flatMap(({ rows: all }) => all);
  await writeIndex(index, rows.slice(10), { meta: { ...META, asOfMs: AS_OF_MS - 30 * DAY, manifestMd5: '1'.repeat(32) } });
  await writeIndex(index, rows, { meta: { ...META, manifestMd5: '2'.repeat(32) } });
});

const told = { index, policy, versioning: 'unversioned' as const };

async function report(more: object = {}): Promise<ManagerReport> {
  const params = v.parse(REPORT_METHODS['report.manager'].params, { ...told, owners, frame, effortUsd: '250', ...more });
  const made = await reportHandlers['report.manager'](params, context);
  if (!made.ok) throw new Error(`${made.error.code}: ${made.error.message}`);
  v.parse(REPORT_METHODS['report.manager'].result, made.value);
  return made.value;
}

const usd = (nano: string): number => Number(nano) / 1e9;

/** Dollars day by day, told again from the groups above: storage as it is, under the plan, and the plan's fees with so many percent read. */
function byHand(days: number, percent: number) {
  const start = Math.floor(AS_OF_MS / DAY);
  const daily = Array.from({ length: days }, (_, at) => {
    const date = new Date((start + at) * DAY);
    const monthDays = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    let [baseline, plan, fees] = [0, 0, 0];
    for (const { rows, from, to, after } of GROUPS) {
      const gb = rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / GB;
      const now = at < after ? from : to;
      baseline += (gb * STORE[from]!) / monthDays;
      plan += now === null ? 0 : (gb * STORE[now]!) / monthDays;
      fees += ((now === null ? 0 : READ[now]!) - READ[from]!) * ((gb * percent) / 100 / monthDays);
      if (at !== after || after === 0) continue;
      if (to === 'GLACIER_IR') fees += rows.length * INTO_GLACIER_IR;
      if (from === 'STANDARD_IA') fees += (gb * STORE[from]! * IA_MISSING_DAYS) / 30;
    }
    return { baseline, plan, fees };
  });
  const sum = (what: 'baseline' | 'plan' | 'fees') => daily.reduce((all, day) => all + day[what], 0);
  let [soFar, payback] = [0, null as number | null];
  for (const [at, day] of daily.entries()) {
    soFar += day.baseline - day.plan - day.fees;
    if (soFar < -1e-12) payback = null;
    else payback ??= at;
  }
  return {
    baseline: sum('baseline'),
    plan: sum('plan'),
    fees: sum('fees'),
    saving: soFar,
    payback: payback === null ? null : new Date((start + payback) * DAY).toISOString().slice(0, 10),
  };
}

/** Days from the as-of day to the first of a month so many calendar months on. */
const daysTo = (months: number): number => (Date.UTC(2026, 10 + months, 1) - Math.floor(AS_OF_MS / DAY) * DAY) / DAY;

describe('the figures', () => {
  test('are what the days of every group add up to', async () => {
    const made = await report();
    for (const [at, months] of [12, 36].entries()) {
      const [own, hand] = [made.horizons[at]!, byHand(daysTo(months), 0)];
      expect(own.months).toBe(months);
      expect(usd(own.baselineNanoUsd)).toBeCloseTo(hand.baseline, 7);
      expect(usd(own.planNanoUsd)).toBeCloseTo(hand.plan, 7);
      expect(usd(own.feesNanoUsd)).toBeCloseTo(hand.fees, 7);
      expect(usd(own.savingNanoUsd)).toBeCloseTo(hand.saving, 7);
      expect(own.paybackDay).toBe(hand.payback);
      expect(own.transitionNanoUsd).toBe(String(30 * 20_000));
      expect(usd(own.earlyDeletionNanoUsd)).toBeCloseTo((150 * 0.0125 * IA_MISSING_DAYS) / 30, 7);
      expect(own.retrievalNanoUsd).toBe('0');
      expect(own.until).toBe(new Date(Date.UTC(2026, 10 + months, 1)).toISOString().slice(0, 10));
    }
    expect(usd(made.firstYearNanoUsd)).toBeCloseTo(byHand(365, 0).saving, 7);
    for (const [at, percent] of [0, 5, 20].entries()) {
      const [own, hand] = [made.reads[at]!, byHand(daysTo(36), percent)];
      expect(own.percent).toBe(percent);
      expect(usd(own.feesNanoUsd)).toBeCloseTo(hand.fees, 6);
      expect(usd(own.savingNanoUsd)).toBeCloseTo(hand.saving, 6);
      expect(usd(own.firstYearNanoUsd)).toBeCloseTo(byHand(365, percent).saving, 6);
      expect(own.paybackDay).toBe(hand.payback);
    }
    for (const [at, { month, days, baselineNanoUsd, planNanoUsd, feesNanoUsd }] of made.months.entries()) {
      const [until, from] = [byHand(daysTo(at + 1), 0), at === 0 ? { baseline: 0, plan: 0, fees: 0 } : byHand(daysTo(at), 0)];
      expect(month).toBe(new Date(Date.UTC(2026, 10 + at, 1)).toISOString().slice(0, 7));
      expect(days).toBe(daysTo(at + 1) - (at === 0 ? 0 : daysTo(at)));
      expect(usd(baselineNanoUsd)).toBeCloseTo(until.baseline - from.baseline, 6);
      expect(usd(planNanoUsd)).toBeCloseTo(until.plan - from.plan, 6);
      expect(usd(feesNanoUsd)).toBeCloseTo(until.fees - from.fees, 6);
    }
    expect(made.blocked).toMatchObject([{ code: 'smallObject', versions: 25, bytes: 25_000 }]);
    expect(made.effects).toMatchObject({
      expired: { versions: 35, bytes: 250 * GB },
      hidden: { versions: 0 },
      transitions: [{ storageClass: 'GLACIER_IR', versions: 30, bytes: 1200 * GB }],
      firstExpiration: '2026-11-25',
      firstTransition: '2026-12-11',
    });
    expect(made.redFlags.join()).toContain('secret-tag');
  });

  test('of now, of owners and of last time are those of the rows, one by one', async () => {
    const made = await report();
    const rows = GROUPS.flatMap(({ rows: all }) => all);
    const month = (all: readonly PlainRow[]): number =>
      all.reduce((sum, { sizeBytes, storageClass }) => sum + (sizeBytes / GB) * STORE[storageClass]!, 0);
    const bytes = (all: readonly PlainRow[]): number => all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    expect(made.now).toMatchObject({ versions: 95, bytes: bytes(rows), deleteMarkers: 0, noncurrentBytes: 0 });
    expect(usd(made.now.monthlyNanoUsd)).toBeCloseTo(month(rows), 7);
    const of = (prefix: string) => rows.filter(({ key }) => key.startsWith(prefix));
    const rest = rows.filter(({ key }) => !key.startsWith('data/') && !key.startsWith('tmp/'));
    expect(made.owners?.rows.map(({ owner, versions, bytes: held }) => [owner, versions, held])).toEqual([
      ['=cmd|calc', 55, bytes(of('data/'))],
      ['blue', 20, bytes(of('tmp/'))],
      [null, 20, bytes(rest)],
    ]);
    for (const [at, own] of [of('data/'), of('tmp/'), rest].entries())
      expect(usd(made.owners?.rows[at]?.monthlyNanoUsd ?? '')).toBeCloseTo(month(own), 7);
    expect(made.before).toMatchObject({ versions: 85, bytes: bytes(rows.slice(10)), asOf: new Date(AS_OF_MS - 30 * DAY).toISOString() });
    expect(usd(made.before?.monthlyNanoUsd ?? '')).toBeCloseTo(month(rows.slice(10)), 7);
    const sum = (what: 'bytes' | 'bytesBefore') => (made.before?.categories ?? []).reduce((all, one) => all + one[what], 0);
    expect([sum('bytes'), sum('bytesBefore')]).toEqual([bytes(rows), bytes(rows.slice(10))]);
    const changed = (made.before?.categories ?? []).filter((one) => one.bytes !== one.bytesBefore);
    expect(changed.map((one) => one.bytes - one.bytesBefore)).toEqual([400 * GB]);
  });

  test('of the investment and of the frame are those of finance', async () => {
    const { investment, frame: told12, horizons, now } = await report();
    const [before, after, fees, effort] = [
      horizons[0]!.baselineNanoUsd,
      horizons[0]!.planNanoUsd,
      horizons[0]!.feesNanoUsd,
      '250000000000',
    ];
    const saving = Number(BigInt(before) - BigInt(after) - BigInt(fees) - BigInt(effort));
    expect(investment).toMatchObject({ months: 12, beforeNanoUsd: before, afterNanoUsd: after, feesNanoUsd: fees, effortNanoUsd: effort });
    // Each is rounded once, to the nano-dollar.
    expect(Math.abs(Number(investment.savingNanoUsd) - saving)).toBeLessThanOrEqual(2);
    expect(investment.returnPercent).toBeCloseTo((100 * saving) / (Number(fees) + Number(effort)), 1);
    // The first month whose end finds fees and effort earned.
    const month = Array.from({ length: 36 }, (_, at) => at).find((at) => byHand(daysTo(at + 1), 0).saving >= 250);
    expect(investment.paybackMonth).toBe(new Date(Date.UTC(2026, 10 + month!, 1)).toISOString().slice(0, 7));
    expect(told12).toEqual({
      // 3 x 100 hours x (60 % of 10 + 40 % of 2.5) dollars.
      trainNanoUsd: '2100000000000',
      inferNanoUsd: '123450000000',
      storeNanoUsd: now.monthlyNanoUsd,
      storeAfterNanoUsd: String(Math.round(Number(BigInt(after) + BigInt(fees)) / 12)),
      egress: { leastNanoUsd: '7500000000', mostNanoUsd: '7500000000', from: 'entered', days: null },
      totalNanoUsd: String(2_100_000_000_000n + 123_450_000_000n + BigInt(now.monthlyNanoUsd) + 7_500_000_000n),
    });
    expect((await report({ frame: { ...frame, egressMonthlyUsd: undefined } })).frame?.egress).toBeNull();
    expect((await report({ effortUsd: '0', policy: { Rules: [] } })).investment).toMatchObject({ returnPercent: null, savingNanoUsd: '0' });
  });

  test('are those of the slow engine, and of a simulation of its own', async () => {
    const [fast, slow] = [await report(), await report({ engine: 'oracle' })];
    expect(slow).toEqual(fast);
    for (const [at, reads] of (['none', '5', '20'] as const).entries()) {
      const params = v.parse(POLICY_METHODS['policy.simulate'].params, { ...told, months: 36, reads, engine: 'oracle' });
      const simulated = await policyHandlers['policy.simulate'](params, context);
      const { totals, range } = (simulated as { value: Simulation }).value;
      expect(fast.reads[at]).toMatchObject({
        savingNanoUsd: totals.savingNanoUsd,
        firstYearNanoUsd: totals.firstYearNanoUsd,
        feesNanoUsd: totals.oneTimeNanoUsd,
      });
      if (reads === 'none') expect(fast.horizons[1]?.range).toEqual(range);
    }
  });
});

/** What a person reads of a page. */
const textOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"');

describe('the page', () => {
  test('shows no amount that is not a figure of the report, and every one of them', async () => {
    const made = await report();
    const text = textOf(managerPage(made));
    const change = (nano: bigint): string => `${nano > 0n ? '+' : ''}${formatMoney(nano)}`;
    const [short] = made.horizons;
    const wanted = new Set([
      ...[made.now.monthlyNanoUsd, made.firstYearNanoUsd].map((nano) => formatMoney(nano)),
      ...made.horizons.flatMap((one) =>
        [
          one.baselineNanoUsd,
          one.planNanoUsd,
          one.feesNanoUsd,
          one.transitionNanoUsd,
          one.earlyDeletionNanoUsd,
          one.retrievalNanoUsd,
          one.savingNanoUsd,
          one.range.low,
          one.range.high,
        ].map((nano) => formatMoney(nano)),
      ),
      ...made.reads.flatMap((one) => [one.feesNanoUsd, one.firstYearNanoUsd, one.savingNanoUsd].map((nano) => formatMoney(nano))),
      ...[
        made.investment.beforeNanoUsd,
        made.investment.afterNanoUsd,
        made.investment.feesNanoUsd,
        made.investment.effortNanoUsd,
        made.investment.savingNanoUsd,
      ].map((nano) => formatMoney(nano)),
      ...[
        made.frame!.trainNanoUsd,
        made.frame!.inferNanoUsd,
        made.frame!.storeNanoUsd,
        made.frame!.storeAfterNanoUsd,
        made.frame!.egress!.leastNanoUsd,
        made.frame!.totalNanoUsd,
      ].map((nano) => formatMoney(nano)),
      ...made.owners!.rows.map(({ monthlyNanoUsd }) => formatMoney(monthlyNanoUsd)),
      change(BigInt(made.now.monthlyNanoUsd) - BigInt(made.before!.monthlyNanoUsd)),
      ...made
        .before!.categories.filter((one) => one.bytes !== one.bytesBefore)
        .map((one) => change(BigInt(one.monthlyNanoUsd!) - BigInt(one.monthlyBeforeNanoUsd!))),
    ]);
    const shown = new Set(
      (text.replace(/as it is plan plan with its fees/, '').match(/(< |−|\+)?\$[\d,.]+[kM]?/g) ?? []).map((amount) =>
        amount.replace(/[.,]$/, ''),
      ),
    );
    // The axis of the chart has three amounts of its own.
    const axis = new Set((managerPage(made).match(/class="a" dy="3">([^<]+)</g) ?? []).map((tick) => tick.slice(17, -1)));
    expect([...shown].filter((amount) => !wanted.has(amount) && !axis.has(amount))).toEqual([]);
    expect([...wanted].filter((amount) => !shown.has(amount))).toEqual([]);
    for (const words of [
      made.prices.asOf,
      made.prices.region,
      short!.paybackDay!,
      made.putOn,
      formatBytes(made.now.bytes),
      formatCount(made.now.versions),
    ])
      expect(text).toContain(words);
    expect(text).toContain(formatBytes(made.blocked[0]!.bytes));
    expect(text).toContain(made.blocked[0]!.reason);
  });

  test('runs nothing, whatever things are called', async () => {
    const title = '<script>alert(1)</script>\u202e';
    const page = managerPage(await report({ title }));
    expect(page).not.toContain('<script');
    expect(page).not.toContain('\u202e');
    expect(page).toContain("default-src 'none'");
  });

  test('tells no names where it is anonymised, in any form', async () => {
    const made = await report({ anonymise: true });
    for (const form of [JSON.stringify(made), managerPage(made), managerCsv(made)]) {
      for (const name of ['ml-bucket', 'secret', 'data/', 'tmp/', 'ia/', 'hush', 'quiet', 'cmd|calc', 'blue'])
        expect(form).not.toContain(name);
    }
    expect(made).toMatchObject({
      isAnonymised: true,
      bucket: 'Bucket A',
      owners: { rows: [{ owner: 'Owner A' }, { owner: 'Owner B' }, { owner: null }] },
    });
    expect(made.rules[0]).toContain('prefix 1');
    const named = await report();
    for (const part of ['horizons', 'reads', 'months', 'now', 'investment', 'frame', 'blocked', 'effects', 'before'] as const)
      expect(made[part]).toEqual(named[part]);
  });
});

test('the table of figures can be read back, and begins no formula', async () => {
  const made = await report();
  const lines = [...csvLines(managerCsv(made))];
  const find = (section: string, item: string, figure: string): string[] | undefined =>
    lines.find((line) => line[0] === section && line[1] === item && line[2] === figure);
  expect(find('horizon', '12 months', 'saving')?.[3]).toBe(
    `${(BigInt(made.horizons[0]!.savingNanoUsd) / 1_000_000_000n).toString()}.${(BigInt(made.horizons[0]!.savingNanoUsd) % 1_000_000_000n).toString().padStart(9, '0')}`,
  );
  expect(find('investment', '12 months', 'saving')?.[3]).toBe((Number(made.investment.savingNanoUsd) / 1e9).toFixed(9));
  expect(find('owner by team', "'=cmd|calc", 'bytes')?.[3]).toBe(String(made.owners!.rows[0]!.bytes));
  expect(lines.every((line) => line.length === 5 && line.every((cell) => !/^[=+@\t]/.test(cell) && !/^-[^\d]/.test(cell)))).toBe(true);
});

test('a snapshot to compare with that is not there is refused', async () => {
  const params = v.parse(REPORT_METHODS['report.manager'].params, { ...told, compareWith: '77' });
  expect(await reportHandlers['report.manager'](params, context)).toMatchObject({ ok: false, error: { code: 'SnapshotNotFound' } });
});
