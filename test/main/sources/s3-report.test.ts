import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, type Result } from '../../../src/contract/result.ts';
import type { Manifest, ManifestPart } from '../../../src/core/inventory/manifest.ts';
import { localStore } from '../../../src/main/sources/local-store.ts';
import { openSource } from '../../../src/main/sources/open-source.ts';
import { PieceReader } from '../../../src/main/sources/s3-pieces.ts';
import { openVerified } from '../../../src/main/sources/verified-file.ts';
import { type StubStore, storeOf } from '../../servers/s3-stub/store.ts';
import { type Stub, startStub } from '../../servers/s3-stub/stub.ts';
import { plainRows } from '../../support/inventory-csv.ts';
import { line, md5, put, writeReportFolder } from '../../support/report-folder.ts';

const signal = new AbortController().signal;
let stub: Stub;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-s3-report-'));
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
});
afterEach(async () => {
  await stub?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every file below a folder as an object, by its path. */
function bucketOf(root: string): StubStore {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(root, name)).isFile());
  return storeOf(
    Object.fromEntries(
      files.map((name) => [relative(root, join(root, name)), [{ versionId: 'null', body: readFileSync(join(root, name)) }]]),
    ),
  );
}

async function serve(buckets: Record<string, StubStore>): Promise<void> {
  stub = await startStub({ buckets });
}

async function rowsOf(location: string, report?: string): Promise<Result<string[]>> {
  const opened = await openSource(
    { kind: 'inventory', location, remote: { endpoint: stub.endpoint }, ...(report === undefined ? {} : { report }) },
    new Date(),
    signal,
  );
  if (!opened.ok) return opened;
  const keys: string[] = [];
  const read = await opened.value.read({
    scratch: 'never made',
    signal,
    progress: () => undefined,
    onBatch: (batch) => {
      for (const { key } of plainRows(batch)) keys.push(key);
      return ok(undefined);
    },
  });
  opened.value.close();
  return read.ok ? ok(keys) : read;
}

describe('where the newest report is found', () => {
  it.each(['s3://dest/inv/src/all/', 's3://dest/inv', 's3://dest', 'arn:aws:s3:::dest/inv/src', 'arn:aws-cn:s3:::dest'])(
    'success-below %s',
    async (location) => {
      writeReportFolder(folder, { stamp: '2024-05-06T01-00Z', parts: [['a.csv.gz', line('old')]] });
      writeReportFolder(folder, { stamp: '2024-05-07T01-00Z', parts: [['b.csv.gz', line('new')]] });
      // Newer, and not done.
      writeReportFolder(folder, { stamp: '2024-05-08T01-00Z', parts: [['c.csv.gz', line('half')]], checksum: null });
      put(join(folder, 'inv/src/all/hive/dt=2024-05-07-01-00/symlink.txt'), 's3://dest/inv/src/all/data/b.csv.gz');
      await serve({ dest: bucketOf(folder) });
      expect(await rowsOf(location)).toEqual(ok(['new']));
      expect(await rowsOf(location, '2024-05-06T01-00Z')).toEqual(ok(['old']));
      expect(await rowsOf(location, '2024-05-08T01-00Z')).toMatchObject({ ok: false, error: { code: 'NoCompleteReport' } });
    },
  );

  it('success-manifest-copied-to-another-bucket, the data files where S3 wrote them', async () => {
    const manifest = writeReportFolder(join(folder, 'dest'), {
      parts: [
        ['a.csv.gz', line('1')],
        ['b.csv.gz', line('2')],
      ],
    });
    for (const name of ['manifest.json', 'manifest.checksum'])
      put(join(folder, 'mine/copied', name), readFileSync(join(manifest, '..', name)));
    await serve({ dest: bucketOf(join(folder, 'dest')), mine: bucketOf(join(folder, 'mine')) });
    expect(await rowsOf('s3://mine/copied/')).toEqual(ok(['1', '2']));
  });

  it('success-report-copied-to-another-prefix-and-bucket', async () => {
    const manifest = writeReportFolder(join(folder, 'dest'), {
      parts: [
        ['a.csv.gz', line('1')],
        ['b.csv.gz', line('2')],
      ],
    });
    for (const name of ['manifest.json', 'manifest.checksum'])
      put(join(folder, 'mine/x/2024-05-07T01-00Z', name), readFileSync(join(manifest, '..', name)));
    for (const name of ['a.csv.gz', 'b.csv.gz'])
      put(join(folder, 'mine/x/data', name), readFileSync(join(folder, 'dest/inv/src/all/data', name)));
    await serve({ mine: bucketOf(join(folder, 'mine')) });
    expect(await rowsOf('s3://mine/x')).toEqual(ok(['1', '2']));
  });

  it('refuse-data-files-that-are-nowhere, also in a bucket that is gone', async () => {
    const manifest = writeReportFolder(join(folder, 'dest'));
    for (const name of ['manifest.json', 'manifest.checksum']) put(join(folder, 'mine', name), readFileSync(join(manifest, '..', name)));
    await serve({ mine: bucketOf(join(folder, 'mine')), dest: storeOf({}) });
    expect(await rowsOf('s3://mine')).toMatchObject({ ok: false, error: { code: 'PartMissing' } });
    await stub.close();
    await serve({ mine: bucketOf(join(folder, 'mine')) });
    expect(await rowsOf('s3://mine')).toMatchObject({ ok: false, error: { code: 'BucketNotFound' } });
  });
});

