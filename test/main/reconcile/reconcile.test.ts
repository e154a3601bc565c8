import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RECONCILE_METHODS } from '../../../src/contract/methods/reconcile.ts';
import type { Reconciliation } from '../../../src/contract/reconcile.ts';
import type { Result } from '../../../src/contract/result.ts';
import type { EngineEnvironment } from '../../../src/main/engine/handler.ts';
import { reconcileHandlers } from '../../../src/main/engine/handlers/reconcile.ts';
import { bareEnvironment, isotherm, scratch } from '../../support/command-line.ts';
import { META, type PlainRow, RESOURCES, row, writeIndex } from '../../support/index-rows.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/bill', import.meta.url));
const folder = scratch('reconcile');
afterAll(folder.remove);
const index = folder.path('x.db');
const environment: EngineEnvironment = { version: '0', dataDir: '/nowhere', resourcesDir: RESOURCES, now: () => new Date(0) };
const context = { environment, signal: new AbortController().signal, progress: () => {} };
const GB = 2 ** 30;
const KIB = 1024;

/** 100 GB of STANDARD on November 1, 200 GB on December 1; ten objects of 10 GB in GLACIER; 1,000 tiny ones in STANDARD_IA. */
const rows = (standard: number): PlainRow[] => {
  const lastModifiedMs = Date.UTC(2026, 9, 1);
  return [
    row('s/x', { sizeBytes: standard * GB, lastModifiedMs }),
    ...Array.from({ length: 10 }, (_, at) => row(`g/${at}`, { sizeBytes: 10 * GB, storageClass: 'GLACIER', lastModifiedMs })),
    ...Array.from({ length: 1000 }, (_, at) => row(`t/=${at}`, { sizeBytes: KIB, storageClass: 'STANDARD_IA', lastModifiedMs })),
  ];
};

beforeAll(async () => {
  for (const [at, standard, id] of [
    [Date.UTC(2026, 10, 1), 100, '1'],
    [Date.UTC(2026, 11, 1), 200, '2'],
  ] as const)
    await writeIndex(index, rows(standard), { meta: { ...META, asOfMs: at, scannedAtMs: at, manifestMd5: id.repeat(32) } });
});

const ask = (params: object): Promise<Result<Reconciliation>> =>
  reconcileHandlers['reconcile.check'](v.parse(RECONCILE_METHODS['reconcile.check'].params, { index, ...params }), context);
