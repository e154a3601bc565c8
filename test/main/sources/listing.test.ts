import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, type Result } from '../../../src/contract/result.ts';
import { IS_DELETE_MARKER, IS_LATEST } from '../../../src/core/inventory/row-batch.ts';
import { decodedMarker } from '../../../src/main/sources/listing/markers.ts';
import { openSource } from '../../../src/main/sources/open-source.ts';
import { type Answer, fakeS3, refuse, xml } from '../../support/fake-s3.ts';
import { type PlainRow, plainRows } from '../../support/inventory-csv.ts';
import { writeReportFolder } from '../../support/report-folder.ts';

const signal = new AbortController().signal;
const NOW = new Date('2026-11-21T00:00:00Z');
let closing: (() => Promise<void>)[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotherm-s3-'));
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
});
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
  rmSync(folder, { recursive: true, force: true });
});

async function server(answer: Answer) {
  const started = await fakeS3(answer);
  closing.push(started.close);
  return started;
}

type Where = { kind: 'listing'; bucket: string } | { kind: 'inventory'; location: string };
async function read(endpoint: string, where: Where): Promise<Result<PlainRow[]>> {
  const opened = await openSource({ ...where, remote: { endpoint, pathStyle: true } }, NOW, signal);
  if (!opened.ok) return opened;
  const rows: PlainRow[] = [];
  const done = await opened.value.read({
    scratch: 'never made',
    signal,
    progress: () => undefined,
    onBatch: (batch) => {
      rows.push(...plainRows(batch));
      return ok(undefined);
    },
  });
  opened.value.close();
  return done.ok ? ok(rows) : done;
}

const entry = (
  tag: string,
  key: string,
  id: string,
  latest: boolean,
  rest = '<Size>5</Size><StorageClass>STANDARD</StorageClass>',
): string =>
  `<${tag}><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${latest}</IsLatest><LastModified>2024-05-06T22:44:22.000Z</LastModified>${rest}</${tag}>`;

describe('a versioned bucket', () => {
  const pages =
    (nextMarker: string, encoding = '<EncodingType>url</EncodingType>'): Answer =>
    ({ query }, response) => {
      if (query.has('versioning')) return xml(response, '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>');
      if (query.get('key-marker') === 'a b' && query.get('version-id-marker') === 'v1') {
        return xml(
          response,
          `<ListVersionsResult>${encoding}<IsTruncated>false</IsTruncated>${entry('DeleteMarker', 'z%2Bz', 'null', true, '')}</ListVersionsResult>`,
        );
      }
      if (query.has('key-marker')) return refuse(response, 400, 'InvalidArgument');
      return xml(
        response,
        `<ListVersionsResult>${encoding}<IsTruncated>true</IsTruncated><NextKeyMarker>${nextMarker}</NextKeyMarker><NextVersionIdMarker>v1</NextVersionIdMarker>` +
          `${entry('Version', 'a+b', 'v2', true)}${entry('Version', 'a+b', 'v1', false, '<Size>7</Size><StorageClass>TAPE</StorageClass>')}</ListVersionsResult>`,
      );
    };

  it.each([
    ['encoded', 'a+b'],
    ['raw', 'a b'],
  ])('is paged with both markers when NextKeyMarker is %s', async (_name, marker) => {
    const { endpoint } = await server(pages(marker));
    expect(await read(endpoint, { kind: 'listing', bucket: 'b' })).toMatchObject({
      ok: true,
      value: [
        { key: 'a b', versionId: 'v2', flags: IS_LATEST, sizeBytes: 5 },
        { key: 'a b', versionId: 'v1', flags: 0, sizeBytes: 7, storageClass: 'TAPE' },
        { key: 'z+z', versionId: '', flags: IS_LATEST | IS_DELETE_MARKER, sizeBytes: 0 },
      ],
    });
  });

  it('refuse-server-that-does-not-move-on', async () => {
    const { endpoint } = await server(({ query }, response) =>
      query.has('versioning')
        ? xml(response, '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>')
        : xml(
            response,
            `<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker>${entry('Version', 'a', 'v', true)}</ListVersionsResult>`,
          ),
    );
    expect(await read(endpoint, { kind: 'listing', bucket: 'b' })).toMatchObject({ ok: false, error: { code: 'RemoteFailed' } });
  });

  it.each([
    ['ListObjectVersions', 's3:ListBucketVersions', false],
    ['GetBucketVersioning', 's3:GetBucketVersioning', true],
  ])('refuse-access-denied-to %s', async (operation, action, atOnce) => {
    const { endpoint } = await server(({ query }, response) =>
      query.has('versioning') && !atOnce
        ? xml(response, '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>')
        : refuse(response, 403, 'AccessDenied'),
    );
    const result = await read(endpoint, { kind: 'listing', bucket: 'b' });
    expect(result).toMatchObject({ ok: false, error: { code: 'AccessDenied' } });
    expect(!result.ok && result.error.message).toContain(operation);
    expect(!result.ok && result.error.message).toContain(action);
  });
});

