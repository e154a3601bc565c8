import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ScanResult, Summary } from '../../src/contract/index-views.ts';
import type { SampleTruth } from '../../src/contract/methods/sources.ts';
import { answer, bareEnvironment, isotherm, scratch } from '../support/command-line.ts';

const files = scratch('sample');
const env = bareEnvironment(files.path('home'));
const index = files.path('x.db');
const out = files.path('D');
let printed: SampleTruth;
let scanned: ScanResult;

beforeAll(async () => {
  printed = await answer<SampleTruth>(['sample', '--out', out, '--versions', '200000', '--seed', '7'], env);
  scanned = await answer<ScanResult>(['scan', out, '--index', index], env);
});
afterAll(() => files.remove());

const summary = (by: string) => answer<Summary>(['summary', '--index', index, '--by', by], env);

it('the generator writes the truth it prints', () => {
  expect(JSON.parse(readFileSync(files.path('D', 'truth.json'), 'utf8'))).toEqual(printed);
  expect(printed.rows).toBe(200_000);
  expect(printed.rows).toBe(printed.versions + printed.deleteMarkers);
  expect(Object.keys(printed.byClass).length).toBeGreaterThanOrEqual(7);
});

it('the scan counts the rows, versions, markers and bytes the generator wrote', () => {
  const { rows, versions, deleteMarkers, bytes } = printed;
  expect(scanned).toMatchObject({ rows, versions, deleteMarkers, bytes, coverage: 1, warnings: [] });
});

it('the summary by storage class equals the truth to the byte', async () => {
  const { totals, groups } = await summary('storageClass');
  const { versions, deleteMarkers, bytes } = printed;
  expect(totals).toMatchObject({ versions, deleteMarkers, bytes });
  const got = Object.fromEntries(groups.map((group) => [group.key, { versions: group.versions, bytes: group.bytes }]));
  expect(got).toEqual(printed.byClass);
});

it('the summary by state equals the truth to the byte', async () => {
  const { groups } = await summary('state');
  const got = Object.fromEntries(groups.map((group) => [group.key, { versions: group.versions, bytes: group.bytes }]));
  expect(got).toEqual({ current: printed.byState.current, noncurrent: printed.byState.noncurrent });
});

it.each(['category', 'age', 'prefix'])('the summary by %s adds up to its totals', async (by) => {
  const { totals, groups } = await summary(by);
  expect(groups.reduce((sum, group) => sum + group.bytes, 0)).toBe(totals.bytes);
  expect(groups.reduce((sum, group) => sum + group.versions, 0)).toBe(totals.versions);
  const money = groups.reduce((sum, group) => sum + BigInt(group.monthlyNanoUsd ?? 0), 0n);
  const slack = BigInt(groups.length);
  const difference = money - BigInt(totals.monthlyNanoUsd);
  expect(difference <= slack && -difference <= slack).toBe(true);
});

it('the same seed writes the same bytes, another seed others', async () => {
  const again = await answer<SampleTruth>(['sample', '--out', files.path('again'), '--versions', '2000', '--seed', '7'], env);
  const same = await answer<SampleTruth>(['sample', '--out', files.path('same'), '--versions', '2000', '--seed', '7'], env);
  const other = await answer<SampleTruth>(['sample', '--out', files.path('other'), '--versions', '2000', '--seed', '8'], env);
  expect(same).toEqual(again);
  expect(other).not.toEqual(again);
});

it('one index always prints the same bytes', async () => {
  const [one, two] = [
    await isotherm(['summary', '--index', index, '--by', 'category', '--json'], env),
    await isotherm(['summary', '--index', index, '--by', 'category', '--json'], env),
  ];
  expect(one.status).toBe(0);
  expect(two.stdout).toBe(one.stdout);
});
