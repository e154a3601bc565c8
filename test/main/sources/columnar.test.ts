import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, type Result } from '../../../src/contract/result.ts';
import type { FileFormat } from '../../../src/core/inventory/file-schema.ts';
import { openSource } from '../../../src/main/sources/open-source.ts';
import type { OpenSource } from '../../../src/main/sources/source.ts';
import { storeOf } from '../../servers/s3-stub/store.ts';
import { startStub } from '../../servers/s3-stub/stub.ts';
import { csvPart, FIXTURE_NAMES, FIXTURE_ROWS, formatFixture, LONG_ROWS, type ReportRow, writeReport } from '../../support/formats.ts';
import { type PlainRow, plainRows } from '../../support/inventory-csv.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-formats-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Read {
  readonly rows: PlainRow[];
  readonly warnings: readonly string[];
}

async function readAll(source: OpenSource): Promise<Result<Read>> {
  const rows: PlainRow[] = [];
  const done = await source.read({
    scratch: join(folder, 'scratch'),
    signal: new AbortController().signal,
    progress: () => undefined,
    onBatch: (batch) => {
      rows.push(...plainRows(batch));
      return ok(undefined);
    },
  });
  source.close();
  return done.ok ? ok({ rows, warnings: done.value.warnings }) : done;
}

async function readFrom(location: string): Promise<Result<Read>> {
  const opened = await openSource({ kind: 'inventory', location }, new Date(), new AbortController().signal);
  return opened.ok ? readAll(opened.value) : opened;
}

function read(format: FileFormat, parts: readonly Uint8Array[], names: readonly string[] = FIXTURE_NAMES): Promise<Result<Read>> {
  writeReport(folder, format, parts, names);
  return readFrom(folder);
}

const asCsv = (rows: readonly ReportRow[], names: readonly string[] = FIXTURE_NAMES) => read('CSV', [csvPart(rows, names)], names);

/** The first row that differs says enough. */
function expectSame(columnar: Result<Read>, csv: Result<Read>): void {
  if (!csv.ok || !columnar.ok) throw new Error(JSON.stringify(csv.ok ? columnar : csv));
  expect(columnar.value.warnings).toEqual(csv.value.warnings);
  const first = csv.value.rows.findIndex((row, i) => !isDeepStrictEqual(row, columnar.value.rows[i]));
  expect(columnar.value.rows[first], `row ${first}`).toEqual(csv.value.rows[first]);
  expect(columnar.value.rows.length).toBe(csv.value.rows.length);
}

const ENDINGS = [
  ['Parquet', 'parquet'],
  ['ORC', 'orc'],
] as const satisfies readonly (readonly [FileFormat, string])[];
const FIXTURES: readonly [FileFormat, string][] = [
  ...['usual', 'small-pages', 'mixed-pages', 'second-pages', 'second-plain', 'deltas', 'fronted', 'old-times', 'micros', 'nanos'].map(
    (name): [FileFormat, string] => ['Parquet', `${name}.parquet`],
  ),
  ...[
    'usual',
    'direct',
    'dictionary',
    'several-stripes',
    'plain',
    'snappy',
    'zstd',
    'row-indexes',
    'old-version',
    'instants',
    'integers',
  ].map((name): [FileFormat, string] => ['ORC', `${name}.orc`]),
];

