import { appError } from '../../contract/errors.ts';
import { err, ok, type Result } from '../../contract/result.ts';

/** A report as a table would have it. */
export interface ReportTable {
  readonly format: 'CSV' | 'ORC' | 'Parquet';
  /** Names as in Parquet and ORC (s3-domain 1.4), types as Hive spells them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly sourceBucket: string;
  /** s3:// of the configuration's folder of partitions, "hive/"; null where the manifest does not tell. */
  readonly partitions: string | null;
  readonly begunMs: number;
}

/**
 * What a manifest says of the table over its report (s3-domain 1.1 and 1.2). ManifestNotJson or ManifestInvalid, with the field.
 * `at` is where the manifest lies, s3:// or a path.
 */
export function reportTable(json: string, at: string): Result<ReportTable> {
  let manifest: Record<string, unknown>;
  try {
    manifest = JSON.parse(json.replace(/^\ufeff/, '')) as Record<string, unknown>;
  } catch (error) {
    return err(appError('ManifestNotJson', 'The manifest is not JSON.', { file: at, detail: String(error) }));
  }
  const { fileFormat, fileSchema, sourceBucket, destinationBucket, creationTimestamp, files } = manifest ?? {};
  const invalid = (field: string) => err(appError('ManifestInvalid', `The manifest's ${field} cannot be read.`, { file: at, field }));
  if (fileFormat !== 'CSV' && fileFormat !== 'ORC' && fileFormat !== 'Parquet') return invalid('fileFormat');
  const columns = typeof fileSchema === 'string' ? columnsOf(fileFormat, fileSchema) : null;
  if (!columns) return invalid('fileSchema');
  if (typeof sourceBucket !== 'string' || sourceBucket === '') return invalid('sourceBucket');
  const begunMs = Number(creationTimestamp);
  if (!Number.isSafeInteger(begunMs)) return invalid('creationTimestamp');
  return ok({ format: fileFormat, columns, sourceBucket, begunMs, partitions: partitionsOf(at, destinationBucket, files) });
}

const CSV_NAMES: Readonly<Record<string, string>> = { ETag: 'e_tag' };
const snake = (name: string): string => CSV_NAMES[name] ?? name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();

function columnsOf(format: ReportTable['format'], schema: string): ReportTable['columns'] | null {
  // The reader of quoted CSV knows texts alone.
  if (format === 'CSV') return schema.split(',').map((name) => ({ name: snake(name.trim()), type: 'string' }));
  if (format === 'ORC') {
    const inner = /^struct<(.+)>$/s.exec(schema.trim())?.[1];
    const fields = inner?.split(',').map((field) => /^([a-z0-9_]+):(string|boolean|bigint|timestamp)$/.exec(field.trim()));
    if (!fields || fields.some((field) => field === null)) return null;
    return fields.map((field) => ({ name: field?.[1] as string, type: field?.[2] as string }));
  }
  const fields = [...schema.matchAll(/(?:required|optional)\s+(binary|boolean|int64)\s+([a-z0-9_]+)\s*(\([^;]*\))?\s*;/g)];
  if (fields.length === 0) return null;
  return fields.map(([, type, name, annotation = '']) => ({
    name: name as string,
    type: type === 'binary' ? 'string' : type === 'boolean' ? 'boolean' : annotation.includes('TIMESTAMP') ? 'timestamp' : 'bigint',
  }));
}

/** The folder beside the report's own, or beside the folder its data lie in. */
function partitionsOf(at: string, destination: unknown, files: unknown): string | null {
  const beside = /^(s3:\/\/.+\/)\d{4}-\d{2}-\d{2}T\d{2}-\d{2}Z\/manifest\.json$/.exec(at)?.[1];
  if (beside !== undefined) return `${beside}hive/`;
  const bucket = typeof destination === 'string' ? /^arn:aws[a-z-]*:s3:::([^:/]+)$/.exec(destination)?.[1] : undefined;
  const key = Array.isArray(files) ? (files[0] as { key?: unknown } | undefined)?.key : undefined;
  const folder = typeof key === 'string' ? /^(.+\/)data\/[^/]+$/.exec(key)?.[1] : undefined;
  return bucket === undefined || folder === undefined ? null : `s3://${bucket}/${folder}hive/`;
}

/** "dt" of a report that was begun then, as its partition is called. */
export const partitionOf = (begunMs: number): string => new Date(begunMs).toISOString().slice(0, 16).replace(/[T:]/g, '-');
