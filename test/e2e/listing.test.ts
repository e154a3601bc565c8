import {
  CreateMultipartUploadCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ScanResult, Snapshot, Summary } from '../../src/contract/index-views.ts';
import type { ResultOf } from '../../src/contract/methods.ts';
import { ok } from '../../src/contract/result.ts';
import { openSource } from '../../src/main/sources/open-source.ts';
import type { CephServer } from '../servers/ceph/ceph.ts';
import { cephForTests } from '../servers/ceph/for-tests.ts';
import type { Available } from '../servers/ceph/packages.ts';
import { answer, bareEnvironment, failure, scratch } from '../support/command-line.ts';
import { plainRows } from '../support/inventory-csv.ts';
import { contents, fill, makeBucket, type Put, s3Client } from './support/bucket.ts';
import { type Filling, HOSTILE_KEYS } from './support/population.ts';

const files = scratch('listing');
let server: Available<CephServer>;
let s3: S3Client;
let env: NodeJS.ProcessEnv;
let remote: string[];

beforeAll(async () => {
  server = await cephForTests();
  if (!server.ok) return;
  const { access } = server.value;
  s3 = s3Client(access);
  env = { ...bareEnvironment(files.path('home')), AWS_ACCESS_KEY_ID: access.accessKeyId, AWS_SECRET_ACCESS_KEY: access.secretAccessKey };
  remote = ['--endpoint', access.endpoint, '--region', 'us-east-1', '--path-style'];
  process.env.AWS_ACCESS_KEY_ID = access.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = access.secretAccessKey;
});

afterAll(async () => {
  s3?.destroy();
  if (server?.ok) await server.value.stop();
  files.remove();
});

beforeEach((context) => {
  if (!server.ok) context.skip(server.reason);
});

const put = (key: string): Filling => ({ kind: 'put', key, sizeBytes: 1, storageClass: 'STANDARD' });
const text = ({ key, versionId, isLatest, isDeleteMarker, sizeBytes, storageClass, eTag, at }: Record<string, unknown>): string =>
  JSON.stringify([key, versionId, isLatest, isDeleteMarker, sizeBytes, storageClass, eTag, at]);

/** Every row of a live listing, in this process. */
async function listed(bucket: string, prefix = ''): Promise<string[]> {
  if (!server.ok) throw new Error(server.reason);
  const signal = new AbortController().signal;
  const { endpoint } = server.value.access;
  const opened = await openSource({ kind: 'listing', bucket, prefix, remote: { endpoint, region: 'us-east-1' } }, new Date(), signal);
  if (!opened.ok) throw new Error(opened.error.message);
  const rows: string[] = [];
  const read = await opened.value.read({
    scratch: 'never made',
    signal,
    progress: () => undefined,
    onBatch: (batch) => {
      for (const row of plainRows(batch)) {
        rows.push(
          text({
            ...row,
            key: Buffer.from(row.key, 'latin1').toString('utf8'),
            versionId: row.versionId || null,
            isLatest: (row.flags & 1) !== 0,
            isDeleteMarker: (row.flags & 2) !== 0,
            at: new Date(row.lastModifiedMs).toISOString(),
          }),
        );
      }
      return ok(undefined);
    },
  });
  opened.value.close();
  if (!read.ok) throw new Error(read.error.message);
  return rows.sort();
}

const truth = (rows: readonly Put[]): string[] => rows.map((row) => text({ ...row, eTag: row.etag, at: row.lastModified })).sort();

