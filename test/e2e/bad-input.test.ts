import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../src/contract/errors.ts';
import type { ScanResult } from '../../src/contract/index-views.ts';
import { answer, bareEnvironment, failure, isotherm, scratch } from '../support/command-line.ts';
import { inventoryReport, type Put, type ReportFile } from './support/bucket.ts';

const BUCKET = 'training-data';
const files = scratch('bad-input');
const env = bareEnvironment(files.path('home'));
const index = files.path('existing.db');
const policy = files.path('policy.json');

const rows: Put[] = Array.from({ length: 40 }, (_, i) => ({
  key: `datasets/cifar/part ${i}.csv`,
  versionId: null,
  isDeleteMarker: false,
  sizeBytes: 1_000 + i,
  storageClass: 'STANDARD',
  isLatest: true,
  lastModified: '2026-01-02T03:04:05.000Z',
  etag: 'd41d8cd98f00b204e9800998ecf8427e',
}));

type Edit = (report: ReportFile[]) => ReportFile[];

/** Writes a report, changed by `edit`, as a copy of the destination bucket; returns its root. */
function written(name: string, edit: Edit, from: ReportFile[] = inventoryReport(BUCKET, rows, '')): string {
  const root = files.path('reports', name);
  for (const { key, body } of edit(from)) {
    mkdirSync(dirname(join(root, key)), { recursive: true });
    writeFileSync(join(root, key), body);
  }
  return root;
}

const md5 = (body: Buffer): string => createHash('md5').update(body).digest('hex');

/** Replaces one part and lets the manifest agree with it, so that only its content is at fault. */
const withPart =
  (change: (body: Buffer) => Buffer): Edit =>
  (report) => {
    const changed = report.map((file) => (file.key.endsWith('part-1.csv.gz') ? { ...file, body: change(file.body) } : file));
    const manifests = changed.map((file) => {
      if (!file.key.endsWith('manifest.json')) return file;
      const manifest = JSON.parse(file.body.toString()) as { files: { key: string; size: number; MD5checksum: string }[] };
      manifest.files = manifest.files.map((entry) => {
        const part = changed.find(({ key }) => key === entry.key);
        return part === undefined ? entry : { key: entry.key, size: part.body.length, MD5checksum: md5(part.body) };
      });
      return { ...file, body: Buffer.from(JSON.stringify(manifest)) };
    });
    return withChecksum(manifests);
  };

/** Lets manifest.checksum agree with manifest.json. */
const withChecksum: Edit = (report) => {
  const manifest = report.find((file) => file.key.endsWith('manifest.json'));
  if (manifest === undefined) throw new Error('the report has no manifest');
  return report.map((file) => (file.key.endsWith('manifest.checksum') ? { ...file, body: Buffer.from(md5(manifest.body)) } : file));
};

const inManifest =
  (change: (text: string) => string): Edit =>
  (report) =>
    withChecksum(
      report.map((file) => (file.key.endsWith('manifest.json') ? { ...file, body: Buffer.from(change(file.body.toString())) } : file)),
    );

const inPart =
  (change: (body: Buffer) => Buffer): Edit =>
  (report) =>
    report.map((file) => (file.key.endsWith('part-1.csv.gz') ? { ...file, body: change(file.body) } : file));

const lines = (...text: string[]): Buffer => gzipSync(`${text.join('\n')}\n`);
const row = (...fields: string[]): string => fields.map((field) => `"${field}"`).join(',');
const goodRow = row(BUCKET, 'a/b', '', 'true', 'false', '1', '2026-01-02T03:04:05.000Z', 'e', 'STANDARD');

/** Every file below the scratch folder with the hash of its bytes, leaving out the product's own data folder. */
function existing(): Record<string, string> {
  const all = readdirSync(files.path(), { recursive: true, withFileTypes: true });
  const found: Record<string, string> = {};
  for (const entry of all) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !path.startsWith(files.path('home'))) found[path] = `${md5(readFileSync(path))} ${statSync(path).mode}`;
  }
  return found;
}

/** Runs a verb that must fail in just this way and leave every file alone. */
async function refuses(args: readonly string[], code: ErrorCode, environment = env) {
  const before = existing();
  const { status, error } = await failure(args, environment);
  expect(error).toMatchObject({ code, next: expect.stringMatching(/\S/) });
  expect(error.message).toMatch(/\S/);
  expect(status).toBe(ERROR_CODES[code].exit);
  expect(existing()).toEqual(before);
  return error;
}

