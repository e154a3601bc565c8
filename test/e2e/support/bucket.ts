import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { CephAccess } from '../../servers/ceph/cluster.ts';
import type { Filling } from './population.ts';

/** One version or delete marker, as the tests know it without asking the product. */
export interface Put {
  readonly key: string;
  readonly versionId: string | null;
  readonly isDeleteMarker: boolean;
  readonly sizeBytes: number;
  readonly storageClass: string;
  readonly isLatest: boolean;
  readonly lastModified: string;
  readonly etag: string;
}

type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string };

export function s3Client(access: CephAccess, keys: Keys = access): S3Client {
  return new S3Client({
    endpoint: access.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    credentials: { accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretAccessKey },
  });
}

const bucketName = (what: string): string => `${what}-${randomBytes(4).toString('hex')}`;

export async function makeBucket(s3: S3Client, what: string, versioned: boolean): Promise<string> {
  const Bucket = bucketName(what);
  await s3.send(new CreateBucketCommand({ Bucket }));
  if (versioned) await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  return Bucket;
}

/** Sends every request, many at a time; requests for one key keep their order because no list holds a key twice. */
export async function fill(s3: S3Client, Bucket: string, requests: readonly Filling[]): Promise<void> {
  const queue = [...requests];
  const worker = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (next.kind === 'delete') await s3.send(new DeleteObjectCommand({ Bucket, Key: next.key }));
      else {
        const Body = Buffer.alloc(next.sizeBytes, 'x');
        await s3.send(new PutObjectCommand({ Bucket, Key: next.key, Body, StorageClass: next.storageClass }));
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** What the bucket holds, read with the SDK alone. */
export async function contents(s3: S3Client, Bucket: string): Promise<Put[]> {
  const rows: Put[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, EncodingType: 'url', MaxKeys: 1000, ...markers }));
    // With EncodingType=url the SDK leaves keys encoded.
    const decode = (key: string | undefined): string => decodeURIComponent((key ?? '').replaceAll('+', ' '));
    for (const item of page.Versions ?? []) {
      rows.push({
        key: decode(item.Key),
        versionId: item.VersionId === undefined || item.VersionId === 'null' ? null : item.VersionId,
        isDeleteMarker: false,
        sizeBytes: item.Size ?? 0,
        storageClass: item.StorageClass ?? 'STANDARD',
        isLatest: item.IsLatest === true,
        lastModified: item.LastModified?.toISOString() ?? '',
        etag: (item.ETag ?? '').replaceAll('"', ''),
      });
    }
    for (const item of page.DeleteMarkers ?? []) {
      rows.push({
        key: decode(item.Key),
        versionId: item.VersionId ?? null,
        isDeleteMarker: true,
        sizeBytes: 0,
        storageClass: '',
        isLatest: item.IsLatest === true,
        lastModified: item.LastModified?.toISOString() ?? '',
        etag: '',
      });
    }
    if (!page.IsTruncated) return rows;
    markers = {
      KeyMarker: decode(page.NextKeyMarker),
      ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
    };
  }
}

/** S3's spelling of a key in a CSV report: a space is "+", "/" stays (s3-domain 1.2). */
const csvKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
    .replace(/[!'()~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

const REPORT_SCHEMA = 'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass';

const md5 = (bytes: Buffer | string): string => createHash('md5').update(bytes).digest('hex');

export interface ReportFile {
  readonly key: string;
  readonly body: Buffer;
}

/**
 * An inventory report as S3 would write it for these rows: data files first, then manifest.json, then its checksum.
 * Keys are relative to the destination bucket; `prefix` ends in "/" or is empty.
 */
export function inventoryReport(
  bucket: string,
  rows: readonly Put[],
  prefix: string,
  at = '2026-11-24T01-00Z',
  partCount = 3,
): ReportFile[] {
  const base = `${prefix}${bucket}/daily`;
  const parts = Array.from({ length: partCount }, (_, part) => {
    const lines = rows
      .filter((_row, i) => i % partCount === part)
      .map((row) =>
        [
          bucket,
          csvKey(row.key),
          row.versionId ?? '',
          String(row.isLatest),
          String(row.isDeleteMarker),
          row.isDeleteMarker ? '' : String(row.sizeBytes),
          row.lastModified,
          row.etag,
          row.storageClass,
        ]
          .map((field) => `"${field}"`)
          .join(','),
      );
    const body = gzipSync(lines.length === 0 ? '' : `${lines.join('\n')}\n`);
    return { key: `${base}/data/part-${part}.csv.gz`, body };
  });
  const manifest = Buffer.from(
    JSON.stringify({
      sourceBucket: bucket,
      destinationBucket: 'arn:aws:s3:::destination',
      version: '2016-11-30',
      creationTimestamp: String(Date.parse(at.replace(/T(\d\d)-(\d\d)Z$/, 'T$1:$2:00Z'))),
      fileFormat: 'CSV',
      fileSchema: REPORT_SCHEMA,
      files: parts.map(({ key, body }) => ({ key, size: body.length, MD5checksum: md5(body) })),
    }),
  );
  return [
    ...parts,
    { key: `${base}/${at}/manifest.json`, body: manifest },
    { key: `${base}/${at}/manifest.checksum`, body: Buffer.from(`${md5(manifest)}\n`) },
  ];
}

export interface Totals {
  readonly rows: number;
  readonly versions: number;
  readonly deleteMarkers: number;
  readonly bytes: number;
}

export function totalsOf(rows: readonly Put[]): Totals {
  const versions = rows.filter((row) => !row.isDeleteMarker);
  return {
    rows: rows.length,
    versions: versions.length,
    deleteMarkers: rows.length - versions.length,
    bytes: versions.reduce((sum, row) => sum + row.sizeBytes, 0),
  };
}

/** Versions and bytes by what `of` says of each version. */
export function groupsOf(rows: readonly Put[], of: (row: Put) => string): Record<string, { versions: number; bytes: number }> {
  const groups: Record<string, { versions: number; bytes: number }> = {};
  for (const row of rows) {
    if (row.isDeleteMarker) continue;
    const { versions, bytes } = groups[of(row)] ?? { versions: 0, bytes: 0 };
    groups[of(row)] = { versions: versions + 1, bytes: bytes + row.sizeBytes };
  }
  return groups;
}
