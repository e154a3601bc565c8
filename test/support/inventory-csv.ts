import { type CsvColumns, columnsOf } from '../../src/core/inventory/columns.ts';
import type { RowBatch } from '../../src/core/inventory/row-batch.ts';

export const FULL_SCHEMA =
  'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass, IsMultipartUploaded, ReplicationStatus, EncryptionStatus, ObjectLockRetainUntilDate, ObjectLockMode, ObjectLockLegalHoldStatus, IntelligentTieringAccessTier, BucketKeyStatus, ChecksumAlgorithm';

export function columnsFrom(schema: string): CsvColumns {
  const columns = columnsOf(schema, 'manifest.json');
  if (!columns.ok) throw new Error(columns.error.message);
  return columns.value;
}

/** One version as plain values; keys as bytes, one character per byte. */
export interface PlainRow {
  key: string;
  versionId: string;
  flags: number;
  sizeBytes: number;
  lastModifiedMs: number;
  storageClass: string;
  accessTier: string;
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

export function plainRows(batch: RowBatch): PlainRow[] {
  return Array.from({ length: batch.rows }, (_, i) => ({
    key: latin1(batch.keyBytes.subarray(batch.keyStart[i], batch.keyStart[i + 1])),
    versionId: latin1(batch.versionIdBytes.subarray(batch.versionIdStart[i], batch.versionIdStart[i + 1])),
    flags: batch.flags[i] ?? -1,
    sizeBytes: batch.sizeBytes[i] ?? -1,
    lastModifiedMs: batch.lastModifiedMs[i] ?? -1,
    ...(batch.classes[batch.classId[i] ?? -1] ?? { storageClass: '?', accessTier: '?' }),
  }));
}