describe('listing a real server', () => {
  it('finds 999, 1,000, 1,001 and 2,001 objects, and every one of them once', async () => {
    const bucket = await makeBucket(s3, 'counts', false);
    const counts = [999, 1_000, 1_001, 2_001];
    await fill(
      s3,
      bucket,
      counts.flatMap((count) => Array.from({ length: count }, (_, i) => put(`n${count}/object-${i}`))),
    );
    const rows = await contents(s3, bucket);
    for (const count of counts) {
      const below = rows.filter(({ key }) => key.startsWith(`n${count}/`));
      expect(below).toHaveLength(count);
      expect(await listed(bucket, `n${count}/`)).toEqual(truth(below));
    }
    expect(await listed(bucket)).toEqual(truth(rows));
  });

  it('finds versions of one key over several pages, markers, and hostile keys around every cut', async () => {
    const bucket = await makeBucket(s3, 'versions', true);
    // Hostile names with many others behind each, so that pages and cuts fall between them.
    const keys = HOSTILE_KEYS.filter((key) => Buffer.byteLength(key) < 900).flatMap((key) =>
      Array.from({ length: 60 }, (_, i) => `${key}${i}`),
    );
    await fill(s3, bucket, [...HOSTILE_KEYS, ...keys].map(put));
    for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 130 }, () => fill(s3, bucket, [put('one/key')])));
    await fill(
      s3,
      bucket,
      keys.slice(0, 200).map((key) => ({ kind: 'delete', key })),
    );
    const rows = await contents(s3, bucket);
    expect(rows.filter(({ key }) => key === 'one/key')).toHaveLength(1_300);
    expect(await listed(bucket)).toEqual(truth(rows));
    expect(await listed(bucket, 'one/')).toHaveLength(1_300);
  });

  it('finds incomplete uploads with the bytes of their parts', async () => {
    const bucket = await makeBucket(s3, 'uploads', false);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'whole', Body: 'x' }));
    const begin = async (Key: string, parts: number[]): Promise<void> => {
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
      for (const [i, size] of parts.entries())
        await s3.send(new UploadPartCommand({ Bucket: bucket, Key, UploadId, PartNumber: i + 1, Body: Buffer.alloc(size, 'x') }));
    };
    await begin('ckpt/a b+c%2F', [5 << 20, 5 << 20, 7]);
    await begin('ckpt/empty', []);
    await begin('other', [1234]);
    const index = files.path('uploads.db');
    expect(await answer<ScanResult>(['scan', '--list', `s3://${bucket}`, '--index', index, ...remote], env)).toMatchObject({ rows: 1 });
    const totals = { uploads: 3, parts: 4, bytes: 2 * (5 << 20) + 7 + 1234, unread: 0 };
    expect((await answer<Summary>(['summary', '--index', index], env)).incompleteUploads).toEqual(totals);
    const found = await answer<ResultOf<'uploads.list'>>(['uploads', '--index', index, '--prefix', 'ckpt/'], env);
    expect(found.totals).toEqual({ uploads: 2, parts: 3, bytes: 2 * (5 << 20) + 7, unread: 0 });
    expect(found.uploads.map(({ key, parts, bytes }) => [key, parts, bytes])).toEqual([
      ['ckpt/a b+c%2F', 3, 2 * (5 << 20) + 7],
      ['ckpt/empty', 0, 0],
    ]);
  });

  it('lists what a policy lets it, names what it does not, and says when it is nothing', async () => {
    if (!server.ok) return;
    const bucket = await makeBucket(s3, 'partly', false);
    await fill(s3, bucket, ['top', 'mine/1', 'mine/2', 'theirs/1'].map(put));
    const other = {
      ...env,
      AWS_ACCESS_KEY_ID: server.value.access.other.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.value.access.other.secretAccessKey,
    };
    const scan = ['scan', '--list', `s3://${bucket}`, '--current-only', '--index', files.path('partly.db'), ...remote];
    expect(await failure(scan, other)).toMatchObject({ status: 4, error: { code: 'AccessDenied' } });
    const statement = (Effect: string, Condition: object) => ({
      Effect,
      Principal: { AWS: ['arn:aws:iam:::user/other'] },
      Action: ['s3:ListBucket'],
      Resource: [`arn:aws:s3:::${bucket}`],
      Condition,
    });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        statement('Allow', { StringEquals: { 's3:delimiter': '/' } }),
        statement('Allow', { StringLike: { 's3:prefix': 'mine/*' } }),
        statement('Deny', { StringLike: { 's3:prefix': 'theirs/*' } }),
      ],
    });
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
    const scanned = await answer<ScanResult>(scan, other);
    expect(scanned).toMatchObject({ rows: 3 });
    expect(scanned.coverage).toBeLessThan(1);
    const [snapshot] = await answer<Snapshot[]>(['snapshots', '--index', files.path('partly.db')], other);
    expect(snapshot).toMatchObject({ refusedPrefixes: ['theirs/'], incompleteUploads: null, allVersions: false });
  });
});