/** Rows that take about this many bytes packed, since they are not packed at all. */
const bigPart = (name: string, bytes: number): string =>
  Array.from({ length: Math.ceil(bytes / 100) }, (_, i) => line(`${name}/${String(i).padStart(24, '0')}`)).join('');

/** A report whose files are larger than a piece, and what its rows are. */
function writeBigReport(sizes: Readonly<Record<string, number>> = { a: 17 << 20 }): string[] {
  const texts = Object.entries(sizes).map(([name, bytes]) => [`${name}.csv.gz`, bigPart(name, bytes)] as const);
  const packed = texts.map(([name, text]) => [name, gzipSync(text, { level: 0 })] as const);
  writeReportFolder(folder, {
    parts: texts.map(([name]) => [name, ''] as const),
    manifest: {
      files: packed.map(([name, bytes]) => ({ key: `inv/src/all/data/${name}`, size: bytes.length, MD5checksum: md5(bytes) })),
    },
  });
  for (const [name, bytes] of packed) put(join(folder, 'inv/src/all/data', name), bytes);
  return texts.flatMap(([, text]) => text.split('\n').filter(Boolean)).map((row) => row.slice(7, row.indexOf('"', 7)));
}

describe('data files larger than a piece', () => {
  it('success-several-pieces-at-once, each taken up again where it broke off', async () => {
    const keys = writeBigReport({ a: 17 << 20, b: 100, c: 9 << 20 });
    await serve({ dest: bucketOf(folder) });
    let gets = 0;
    const ranges: string[] = [];
    stub.fault = ({ operation, key, headers }) => {
      if (operation !== 'GetObject' || !key.endsWith('.gz')) return undefined;
      ranges.push(`${key.at(-8)} ${headers.range}`);
      gets++;
      return gets % 3 === 0 ? { cutAfterBytes: 1_234_567 * (gets % 7) } : { delayMs: 100 };
    };
    expect(await rowsOf('s3://dest/inv')).toEqual(ok(keys));
    expect(stub.mostInFlight).toBeGreaterThanOrEqual(2);
    // In pieces, and the next file is asked for before this one's end.
    expect(ranges.slice(0, 4).sort()).toEqual([
      'a bytes=0-8388607',
      expect.stringMatching(/^a bytes=16777216-/),
      'a bytes=8388608-16777215',
      expect.stringMatching(/^b bytes=0-/),
    ]);
  });

  it('refuse-a-file-that-was-replaced-while-it-was-read', async () => {
    writeBigReport();
    const store = bucketOf(folder);
    await serve({ dest: store });
    const body = readFileSync(join(folder, 'inv/src/all/data/a.csv.gz'));
    let gets = 0;
    stub.fault = ({ operation, key }) => {
      if (operation !== 'GetObject' || !key.endsWith('a.csv.gz')) return undefined;
      // A new upload of the same size, after the first piece was sent.
      if (++gets === 2) body[body.length - 100] = (body[body.length - 100] as number) ^ 1;
      return undefined;
    };
    await stub.close();
    stub = await startStub({
      buckets: {
        dest: {
          ...store,
          versionsAt: (i) => (store.keyAt(i).toString().endsWith('a.csv.gz') ? [{ versionId: 'null', body }] : store.versionsAt(i)),
        },
      },
      fault: stub.fault,
    });
    expect(await rowsOf('s3://dest/inv')).toMatchObject({ ok: false, error: { code: 'PartChecksumMismatch' } });
  });

  it.each([
    ['refuse-cut-off', 'PartTruncated', (bytes: Buffer) => bytes.subarray(0, bytes.length - 9)],
    ['refuse-cut-off-at-a-piece', 'PartTruncated', (bytes: Buffer) => bytes.subarray(0, 8 << 20)],
    ['refuse-too-long', 'PartSizeMismatch', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(10 << 20)])],
    ['refuse-empty', 'PartTruncated', () => Buffer.alloc(0)],
  ] as const)('%s', async (_name, code, spoil) => {
    writeBigReport();
    const file = join(folder, 'inv/src/all/data/a.csv.gz');
    writeFileSync(file, spoil(readFileSync(file)));
    await serve({ dest: bucketOf(folder) });
    expect(await rowsOf('s3://dest/inv')).toMatchObject({ ok: false, error: { code } });
  });

  it('refuse-outage with the words of the outage', async () => {
    writeBigReport();
    await serve({ dest: bucketOf(folder) });
    let gets = 0;
    stub.fault = ({ key }) => (key.endsWith('a.csv.gz') && ++gets > 1 ? { status: 403, code: 'AccessDenied' } : undefined);
    expect(await rowsOf('s3://dest/inv')).toMatchObject({ ok: false, error: { code: 'AccessDenied' } });
  });
});

