import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';
import { appError } from '../../../src/contract/errors.ts';
import { ok, type Result } from '../../../src/contract/result.ts';
import { BatchBuilder } from '../../../src/core/inventory/batch-builder.ts';
import type { FileFormat } from '../../../src/core/inventory/file-schema.ts';
import { createListPageReader, LISTED_DETAILS } from '../../../src/core/listing/list-page.ts';
import type { Kernel } from '../../../src/main/kernel/kernel.ts';
import { loadKernel } from '../../../src/main/kernel/load.ts';
import { coveredBy } from '../../../src/main/sources/listing/crawl.ts';
import { openJournal } from '../../../src/main/sources/listing/journal.ts';
import { openReport } from '../../../src/main/sources/read-report.ts';
import type { ReportStore } from '../../../src/main/sources/report-store.ts';
import { FIXTURE_NAMES, fileSchema, formatFixture } from '../../support/formats.ts';
import { createRandom, mutated, overwritten, type Random } from './mutate.ts';

/** Reads input number `input` of a run; how it ended. Throws where the reader did, or where it took what it must refuse. */
type Reader = (seed: number, input: number) => Promise<string>;

const md5 = (bytes: Buffer | string): string => createHash('md5').update(bytes).digest('hex');
const signal = new AbortController().signal;
const randomOf = (seed: number, input: number): Random => createRandom(Math.imul(seed, 0x9e3779b1) + input);

/** A report in memory, its checksums as they are given. */
function memoryStore(manifest: Buffer, checksum: string, part: Buffer): ReportStore {
  return {
    source: 'memory',
    manifestName: 'manifest.json',
    readManifest: async () => ok({ manifest, checksum }),
    begin: () => undefined,
    openPart: async (key) =>
      ok({
        name: key,
        chunks: (async function* () {
          for (let at = 0; at < part.length || at === 0; at += 4096) yield part.subarray(at, at + 4096);
        })(),
      }),
    streamFailure: (error) => appError('FileUnreadable', String(error)),
    close: () => undefined,
  };
}

const SCHEMA =
  'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass, IsMultipartUploaded, ReplicationStatus, ObjectLockRetainUntilDate, ObjectLockLegalHoldStatus, IntelligentTieringAccessTier';

function manifestFor(part: Buffer, format = 'CSV', schema = SCHEMA, promised = md5(part), size = part.length): Buffer {
  return Buffer.from(
    JSON.stringify({
      sourceBucket: 'src',
      destinationBucket: 'arn:aws:s3:::dest',
      version: '2016-11-30',
      creationTimestamp: '1732323600000',
      fileFormat: format,
      fileSchema: schema,
      files: [{ key: 'data/part', size, MD5checksum: promised }],
    }),
  );
}

const newKernel = await loadKernel();
/** As in a scan of many files, one kernel reads many inputs; a new one now and then, so that what one input left behind shows. */
const READ_BY_ONE = 64;
let kernel = newKernel();
let readByIt = 0;

function kernelFor(): Kernel {
  readByIt += 1;
  if (readByIt > READ_BY_ONE) {
    kernel = newKernel();
    readByIt = 1;
  }
  kernel.calls.clearBatch();
  return kernel;
}

/** Reads a report whole; rows, or the failure. What it promises of its rows must hold. */
async function readReport(store: ReportStore): Promise<Result<number>> {
  const opened = await openReport(store, signal);
  if (!opened.ok) return opened;
  let rows = 0;
  const read = await opened.value.read({
    kernel: kernelFor(),
    signal,
    progress: () => undefined,
    scratch: join(tmpdir(), `isotherm-fuzz-${process.pid}.part`),
    onBatch: (batch) => {
      rows += batch.rows;
      for (let i = 0; i < batch.rows; i++) {
        const isSane =
          (batch.keyStart[i] as number) < (batch.keyStart[i + 1] as number) &&
          Number.isSafeInteger(batch.sizeBytes[i]) &&
          (batch.sizeBytes[i] as number) >= 0 &&
          Number.isFinite(batch.lastModifiedMs[i]) &&
          batch.classes[batch.classId[i] as number] !== undefined &&
          batch.details[batch.detailId[i] as number] !== undefined;
        if (!isSane) throw new Error(`row ${i} is not what a batch may hold`);
      }
      return ok(undefined);
    },
  });
  opened.value.close();
  return read.ok ? ok(rows) : read;
}

