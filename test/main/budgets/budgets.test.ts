import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BudgetFile, BudgetReport } from '../../../src/contract/budget.ts';
import { answer, bareEnvironment, failure, isotherm, scratch } from '../../support/command-line.ts';
import { META, type PlainRow, row, writeIndex } from '../../support/index-rows.ts';

const folder = scratch('budgets');
const environment = bareEnvironment(folder.path('home'));
afterAll(folder.remove);

const GB = 2 ** 30;
const DAY = 86_400_000;
const LAST = Date.UTC(2026, 10, 21);
const index = folder.path('x.db');
/** us-east-1, STANDARD, first band (s3-domain 3.2): dollars a GB-month. */
const PRICE = 0.023;

/** Weekly snapshots: `red` stays at 100 GB, `blue` grows by 10 GB a week and by 400 GB in the last one. */
beforeAll(async () => {
  for (let week = 0; week <= 20; week += 1) {
    const at = LAST - (20 - week) * 7 * DAY;
    const old = LAST - 400 * DAY;
    const blue = Array.from({ length: week + 1 }, (_, earlier): PlainRow => {
      const sizeBytes = (earlier === 20 ? 400 : 10) * GB;
      return row(`blue/${earlier}`, { sizeBytes, lastModifiedMs: LAST - (20 - earlier) * 7 * DAY - DAY });
    });
    await writeIndex(
      index,
      [...blue, row('red/x', { sizeBytes: 100 * GB, lastModifiedMs: old }), row('else', { sizeBytes: GB, lastModifiedMs: old })],
      {
        meta: { ...META, asOfMs: at, scannedAtMs: at + 1000, manifestMd5: week.toString(16).padStart(32, '0') },
      },
    );
  }
});

const owners = folder.path('owners.json');
writeFileSync(
  owners,
  JSON.stringify({
    format: 'isotherm-owners/1',
    rules: [
      { prefix: 'red/', team: 'red' },
      { prefix: 'blue/', team: 'blue' },
    ],
  }),
);

function budgetsOf(budgets: Partial<BudgetFile> | object): string {
  const file = folder.path('budgets.json');
  writeFileSync(file, JSON.stringify({ format: 'isotherm-budgets/1', budgets: [], ...budgets }));
  return file;
}

const args = (file: string, ...more: string[]): string[] => ['budget', '--index', index, '--budgets', file, '--owners', owners, ...more];
const dollars = (nano: string | null | undefined): number => Number(nano) / 1e9;

