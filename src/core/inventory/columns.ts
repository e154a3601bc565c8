import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { SchemaColumn } from './file-schema.ts';

/** Positions (from 0) of the columns Isotherm reads in a report; -1 where the report has none. */
export interface ReportColumns {
  readonly count: number;
  /** By S3 Inventory's names, which failures use too; and as the report's own schema spells them. */
  readonly names: readonly string[];
  readonly spelled: readonly string[];
  readonly bucket: number;
  readonly key: number;
  readonly versionId: number;
  readonly isLatest: number;
  readonly isDeleteMarker: number;
  readonly size: number;
  readonly lastModified: number;
  readonly eTag: number;
  readonly storageClass: number;
  readonly accessTier: number;
  readonly replicationStatus: number;
  readonly retainUntil: number;
  readonly legalHold: number;
  readonly eventHold: number;
  /** Every column without a place of its own in a batch, in the order of the report; some are read for their meaning too. */
  readonly details: readonly number[];
}

/** Inventory's own names (s3-domain 1.5, https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html). */
const NAMES = {
  bucket: 'Bucket',
  key: 'Key',
  versionId: 'VersionId',
  isLatest: 'IsLatest',
  isDeleteMarker: 'IsDeleteMarker',
  size: 'Size',
  lastModified: 'LastModifiedDate',
  eTag: 'ETag',
  storageClass: 'StorageClass',
  accessTier: 'IntelligentTieringAccessTier',
  replicationStatus: 'ReplicationStatus',
  retainUntil: 'ObjectLockRetainUntilDate',
  legalHold: 'ObjectLockLegalHoldStatus',
  eventHold: 'ObjectLockEventHoldStatus',
} as const;

/** What a batch has columns for; all else is kept as details. */
const PLACED: readonly string[] = [
  NAMES.bucket,
  NAMES.key,
  NAMES.versionId,
  NAMES.isLatest,
  NAMES.isDeleteMarker,
  NAMES.size,
  NAMES.lastModified,
  NAMES.eTag,
  NAMES.storageClass,
  NAMES.accessTier,
  NAMES.retainUntil,
].map((name) => name.toLowerCase());

const VERSION_COLUMNS = ['versionId', 'isLatest', 'isDeleteMarker'] as const;

/**
 * Finds the columns of a report: any order, columns we do not know are kept as details. Fails with ColumnMissing or, for a
 * column named twice, ManifestInvalid.
 */
export function columnsOf(schema: readonly SchemaColumn[], file: string): Result<ReportColumns> {
  const names = schema.map(({ name }) => name);
  const lower = names.map((name) => name.toLowerCase());
  const at = (name: string): number => lower.indexOf(name.toLowerCase());
  const missing = (name: string, words: string) => err(appError('ColumnMissing', words, { file, field: name }));

  for (const name of Object.values(NAMES)) {
    if (lower.lastIndexOf(name.toLowerCase()) !== at(name)) {
      return err(appError('ManifestInvalid', `The manifest's fileSchema names the column ${name} twice.`, { file, field: 'fileSchema' }));
    }
  }
  for (const required of [NAMES.key, NAMES.size, NAMES.lastModified, NAMES.storageClass]) {
    if (at(required) < 0) return missing(required, `The report has no column ${required}; without it ages and costs cannot be told.`);
  }
  const versionColumns = VERSION_COLUMNS.filter((column) => at(NAMES[column]) >= 0);
  if (versionColumns.length > 0) {
    for (const column of VERSION_COLUMNS) {
      if (at(NAMES[column]) < 0) return missing(NAMES[column], `The report lists versions but has no column ${NAMES[column]}.`);
    }
  }
  const columns = Object.fromEntries(Object.entries(NAMES).map(([field, name]) => [field, at(name)])) as Record<keyof typeof NAMES, number>;
  const details = lower.flatMap((name, column) => (PLACED.includes(name) ? [] : [column]));
  return ok({ ...columns, count: names.length, names, spelled: schema.map(({ spelled }) => spelled), details });
}