describe('a bucket that never kept versions', () => {
  it('is listed with ListObjectsV2, and a server that ignores EncodingType is believed', async () => {
    const { endpoint, requests } = await server(({ query }, response) => {
      if (query.has('versioning')) return xml(response, '<VersioningConfiguration/>');
      const object = (key: string): string =>
        `<Contents><Key>${key}</Key><LastModified>2024-05-06T22:44:22.000Z</LastModified><Size>5</Size></Contents>`;
      return query.has('continuation-token')
        ? xml(response, `<ListBucketResult><IsTruncated>false</IsTruncated>${object('y')}</ListBucketResult>`)
        : xml(
            response,
            `<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t+1</NextContinuationToken>${object('100%25+é')}</ListBucketResult>`,
          );
    });
    const result = await read(endpoint, { kind: 'listing', bucket: 'b' });
    expect(result.ok && result.value.map((one) => [Buffer.from(one.key, 'latin1').toString('utf8'), one.flags, one.storageClass])).toEqual([
      ['100%25+é', IS_LATEST, 'STANDARD'],
      ['y', IS_LATEST, 'STANDARD'],
    ]);
    expect(requests.map(({ query }) => query.get('continuation-token'))).toContain('t+1');
  });
});

describe('a report in a bucket', () => {
  const serve =
    (damage: (key: string, bytes: Buffer, from: number, response: Parameters<Answer>[1]) => boolean): Answer =>
    ({ path, headers }, response) => {
      const file = join(folder, path.replace(/^\/dest\//, ''));
      if (!existsSync(file)) return refuse(response, 404, 'NoSuchKey');
      const bytes = readFileSync(file);
      const range = /bytes=(\d+)-/.exec(headers.range ?? '');
      const from = Number(range?.[1] ?? 0);
      if (damage(file, bytes, from, response)) return;
      const part = range === null ? {} : { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
      response.writeHead(range === null ? 200 : 206, { etag: '"e1"', 'content-length': bytes.length - from, ...part });
      response.end(bytes.subarray(from));
    };
  const location = 's3://dest/inv/src/all/2024-05-07T01-00Z/manifest.json';

  it('is read whole although the stream breaks off', async () => {
    writeReportFolder(folder);
    let broken = 0;
    const { endpoint, requests } = await server(
      serve((key, bytes, from, response) => {
        if (!key.endsWith('.gz') || from > 0) return false;
        broken++;
        response.writeHead(200, { etag: '"e1"', 'content-length': bytes.length });
        response.write(bytes.subarray(0, 20), () => response.destroy());
        return true;
      }),
    );
    expect(await read(endpoint, { kind: 'inventory', location })).toMatchObject({ ok: true, value: [{ key: 'one' }, { key: 'two' }] });
    expect(broken).toBe(1);
    expect(requests.at(-1)?.headers).toMatchObject({ range: expect.stringMatching(/^bytes=20-\d+$/), 'if-match': '"e1"' });
  });

  it('refuse-part-missing and refuse-changed-part', async () => {
    writeReportFolder(folder);
    let isGone = true;
    const { endpoint } = await server(
      serve((key, bytes, _from, response) => {
        if (!key.endsWith('.gz')) return false;
        if (isGone) refuse(response, 404, 'NoSuchKey');
        else {
          response.writeHead(200, { 'content-length': bytes.length });
          response.end(Buffer.alloc(bytes.length, 'x'));
        }
        return true;
      }),
    );
    expect(await read(endpoint, { kind: 'inventory', location })).toMatchObject({ ok: false, error: { code: 'PartMissing' } });
    isGone = false;
    expect(await read(endpoint, { kind: 'inventory', location })).toMatchObject({ ok: false, error: { code: 'PartChecksumMismatch' } });
  });
});

it('refuse-endpoint-that-is-down within a few seconds', async () => {
  const { endpoint, close } = await fakeS3(() => undefined);
  await close();
  const started = performance.now();
  expect(await read(endpoint, { kind: 'listing', bucket: 'b' })).toMatchObject({
    ok: false,
    error: { code: 'EndpointUnreachable', retryable: true },
  });
  expect(performance.now() - started).toBeLessThan(5000);
});

it('a marker is decoded only when it is encoded', () => {
  expect(decodedMarker('a+b', 'a+b', true)).toBe('a b');
  expect(decodedMarker('a b', 'a+b', true)).toBe('a b');
  expect(decodedMarker('a+b', 'a%2Bb', true)).toBe('a+b');
  expect(decodedMarker('a%2Bb', 'a%2Bb', true)).toBe('a+b');
  expect(decodedMarker('é', 'zzz', true)).toBe('é');
  expect(decodedMarker('a+b', 'x', false)).toBe('a+b');
  expect(decodedMarker(undefined, 'x', true)).toBeUndefined();
});
