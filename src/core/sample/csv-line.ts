import { DAY_MS } from '../../contract/units.ts';
import type { Random } from './random.ts';
import { MIB, type SampleRow } from './rows.ts';

/** The columns S3 delivers for a report of all versions with the optional fields most people choose (s3-domain 1.5). */
export const SAMPLE_SCHEMA =
  'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass, IsMultipartUploaded, ReplicationStatus, EncryptionStatus, ObjectLockRetainUntilDate, ObjectLockMode, ObjectLockLegalHoldStatus, IntelligentTieringAccessTier, BucketKeyStatus, ChecksumAlgorithm';

const PLAIN = /^[A-Za-z0-9._~/-]*$/;

/** A key as S3 writes it in a CSV report: a space as "+", "/" as it is, anything unusual as percent-encoded UTF-8 (s3-domain 1.3). */
function encodeKey(key: string): string {
  return PLAIN.test(key)
    ? key
    : encodeURIComponent(key)
        .replaceAll('%2F', '/')
        .replaceAll('%20', '+')
        .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** One line of the report. Chance fills in what the generator does not decide: version ids, ETags, replication. */
export function csvLine(bucket: string, row: SampleRow, random: Random): string {
  const modified = new Date(row.lastModifiedMs).toISOString();
  const head = `"${bucket}","${encodeKey(row.key)}","${random.hex(32)}","${row.isLatest}","${row.isDeleteMarker}"`;
  if (row.isDeleteMarker) return `${head},"","${modified}","","","","","","","","","","",""\n`;
  const isMultipart = row.sizeBytes > 16 * MIB;
  const etag = isMultipart ? `${random.hex(32)}-${Math.ceil(row.sizeBytes / (16 * MIB))}` : random.hex(32);
  const replication = row.key.startsWith('models/') ? (random.chance(0.02) ? 'FAILED' : 'COMPLETED') : '';
  const isRecord = row.key.startsWith('logs/AWSLogs/');
  const retainUntil = isRecord ? new Date(row.lastModifiedMs + 365 * DAY_MS).toISOString() : '';
  return `${head},"${row.sizeBytes}","${modified}","${etag}","${row.storageClass}","${isMultipart}","${replication}","SSE-S3","${retainUntil}","${isRecord ? 'GOVERNANCE' : ''}","${isRecord ? 'Off' : ''}","${row.accessTier}","DISABLED",""\n`;
}
