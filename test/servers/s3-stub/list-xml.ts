import { type StubStore, type StubVersion, seek } from './store.ts';

const UNTOUCHED = /^[\w./-]*$/;

/** S3's spelling with EncodingType "url": a space is "+", "/" stays (s3-domain 1.3). */
const urlKey = (key: string): string =>
  UNTOUCHED.test(key)
    ? key
    : encodeURIComponent(key)
        .replaceAll('%20', '+')
        .replaceAll('%2F', '/')
        .replace(/[!'()~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (mark) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[mark] as string);

interface Listing {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly isEncoded: boolean;
  /** Where to begin: behind this key, or behind one of its versions. */
  readonly after: string;
  readonly versionId: string | null;
}

const writeKey = (key: string, isEncoded: boolean): string => (isEncoded ? urlKey(key) : escapeXml(key));
const DEFAULT_TIME = Date.UTC(2024, 4, 6, 22, 44, 22);

/** What follows the key of an entry; most objects of a large bucket say the same. */
const tails = new Map<string, string>();
function tailOf(version: StubVersion, isLatest: boolean | null): string {
  const {
    versionId,
    isDeleteMarker,
    sizeBytes = 0,
    lastModifiedMs = DEFAULT_TIME,
    storageClass = 'STANDARD',
    eTag = DEFAULT_ETAG,
  } = version;
  const id = `${versionId} ${isDeleteMarker} ${sizeBytes} ${lastModifiedMs} ${storageClass} ${eTag} ${isLatest}`;
  const known = tails.get(id);
  if (known !== undefined) return known;
  const tail =
    (isLatest === null ? '' : `<VersionId>${escapeXml(versionId)}</VersionId><IsLatest>${isLatest}</IsLatest>`) +
    `<LastModified>${new Date(lastModifiedMs).toISOString()}</LastModified>` +
    (isDeleteMarker
      ? ''
      : `<ETag>&quot;${escapeXml(eTag)}&quot;</ETag><Size>${sizeBytes}</Size><StorageClass>${storageClass}</StorageClass>`);
  if (tails.size < 10_000) tails.set(id, tail);
  return tail;
}
const DEFAULT_ETAG = '5d41402abc4b2a76b9719d911017c592';

const entryXml = (tag: string, key: string, version: StubVersion, isLatest: boolean | null): string =>
  `<${tag}><Key>${key}</Key>${tailOf(version, isLatest)}</${tag}>`;

interface Page {
  readonly entries: string;
  readonly isTruncated: boolean;
  readonly lastKey: string;
  readonly lastVersionId: string;
}

/** One page of versions, or of current objects, with common prefixes rolled up where a delimiter is given. */
function page(store: StubStore, listing: Listing, byVersion: boolean): Page {
  const { prefix, delimiter, maxKeys, isEncoded, after, versionId } = listing;
  const prefixBytes = Buffer.from(prefix, 'utf8');
  let index = Math.max(seek(store, prefixBytes, false), after === '' ? 0 : seek(store, Buffer.from(after, 'utf8'), versionId === null));
  // A marker that is a common prefix stands for all that begins with it.
  const rolledUp = (key: string): string | null => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return end < 0 ? null : key.slice(0, end + delimiter.length);
  };
  let entries = '';
  let [lastKey, lastVersionId, count, lastPrefix] = ['', '', 0, rolledUp(after) === after ? after : ''];
  for (; index < store.count; index++) {
    const bytes = store.keyAt(index);
    if (prefix !== '' && bytes.compare(prefixBytes, 0, prefixBytes.length, 0, Math.min(bytes.length, prefixBytes.length)) !== 0) break;
    const key = bytes.toString('utf8');
    const common = rolledUp(key);
    if (common !== null) {
      if (common === lastPrefix) continue;
      if (count >= maxKeys) return { entries, isTruncated: true, lastKey, lastVersionId };
      entries += `<CommonPrefixes><Prefix>${writeKey(common, isEncoded)}</Prefix></CommonPrefixes>`;
      [lastKey, lastVersionId, lastPrefix] = [common, '', common];
      count++;
      continue;
    }
    const versions = store.versionsAt(index);
    const written = writeKey(key, isEncoded);
    const from = key === after && versionId !== null ? versions.findIndex((version) => version.versionId === versionId) + 1 : 0;
    for (let i = from; i < (byVersion ? versions.length : 1); i++) {
      const version = versions[i] as StubVersion;
      if (!byVersion && version.isDeleteMarker) break;
      if (count >= maxKeys) return { entries, isTruncated: true, lastKey, lastVersionId };
      entries += entryXml(
        byVersion ? (version.isDeleteMarker ? 'DeleteMarker' : 'Version') : 'Contents',
        written,
        version,
        byVersion ? i === 0 : null,
      );
      [lastKey, lastVersionId] = [key, version.versionId];
      count++;
    }
  }
  return { entries, isTruncated: false, lastKey, lastVersionId };
}

function listingOf(query: URLSearchParams, after: string, versionId: string | null): Listing {
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: Math.min(1000, Number(query.get('max-keys') ?? 1000)),
    isEncoded: query.get('encoding-type') === 'url',
    after,
    versionId,
  };
}