describe('isotherm budget', () => {
  test('what each owner has cost so far and would cost, by hand', async () => {
    const report = await answer<BudgetReport>(args(budgetsOf({ budgets: [{ owner: 'red', monthlyUsd: '3' }] })), environment);
    expect(report.snapshots).toHaveLength(21);
    expect(report.rows.map(({ owner, scope }) => (scope === 'everything' ? scope : owner))).toEqual(['everything', 'blue', 'red', null]);
    const red = report.rows.find(({ owner }) => owner === 'red')!;
    // 100 GB for 20 of the 30 days of November, then for the other 10; December is as dear as November.
    expect(dollars(red.months[0]?.soFarNanoUsd)).toBeCloseTo((100 * PRICE * 20) / 30, 6);
    expect(dollars(red.months[0]?.expectedNanoUsd)).toBeCloseTo(100 * PRICE, 6);
    expect(dollars(red.months[1]?.expectedNanoUsd)).toBeCloseTo(100 * PRICE, 6);
    // It never was anything else: the band has no width.
    expect(red.months[0]?.band).toMatchObject({ lowNanoUsd: red.months[0]?.expectedNanoUsd, coverage: 1 });
    expect(red.months.map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(red.growth).toMatchObject({ bytesPerDay: 0, isSpike: false });
    const blue = report.rows.find(({ owner }) => owner === 'blue')!;
    expect(blue.bytes).toBe(600 * GB);
    expect(blue.growth).toMatchObject({ isSpike: true, usualBytesPerDay: (10 * GB) / 7, intervals: 19, earlierSpikes: 0 });
    // November by day: the 1st to the 7th lie between the snapshots of October 31 and November 7, and so on, each rising by 10 GB evenly.
    let expected = 0;
    for (let day = 0; day < 20; day += 1) {
      const after = day + 0.5 + 1;
      expected += day < 6 ? 180 + (10 * after) / 7 : day < 13 ? 190 + (10 * (after - 7)) / 7 : 200 + (400 * (after - 14)) / 7;
    }
    expect(dollars(blue.months[0]?.soFarNanoUsd)).toBeCloseTo((expected * PRICE) / 30, 6);
    const [everything] = report.rows;
    const sum = report.rows.slice(1).reduce((all, { months }) => all + dollars(months[0]?.soFarNanoUsd), 0);
    expect(dollars(everything?.months[0]?.soFarNanoUsd)).toBeCloseTo(sum, 5);
    expect(report.alerts.map(({ kind, owner, scope }) => [kind, owner, scope])).toEqual([
      ['spike', null, 'everything'],
      ['spike', 'blue', 'owner'],
    ]);
  });

  test('rules in force are in the forecast, with their fees', async () => {
    const policy = folder.path('policy.json');
    const Rules = [
      { ID: 'r', Status: 'Enabled', Filter: { Prefix: 'red/' }, Expiration: { Days: 403 } },
      { ID: 'b', Status: 'Enabled', Filter: { Prefix: 'blue/20' }, Transitions: [{ Days: 2, StorageClass: 'GLACIER_IR' }] },
    ];
    writeFileSync(policy, JSON.stringify({ Rules }));
    const file = budgetsOf({ budgets: [{ owner: 'red', monthlyUsd: '3' }] });
    const report = await answer<BudgetReport>(
      args(file, '--policy', policy, '--since', '2026-11-20', '--versioning', 'unversioned'),
      environment,
    );
    const red = report.rows.find(({ owner }) => owner === 'red')!;
    // Written 400 days before November 21: its clock starts at that midnight, it is due on November 24.
    expect(dollars(red.months[0]?.expectedNanoUsd)).toBeCloseTo((100 * PRICE * 23) / 30, 6);
    expect(red.months[1]?.expectedNanoUsd).toBe('0');
    // One object moved to GLACIER_IR: 0.02 dollars a thousand requests.
    const blue = report.rows.find(({ owner }) => owner === 'blue')!;
    expect(dollars(blue.months[0]?.feesNanoUsd)).toBeGreaterThanOrEqual(0.00002);
  });

  test('the exit status, the webhook and the mail say the same', async () => {
    const file = budgetsOf({
      budgets: [
        { owner: 'red', monthlyUsd: '1' },
        { owner: 'grün; rm -rf', monthlyUsd: '5' },
      ],
      total: { monthlyUsd: '1000000' },
    });
    const [webhook, mail] = [folder.path('hook.json'), folder.path('mail.eml')];
    const ended = await isotherm(
      args(file, '--json', '--webhook-file', webhook, '--mail-file', mail, '--mail-to', 'ml@example.org,fin@example.org'),
      environment,
    );
    expect(ended.status).toBe(3);
    const report = JSON.parse(ended.stdout) as BudgetReport;
    expect(report.alerts[0]).toMatchObject({ level: 'over', kind: 'budget', owner: 'red', when: '2026-11' });
    expect(report.alerts[0]?.words).toContain('team red has cost');
    const sent = JSON.parse(readFileSync(webhook, 'utf8')) as { text: string; report: BudgetReport };
    expect(sent.report).toEqual(report);
    for (const { words } of report.alerts) expect(sent.text).toContain(words);
    const message = readFileSync(mail, 'utf8');
    const [head = '', ...body] = message.split('\r\n\r\n');
    expect(head).toContain('To: ml@example.org,\r\n fin@example.org');
    expect(head.split('\r\n').every((line) => /^[\x20-\x7e]{1,78}$/.test(line))).toBe(true);
    expect(Buffer.from(body.join(''), 'base64').toString('utf8').replaceAll('\r\n', '\n')).toBe(`${sent.text}\n`);
    expect(report.rows.find(({ owner }) => owner === 'grün; rm -rf')).toMatchObject({
      bytes: 0,
      months: [{ expectedNanoUsd: '0', status: 'ok' }, {}],
    });
    expect((await isotherm(args(file, '--fail-on', 'never'), environment)).status).toBe(0);
  });

  test('a spike alone fails where warnings are to', async () => {
    const file = budgetsOf({ total: { monthlyUsd: '1000' } });
    expect((await isotherm(args(file), environment)).status).toBe(0);
    expect((await isotherm(args(file, '--fail-on', 'warn'), environment)).status).toBe(3);
  });

  test.each([
    [
      'two budgets for one owner',
      {
        budgets: [
          { owner: 'red', monthlyUsd: '1' },
          { owner: 'red', monthlyUsd: '2' },
        ],
      },
    ],
    ['a fraction of a cent', { total: { monthlyUsd: '1.005' } }],
    ['a number for an amount', { total: { monthlyUsd: 5 } }],
    ['a word too much', { total: { monthlyUsd: '5' }, teams: [] }],
  ])('refuse-%s', async (_name, budgets) => {
    expect(await failure(args(budgetsOf(budgets)), environment)).toMatchObject({ status: 3, error: { code: 'PolicyInvalid' } });
  });

  test('refuse-a mail nobody is to get, and an address that is two lines', async () => {
    const file = budgetsOf({});
    expect((await failure(args(file, '--mail-file', folder.path('m')), environment)).status).toBe(2);
    expect((await failure(args(file, '--mail-file', folder.path('m'), '--mail-to', 'a@b\r\nBcc: c@d'), environment)).status).toBe(2);
  });
});