const outcomeOf = (read: Result<unknown>): string => (read.ok ? 'rows' : read.error.code);

/** Refused whatever was changed, with the sums as shipped; with sums made new, rows or a failure. */
function reportReader(part: Buffer, change: (random: Random) => Buffer, format?: string, schema?: string): Reader {
  const shipped = manifestFor(part, format, schema);
  return async (seed, input) => {
    const bytes = change(randomOf(seed, input));
    if (input % 4 === 0) {
      const read = await readReport(memoryStore(shipped, md5(shipped), bytes));
      if (read.ok && !bytes.equals(part)) throw new Error('a changed data file was taken');
      if (!read.ok && !/^Part(Truncated|SizeMismatch|ChecksumMismatch)$/.test(read.error.code))
        throw new Error(`refused, but as ${read.error.code}`);
      return outcomeOf(read);
    }
    const manifest = manifestFor(bytes, format, schema);
    return outcomeOf(await readReport(memoryStore(manifest, md5(manifest), bytes)));
  };
}

const CSV_ROWS = [
  '"src","a+b/%F0%9F%94%A5.pt","v1","true","false","5","2024-05-06T22:44:22.000Z","d41d8cd98f00b204e9800998ecf8427e","STANDARD","false","","","",""',
  '"src","a+b/%F0%9F%94%A5.pt","v0","false","false","9007199254740991","2024-05-05T22:44:22.000Z","d41d8cd98f00b204e9800998ecf8427e-12","GLACIER","true","COMPLETED","2030-01-01T00:00:00.000Z","On",""',
  '"src","%3Dcmd%22%22","","true","true","","2024-05-06T22:44:22Z","","","","FAILED","","",""',
  '"src","x,""y""","null","TRUE","False","0","2024-05-06T22:44:22.000Z","odd","INTELLIGENT_TIERING","","PENDING","","Off","ARCHIVE_INSTANT_ACCESS"',
  'src,plain/key,v9,true,false,12,2024-05-06T22:44:22.000Z,"d41d8cd98f00b204e9800998ecf8427e",NEW_CLASS,,,,,',
];
const CSV = Buffer.from(Array.from({ length: 12 }, (_, i) => CSV_ROWS.map((row) => row.replace('/', `/${i}/`)).join('\n')).join('\r\n'));

const LISTING = Buffer.from(
  `<?xml version="1.0" encoding="UTF-8"?><ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextKeyMarker>c%26</NextKeyMarker><NextVersionIdMarker>v9</NextVersionIdMarker>${Array.from(
    { length: 8 },
    (_, i) =>
      `<Version><Key>a+b%2F${i}</Key><VersionId>v${i}</VersionId><IsLatest>true</IsLatest><LastModified>2024-05-06T22:44:22.000Z</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>${i * 977}</Size><StorageClass>STANDARD</StorageClass><Owner><ID>o${i}</ID></Owner></Version><DeleteMarker><Key>b${i}</Key><VersionId>m</VersionId><IsLatest>false</IsLatest><LastModified>2024-05-06T22:44:22.000Z</LastModified></DeleteMarker>`,
  ).join('')}<CommonPrefixes><Prefix>c%26/</Prefix></CommonPrefixes></ListVersionsResult>`,
);

/** Data files as another writer made them; half of the changes go to the end, where what lies where is told. */
function columnarReader(format: FileFormat, names: readonly string[]): Reader {
  const readers = names.map((name) => {
    const part = formatFixture(name);
    const change = (random: Random): Buffer => {
      const from = random.below(2) === 0 ? 0 : Math.max(0, part.length - 1 - random.below(3000));
      const changed = random.below(4) === 0 ? mutated : overwritten;
      return Buffer.concat([part.subarray(0, from), changed(part.subarray(from), random)]);
    };
    return reportReader(part, change, format, fileSchema(format, FIXTURE_NAMES));
  });
  return (seed, input) => (readers[Math.floor(input / 4) % readers.length] as Reader)(seed, input);
}

