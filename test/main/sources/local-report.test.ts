import { copyFileSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScanResult } from '../../../src/contract/index-views.ts';
import type { Result } from '../../../src/contract/result.ts';
import { scan } from '../../../src/main/sources/scan.ts';
import { casePath, needCase } from '../../support/cases.ts';
import { fingerprint, line, md5, put, resign, writeReportFolder } from '../../support/report-folder.ts';

let folder: string;
let root: string;
let index: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-sources-'));
  root = join(folder, 'copy');
  index = join(folder, 'x.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (location: string, report?: string, signal = new AbortController().signal): Promise<Result<ScanResult>> =>
  scan({
    source: { kind: 'inventory', location, ...(report === undefined ? {} : { report }) },
    index,
    region: undefined,
    resourcesDir: resolve('resources'),
    now: () => new Date('2026-11-21T00:00:00Z'),
    signal,
    progress: () => undefined,
  });

describe('where a report may lie', () => {
  it.each([
    ['the manifest itself', 'inv/src/all/2024-05-07T01-00Z/manifest.json'],
    ['the folder of the report', 'inv/src/all/2024-05-07T01-00Z'],
    ['the folder of the configuration', 'inv/src/all'],
    ['a prefix above', 'inv'],
    ['a copy from the root', ''],
  ])('success-%s', async (_name, below) => {
    writeReportFolder(root);
    expect(await run(join(root, below))).toMatchObject({
      ok: true,
      value: { rows: 2, versions: 2, bytes: 10, coverage: 1, unchanged: false },
    });
  });

  it('success-copy-of-a-prefix-above-the-report', async () => {
    writeReportFolder(root);
    renameSync(join(root, 'inv', 'src'), join(folder, 'elsewhere'));
    expect(await run(join(folder, 'elsewhere'))).toMatchObject({ ok: true, value: { rows: 2 } });
  });

  it('success-destination-prefix-named-data', async () => {
    writeReportFolder(root, { prefix: 'data/src/all' });
    expect(await run(root)).toMatchObject({ ok: true, value: { rows: 2 } });
  });

  it.each(['', 'data'])('success-data-files-beside-the-manifest-in "%s"', async (where) => {
    const manifest = writeReportFolder(join(folder, 'tmp'));
    for (const name of ['manifest.json', 'manifest.checksum']) put(join(root, name), readFileSync(join(manifest, '..', name)));
    put(join(root, where, 'a.csv.gz'), readFileSync(join(folder, 'tmp', 'inv/src/all/data/a.csv.gz')));
    rmSync(join(folder, 'tmp'), { recursive: true });
    expect(await run(root)).toMatchObject({ ok: true, value: { rows: 2 } });
  });

  it('success-newest-complete-report', async () => {
    writeReportFolder(root, { stamp: '2024-05-06T01-00Z', parts: [['a.csv.gz', line('1')]] });
    writeReportFolder(root, { stamp: '2024-05-07T01-00Z', parts: [['b.csv.gz', line('1') + line('2')]] });
    writeReportFolder(root, { stamp: '2024-05-08T01-00Z', parts: [['c.csv.gz', '']], checksum: null });
    expect(await run(root)).toMatchObject({ ok: true, value: { rows: 2 } });
    expect(await run(root, '2024-05-06T01-00Z')).toMatchObject({ ok: true, value: { rows: 1 } });
    expect(await run(root, '2024-05-08T01-00Z')).toMatchObject({ ok: false, error: { code: 'NoCompleteReport' } });
    expect(await run(root, '2020-05-08T01-00Z')).toMatchObject({ ok: false, error: { code: 'NoCompleteReport' } });
  });

  it('success-same-report-again-changes-nothing', async () => {
    writeReportFolder(root);
    const first = await run(root);
    const before = md5(readFileSync(index));
    expect(await run(root)).toEqual({ ok: true, value: { ...(first.ok ? first.value : {}), unchanged: true } });
    expect(md5(readFileSync(index))).toBe(before);
  });

  it('success-empty-parts-and-no-parts', async () => {
    writeReportFolder(root, {
      parts: [
        ['a.csv.gz', ''],
        ['b.csv.gz', line('1')],
        ['c.csv.gz', ''],
      ],
    });
    expect(await run(root)).toMatchObject({ ok: true, value: { rows: 1 } });
    writeReportFolder(root, { stamp: '2024-05-09T01-00Z', parts: [] });
    expect(await run(root)).toMatchObject({ ok: true, value: { rows: 0, bytes: 0 } });
  });

  it('success-unknown-storage-class-is-a-warning', async () => {
    writeReportFolder(root, { parts: [['a.csv.gz', line('1', 3, 'TAPE_ROBOT')]] });
    const result = await run(root);
    expect(result).toMatchObject({ ok: true, value: { rows: 1, bytes: 3 } });
    expect(result.ok && result.value.warnings.join()).toContain('TAPE_ROBOT');
  });

  it('refuse-two-configurations-in-one-folder', async () => {
    writeReportFolder(root, { prefix: 'inv/src/all' });
    writeReportFolder(root, { prefix: 'inv/src/current' });
    const result = await run(root);
    expect(result).toMatchObject({ ok: false, error: { code: 'ReportAmbiguous' } });
    expect(!result.ok && result.error.message).toContain('inv/src/all, inv/src/current');
    expect(await run(root, 'current/2024-05-07T01-00Z')).toMatchObject({ ok: true });
  });

  it('refuse-nothing-there', async () => {
    put(join(root, 'readme.txt'), 'x');
    expect(await run(root)).toMatchObject({ ok: false, error: { code: 'NoCompleteReport' } });
    expect(await run(join(root, 'none'))).toMatchObject({ ok: false, error: { code: 'SourceNotFound' } });
    expect(await run(join(root, 'readme.txt'))).toMatchObject({ ok: false, error: { code: 'SourceNotFound' } });
  });

  it('refuse-manifest-without-its-checksum', async () => {
    const manifest = writeReportFolder(root, { checksum: null });
    for (const location of [manifest, root]) expect(await run(location)).toMatchObject({ ok: false, error: { code: 'NoCompleteReport' } });
  });
});

type BadInput = [name: string, code: string, spoil: (manifest: string) => void, where?: object];

describe('bad input leaves every file as it was', () => {
  const part = (): string => join(root, 'inv/src/all/data/b.csv.gz');
  const cases: BadInput[] = [
    ['refuse-manifest-not-json', 'ManifestNotJson', (manifest) => writeFileSync(manifest, '{"sourceBucket":')],
    [
      'refuse-manifest-not-json-with-a-right-checksum',
      'ManifestNotJson',
      (manifest) => {
        writeFileSync(manifest, 'hello');
        resign(manifest);
      },
    ],
    [
      'refuse-manifest-changed',
      'ManifestChecksumMismatch',
      (manifest) => writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"src"', '"srd"')),
    ],
    ['refuse-checksum-that-is-none', 'ManifestChecksumMismatch', (manifest) => writeFileSync(manifest.replace(/json$/, 'checksum'), 'x')],
    [
      'refuse-manifest-without-files',
      'ManifestInvalid',
      (manifest) => {
        writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"files"', '"fils"'));
        resign(manifest);
      },
      { field: 'files' },
    ],
    [
      'refuse-key-that-climbs-out',
      'ManifestInvalid',
      (manifest) => {
        writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('inv/src/all/data/b', '../../../b'));
        resign(manifest);
      },
      { field: 'files[1].key' },
    ],
    ['refuse-part-missing', 'PartMissing', () => rmSync(part())],
    ['refuse-part-of-wrong-md5', 'PartChecksumMismatch', () => copyFileSync(join(root, 'other.gz'), part())],
    ['refuse-part-too-long', 'PartSizeMismatch', () => writeFileSync(part(), Buffer.concat([readFileSync(part()), Buffer.from('xx')]))],
    ['refuse-part-truncated', 'PartTruncated', () => truncateSync(part(), readFileSync(part()).length - 9)],
    ['refuse-part-empty', 'PartTruncated', () => truncateSync(part(), 0)],
    ['refuse-part-that-is-not-gzip', 'PartChecksumMismatch', () => writeFileSync(part(), Buffer.alloc(readFileSync(part()).length, 'x'))],
    [
      'refuse-part-truncated-although-the-manifest-agrees',
      'PartTruncated',
      (manifest) => {
        const cut = readFileSync(part()).subarray(0, -9);
        const value = JSON.parse(readFileSync(manifest, 'utf8')) as { files: { size: number; MD5checksum: string }[] };
        Object.assign(value.files[1] ?? {}, { size: cut.length, MD5checksum: md5(cut) });
        writeFileSync(part(), cut);
        writeFileSync(manifest, JSON.stringify(value));
        resign(manifest);
      },
    ],
    [
      'refuse-row-of-wrong-column-count',
      'RowColumnCount',
      () =>
        writeReportFolder(root, {
          parts: [
            ['a.csv.gz', line('1')],
            ['b.csv.gz', `${line('2')}"src","k"\n`],
          ],
        }),
      { row: 2 },
    ],
    [
      'refuse-row-with-a-bad-size',
      'RowField',
      () =>
        writeReportFolder(root, {
          parts: [
            ['a.csv.gz', line('1')],
            ['b.csv.gz', line('2', -4)],
          ],
        }),
      { row: 1, field: 'Size' },
    ],
    [
      'refuse-newest-report-although-an-older-one-is-whole',
      'ManifestNotJson',
      () => {
        const newer = writeReportFolder(root, { stamp: '2024-05-08T01-00Z' });
        writeFileSync(newer, '{');
      },
    ],
  ];

  it.each(cases)('%s', async (...[, code, spoil, where = {}]: BadInput) => {
    // An index that already holds something must survive.
    const earlier = writeReportFolder(join(folder, 'earlier'));
    expect(await run(earlier)).toMatchObject({ ok: true });
    const manifest = writeReportFolder(root, {
      parts: [
        ['a.csv.gz', line('1')],
        ['b.csv.gz', line('2') + line('3')],
      ],
    });
    put(join(root, 'other.gz'), Buffer.concat([gzipSync(line('2') + line('4'))]));
    spoil(manifest);
    const before = fingerprint(folder);
    const result = await run(root);
    expect(result).toMatchObject({ ok: false, error: { code, ...where } });
    expect(!result.ok && result.error.file).toBeTruthy();
    expect(fingerprint(folder)).toEqual(before);
  });

  it('refuse-cancelled-while-reading', async () => {
    writeReportFolder(root, { parts: Array.from({ length: 50 }, (_, i) => [`${i}.csv.gz`, line(`k${i}`)] as const) });
    const stop = new AbortController();
    const before = fingerprint(folder);
    const result = await scan({
      source: { kind: 'inventory', location: root },
      index,
      region: undefined,
      resourcesDir: resolve('resources'),
      now: () => new Date(),
      signal: stop.signal,
      progress: ({ phase }) => {
        if (phase.startsWith('Reading part 7')) stop.abort();
      },
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'Cancelled' } });
    expect(fingerprint(folder)).toEqual(before);
  });
});