async function made(params: object): Promise<Reconciliation> {
  const result = await ask(params);
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message} ${result.error.detail ?? ''}`);
  return v.parse(RECONCILE_METHODS['reconcile.check'].result, result.value);
}

type Item = Readonly<Record<string, string>>;
const items = JSON.parse(readFileSync(join(FIXTURES, 'items.json'), 'utf8')) as Item[];
/** "line_item_usage_type" -> "lineItem/UsageType", as the older reports spell it. */
const oldName = (name: string): string =>
  `lineItem/${name.slice('line_item_'.length).replace(/(^|_)([a-z])/g, (_all, _line, letter: string) => letter.toUpperCase())}`;
const csv = (all: readonly Item[], name: (column: string) => string, quote: string): string =>
  [Object.keys(all[0]!).map(name), ...all.map((item) => Object.values(item))]
    .map((line) => `identity,${line.map((field) => `${quote}${field}${quote}`).join(',')}`)
    .join('\r\n');

function written(name: string, content: string | Uint8Array): string {
  const file = folder.path(name);
  writeFileSync(file, content);
  return file;
}

describe('a bill', () => {
  const forms: readonly (readonly [string, () => string])[] = [
    ['CSV of the older kind', () => written('old.csv', csv(items, oldName, ''))],
    ['CSV, every field in quotes', () => written('new.csv', `\ufeff${csv(items, (name) => name, '"')}\n`)],
    ['gzipped CSV', () => written('new.csv.gz', gzipSync(csv(items, oldName, '"')))],
    ...['snappy', 'gzip', 'zstd'].map((codec) => [`Parquet, ${codec}`, () => join(FIXTURES, `${codec}.parquet`)] as const),
  ];
  test.each(forms)('%s: amounts, money and what nothing explains, by hand', async (_name, file) => {
    const { billed, warnings } = await made({ bill: [file()], month: '2026-11' });
    expect(billed).toMatchObject({ month: '2026-11', from: '2026-11-01', until: '2026-12-01', lineItems: 8 });
    const byKey = new Map(billed?.rows.map((one) => [one.key, one]));
    expect([...byKey.keys()]).toEqual(['GLACIER', 'STANDARD', 'STANDARD_IA']);
    // 150 GB on average, and 8 KiB for each archived object; 157 billed at 5 % off.
    const standard = byKey.get('STANDARD')!;
    const held = 150 + (10 * 8 * KIB) / GB;
    expect(standard).toMatchObject({ billedAmount: 157, billedNanoUsd: '3430450000', unit: 'GB-months' });
    expect(standard.indexAmount).toBeCloseTo(held, 9);
    expect(Number(standard.indexNanoUsd)).toBeCloseTo(held * 0.023 * 1e9, -1);
    expect(Number(standard.priceNanoUsd)).toBeCloseTo(-157 * 0.023 * 0.05 * 1e9, -1);
    expect(Number(standard.unexplainedNanoUsd)).toBeCloseTo((157 - held) * 0.023 * 1e9, -1);
    expect(byKey.get('GLACIER')!.indexAmount).toBeCloseTo(100 + (10 * 32 * KIB) / GB, 9);
    // Small objects are billed as 128 KiB; the bill has their padding as a usage of its own.
    expect(byKey.get('STANDARD_IA')).toMatchObject({ billedAmount: 4, billedNanoUsd: '50000000' });
    expect(byKey.get('STANDARD_IA')!.indexAmount).toBeCloseTo((1000 * 128 * KIB) / GB, 9);
    for (const one of billed!.rows)
      expect(BigInt(one.indexNanoUsd) + BigInt(one.priceNanoUsd) + BigInt(one.unexplainedNanoUsd)).toBe(BigInt(one.billedNanoUsd));
    expect(billed?.other).toEqual([
      { what: 'Tax: TimedStorage-ByteHrs', amount: 1, nanoUsd: '1250000000' },
      { what: 'DataTransfer-Out-Bytes', amount: 5, nanoUsd: '450000000' },
      { what: 'Requests-Tier1', amount: 1000, nanoUsd: '5000000' },
    ]);
    expect(billed?.billedNanoUsd).toBe(String(3_430_450_000n + 360_000_000n + 50_000_000n + 1_705_000_000n));
    expect(warnings.some((warning) => warning.startsWith('1 line items of S3 name no bucket'))).toBe(true);
  });

  test('of some days is held against those days', async () => {
    const days = items.filter((item) => item.line_item_usage_end_date === '2026-11-16T00:00:00Z');
    const { billed, warnings } = await made({ bill: [written('half.csv', csv(days, oldName, ''))], month: '2026-11' });
    expect(billed).toMatchObject({ from: '2026-11-01', until: '2026-11-16' });
    // 125 GB on average for half a month.
    expect(billed?.rows.find(({ key }) => key === 'STANDARD')?.indexAmount).toBeCloseTo((125 + (80 * KIB) / GB) / 2, 9);
    expect(warnings.filter((warning) => warning.includes('are taken to be like it'))).toEqual([]);
    const december = await made({ bill: [written('all.csv', csv(items, oldName, ''))] });
    expect(december.billed).toMatchObject({ month: '2026-12', from: '2026-12-01', until: '2026-12-02', lineItems: 1 });
  });

  test.each([
    [
      'no resource IDs',
      () =>
        csv(
          items.map(({ line_item_resource_id, ...rest }) => rest),
          oldName,
          '',
        ),
      'ColumnMissing',
    ],
    ['an amount that is none', () => csv([{ ...items[0]!, line_item_usage_amount: 'many' }], oldName, ''), 'RowField'],
    ['a day that is none', () => csv([{ ...items[0]!, line_item_usage_start_date: 'soon' }], oldName, ''), 'RowField'],
    ['nothing for the bucket', () => csv([{ ...items[0]!, line_item_resource_id: 'x' }], oldName, ''), 'Usage'],
    ['an empty file', () => '', 'Usage'],
    ['half a gzip', () => gzipSync(csv(items, oldName, '')).subarray(0, 60), 'FileUnreadable'],
    ['half a Parquet', () => readFileSync(join(FIXTURES, 'zstd.parquet')).subarray(0, 900), 'FileUnreadable'],
  ])('refuse-%s', async (_name, content, code) => {
    const file = written('bad', content());
    expect(await ask({ bill: [file], month: '2026-11' })).toMatchObject({ ok: false, error: { code } });
  });
});

describe('what CloudWatch measured', () => {
  const DAY1 = '2026-11-30T00:00:00+00:00';
  const DAY2 = '2026-12-01T00:00:00+00:00';
  const measured: Readonly<Record<string, number>> = {
    StandardStorage: 203 * GB,
    GlacierStorage: 100 * GB,
    GlacierObjectOverhead: 10 * 32 * KIB,
    GlacierS3ObjectOverhead: 10 * 8 * KIB,
    StandardIAStorage: 1000 * KIB,
    StandardIASizeOverhead: 1000 * 127 * KIB,
    GlacierStagingStorage: 5 * GB,
  };
  const data = {
    MetricDataResults: Object.entries(measured).map(([name, bytes], at) => ({
      Id: `m${at}`,
      Label: `ml-bucket ${name}`,
      Timestamps: [DAY2, DAY1],
      Values: [bytes, bytes - (name === 'StandardStorage' ? 2 * GB : 0)],
    })),
  };
  const forms: readonly (readonly [string, string])[] = [
    ['get-metric-data', JSON.stringify(data)],
    [
      'get-metric-statistics by type',
      JSON.stringify(
        Object.fromEntries(
          data.MetricDataResults.map(({ Label, Timestamps, Values }) => [
            Label.slice(10),
            {
              Label: 'BucketSizeBytes',
              Datapoints: Timestamps.map((Timestamp, at) => ({ Timestamp, Average: Values[at], Unit: 'Bytes' })),
            },
          ]),
        ),
      ),
    ],
    [
      'CSV',
      [
        'Timestamp,StorageType,Bytes',
        ...data.MetricDataResults.flatMap(({ Label, Timestamps, Values }) =>
          Timestamps.map((time, at) => `${time},${Label.slice(10)},${Values[at]}`),
        ),
      ].join('\n'),
    ],
  ];
  test.each(forms)('as %s: by storage type, with the gap', async (_name, text) => {
    const told = (await made({ cloudWatch: written('cw', text) })).measured!;
    expect(told.at).toBe('2026-12-01T00:00:00.000Z');
    const rowOf = (type: string) => told.rows.find(({ storageType }) => storageType === type);
    expect(rowOf('StandardStorage')).toEqual({
      storageType: 'StandardStorage',
      indexBytes: 200 * GB,
      uploadBytes: 0,
      measuredBytes: 203 * GB,
      gapBytes: 3 * GB,
    });
    expect(rowOf('GlacierStagingStorage')).toMatchObject({ indexBytes: 0, gapBytes: 5 * GB });
    for (const type of [
      'GlacierStorage',
      'GlacierObjectOverhead',
      'GlacierS3ObjectOverhead',
      'StandardIAStorage',
      'StandardIASizeOverhead',
    ])
      expect(rowOf(type)).toMatchObject({ measuredBytes: measured[type], gapBytes: 0 });
    expect(told).toMatchObject({
      gapBytes: 8 * GB,
      movedBytes: 2 * GB,
      measuredBytes: Object.values(measured).reduce((sum, bytes) => sum + bytes, 0),
    });
  });

  test.each([
    ['another metric', JSON.stringify({ MetricDataResults: [{ Label: 'AllStorageTypes', Timestamps: [DAY1], Values: [1] }] })],
    ['no data point', JSON.stringify({ MetricDataResults: [] })],
    ['a time that is none', 'time,storage type,bytes\nnow,StandardStorage,5'],
    ['a size below zero', `time,storage type,bytes\n${DAY1},StandardStorage,-5`],
    ['half a JSON', '{"MetricDataResults":'],
    ['anything', 'hello'],
  ])('refuse-%s', async (_name, text) => {
    expect(await ask({ cloudWatch: written('cw', text) })).toMatchObject({
      ok: false,
      error: { code: 'FormatUnsupported', file: folder.path('cw') },
    });
  });
});

test('refuse-nothing to hold the index against', async () => {
  expect(await ask({})).toMatchObject({ ok: false, error: { code: 'Usage' } });
});

test('the command line tells the same in words', async () => {
  const ended = await isotherm(
    ['reconcile', '--index', index, '--cur', join(FIXTURES, 'snappy.parquet'), '--month', '2026-11'],
    bareEnvironment(folder.path('home')),
  );
  expect([ended.status, ended.stderr]).toEqual([0, '']);
  expect(ended.stdout).toContain('not explained.');
});
