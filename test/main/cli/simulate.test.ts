import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { run } from '../../../src/main/cli/run.ts';
import type * as ThreadHost from '../../../src/main/engine/thread-host.ts';
import { logLine } from '../../support/access-logs.ts';
import { answer, bareEnvironment, isotherm, scratch } from '../../support/command-line.ts';
import { row, writeIndex } from '../../support/index-rows.ts';

/** Every command line asks the same engine thread, which is what costs most to start. */
const engine = vi.hoisted(() => ({ close: async (): Promise<void> => undefined }));
vi.mock('../../../src/main/engine/thread-host.ts', async (load) => {
  const { startEngineThread } = await load<typeof ThreadHost>();
  let host: ThreadHost.EngineHost | undefined;
  return {
    startEngineThread: (...settings: Parameters<typeof startEngineThread>): ThreadHost.EngineHost => {
      const shared = host ?? startEngineThread(...settings);
      host = shared;
      engine.close = () => shared.close();
      return { ...shared, connect: () => shared.connect(), close: async () => undefined };
    },
  };
});
afterAll(() => engine.close());

/** What other programs rely on: shapes, figures and exit statuses of simulate, explain and break-even, to the letter. */
const folder = scratch('simulate');
const index = folder.path('x.db');
const odd = folder.path('odd.db');
const GIB = 2 ** 30;
const at = (date: string): number => Date.parse(date);

beforeAll(async () => {
  process.env.ISOTHERM_HOME = folder.path('home');
  mkdirSync(folder.path('logs'));
  const current = { lastModifiedMs: at('2026-08-01T10:00:00Z'), sizeBytes: GIB };
  const rows = [
    row('data/a', current),
    row('data/small', { ...current, sizeBytes: 1000 }),
    row('data/locked', { ...current, retainUntilMs: at('2027-12-31T00:00:00Z') }),
    row('logs/x', { lastModifiedMs: at('2026-10-25T10:00:00Z'), sizeBytes: GIB, versionId: 'v2' }),
    row('logs/x', { lastModifiedMs: at('2026-10-20T10:00:00Z'), sizeBytes: GIB, versionId: 'v1', state: 'noncurrent' }),
  ];
  await writeIndex(index, rows);
  const whole = ['model.safetensors', 'trainer_state.json'].map((name) => row(`out/run1/checkpoint-500/${name}`, current));
  await writeIndex(odd, [...rows, ...whole, row('odd', { ...current, storageClass: 'SNOW', sizeBytes: 7 })]);
});
afterAll(folder.remove);

