import type { ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { BatchBuilder } from '../../core/inventory/batch-builder.ts';
import type { S3Connection } from '../s3/client.ts';
import { attempt } from '../s3/errors.ts';
import { cancelled } from './cancelled.ts';
import { createListingRows, decodedMarker, type ListedVersion } from './listing-rows.ts';
import type { OpenSource, ReadOptions } from './source.ts';

const PAGE = 1000;
/** What a listing tells of a version, by the names S3 Inventory has for it. */
const LISTED = ['Bucket', 'Key', 'Size', 'LastModifiedDate', 'ETag', 'StorageClass'];

/**
 * Opens a live listing: asks whether the bucket keeps versions, then lists versions and delete markers
 * (ListObjectVersions) or, in a bucket that never kept any, its objects (ListObjectsV2).
 */
export async function openListing(
  connection: S3Connection,
  bucket: string,
  prefix: string,
  asOfMs: number,
  signal: AbortSignal,
): Promise<Result<OpenSource>> {
  const { client, sdk, endpoint } = connection;
  const versioning = await attempt({ name: 'GetBucketVersioning', bucket, endpoint }, () =>
    client.send(new sdk.GetBucketVersioningCommand({ Bucket: bucket }), { abortSignal: signal }),
  );
  if (!versioning.ok) return versioning;
  // "Suspended" still holds the versions of before.
  const isVersioned = versioning.value.Status !== undefined;
  return ok({
    bucket,
    source: `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`,
    sourceKind: 'listing',
    asOfMs,
    manifestMd5: null,
    // A bucket that never kept versions has nothing a listing of its objects would leave out.
    allVersions: true,
    region: endpoint === null ? connection.region : null,
    isSample: false,
    fields: isVersioned ? [...LISTED, 'VersionId', 'IsLatest', 'IsDeleteMarker'] : LISTED,
    prefix,
    read: (options) => (isVersioned ? listVersions : listObjects)(connection, bucket, prefix, options),
    close: () => connection.close(),
  });
}

type Read = Promise<Result<{ coverage: number; warnings: string[] }>>;

async function listVersions(connection: S3Connection, bucket: string, prefix: string, options: ReadOptions): Read {
  const { client, sdk, endpoint } = connection;
  const rows = createListingRows(new BatchBuilder(), options.onBatch);
  let keyMarker: string | undefined;
  let versionIdMarker: string | undefined;
  for (;;) {
    if (options.signal.aborted) return err(cancelled());
    const answered = await attempt({ name: 'ListObjectVersions', bucket, endpoint }, () =>
      client.send(
        new sdk.ListObjectVersionsCommand({
          Bucket: bucket,
          Prefix: prefix,
          MaxKeys: PAGE,
          EncodingType: 'url',
          KeyMarker: keyMarker,
          VersionIdMarker: versionIdMarker,
        }),
        { abortSignal: options.signal },
      ),
    );
    if (!answered.ok) return answered;
    const page = answered.value;
    const isEncoded = page.EncodingType === 'url';
    for (const version of versionsOf(page)) {
      const added = rows.add(version, isEncoded);
      if (!added.ok) return added;
    }
    options.progress({ phase: 'Listing versions', done: rows.count });
    if (page.IsTruncated !== true) break;
    const nextKey = decodedMarker(page.NextKeyMarker, page.Versions?.at(-1)?.Key, page.DeleteMarkers?.at(-1)?.Key, isEncoded);
    const nextVersion = page.NextVersionIdMarker;
    if (nextKey === undefined || (nextKey === keyMarker && nextVersion === versionIdMarker))
      return err(stuck('ListObjectVersions', bucket));
    keyMarker = nextKey;
    versionIdMarker = nextVersion;
  }
  return rows.end();
}

function* versionsOf(page: ListObjectVersionsCommandOutput): Generator<ListedVersion, void, void> {
  for (const version of page.Versions ?? []) {
    yield {
      key: version.Key,
      versionId: version.VersionId,
      isLatest: version.IsLatest,
      isDeleteMarker: false,
      sizeBytes: version.Size,
      lastModified: version.LastModified,
      storageClass: version.StorageClass,
    };
  }
  for (const marker of page.DeleteMarkers ?? []) {
    yield {
      key: marker.Key,
      versionId: marker.VersionId,
      isLatest: marker.IsLatest,
      isDeleteMarker: true,
      sizeBytes: 0,
      lastModified: marker.LastModified,
      storageClass: '',
    };
  }
}

async function listObjects(connection: S3Connection, bucket: string, prefix: string, options: ReadOptions): Read {
  const { client, sdk, endpoint } = connection;
  const rows = createListingRows(new BatchBuilder(), options.onBatch);
  let token: string | undefined;
  for (;;) {
    if (options.signal.aborted) return err(cancelled());
    const answered = await attempt({ name: 'ListObjectsV2', bucket, endpoint }, () =>
      client.send(
        new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: PAGE, EncodingType: 'url', ContinuationToken: token }),
        { abortSignal: options.signal },
      ),
    );
    if (!answered.ok) return answered;
    const page = answered.value;
    for (const object of page.Contents ?? []) {
      const added = rows.add(
        {
          key: object.Key,
          versionId: undefined,
          isLatest: true,
          isDeleteMarker: false,
          sizeBytes: object.Size,
          lastModified: object.LastModified,
          storageClass: object.StorageClass,
        },
        page.EncodingType === 'url',
      );
      if (!added.ok) return added;
    }
    options.progress({ phase: 'Listing objects', done: rows.count });
    if (page.IsTruncated !== true) break;
    if (page.NextContinuationToken === undefined || page.NextContinuationToken === token) return err(stuck('ListObjectsV2', bucket));
    token = page.NextContinuationToken;
  }
  return rows.end();
}

const stuck = (operation: string, bucket: string) =>
  appError('RemoteFailed', `${operation} on bucket "${bucket}" says that there is more but not where to go on.`, {
    next: 'Try again, or use an inventory report of this bucket.',
  });