export function versionsXml(store: StubStore, query: URLSearchParams): string {
  const listing = listingOf(query, query.get('key-marker') ?? '', query.get('version-id-marker'));
  const { entries, isTruncated, lastKey, lastVersionId } = page(store, listing, true);
  const next = isTruncated
    ? `<NextKeyMarker>${writeKey(lastKey, listing.isEncoded)}</NextKeyMarker>${lastVersionId === '' ? '' : `<NextVersionIdMarker>${lastVersionId}</NextVersionIdMarker>`}`
    : '';
  const encoding = listing.isEncoded ? '<EncodingType>url</EncodingType>' : '';
  return `<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${encoding}<IsTruncated>${isTruncated}</IsTruncated>${next}${entries}</ListVersionsResult>`;
}

export function objectsXml(store: StubStore, query: URLSearchParams): string {
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString('utf8');
  const listing = listingOf(query, after, null);
  const { entries, isTruncated, lastKey } = page(store, listing, false);
  const next = isTruncated ? `<NextContinuationToken>${Buffer.from(lastKey, 'utf8').toString('base64url')}</NextContinuationToken>` : '';
  const encoding = listing.isEncoded ? '<EncodingType>url</EncodingType>' : '';
  return `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${encoding}<IsTruncated>${isTruncated}</IsTruncated>${next}${entries}</ListBucketResult>`;
}

/** Uploads by key, then by upload id, behind the two markers. */
export function uploadsXml(store: StubStore, query: URLSearchParams): string {
  const maxUploads = Math.min(1000, Number(query.get('max-uploads') ?? 1000));
  const prefix = query.get('prefix') ?? '';
  const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
  const isEncoded = query.get('encoding-type') === 'url';
  const byKey = (a: string, b: string): number => Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
  const rest = [...(store.uploads ?? [])]
    .sort((a, b) => byKey(a.key, b.key) || byKey(a.uploadId, b.uploadId))
    .filter(({ key, uploadId }) => {
      const distance = byKey(key, keyMarker);
      return key.startsWith(prefix) && (distance > 0 || (distance === 0 && idMarker !== '' && byKey(uploadId, idMarker) > 0));
    });
  const shown = rest.slice(0, maxUploads);
  const last = shown.at(-1);
  const isTruncated = rest.length > shown.length;
  return (
    `<ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${isEncoded ? '<EncodingType>url</EncodingType>' : ''}` +
    `<IsTruncated>${isTruncated}</IsTruncated>` +
    (isTruncated && last
      ? `<NextKeyMarker>${writeKey(last.key, isEncoded)}</NextKeyMarker><NextUploadIdMarker>${last.uploadId}</NextUploadIdMarker>`
      : '') +
    shown
      .map(
        ({ key, uploadId, initiatedMs, storageClass = 'STANDARD' }) =>
          `<Upload><Key>${writeKey(key, isEncoded)}</Key><UploadId>${uploadId}</UploadId><Initiated>${new Date(initiatedMs).toISOString()}</Initiated><StorageClass>${storageClass}</StorageClass></Upload>`,
      )
      .join('') +
    '</ListMultipartUploadsResult>'
  );
}

/** The parts of one upload; null where there is none. */
export function partsXml(store: StubStore, key: string, query: URLSearchParams): string | null {
  const upload = store.uploads?.find((one) => one.key === key && one.uploadId === query.get('uploadId'));
  if (!upload) return null;
  const from = Number(query.get('part-number-marker') ?? 0);
  const shown = upload.partBytes.slice(from, from + Math.min(1000, Number(query.get('max-parts') ?? 1000)));
  const end = from + shown.length;
  return (
    `<ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${end < upload.partBytes.length}</IsTruncated>` +
    `<NextPartNumberMarker>${end}</NextPartNumberMarker>` +
    shown.map((bytes, i) => `<Part><PartNumber>${from + i + 1}</PartNumber><Size>${bytes}</Size></Part>`).join('') +
    '</ListPartsResult>'
  );
}