const file = (name: string, value: object): string => {
  const path = folder.path(name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const rule = (ID: string, Prefix: string, actions: object) => ({ ID, Status: 'Enabled', Filter: { Prefix }, ...actions });
const archive = rule('archive', 'data/', { Transitions: [{ Days: 30, StorageClass: 'GLACIER' }] });
const expire = rule('expire', 'logs/', { Expiration: { Days: 10 }, NoncurrentVersionExpiration: { NoncurrentDays: 7 } });

/** One command line in this process: status, JSON on standard output, words on standard error. */
async function told(...args: readonly string[]): Promise<{ status: number; json: Record<string, unknown>; errors: string }> {
  const [out, errors]: [string[], string[]] = [[], []];
  const streams = { out: (text: string) => void out.push(text), errors: { write: (text: string) => errors.push(text) } };
  const status = await run([...args, '--json'], new AbortController().signal, streams);
  return { status, json: JSON.parse(out.join('')) as Record<string, unknown>, errors: errors.join('') };
}
const policy = () => file('policy.json', { Rules: [archive, expire] });
const simulate = (...more: readonly string[]) =>
  told('simulate', '--index', index, '--policy', policy(), '--as-of', '2026-10-31', '--months', '2', '--region', 'us-east-1', ...more);

describe('simulate --json', () => {
  test('has the months, totals, blocked versions and range that programs read', async () => {
    const { status, json } = await simulate();
    expect(status).toBe(0);
    expect(json).toMatchObject(GOLDEN);
  });
  test('is the same from the oracle but for its name', async () => {
    const [oracle, cube] = [await simulate('--engine', 'oracle'), await simulate('--engine', 'cube')];
    expect({ ...oracle.json, engine: 'cube' }).toEqual(cube.json);
    expect(oracle.json.engine).toBe('oracle');
  });
  test('started as a person starts it, prints the same', async () => {
    const args = ['simulate', '--index', index, '--policy', policy(), '--as-of', '2026-10-31', '--months', '2', '--region', 'us-east-1'];
    expect(await answer(args, bareEnvironment(folder.path('home')))).toEqual((await simulate()).json);
  });
  test('--brief has the same money, and neither range nor effects', async () => {
    const [brief, whole] = [await simulate('--brief'), await simulate()];
    expect(brief.status).toBe(0);
    expect(Object.keys(brief.json).sort()).toEqual(['asOf', 'months', 'prepared', 'priceAsOf', 'region', 'totals']);
    expect(whole.json).toMatchObject({ months: brief.json.months, totals: brief.json.totals });
  });
  test('--state-at tells what is there after the run of a day, and nothing else', async () => {
    const { status, json } = await simulate('--state-at', '2026-11-04');
    expect(status).toBe(0);
    expect(json).toEqual({
      date: '2026-11-04',
      byClass: {
        GLACIER: { current: { versions: 2, bytes: 2 * GIB }, noncurrent: { versions: 0, bytes: 0 } },
        STANDARD: { current: { versions: 2, bytes: GIB + 1000 }, noncurrent: { versions: 0, bytes: 0 } },
      },
      deleteMarkers: 0,
      expiredVersions: 1,
      expiredBytes: GIB,
    });
    const later = await simulate('--state-at', '2026-11-20');
    expect(later.json).toMatchObject({ deleteMarkers: 0, expiredVersions: 2, expiredBytes: 2 * GIB });
  });
  test('--state-at before the as-of day ends with 2', async () => {
    expect(await simulate('--state-at', '2026-10-30')).toMatchObject({ status: 2, json: { error: { code: 'Usage', field: 'date' } } });
  });
  test('a class without a price ends with 3 and is named with its bytes; --exclude-unpriced lists it', async () => {
    const args = ['simulate', '--index', odd, '--policy', policy(), '--as-of', '2026-10-31', '--months', '2', '--region', 'us-east-1'];
    const refused = await told(...args);
    expect(refused).toMatchObject({ status: 3, json: { error: { code: 'PriceMissing', field: 'SNOW' } } });
    expect(JSON.stringify(refused.json)).toContain('SNOW (1 versions, 7 bytes)');
    const left = await told(...args, '--exclude-unpriced');
    expect(left).toMatchObject({ status: 0, json: { totals: GOLDEN.totals } });
    expect(left.json.blocked).toContainEqual(
      expect.objectContaining({ versions: 1, bytes: 7, reason: expect.stringContaining('SNOW') as string }),
    );
  });
  test('--current is the baseline that goes on acting', async () => {
    const { json } = await simulate('--current', policy());
    expect(json.totals).toMatchObject({ savingNanoUsd: '0', oneTimeNanoUsd: '0', paybackDay: '2026-10-31' });
  });
  test('--minimum-size overrides what the policy says, beside Rules or beside LifecycleConfiguration', async () => {
    const transitions = async (...args: readonly string[]) =>
      (
        (await told(...args, '--index', index, '--as-of', '2026-10-31', '--months', '1', '--region', 'us-east-1')).json.effects as {
          transitions: unknown;
        }
      ).transitions;
    const rules = { Rules: [archive] };
    const varies = { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' };
    const three = [{ storageClass: 'GLACIER', versions: 3, bytes: 2 * GIB + 1000 }];
    const two = [{ storageClass: 'GLACIER', versions: 2, bytes: 2 * GIB }];
    // The first run is on 1 November, in the second month.
    const months = (path: string, ...more: readonly string[]) =>
      told('simulate', '--policy', path, '--index', index, '--as-of', '2026-10-31', '--months', '2', '--region', 'us-east-1', ...more);
    const moved = async (path: string, ...more: readonly string[]) =>
      ((await months(path, ...more)).json.effects as { transitions: unknown }).transitions;
    expect(await transitions('simulate', '--policy', file('a.json', rules))).toEqual([]);
    expect(await moved(file('a.json', rules))).toEqual(two);
    expect(await moved(file('b.json', { ...rules, ...varies }))).toEqual(three);
    expect(await moved(file('c.json', { LifecycleConfiguration: rules, ...varies }))).toEqual(three);
    expect(await moved(file('b.json', { ...rules, ...varies }), '--minimum-size', 'all_storage_classes_128K')).toEqual(two);
    expect(await moved(file('a.json', rules), '--minimum-size', 'varies_by_storage_class')).toEqual(three);
  });
  test('--lag-days lets every action come later', async () => {
    const { json } = await simulate('--lag-days', '3');
    expect(json.effects).toMatchObject({ firstTransition: '2026-11-04', firstExpiration: '2026-11-05' });
  });
  test('--versioning unversioned: expiration removes for good, noncurrent rules do nothing', async () => {
    const { json } = await simulate('--versioning', 'unversioned', '--state-at', '2026-12-01');
    expect(json).toMatchObject({ deleteMarkers: 0, expiredVersions: 1, byClass: { STANDARD: { noncurrent: { versions: 1 } } } });
    const { json: plain } = await simulate('--versioning', 'unversioned');
    expect((plain.assumptions as string[]).join()).not.toContain('Nobody said so');
    expect(((await simulate()).json.assumptions as string[]).join()).toContain('the report suggests it');
  });
  test('--reads 5 and 20 charge what is read back; the saving of none is within every range', async () => {
    const [none, five, twenty] = [await simulate(), await simulate('--reads', '5'), await simulate('--reads', '20')];
    const fee = ({ json }: typeof none): bigint => BigInt((json.totals as { retrievalNanoUsd: string }).retrievalNanoUsd);
    expect(fee(none)).toBe(0n);
    // 2 GiB in GLACIER for the 30 days of November: restored at $0.01 a GB.
    expect([fee(five), fee(twenty)]).toEqual([1_000_000n, 4_000_000n]);
    expect([five.json.range, twenty.json.range]).toEqual([none.json.range, none.json.range]);
  });
  test('--reads observed wants access logs, and takes the share of the bytes that they show', async () => {
    expect(await simulate('--reads', 'observed')).toMatchObject({ status: 3, json: { error: { code: 'AccessLogsMissing' } } });
    // Two days of logs with 1 % of all bytes: 15 % in a month of 30 days, rounded up to a millionth.
    const bytesSent = Math.floor((4 * GIB + 1000) / 100);
    const lines = [
      logLine({ key: 'data/a', timeMs: at('2026-10-01T10:00:00Z'), bytesSent }),
      logLine({ key: 'logs/x', timeMs: at('2026-10-02T10:00:00Z'), bytesSent: 0 }),
    ];
    writeFileSync(folder.path('logs', '2026-10-02-00-00-00-0123456789ABCDEF'), `${lines.join('\n')}\n`);
    expect((await told('access', folder.path('logs'), '--index', index)).status).toBe(0);
    const { status, json } = await simulate('--reads', 'observed');
    expect(status).toBe(0);
    expect((json.totals as { retrievalNanoUsd: string }).retrievalNanoUsd).toBe('3000000');
    expect((json.assumptions as string[]).join()).toContain('15 % of the bytes');
  });
  test('--inflow observed writes again what was written lately', async () => {
    const { json } = await simulate('--inflow', 'observed');
    const last = (result: Record<string, unknown>) => BigInt((result.months as { baselineNanoUsd: string }[])[1]?.baselineNanoUsd ?? '0');
    // logs/x again on 24 November: a GiB for seven days.
    expect(last(json) - last((await simulate()).json)).toBe(BigInt(Math.round((23_000_000 * 7) / 30)));
  });
  test.each([
    ['a month too many', ['--months', '61'], 2],
    ['an engine that is none', ['--engine', 'both'], 2],
    ['reads that are none of the four', ['--reads', '7'], 2],
    ['a day that is none', ['--as-of', '2026-02-30'], 2],
    ['a region without prices', ['--region', 'mars-1'], 3],
  ])('refuse-%s', async (_words, more, status) => {
    const ended = await told('simulate', '--index', index, '--policy', policy(), ...more);
    expect(ended.status).toBe(status);
    expect(ended.json).toHaveProperty('error.code');
  });
});

/** 1 GiB is $0.023 in STANDARD; GLACIER adds 32 KiB at its own price and 8 KiB at STANDARD's to each of the two. */
const november = { glacier: (2 * (GIB + 32_768) * 3_600_000) / GIB, overhead: (2 * 8192 * 23_000_000) / GIB };
const GOLDEN = {
  asOf: '2026-10-31',
  region: 'us-east-1',
  priceAsOf: '2026-10-03',
  engine: 'cube',
  months: [
    // A day of October: everything is where it is.
    {
      month: '2026-10',
      baselineNanoUsd: String(Math.round(((4 + 1000 / GIB) * 23_000_000) / 31)),
      planNanoUsd: String(Math.round(((4 + 1000 / GIB) * 23_000_000) / 31)),
      planByClass: { STANDARD: String(Math.round(((4 + 1000 / GIB) * 23_000_000) / 31)) },
      feesNanoUsd: '0',
    },
    // v1 is noncurrent since 25 October and goes on 2 November; v2 is hidden on 5 November and goes on the 12th.
    {
      month: '2026-11',
      baselineNanoUsd: String(Math.round((4 + 1000 / GIB) * 23_000_000)),
      planNanoUsd: String(Math.round(november.glacier + november.overhead + ((1000 / GIB) * 30 + 1 + 11) * (23_000_000 / 30))),
      planByClass: {
        GLACIER: String(Math.round(november.glacier)),
        STANDARD: String(Math.round(november.overhead + ((1000 / GIB) * 30 + 1 + 11) * (23_000_000 / 30))),
      },
      feesNanoUsd: '60000',
    },
  ],
  totals: {
    oneTimeNanoUsd: '60000',
    paybackDay: '2026-10-31',
  },
  blocked: [{ reason: expect.stringMatching(/smaller than 128 KiB/) as string, versions: 1, bytes: 1000 }],
};

describe('explain --json', () => {
  test('tells the dated story of a version, each event with its rule and its money', async () => {
    const args = ['explain', '--index', index, '--policy', policy(), '--as-of', '2026-10-31', '--region', 'us-east-1', '--key'];
    const { status, json } = await told(...args, 'logs/x');
    expect(status).toBe(0);
    expect(json).toMatchObject({
      key: 'logs/x',
      versions: [
        {
          versionId: 'v2',
          events: [
            { date: '2026-11-05', kind: 'hidden', ruleId: 'expire', rule: 1, monthlyNanoUsd: '23000000' },
            { date: '2026-11-12', kind: 'removed', ruleId: 'expire', earlyDeletionNanoUsd: '0', monthlyNanoUsd: '0' },
            { date: '2026-11-15', kind: 'cleaned', ruleId: 'expire' },
          ],
        },
        { versionId: 'v1', noncurrentSince: '2026-10-25T10:00:00.000Z', events: [{ date: '2026-11-02', kind: 'removed' }] },
      ],
    });
    const one = await told(...args, 'logs/x', '--version-id', 'v1');
    expect((one.json.versions as unknown[]).length).toBe(1);
    const moved = await told(...args, 'data/a');
    expect(moved.json).toMatchObject({
      versions: [
        { events: [{ date: '2026-11-01', kind: 'transition', fromClass: 'STANDARD', toClass: 'GLACIER', transitionNanoUsd: '30000' }] },
      ],
    });
  });
  test.each([
    ['a key that is not there', ['--key', 'data/none']],
    ['a version that is not there', ['--key', 'logs/x', '--version-id', 'v9']],
  ])('refuse-%s', async (_words, more) => {
    expect(await told('explain', '--index', index, '--policy', policy(), ...more)).toMatchObject({
      status: 3,
      json: { error: { code: 'KeyNotFound' } },
    });
  });
});

test('break-even --json tells size and day for every unit and class it could move to', async () => {
  const { status, json } = await told('break-even', '--index', odd, '--as-of', '2026-10-31', '--region', 'us-east-1', '--months', '12');
  expect(status).toBe(0);
  expect(json).toMatchObject({
    asOf: '2026-10-31',
    region: 'us-east-1',
    priceAsOf: '2026-10-03',
    months: 12,
    minimumSize: 'all_storage_classes_128K',
  });
  // Two objects of a GiB: $0.046 a month.
  expect(json.units).toMatchObject([
    {
      kind: 'checkpoint',
      path: 'out/run1/checkpoint-500/',
      versions: 2,
      bytes: 2 * GIB,
      monthlyNanoUsd: '46000000',
      targets: [
        {
          storageClass: 'INTELLIGENT_TIERING',
          feesNanoUsd: '20000',
          monthlySavingNanoUsd: '-5000',
          breakEvenDay: null,
          breakEvenObjectBytes: null,
        },
        { storageClass: 'STANDARD_IA', feesNanoUsd: '20000', monthlySavingNanoUsd: '21000000', breakEvenDay: '2026-11-01' },
        { storageClass: 'ONEZONE_IA', feesNanoUsd: '20000', monthlySavingNanoUsd: '26000000', breakEvenDay: '2026-11-01' },
        { storageClass: 'GLACIER_IR', feesNanoUsd: '40000', monthlySavingNanoUsd: '38000000', breakEvenDay: '2026-11-01' },
        { storageClass: 'GLACIER', versions: 2, keptBySize: { versions: 0, bytes: 0 }, breakEvenObjectBytes: 154_162 },
        { storageClass: 'DEEP_ARCHIVE', feesNanoUsd: '100000', breakEvenDay: '2026-11-01' },
      ],
    },
  ]);
});

test('words for people go to standard output without --json, in the same words each time', async () => {
  const ended = await isotherm(
    ['simulate', '--index', index, '--policy', policy(), '--as-of', '2026-10-31'],
    bareEnvironment(folder.path('home')),
  );
  expect(ended.status).toBe(0);
  expect(ended.stdout).toContain('Assumptions');
});