beforeAll(async () => {
  mkdirSync(files.path('home'), { recursive: true });
  // An earlier report: the very same one again would change nothing, and so never be read.
  const good = written('good', (report) => report, inventoryReport(BUCKET, rows, '', '2026-11-20T01-00Z'));
  const scanned = await answer<ScanResult>(['scan', good, '--index', index], env);
  expect(scanned).toMatchObject({ rows: 40, versions: 40 });
  await answer(['recommend', '--index', index, '--preset', 'ml-basics', '-o', policy], env);
});
afterAll(() => files.remove());

describe('a report that cannot be trusted is refused with status 3, into a new index and into an existing one', () => {
  it.each<[string, ErrorCode, Edit]>([
    ['without one of its data files', 'PartMissing', (report) => report.filter((file) => !file.key.endsWith('part-1.csv.gz'))],
    [
      'with a data file of the same size and another MD5',
      'PartChecksumMismatch',
      inPart((body) => Buffer.from(body.map((byte, i) => (i === 4 ? byte ^ 1 : byte)))),
    ],
    ['with a data file of another size', 'PartSizeMismatch', inPart((body) => Buffer.concat([body, Buffer.from('x')]))],
    ['with a truncated gzip that its manifest vouches for', 'PartTruncated', withPart((body) => body.subarray(0, body.length - 20))],
    ['with a row of too few columns', 'RowColumnCount', withPart(() => lines(goodRow, row(BUCKET, 'a/c', '', 'true')))],
    ['with a row of too many columns', 'RowColumnCount', withPart(() => lines(goodRow, `${goodRow},"one more"`))],
    [
      'with a size that is no number',
      'RowField',
      withPart(() => lines(goodRow, row(BUCKET, 'a/c', '', 'true', 'false', 'many', '2026-01-02T03:04:05.000Z', 'e', 'STANDARD'))),
    ],
    ['with a manifest that is not JSON', 'ManifestNotJson', inManifest(() => 'not JSON at all')],
    ['with a manifest that lacks its files', 'ManifestInvalid', inManifest((text) => text.replace('"files"', '"filez"'))],
    [
      'with a manifest that another checksum belongs to',
      'ManifestChecksumMismatch',
      (report) => report.map((file) => (file.key.endsWith('.checksum') ? { ...file, body: Buffer.from(md5(Buffer.from('other'))) } : file)),
    ],
    [
      'with a schema of another format than it names',
      'ManifestInvalid',
      inManifest((text) => text.replace('"fileFormat":"CSV"', '"fileFormat":"ORC"')),
    ],
    ['without its checksum', 'NoCompleteReport', (report) => report.filter((file) => !file.key.endsWith('.checksum'))],
  ])('%s', async (name, code, edit) => {
    const root = written(name.replaceAll(' ', '-'), edit);
    const error = await refuses(['scan', root, '--index', index], code);
    await refuses(['scan', root, '--index', files.path('new.db')], code);
    if (code.startsWith('Part') || code.startsWith('Row')) expect(error.file).toContain('part-1.csv.gz');
    if (code.startsWith('Row')) expect(error.row).toBe(2);
    if (code === 'RowField') expect(error.field).toBe('Size');
  });

  it('even when an older report beside it is whole', async () => {
    const root = written('older-is-whole', (report) => report, inventoryReport(BUCKET, rows, '', '2026-11-23T01-00Z'));
    written(
      'older-is-whole',
      inManifest(() => '{'),
      inventoryReport(BUCKET, rows, '', '2026-11-24T01-00Z'),
    );
    await refuses(['scan', root, '--index', index], 'ManifestNotJson');
    const named = await answer<ScanResult>(['scan', root, '--report', '2026-11-23T01-00Z', '--index', files.path('named.db')], env);
    expect(named.rows).toBe(40);
    rmSync(files.path('named.db'));
  });

  it('and a folder that is not there, or holds none, is told apart', async () => {
    await refuses(['scan', files.path('nowhere'), '--index', index], 'SourceNotFound');
    mkdirSync(files.path('empty'));
    await refuses(['scan', files.path('empty'), '--index', index], 'NoCompleteReport');
  });
});