describe('a report says the same in every format', () => {
  it.each(FIXTURES)('success-%s-%s', async (format, name) => {
    expectSame(await read(format, [formatFixture(name)]), await asCsv(FIXTURE_ROWS));
  });

  it.each(ENDINGS)('success-%s-columns-in-any-order', async (format, ending) => {
    const names = [...FIXTURE_NAMES].reverse();
    const withoutOwner = FIXTURE_ROWS.map((row) => ({ ...row, object_owner: null }));
    const csv = await asCsv(withoutOwner, [...names, 'nested']);
    const columnar = await read(format, [formatFixture(`shuffled.${ending}`)], [...names, 'nested']);
    expect(columnar).toMatchObject({
      ok: true,
      value: { warnings: ['The column nested holds values that are neither texts, numbers nor times; it was not kept.'] },
    });
    expect(columnar.ok && columnar.value.rows).toEqual(csv.ok && csv.value.rows);
  });

  it.each(ENDINGS)('success-%s-data-files-one-after-the-other', async (format, ending) => {
    const csv = await asCsv([...FIXTURE_ROWS, ...FIXTURE_ROWS]);
    const parts = ['usual', 'no-rows', 'usual'].map((name) => formatFixture(`${name}.${ending}`));
    expectSame(await read(format, parts), csv);
  });

  it.each(ENDINGS)('success-%s-long', async (format, ending) => {
    const names = Object.keys(LONG_ROWS[0] as ReportRow);
    const csv = await asCsv(LONG_ROWS, names);
    const columnar = await read(format, [formatFixture(`long.${ending}`)], names);
    expectSame(columnar, csv);
  });
});

describe('data files that are not what the manifest says', () => {
  const signal = new AbortController().signal;

  it.each(ENDINGS)('refuse-%s-without-a-column-that-is-needed', async (format, ending) => {
    expect(await read(format, [formatFixture(`without-size.${ending}`)])).toMatchObject({
      ok: false,
      error: { code: 'ColumnMissing', field: 'size' },
    });
  });

  it.each(ENDINGS)('refuse-%s-of-another-type', async (format, ending) => {
    expect(await read(format, [formatFixture(`size-as-text.${ending}`)])).toMatchObject({
      ok: false,
      error: { code: 'FormatUnsupported', field: 'Size' },
    });
  });

  it.each(ENDINGS)('refuse-%s-of-another-format', async (format) => {
    const refused = await read(format, [csvPart(FIXTURE_ROWS, FIXTURE_NAMES)]);
    expect(refused).toMatchObject({ ok: false, error: { code: 'PartTruncated' } });
  });

  it.each(ENDINGS)('refuse-%s-of-another-bucket', async (format, ending) => {
    writeReport(folder, format, [formatFixture(`usual.${ending}`)], FIXTURE_NAMES, 'other');
    expect(await readFrom(folder)).toMatchObject({ ok: false, error: { code: 'RowField', field: 'Bucket', row: 1 } });
  });

  it.each(ENDINGS)('refuse-%s-changed-on-the-way', async (format, ending) => {
    writeReport(folder, format, [formatFixture(`usual.${ending}`)], FIXTURE_NAMES);
    const file = join(folder, 'data', `0.${ending}`);
    const bytes = readFileSync(file);
    bytes[100] = (bytes[100] as number) ^ 1;
    writeFileSync(file, bytes);
    expect(await readFrom(folder)).toMatchObject({ ok: false, error: { code: 'PartChecksumMismatch' } });
    writeFileSync(file, bytes.subarray(0, -1));
    expect(await readFrom(folder)).toMatchObject({ ok: false, error: { code: 'PartTruncated' } });
  });

  it.each(ENDINGS)('success-%s-in-a-bucket', async (format, ending) => {
    writeReport(folder, format, [formatFixture(`usual.${ending}`), formatFixture(`usual.${ending}`)], FIXTURE_NAMES);
    const names = ['manifest.json', 'manifest.checksum', `data/0.${ending}`, `data/1.${ending}`];
    const objects = Object.fromEntries(names.map((name) => [name, [{ versionId: 'null', body: readFileSync(join(folder, name)) }]]));
    const stub = await startStub({ buckets: { dest: storeOf(objects) } });
    process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    try {
      const csv = await asCsv([...FIXTURE_ROWS, ...FIXTURE_ROWS]);
      const location = 's3://dest/manifest.json';
      const opened = await openSource({ kind: 'inventory', location, remote: { endpoint: stub.endpoint } }, new Date(), signal);
      if (!opened.ok) throw new Error(opened.error.message);
      expectSame(await readAll(opened.value), csv);
      expect(existsSync(join(folder, 'scratch'))).toBe(false);
    } finally {
      await stub.close();
    }
  });
});
