import { appError } from '../../../contract/errors.ts';
import { err, ok, type Result } from '../../../contract/result.ts';
import type { IncompleteUpload } from '../../index/uploads.ts';
import type { S3Connection } from '../../s3/client.ts';
import { attempt, isRightMissing, serviceCode } from '../../s3/errors.ts';
import { decodedMarker, decodeText } from './markers.ts';
import type { Patience } from './patience.ts';

export interface UploadsOptions {
  readonly connection: S3Connection;
  readonly bucket: string;
  readonly prefix: string;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly onProgress: (uploads: number) => void;
}

type Found = Omit<IncompleteUpload, 'partBytes'>;

const AT_ONCE = 16;

/**
 * Incomplete multipart uploads with the sizes of their parts (ListMultipartUploads, ListParts), which neither listings nor
 * inventories show (s3-domain 8.3). One that ends meanwhile is left out; one whose parts may not be listed is kept without.
 */
export async function listUploads(options: UploadsOptions): Promise<Result<IncompleteUpload[]>> {
  const found = await findUploads(options);
  if (!found.ok) return found;
  const uploads: (IncompleteUpload | null)[] = [];
  let next = 0;
  let failed: Result<never> | undefined;
  const worker = async (): Promise<void> => {
    while (failed === undefined && next < found.value.length) {
      const at = next++;
      const upload = found.value[at] as Found;
      const parts = await partsOf(options, upload);
      if (parts.ok) uploads[at] = parts.value === 'gone' ? null : { ...upload, partBytes: parts.value };
      else if (isRightMissing(parts.error)) uploads[at] = { ...upload, partBytes: null };
      else failed ??= parts;
      options.onProgress(at + 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, found.value.length) }, worker));
  return failed ?? ok(uploads.filter((upload) => upload !== null));
}

async function findUploads({ connection, bucket, prefix, patience, signal }: UploadsOptions): Promise<Result<Found[]>> {
  const { client, sdk, endpoint } = connection;
  const found: Found[] = [];
  let encoding: { readonly EncodingType?: 'url' } = { EncodingType: 'url' };
  let from: { readonly KeyMarker?: string | undefined; readonly UploadIdMarker?: string | undefined } = {};
  for (;;) {
    const asked = { Bucket: bucket, Prefix: prefix, ...encoding, ...from };
    const page = await patience.insist(() =>
      attempt({ name: 'ListMultipartUploads', bucket, endpoint }, () =>
        client.send(new sdk.ListMultipartUploadsCommand(asked), { abortSignal: signal }),
      ),
    );
    if (!page.ok) return page;
    const { Uploads = [], EncodingType, IsTruncated, NextKeyMarker, NextUploadIdMarker } = page.value;
    const isEncoded = EncodingType === 'url';
    if (!isEncoded && encoding.EncodingType !== undefined) {
      // Some servers encode without saying so, some do not encode: unasked, none does.
      encoding = {};
      continue;
    }
    for (const { Key, UploadId, Initiated, StorageClass } of Uploads) {
      if (Key === undefined || UploadId === undefined || Initiated === undefined)
        return err(odd(bucket, 'holds an upload without a key, an id or a time'));
      const key = isEncoded ? decodeText(Key) : Key;
      found.push({ key, uploadId: UploadId, initiatedMs: Initiated.getTime(), storageClass: StorageClass ?? 'STANDARD' });
    }
    if (IsTruncated !== true) return ok(found);
    const next = { KeyMarker: decodedMarker(NextKeyMarker, Uploads.at(-1)?.Key, isEncoded), UploadIdMarker: NextUploadIdMarker };
    if (next.KeyMarker === undefined || (next.KeyMarker === from.KeyMarker && next.UploadIdMarker === from.UploadIdMarker))
      return err(odd(bucket, 'says that there is more but not where to go on'));
    from = next;
  }
}

async function partsOf({ connection, bucket, patience, signal }: UploadsOptions, upload: Found): Promise<Result<number[] | 'gone'>> {
  const { client, sdk, endpoint } = connection;
  const sizes: number[] = [];
  let from: string | undefined;
  for (;;) {
    const asked = { Bucket: bucket, Key: upload.key, UploadId: upload.uploadId, PartNumberMarker: from };
    let isGone = false;
    const page = await patience.insist(() =>
      attempt({ name: 'ListParts', bucket, key: upload.key, endpoint }, async () => {
        try {
          return await client.send(new sdk.ListPartsCommand(asked), { abortSignal: signal });
        } catch (error) {
          isGone = serviceCode(error) === 'NoSuchUpload';
          throw error;
        }
      }),
    );
    if (isGone) return ok('gone');
    if (!page.ok) return page;
    for (const part of page.value.Parts ?? []) sizes.push(part.Size ?? 0);
    if (page.value.IsTruncated !== true) return ok(sizes);
    const next = page.value.NextPartNumberMarker;
    if (next === undefined || next === from) return err(odd(bucket, 'says that there are more parts but not where to go on'));
    from = next;
  }
}

const odd = (bucket: string, words: string) => appError('RemoteFailed', `The list of uploads of bucket "${bucket}" ${words}.`);