describe('an index that cannot be used', () => {
  it('because a newer version wrote it is left alone', async () => {
    const newer = files.path('newer.db');
    // The schema version is PRAGMA user_version: 4 bytes at offset 60 (https://www.sqlite.org/fileformat.html).
    const bytes = readFileSync(index);
    bytes.writeUInt32BE(9_999, 60);
    writeFileSync(newer, bytes);
    await refuses(['summary', '--index', newer, '--by', 'category'], 'IndexNewer');
    await refuses(['scan', files.path('reports', 'good'), '--index', newer], 'IndexNewer');
  });

  it('because it is something else, or is cut short, is left alone', async () => {
    const text = files.path('text.db');
    writeFileSync(text, 'this is not a database, however long the text may be. '.repeat(100));
    await refuses(['summary', '--index', text, '--by', 'category'], 'IndexUnreadable');
    await refuses(['scan', files.path('reports', 'good'), '--index', text], 'IndexUnreadable');
    const short = files.path('short.db');
    writeFileSync(short, readFileSync(index).subarray(0, 5_000));
    await refuses(['summary', '--index', short, '--by', 'category'], 'IndexUnreadable');
  });

  it('because it is not there is not made by reading', async () => {
    await refuses(['summary', '--index', files.path('absent.db'), '--by', 'category'], 'IndexNotFound');
    await refuses(['recommend', '--index', files.path('absent.db'), '-o', files.path('absent.json')], 'IndexNotFound');
  });
});

describe('a file that is not what it should be', () => {
  it('as a policy', async () => {
    const bad = files.path('bad-policy.json');
    writeFileSync(bad, '{"Rules":');
    await refuses(['simulate', '--index', index, '--policy', bad], 'PolicyInvalid');
    writeFileSync(bad, '{"Rules":[{"Status":"Perhaps"}]}');
    await refuses(['simulate', '--index', index, '--policy', bad], 'PolicyInvalid');
    await refuses(['simulate', '--index', index, '--policy', files.path('no-policy.json')], 'FileUnreadable');
  });

  it('as a plan', async () => {
    const bad = files.path('bad-plan.json');
    writeFileSync(bad, '{}');
    await refuses(['apply', bad, '--hash', 'abc'], 'PlanInvalid');
  });

  it('as a place to write to', async () => {
    await refuses(['recommend', '--index', index, '-o', files.path('no', 'such', 'folder.json')], 'FileUnwritable');
  });
});

describe('a server that cannot be reached gives status 4', () => {
  const closedPort = (): Promise<number> =>
    new Promise((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 9));
      });
    });
  const withKeys = { ...env, AWS_ACCESS_KEY_ID: 'AKIATESTER', AWS_SECRET_ACCESS_KEY: 'secrettester' };

  it('to a listing, a plan and a report in a bucket', async () => {
    const remote = ['--endpoint', `http://127.0.0.1:${await closedPort()}`, '--region', 'us-east-1', '--path-style'];
    await refuses(['scan', '--list', 's3://some-bucket', '--index', index, ...remote], 'EndpointUnreachable', withKeys);
    await refuses(['scan', 's3://some-bucket/reports/', '--index', index, ...remote], 'EndpointUnreachable', withKeys);
    const plan = ['plan', '--index', index, '--bucket', BUCKET, '--policy', policy, '-o', files.path('plan.json'), ...remote];
    await refuses(plan, 'EndpointUnreachable', withKeys);
    expect(existsSync(files.path('plan.json'))).toBe(false);
  });

  it('and without credentials says that, before it asks anyone', async () => {
    const remote = ['--endpoint', `http://127.0.0.1:${await closedPort()}`, '--region', 'us-east-1', '--path-style'];
    await refuses(['scan', '--list', 's3://some-bucket', '--index', index, ...remote], 'CredentialsMissing');
  });
});

describe('a command line that makes no sense gives status 2', () => {
  it.each([
    [['frobnicate']],
    [['scan']],
    [['scan', 'here']],
    [['scan', 'here', '--index']],
    [['scan', 'here', 'there', '--index', index]],
    [['scan', 'here', '--list', 's3://there', '--index', index]],
    [['summary', '--index', index, '--by', 'colour']],
    [['summary', '--index', index, '--bye', 'category']],
    [['simulate', '--index', index, '--policy', policy, '--months', 'twelve']],
    [['simulate', '--index', index, '--policy', policy, '--months', '0']],
    [['apply', files.path('plan.json')]],
    [['rollback', '--bucket', BUCKET]],
    [['sample', '--out', files.path('out'), '--versions', '-5', '--seed', '7']],
    [['scan', '--list', 's3://b', '--index', index, '--endpoint', 'not an address']],
  ])('isotherm %j', async (args) => {
    await refuses(args, 'Usage');
  });

  it('and says so in words on standard error, without a stack', async () => {
    const ended = await isotherm(['summary', '--by', 'category'], env);
    expect(ended.status).toBe(2);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toMatch(/--index/);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });
});
