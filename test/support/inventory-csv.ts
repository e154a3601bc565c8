import { columnsOf, type ReportColumns } from '../../src/core/inventory/columns.ts';
import { eTagText } from '../../src/core/inventory/e-tag.ts';
import { readFileSchema } from '../../src/core/inventory/file-schema.ts';
import { NO_ETAG, type RowBatch, TEXT_ETAG } from '../../src/core/inventory/row-batch.ts';

export const FULL_SCHEMA =
  'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass, IsMultipartUploaded, ReplicationStatus, EncryptionStatus, ObjectLockRetainUntilDate, ObjectLockMode, ObjectLockLegalHoldStatus, IntelligentTieringAccessTier, BucketKeyStatus, ChecksumAlgorithm';

export function columnsFrom(schema: string): ReportColumns {
  const columns = columnsOf(readFileSchema('CSV', schema) ?? [], 'manifest.json');
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
  /** '' for none. */
  eTag: string;
  retainUntilMs: number | null;
  /** The columns without a place of their own that are not blank. */
  details: Record<string, string>;
}

function eTagOf(batch: RowBatch, row: number): string {
  const parts = batch.eTagParts[row] as number;
  if (parts === NO_ETAG) return '';
  return parts === TEXT_ETAG ? (batch.eTagTexts.get(row) ?? '?') : eTagText(batch.eTag, row * 16, parts);
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

export function plainRows(batch: RowBatch): PlainRow[] {
  return Array.from({ length: batch.rows }, (_, i) => ({
    key: latin1(batch.keyBytes.subarray(batch.keyStart[i], batch.keyStart[i + 1])),
    versionId: latin1(batch.versionIdBytes.subarray(batch.versionIdStart[i], batch.versionIdStart[i + 1])),
    flags: batch.flags[i] ?? -1,
    sizeBytes: batch.sizeBytes[i] ?? -1,
    lastModifiedMs: batch.lastModifiedMs[i] ?? -1,
    eTag: eTagOf(batch, i),
    retainUntilMs: Number.isNaN(batch.retainUntilMs[i]) ? null : (batch.retainUntilMs[i] ?? null),
    details: Object.fromEntries(
      batch.detailNames.map((name, at) => [name, batch.details[batch.detailId[i] ?? -1]?.[at] ?? '?']).filter(([, value]) => value !== ''),
    ),
    ...(batch.classes[batch.classId[i] ?? -1] ?? { storageClass: '?', accessTier: '?' }),
  }));
}