describe('pieces', () => {
  const source = (bytes: Buffer, sizeBytes = bytes.length, log: string[] = [], name = '') => ({
    sizeBytes,
    fetch: async (from: number, to: number) => {
      log.push(`${name}${from}-${to}`);
      return bytes.subarray(from, to);
    },
  });
  const all = async (reader: PieceReader, index: number): Promise<Buffer> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of reader.read(index, signal)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };

  it('go on to the next file when one ends early, and leave out a file nobody reads', async () => {
    const bytes = (size: number): Buffer => createHash('sha512').update(String(size)).digest().subarray(0, Math.min(64, size));
    const log: string[] = [];
    const reader = new PieceReader([
      source(bytes(10), 20 << 20, log, 'a'),
      source(bytes(11), 11, log, 'b'),
      source(bytes(12), 12, log, 'c'),
      source(Buffer.alloc(0), 0, log, 'd'),
      source(bytes(14), 14, log, 'e'),
    ]);
    expect(await all(reader, 0)).toEqual(bytes(10));
    expect(await all(reader, 2)).toEqual(bytes(12));
    expect(await all(reader, 3)).toEqual(Buffer.alloc(0));
    expect(await all(reader, 4)).toEqual(bytes(14));
    expect(new Set(log).size).toBe(log.length);
  });
});