export const READERS = {
  parquet: async (): Promise<Reader> =>
    columnarReader(
      'Parquet',
      ['usual', 'small-pages', 'mixed-pages', 'second-pages', 'second-plain', 'deltas', 'fronted', 'old-times', 'nanos', 'shuffled'].map(
        (name) => `${name}.parquet`,
      ),
    ),

  orc: async (): Promise<Reader> =>
    columnarReader(
      'ORC',
      ['plain', 'usual', 'plain', 'several-stripes', 'snappy', 'plain', 'zstd', 'old-version', 'shuffled'].map((name) => `${name}.orc`),
    ),

  csv: async (): Promise<Reader> => {
    const part = gzipSync(CSV);
    // Changed before it is packed, or packed and then changed: the second seldom gets past the sum gzip itself keeps.
    return reportReader(part, (random) => (random.below(5) === 0 ? mutated(part, random) : gzipSync(mutated(CSV, random), { level: 1 })));
  },

  /** A small file that unpacks to half a gigabyte, as one row, one value, one open quote, or as nothing but ends of rows. */
  bombs: async (): Promise<Reader> => {
    const kinds = ['a', '"', '""', '",', '\n', 'x,'];
    return async (_seed, input) => {
      const mib = Buffer.alloc(1 << 20, kinds[input % kinds.length]);
      const packed: Buffer[] = [];
      const gzip = createGzip({ level: 1 }).on('data', (chunk: Buffer) => packed.push(chunk));
      for (let i = 0; i < 512; i++) if (!gzip.write(mib)) await once(gzip, 'drain');
      gzip.end();
      await once(gzip, 'end');
      const part = Buffer.concat(packed);
      const manifest = manifestFor(part);
      const read = await readReport(memoryStore(manifest, md5(manifest), part));
      // Blank lines are no rows.
      if (read.ok && read.value > 0) throw new Error('half a gigabyte of nothing was taken for rows');
      return outcomeOf(read);
    };
  },

  manifest: async (): Promise<Reader> => {
    const part = gzipSync(CSV);
    const manifest = manifestFor(part);
    return async (seed, input) => {
      const bytes = mutated(manifest, randomOf(seed, input));
      if (input % 4 === 0) {
        const read = await readReport(memoryStore(bytes, md5(manifest), part));
        if (read.ok) throw new Error('a changed manifest was taken');
        return outcomeOf(read);
      }
      return outcomeOf(await readReport(memoryStore(bytes, md5(bytes), part)));
    };
  },

  listing: async (): Promise<Reader> => async (seed, input) => {
    const builder = new BatchBuilder(LISTED_DETAILS);
    const read = createListPageReader(builder).read(mutated(LISTING, randomOf(seed, input)), 'ListObjectVersions');
    if (!read.ok && read.error.code !== 'RemoteFailed') throw new Error(`failed as ${read.error.code}`);
    return outcomeOf(read);
  },

  journal: async (): Promise<Reader> => {
    const folder = mkdtempSync(join(tmpdir(), 'isotherm-fuzz-'));
    const index = join(folder, 'x.db');
    const identity = { kind: 'versions', endpoint: null, bucket: 'b', prefix: '' };
    const whole = openJournal(index, identity, 1);
    if (!whole.ok) throw new Error(whole.error.message);
    const { encodePage } = await import('../../../src/core/listing/page-record.ts');
    const { START } = await import('../../../src/core/listing/position.ts');
    const builder = new BatchBuilder(LISTED_DETAILS);
    createListPageReader(builder).read(LISTING, 'x');
    let after = START;
    for (let page = 0; page < 4; page++) {
      const to = { key: Buffer.from(`k${page}`), versionId: page % 2 === 0 ? null : 'v' };
      whole.value.append(encodePage({ prefix: '', covered: { after, to, upTo: null } }, builder.batch()));
      after = to;
    }
    whole.value.close();
    const { readdirSync, readFileSync } = await import('node:fs');
    const path = join(folder, readdirSync(folder)[0] as string);
    const bytes = readFileSync(path);
    return async (seed, input) => {
      writeFileSync(path, mutated(bytes, randomOf(seed, input)));
      const opened = openJournal(index, identity, 1);
      if (!opened.ok) return opened.error.code;
      const covered = coveredBy(opened.value);
      const records = [...opened.value.records()].length;
      opened.value.close();
      // A record is there whole or not at all, so what is left is a beginning of what was.
      if (covered === null || records > 4) throw new Error('a changed journal was believed');
      return `${records} records`;
    };
  },
} satisfies Record<string, () => Promise<Reader>>;