const real = casePath('inventory', 'umccr-orcabus');

describe('reports as AWS delivered them', () => {
  beforeEach((context) => needCase(context, 'inventory', 'umccr-orcabus'));

  it('success-all-versions', async () => {
    expect(await run(join(real, 'csv_inventory_manifest.json'))).toMatchObject({
      ok: true,
      value: { rows: 5, versions: 4, deleteMarkers: 1, bytes: 10 },
    });
  });
  it('success-current-versions', async () => {
    expect(await run(join(real, 'csv_inventory_no_version_manifest.json'))).toMatchObject({
      ok: true,
      value: { rows: 2, versions: 2, bytes: 5 },
    });
  });
  it.each(['parquet', 'orc'])('success-%s', async (name) => {
    expect(await run(join(real, `${name}_inventory_manifest.json`))).toMatchObject({ ok: true, value: { rows: 5, warnings: [] } });
  });
  it('refuse-folder-of-several-reports-until-one-is-named', async () => {
    cpSync(real, root, { recursive: true });
    expect(await run(root)).toMatchObject({ ok: false, error: { code: 'ReportAmbiguous' } });
    expect(await run(root, 'csv_inventory_manifest.json')).toMatchObject({ ok: true, value: { rows: 5 } });
  });
  it('refuse-documentation-manifest-whose-data-is-not-there', async () => {
    const result = await run(casePath('inventory', 'daiyy-s3-manifest'));
    expect(result.ok).toBe(false);
    expect(!result.ok && ['PartMissing', 'ManifestChecksumMismatch']).toContain(!result.ok && result.error.code);
  });
});