describe('a data file that is read anywhere in', () => {
  const part = (bytes: Buffer, key = 'inv/src/all/data/a.csv.gz'): ManifestPart => ({ key, sizeBytes: bytes.length, md5: md5(bytes) });
  const scratch = (): string => join(folder, 'x.db.tmp-1.part');
  const bytesOf = (): Buffer => readFileSync(join(folder, 'inv/src/all/data/a.csv.gz'));

  it('success-where-it-lies', async () => {
    const manifest = writeReportFolder(folder);
    const bytes = bytesOf();
    const opened = await openVerified(localStore(manifest, folder), part(bytes), scratch(), signal, () => undefined);
    if (!opened.ok) throw new Error(opened.error.message);
    expect(opened.value.sizeBytes).toBe(bytes.length);
    expect(Buffer.from(opened.value.read(5, 20))).toEqual(bytes.subarray(5, 25));
    expect(Buffer.from(opened.value.read(bytes.length - 3, 20))).toEqual(bytes.subarray(-3));
    expect(opened.value.read(bytes.length + 5, 20)).toHaveLength(0);
    expect(opened.value.settled()).toEqual(ok(undefined));
    utimesSync(opened.value.name, 1, 1);
    expect(opened.value.settled()).toMatchObject({ ok: false, error: { code: 'PartChecksumMismatch' } });
    opened.value.close();
    expect(existsSync(scratch())).toBe(false);
  });

  it('refuse-changed, cut off and missing, with nothing left behind', async () => {
    const manifest = writeReportFolder(folder);
    const bytes = bytesOf();
    const open = async (wanted: ManifestPart) => openVerified(localStore(manifest, folder), wanted, scratch(), signal, () => undefined);
    expect(await open({ ...part(bytes), md5: md5('other') })).toMatchObject({ ok: false, error: { code: 'PartChecksumMismatch' } });
    expect(await open({ ...part(bytes), sizeBytes: bytes.length + 1 })).toMatchObject({ ok: false, error: { code: 'PartTruncated' } });
    expect(await open({ ...part(bytes), sizeBytes: bytes.length - 1 })).toMatchObject({ ok: false, error: { code: 'PartSizeMismatch' } });
    expect(await open({ ...part(bytes), key: 'no/such.gz' })).toMatchObject({ ok: false, error: { code: 'PartMissing' } });
  });

  it('success-fetched-from-a-bucket-once, and gone when closed', async () => {
    writeBigReport();
    const bytes = bytesOf();
    await serve({ dest: bucketOf(folder) });
    const found = await openSource(
      { kind: 'inventory', location: 's3://dest/inv', remote: { endpoint: stub.endpoint } },
      new Date(),
      signal,
    );
    if (!found.ok) throw new Error(found.error.message);
    const { connect } = await import('../../../src/main/s3/client.ts');
    const { s3Store } = await import('../../../src/main/sources/s3-store.ts');
    const connection = await connect({ endpoint: stub.endpoint }, 'dest', signal);
    if (!connection.ok) throw new Error(connection.error.message);
    const store = s3Store({
      connection: connection.value,
      remote: { endpoint: stub.endpoint },
      bucket: 'dest',
      manifestKey: 'inv/src/all/2024-05-07T01-00Z/manifest.json',
    });
    store.begin({ parts: [part(bytes)], destinationBucket: 'dest' } as unknown as Manifest, signal);
    const opened = await openVerified(store, part(bytes), scratch(), signal, () => undefined);
    if (!opened.ok) throw new Error(opened.error.message);
    expect(Buffer.from(opened.value.read((16 << 20) - 7, 30))).toEqual(bytes.subarray((16 << 20) - 7, (16 << 20) + 23));
    expect(opened.value.settled()).toEqual(ok(undefined));
    opened.value.close();
    expect(existsSync(scratch())).toBe(false);
    store.begin({ parts: [{ ...part(bytes), md5: md5('x') }], destinationBucket: 'dest' } as unknown as Manifest, signal);
    expect(await openVerified(store, { ...part(bytes), md5: md5('x') }, scratch(), signal, () => undefined)).toMatchObject({
      ok: false,
      error: { code: 'PartChecksumMismatch' },
    });
    expect(existsSync(scratch())).toBe(false);
    store.close();
    found.value.close();
  });
});
