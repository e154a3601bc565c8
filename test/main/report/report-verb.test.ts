import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ManagerReport } from '../../../src/contract/manager-report.ts';
import { managerCsv } from '../../../src/core/report/manager/csv.ts';
import { managerPage } from '../../../src/core/report/manager/page.ts';
import { bareEnvironment, failure, isotherm, scratch } from '../../support/command-line.ts';
import { row, writeIndex } from '../../support/index-rows.ts';

const folder = scratch('report-verb');
const environment = bareEnvironment(folder.path('home'));
afterAll(folder.remove);
const [index, policy] = [folder.path('x.db'), folder.path('policy.json')];
const args = (...more: string[]): string[] => ['report', '--index', index, '--policy', policy, ...more];

beforeAll(async () => {
  await writeIndex(index, [row('a/x', { sizeBytes: 2 ** 40 })]);
  writeFileSync(policy, JSON.stringify({ Rules: [{ ID: 'a', Status: 'Enabled', Filter: { Prefix: 'a/' }, Expiration: { Days: 20 } }] }));
});

test('the page, the table and the JSON are one report', async () => {
  const [page, table] = [folder.path('r.html'), folder.path('r.csv')];
  const ended = await isotherm(
    args('--json', '--html', page, '--csv', table, '--paper', 'letter', '--versioning', 'unversioned'),
    environment,
  );
  expect([ended.status, ended.stderr.includes(`Wrote ${page}.`)]).toEqual([0, true]);
  const made = JSON.parse(ended.stdout) as ManagerReport;
  expect(readFileSync(page, 'utf8')).toBe(managerPage(made, 'letter'));
  expect(readFileSync(table, 'utf8')).toBe(managerCsv(made));
  const words = await isotherm(args('--versioning', 'unversioned'), environment);
  expect(words.stdout).toContain('ml-bucket: in the first year the plan saves $');
});

test('refuse-a PDF without a Chromium', async () => {
  const pdf = folder.path('r.pdf');
  const refused = await failure(args('--pdf', pdf, '--chromium', folder.path('absent')), environment);
  expect(refused).toMatchObject({ status: 3, error: { code: 'FileUnreadable', file: folder.path('absent') } });
  expect(existsSync(pdf)).toBe(false);
});

test.each([
  ['an effort that is no amount', ['--effort-usd', '1e3'], 2],
  ['another paper', ['--paper', 'a3'], 2],
  ['a frame that is not there', ['--cost-frame', '/nowhere.json'], 3],
])('refuse-%s', async (_name, more, status) => expect((await failure(args(...more), environment)).status).toBe(status));
