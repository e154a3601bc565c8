import { type AppError, appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { columnsOf, type ReportColumns } from './columns.ts';
import { FILE_FORMATS, type FileFormat, readFileSchema } from './file-schema.ts';

/** One data file of a report: its key in the destination bucket, its compressed size and the MD5 of its bytes (lower-case hex). */
export interface ManifestPart {
  readonly key: string;
  readonly sizeBytes: number;
  readonly md5: string;
}

/** An inventory manifest (s3-domain 1.2, https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html). */
export interface Manifest {
  readonly sourceBucket: string;
  /** A name; the manifest spells it as an ARN. */
  readonly destinationBucket: string;
  /** When S3 began the report. */
  readonly createdMs: number;
  readonly format: FileFormat;
  readonly columns: ReportColumns;
  /** Whether noncurrent versions and delete markers are in it ("All"), or current versions only. */
  readonly allVersions: boolean;
  readonly parts: readonly ManifestPart[];
}

const BUCKET_ARN = /^arn:aws[a-z-]*:s3:::([^:/]+)$/;
const MD5_HEX = /^[0-9a-f]{32}$/i;
/** The last instant a Date can hold. */
const MAX_INSTANT_MS = 8.64e15;

/**
 * Parses manifest.json. `file` is only named in failures: ManifestNotJson, ManifestInvalid with the
 * field at fault, ColumnMissing for a report without the columns a cost needs.
 */
export function parseManifest(json: string, file: string): Result<Manifest> {
  const invalid = (field: string, words: string) => err(appError('ManifestInvalid', `The manifest's ${field} ${words}.`, { file, field }));

  let value: unknown;
  try {
    value = JSON.parse(json.startsWith('\uFEFF') ? json.slice(1) : json);
  } catch (error) {
    return err(appError('ManifestNotJson', 'The manifest is not JSON.', { file, detail: String(error) }));
  }
  if (!isRecord(value)) return err(appError('ManifestInvalid', 'The manifest is not a JSON object.', { file }));

  const { sourceBucket, destinationBucket, creationTimestamp, fileFormat, fileSchema, files } = value;
  if (typeof sourceBucket !== 'string' || sourceBucket === '') return invalid('sourceBucket', 'is missing or is not a bucket name');
  const destination = typeof destinationBucket === 'string' ? BUCKET_ARN.exec(destinationBucket)?.[1] : undefined;
  if (destination === undefined) return invalid('destinationBucket', 'is missing or is not the ARN of a bucket');
  const createdMs = /^(?:string:\d+|number:\d+)$/.test(`${typeof creationTimestamp}:${creationTimestamp}`)
    ? Number(creationTimestamp)
    : Number.NaN;
  if (!(createdMs <= MAX_INSTANT_MS)) return invalid('creationTimestamp', 'is missing or is not a count of milliseconds');
  const format = FILE_FORMATS.find((known) => known === fileFormat);
  if (format === undefined) return invalid('fileFormat', 'is missing or is none of CSV, ORC and Parquet');
  if (typeof fileSchema !== 'string' || fileSchema.trim() === '') return invalid('fileSchema', 'is missing or is not a list of columns');
  const schema = readFileSchema(format, fileSchema);
  if (schema === null) return invalid('fileSchema', `is not a schema of ${format} files`);
  const columns = columnsOf(schema, file);
  if (!columns.ok) return columns;
  if (!Array.isArray(files)) return invalid('files', 'is missing or is not a list');

  const parts: ManifestPart[] = [];
  const seen = new Set<string>();
  for (const [i, entry] of (files as unknown[]).entries()) {
    const part = parsePart(entry, i, invalid);
    if (!part.ok) return part;
    // A part listed twice would count its versions twice.
    if (seen.has(part.value.key)) return invalid(`files[${i}].key`, 'is listed twice');
    seen.add(part.value.key);
    parts.push(part.value);
  }
  return ok({
    sourceBucket,
    destinationBucket: destination,
    createdMs,
    format,
    columns: columns.value,
    allVersions: columns.value.isLatest >= 0,
    parts,
  });
}

type Invalid = (field: string, words: string) => { readonly ok: false; readonly error: AppError };

function parsePart(entry: unknown, i: number, invalid: Invalid): Result<ManifestPart> {
  if (!isRecord(entry)) return invalid(`files[${i}]`, 'is not an object');
  const { key, size, MD5checksum } = entry;
  if (typeof key !== 'string' || !isSafeKey(key)) return invalid(`files[${i}].key`, 'is missing or is not the key of a data file');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    return invalid(`files[${i}].size`, 'is missing or is not a size in bytes');
  if (typeof MD5checksum !== 'string' || !MD5_HEX.test(MD5checksum))
    return invalid(`files[${i}].MD5checksum`, 'is missing or is not an MD5 in hex');
  return ok({ key, sizeBytes: size, md5: MD5checksum.toLowerCase() });
}

/** Data file keys become local paths: nothing that could climb out of the folder or name a drive may pass. */
export function isSafeKey(key: string): boolean {
  return (
    key !== '' &&
    !/[\\\0]/.test(key) &&
    !/^[a-z]:/i.test(key) &&
    !key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')
  );
}

/** manifest.checksum holds the MD5 of manifest.json's bytes as hex text; null when it is something else. */
export function parseChecksum(text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  return MD5_HEX.test(trimmed) ? trimmed : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
